//! The server dies beside each commit of a webhook, as if the power had gone, and is started again: every event reaches its
//! receiver at least once, with the same id, and a second time only where nobody could know that it had.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use serde_json::json;

use crate::server::{Site, until};

const ENV: [(&str, &str); 3] = [
    ("AEROCALL_QUEUE_LEASE_SECONDS", "1"),
    ("AEROCALL_WEBHOOKS_TIMEOUT_MS", "500"),
    ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
];
/// How often each place is tried.
const ROUNDS: usize = 2;

/// Counts messages by address and remembers their ids.
#[derive(Clone)]
struct Receiver {
    port: u16,
    seen: Arc<Mutex<HashMap<String, Vec<String>>>>,
}

impl Receiver {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            seen: Arc::default(),
        };
        let seen = Arc::clone(&receiver.seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let (mut line, mut id, mut length) = (String::new(), String::new(), 0);
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    let lower = line.to_ascii_lowercase();
                    if let Some(value) = lower.strip_prefix("webhook-id: ") {
                        value.trim().clone_into(&mut id);
                    }
                    if let Some(value) = lower.strip_prefix("content-length: ") {
                        length = value.trim().parse().unwrap();
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                if reader.read_exact(&mut body).is_err() {
                    continue;
                }
                let event: serde_json::Value = serde_json::from_slice(&body).unwrap();
                let email = event["data"]["user"]["email"].as_str().unwrap().to_owned();
                seen.lock().unwrap().entry(email).or_default().push(id);
                // The sender may be dead by now.
                drop(stream.write_all(b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n"));
            }
        });
        receiver
    }

    fn ids(&self, email: &str) -> Vec<String> {
        self.seen.lock().unwrap().get(email).cloned().unwrap_or_default()
    }
}

#[test]
fn every_event_reaches_its_webhook_wherever_the_server_dies() {
    let receiver = Receiver::new();
    let mut site = Site::new(&ENV);
    let endpoint = json!({ "url": format!("http://127.0.0.1:{}/", receiver.port), "events": ["auth.signup"] });
    site.admin_post("/webhooks", &endpoint);
    for point in ["events-told", "delivery-claimed", "delivery-sent", "delivery-settled"] {
        for round in 0..ROUNDS {
            let email = format!("{point}-{round}@work.example");
            site.start(&[&ENV[..], &[("FAIL_POINT", point)]].concat());
            // It may die of it before the client has its answer; what is kept is kept.
            site.post("/auth/register", &email);
            site.dies();
            site.start(&ENV);
            if site.post("/auth/login", &email) != Some(200) {
                continue;
            }
            until(|| (!receiver.ids(&email).is_empty()).then_some(()));
            let path = "/events?type=auth.signup&limit=1";
            let event = site.admin(path)["events"][0].clone();
            assert_eq!(event["data"]["user"]["email"], email.as_str());
            until(|| settled(&site, event["id"].as_str().unwrap()));
            let ids = receiver.ids(&email);
            assert!(ids.iter().all(|id| event["id"] == id.as_str()), "{point}: {ids:?}");
            let most = if point == "delivery-sent" { 2 } else { 1 };
            assert!(ids.len() <= most, "{point}: sent {} times", ids.len());
        }
    }
}

/// Once the delivery of the event has ended.
fn settled(site: &Site, event: &str) -> Option<()> {
    let endpoint = site.admin("/webhooks")["webhooks"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let deliveries = site.admin(&format!("/webhooks/{endpoint}/deliveries?event={event}"));
    (deliveries["deliveries"][0]["state"] == "delivered").then_some(())
}
