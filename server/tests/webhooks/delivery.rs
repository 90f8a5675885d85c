//! What arrives, when, and how often.

use std::time::Duration;

use serde_json::json;

use super::{Receiver, endpoint, later, receiver::Reply, site, until, verifies};
use crate::site::Site;

#[test]
fn an_event_arrives_signed_with_its_document_and_in_no_other_project() {
    let (site, receiver) = (site(), Receiver::new());
    let (shop, other) = (site.project("shop"), site.project("other"));
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    let theirs = endpoint(&site, &other, json!({}), &receiver.url());
    let user = site.registered(&shop.pk, "ada@example.com");
    let message = receiver.until(1).remove(0);
    assert!(verifies(&mine.secret, &message), "{message:?}");
    assert!(!verifies(&theirs.secret, &message));
    assert_eq!(message.header("content-type"), "application/json");
    assert!(message.header("user-agent").starts_with("Aerocall-Webhooks/"));
    let event = message.json();
    assert_eq!(event["id"], message.id());
    assert_eq!(event["type"], "auth.signup");
    assert_eq!(event["version"], 1);
    assert_eq!(event["timestamp"], event["time"]);
    assert_eq!(event["project"], "shop");
    assert_eq!(event["environment"], "production");
    assert_eq!(event["subject"], user.json["user"]["id"]);
    assert_eq!(event["data"]["user"]["email"], "ada@example.com");
    mine.until(&site, "delivered", 1);
    let delivery = mine.delivery(&site);
    assert_eq!(delivery["event"], message.id());
    assert_eq!(delivery["request"]["body"], message.body());
    assert_eq!(delivery["log"][0]["status"], 200);
    assert!(theirs.deliveries(&site).is_empty());
    assert_eq!(receiver.received().len(), 1);
}

#[test]
fn only_what_an_endpoint_wants_arrives() {
    let (site, receiver) = (site(), Receiver::new());
    let shop = site.project("shop");
    let condition = json!([{ "path": "/data/user/email", "endsWith": "@work.example" }]);
    let wants = json!({ "events": ["auth.signup", "auth.password.*"], "filter": condition });
    let mine = endpoint(&site, &shop, wants, &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    site.registered(&shop.pk, "bob@work.example");
    site.login(&shop.pk, "bob@work.example", crate::site::PASSWORD);
    let message = receiver.until(1).remove(0);
    assert_eq!(message.json()["data"]["user"]["email"], "bob@work.example");
    mine.until(&site, "delivered", 1);
    assert_eq!(receiver.received().len(), 1, "neither ada nor the login");
}

#[test]
fn what_fails_is_sent_again_by_the_schedule_with_the_same_id_and_bytes() {
    let (site, receiver) = (site(), Receiver::that(|_| Reply::With(500, "", "down".to_owned())));
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    mine.until(&site, "waiting", 1);
    later(&site, Duration::from_secs(1));
    site.idle();
    assert_eq!(receiver.received().len(), 1, "five seconds are not over");
    receiver.now(|_| Reply::With(204, "", String::new()));
    later(&site, Duration::from_secs(5));
    let messages = receiver.until(2);
    assert_eq!(messages[0].id(), messages[1].id());
    assert_eq!(messages[0].body(), messages[1].body());
    mine.until(&site, "delivered", 2);
    let log = mine.delivery(&site)["log"].clone();
    assert_eq!((&log[0]["status"], &log[0]["response"]), (&json!(500), &json!("down")));
    assert_eq!(log[1]["status"], 204);
    assert!(mine.shown(&site)["failingSince"].is_null(), "it works again");
}

#[test]
fn eight_attempts_and_no_more_and_then_a_replay_by_hand() {
    let (site, receiver) = (site(), Receiver::that(|_| Reply::With(500, "", String::new())));
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    for attempts in 1..=7 {
        mine.until(&site, "waiting", attempts);
        later(&site, Duration::from_secs(11 * 3_600));
    }
    let failed = mine.until(&site, "failed", 8);
    receiver.now(|_| Reply::With(200, "", String::new()));
    let path = format!("deliveries/{}/replay", failed["id"].as_str().unwrap());
    let again = mine.post(&site, &path, json!({}));
    assert_eq!(again.status, 202, "{again:?}");
    mine.until(&site, "delivered", 1);
    let messages = receiver.received();
    assert_eq!(messages.len(), 9);
    assert!(messages.iter().all(|message| message.id() == messages[0].id()));
    assert_eq!(mine.delivery(&site)["log"].as_array().unwrap().len(), 9);
}

#[test]
fn a_receiver_may_ask_for_more_time() {
    let (site, receiver) = (
        site(),
        Receiver::that(|_| Reply::With(503, "retry-after: 600\r\n", String::new())),
    );
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    mine.until(&site, "waiting", 1);
    later(&site, Duration::from_secs(500));
    site.idle();
    assert_eq!(receiver.received().len(), 1);
    later(&site, Duration::from_secs(110));
    receiver.until(2);
}

#[test]
fn events_of_one_user_keep_their_order_if_asked_and_hold_nobody_else() {
    let site = site();
    let receiver = Receiver::that(|message| {
        let is_ada = message.json()["data"]["user"]["email"] == "ada@example.com";
        Reply::With(if is_ada { 500 } else { 200 }, "", String::new())
    });
    let shop = site.project("shop");
    let wants = json!({ "events": ["auth.signup", "auth.login"], "order": "subject" });
    let mine = endpoint(&site, &shop, wants, &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    receiver.until(1);
    site.login(&shop.pk, "ada@example.com", crate::site::PASSWORD);
    site.registered(&shop.pk, "bob@example.com");
    let kinds = || -> Vec<(String, String)> {
        let reported = receiver.received();
        let of = |event: serde_json::Value| {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            (text(&event["data"]["user"]["email"]), text(&event["type"]))
        };
        reported.iter().map(|message| of(message.json())).collect()
    };
    until(|| {
        kinds()
            .iter()
            .any(|(email, _)| email == "bob@example.com")
            .then_some(())
    });
    site.idle();
    let ada = |kinds: Vec<(String, String)>| -> Vec<String> {
        let own = kinds.into_iter().filter(|(email, _)| email == "ada@example.com");
        own.map(|(_, kind)| kind).collect()
    };
    assert_eq!(ada(kinds()), ["auth.signup"], "the login waits for the sign-up");
    receiver.now(|_| Reply::With(200, "", String::new()));
    later(&site, Duration::from_secs(10));
    until(|| (ada(kinds()).len() == 3).then_some(()));
    assert_eq!(ada(kinds()), ["auth.signup", "auth.signup", "auth.login"]);
    mine.until(&site, "delivered", 1);
}

#[test]
fn a_user_whose_events_wait_holds_up_no_other_user_however_many_they_are() {
    let site = site();
    let receiver = Receiver::that(|message| {
        let is_ada = message.json()["data"]["user"]["email"] == "ada@example.com";
        Reply::With(if is_ada { 500 } else { 200 }, "", String::new())
    });
    let shop = site.project("shop");
    let wants = json!({ "events": ["auth.signup", "auth.login"], "order": "subject" });
    endpoint(&site, &shop, wants, &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    for _ in 0..20 {
        site.login(&shop.pk, "ada@example.com", crate::site::PASSWORD);
    }
    site.registered(&shop.pk, "bob@example.com");
    until(|| {
        let is_bob = |message: &super::Received| message.json()["data"]["user"]["email"] == "bob@example.com";
        receiver.received().iter().any(is_bob).then_some(())
    });
}

#[test]
fn a_slow_receiver_delays_nobody_else() {
    let site = site();
    let slow = Receiver::that(|_| Reply::After(Duration::from_secs(13), 200));
    let quick = Receiver::new();
    let (shop, other) = (site.project("shop"), site.project("other"));
    endpoint(&site, &shop, json!({}), &slow.url());
    endpoint(&site, &shop, json!({}), &quick.url());
    endpoint(&site, &other, json!({}), &quick.url());
    for number in 0..12 {
        site.registered(&shop.pk, &format!("ada{number}@example.com"));
    }
    site.registered(&other.pk, "ada@example.com");
    let begun = std::time::Instant::now();
    quick.until(13);
    assert!(begun.elapsed() < Duration::from_secs(11), "{:?}", begun.elapsed());
    assert_eq!(
        slow.received().len(),
        8,
        "as many at the same time as an endpoint has places"
    );
}

/// However many they are: an endpoint has a place of its own.
#[test]
fn many_slow_receivers_of_a_project_do_not_delay_its_good_one() {
    let env = [
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
        ("AEROCALL_WEBHOOKS_CONCURRENT", "16"),
        ("AEROCALL_WEBHOOKS_CONCURRENT_PER_PROJECT", "8"),
    ];
    let site = Site::with(&env);
    let slow = Receiver::that(|_| Reply::After(Duration::from_secs(12), 200));
    let (early, quick) = (Receiver::new(), Receiver::new());
    let projects = ["shop", "other"].map(|id| site.project(id));
    for project in &projects {
        for _ in 0..10 {
            endpoint(&site, project, json!({}), &slow.url());
        }
        endpoint(&site, project, json!({}), &early.url());
    }
    for number in 0..6 {
        for project in &projects {
            site.registered(&project.pk, &format!("ada{number}@example.com"));
        }
    }
    early.until(12);
    // Ten have one each of their own, and all that is shared is taken.
    until(|| (slow.received().len() == 2 * (10 + 8)).then_some(()));
    let begun = std::time::Instant::now();
    for project in &projects {
        endpoint(&site, project, json!({}), &quick.url());
        site.registered(&project.pk, "bob@example.com");
    }
    quick.until(2);
    // Neither did those that were there before wait.
    early.until(14);
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
}

#[test]
fn what_waits_is_sent_after_a_restart() {
    let (first, receiver) = (site(), Receiver::that(|_| Reply::With(500, "", String::new())));
    let shop = first.project("shop");
    let mine = endpoint(&first, &shop, json!({}), &receiver.url());
    first.registered(&shop.pk, "ada@example.com");
    mine.until(&first, "waiting", 1);
    let data = first.stop();
    receiver.now(|_| Reply::With(200, "", String::new()));
    let second = Site::on(data, &[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8")]);
    later(&second, Duration::from_secs(10));
    let messages = receiver.until(2);
    assert_eq!(messages[0].id(), messages[1].id());
    assert!(verifies(&mine.secret, &messages[1]));
    mine.until(&second, "delivered", 2);
}
