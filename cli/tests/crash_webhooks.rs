//! Servers that die while webhooks are under way: every event reaches its receivers at least once, with the same id, and a
//! second time only where nobody could know that it had.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    receiver::{Receiver, Reply},
    server::{Site, until},
};

const ENV: [(&str, &str); 3] = [
    ("AEROCALL_QUEUE_LEASE_SECONDS", "1"),
    ("AEROCALL_WEBHOOKS_TIMEOUT_MS", "500"),
    ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
];
/// How often each place is tried; `CRASH_ROUNDS` says otherwise.
const ROUNDS: usize = 2;
/// Events of the long run; `DELIVERY_EVENTS` says otherwise.
const EVENTS: usize = 120;

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

fn endpoint(site: &Site, url: &str) {
    site.admin_post("/webhooks", &json!({ "url": url, "events": ["auth.signup"] }));
}

#[test]
fn every_event_reaches_its_webhook_wherever_the_server_dies() {
    let receiver = Receiver::new(|_, _, _| Reply::Ok);
    let mut site = Site::new(&ENV);
    endpoint(&site, &receiver.url("/"));
    for point in ["events-told", "delivery-claimed", "delivery-sent", "delivery-settled"] {
        for round in 0..number("CRASH_ROUNDS", ROUNDS) {
            let email = format!("{point}-{round}@work.example");
            site.start(&[&ENV[..], &[("FAIL_POINT", point)]].concat());
            // It may die of it before the client has its answer; what is kept is kept.
            site.post("/auth/register", &email);
            site.dies();
            site.start(&ENV);
            assert_eq!(
                site.post("/auth/login", &email),
                Some(200),
                "{point}: the user was kept before"
            );
            until(|| (!receiver.ids("/", &email).is_empty()).then_some(()));
            let event = site.admin("/events?type=auth.signup&limit=1")["events"][0].clone();
            assert_eq!(event["data"]["user"]["email"], email.as_str());
            until(|| (state(&site, &event) == "delivered").then_some(()));
            let ids = receiver.ids("/", &email);
            assert!(ids.iter().all(|id| event["id"] == id.as_str()), "{point}: {ids:?}");
            let most = if point == "delivery-sent" { 2 } else { 1 };
            assert!(ids.len() <= most, "{point}: sent {} times", ids.len());
        }
    }
}

/// Of the delivery of the event to the first endpoint.
fn state(site: &Site, event: &Value) -> Value {
    let endpoint = site.admin("/webhooks")["webhooks"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = event["id"].as_str().unwrap();
    site.admin(&format!("/webhooks/{endpoint}/deliveries?event={id}"))["deliveries"][0]["state"].clone()
}

/// A third of the messages fail at first, another endpoint is slow, and the server is killed in between, twice.
#[test]
fn many_events_arrive_although_receivers_fail_and_servers_are_killed() {
    let receiver = Receiver::new(|path, id, before| match path {
        // By the end of the id, which is random.
        "/flaky" if before == 0 && id.ends_with(['0', '1', '2', '3', '4']) => Reply::Fail,
        "/slow" => Reply::Late(Duration::from_millis(50)),
        _ => Reply::Ok,
    });
    let mut site = Site::new(&ENV);
    for path in ["/well", "/flaky", "/slow"] {
        endpoint(&site, &receiver.url(path));
    }
    let events = number("DELIVERY_EVENTS", EVENTS);
    let emails: Vec<String> = (0..events).map(|number| format!("many{number}@work.example")).collect();
    for (number, email) in emails.iter().enumerate() {
        assert_eq!(site.post("/auth/register", email), Some(201));
        if number == events / 3 || number == 2 * events / 3 {
            site.kill();
            site.start(&ENV);
        }
    }
    for email in &emails {
        for path in ["/well", "/flaky", "/slow"] {
            until(|| (!receiver.ids(path, email).is_empty()).then_some(()));
        }
    }
    // Every failed one comes again after five seconds.
    let is_flaky = |id: &String| id.ends_with(['0', '1', '2', '3', '4']);
    for email in &emails {
        until(|| {
            let ids = receiver.ids("/flaky", email);
            (!is_flaky(&ids[0]) || ids.len() > 1).then_some(())
        });
        for path in ["/well", "/flaky", "/slow"] {
            let ids = receiver.ids(path, email);
            assert!(ids.iter().all(|id| *id == ids[0]), "{path} {email}: {ids:?}");
        }
    }
}
