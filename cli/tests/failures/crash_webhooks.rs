//! Servers that die while webhooks are under way: every event reaches its receivers at least once, with the same id, and a
//! second time only where nobody could know that it had.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    alone, number,
    receiver::{Receiver, Reply},
    server::{Site, until},
};

/// A dead worker's deliveries are taken over after a second.
pub(crate) const ENV: [(&str, &str); 3] = [
    ("AEROCALL_QUEUE_LEASE_SECONDS", "1"),
    ("AEROCALL_WEBHOOKS_TIMEOUT_MS", "500"),
    ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
];
/// How often each place is tried; `CRASH_ROUNDS` says otherwise.
const ROUNDS: usize = 1;
/// Events of the long run; `DELIVERY_EVENTS` says otherwise.
const EVENTS: usize = 60;

/// Its id.
fn endpoint(site: &Site, url: &str) -> String {
    let made = site.admin_post("/webhooks", &json!({ "url": url, "events": ["auth.signup"] }));
    made["id"].as_str().unwrap().to_owned()
}

#[test]
fn every_event_reaches_its_webhook_wherever_the_server_dies() {
    let _alone = alone();
    dies_at_every_point(&ENV);
}

pub(crate) fn dies_at_every_point(env: &[(&str, &str)]) {
    let receiver = Receiver::new(|_, _, _| Reply::Ok);
    let mut site = Site::new(env);
    endpoint(&site, &receiver.url("/"));
    for point in [
        "events-dispatched",
        "delivery-claimed",
        "delivery-sent",
        "delivery-settled",
    ] {
        for round in 0..number("CRASH_ROUNDS", ROUNDS) {
            let email = format!("{point}-{round}@work.example");
            site.start(&[env, &[("FAIL_POINT", point)]].concat());
            // It may die of it before the client has its answer; what is kept is kept.
            site.post("/auth/register", &email);
            site.dies();
            site.start(env);
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

#[test]
fn many_events_arrive_although_receivers_fail_and_servers_are_killed() {
    let _alone = alone();
    many_events_arrive(&ENV, || ());
}

/// Half of the messages of one endpoint fail at first, another endpoint is slow, a third one is disabled; and twice, in
/// between, the server is killed and something else happens.
pub(crate) fn many_events_arrive(env: &[(&str, &str)], mut something: impl FnMut()) {
    let receiver = Receiver::new(|path, id, before| match path {
        "/flaky" if before == 0 && is_flaky(id) => Reply::Fail,
        "/slow" => Reply::Late(Duration::from_millis(50)),
        _ => Reply::Ok,
    });
    let mut site = Site::new(env);
    let paths = ["/well", "/flaky", "/slow"];
    for path in paths {
        endpoint(&site, &receiver.url(path));
    }
    let disabled = endpoint(&site, &receiver.url("/disabled"));
    site.admin_patch(&format!("/webhooks/{disabled}"), &json!({ "state": "disabled" }));
    let events = number("DELIVERY_EVENTS", EVENTS);
    let emails: Vec<String> = (0..events).map(|number| format!("many{number}@work.example")).collect();
    for (number, email) in emails.iter().enumerate() {
        assert_eq!(site.post("/auth/register", email), Some(201));
        if number == events / 3 || number == 2 * events / 3 {
            site.kill();
            something();
            site.start(env);
        }
    }
    for (email, path) in emails.iter().flat_map(|email| paths.map(|path| (email, path))) {
        // Every failed one comes again after five seconds.
        let ids = until(|| {
            let ids = receiver.ids(path, email);
            let is_over = path != "/flaky" || ids.len() > 1 || !ids.first().is_some_and(|id| is_flaky(id));
            (!ids.is_empty() && is_over).then_some(ids)
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{path} {email}: {ids:?}");
        assert_eq!(receiver.ids("/disabled", email), Vec::<String>::new());
    }
}

/// By the end of the id, which is random.
fn is_flaky(id: &str) -> bool {
    id.ends_with(['0', '1', '2', '3', '4'])
}
