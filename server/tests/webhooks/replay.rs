//! Sending again what failed and what was missed, and tests.

use serde_json::json;

use super::{Receiver, endpoint, later, receiver::Reply, site, until, verifies};
use crate::site::Site;

#[test]
fn what_was_missed_arrives_when_it_is_asked_for_once() {
    let (site, receiver) = (site(), Receiver::new());
    let shop = site.project("shop");
    site.registered(&shop.pk, "before@example.com");
    site.login(&shop.pk, "before@example.com", crate::site::PASSWORD);
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    assert_eq!(mine.patch(&site, json!({ "state": "disabled" })).status, 200);
    site.registered(&shop.pk, "meanwhile@example.com");
    let refused = mine.post(
        &site,
        "replay",
        json!({ "what": "missing", "since": "2000-01-01T00:00:00Z" }),
    );
    assert_eq!((refused.status, refused.code()), (409, "webhook_disabled"));
    // Until the worker has passed the events on, they are no misses.
    events_are_told(&site, &shop.id);
    assert_eq!(mine.patch(&site, json!({ "state": "enabled" })).status, 200);
    assert!(
        receiver.received().is_empty(),
        "nothing was sent to it while it was disabled"
    );
    let missing = |since: &str| {
        let answer = mine.post(&site, "replay", json!({ "what": "missing", "since": since }));
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.json["replayed"].as_u64().unwrap()
    };
    assert_eq!(missing("2000-01-01T00:00:00Z"), 2, "two sign-ups, no login");
    let mut emails: Vec<String> = receiver
        .until(2)
        .iter()
        .map(|message| message.json()["data"]["user"]["email"].as_str().unwrap().to_owned())
        .collect();
    emails.sort();
    assert_eq!(emails, ["before@example.com", "meanwhile@example.com"]);
    assert_eq!(missing("2000-01-01T00:00:00Z"), 0, "it has them now");
    assert_eq!(missing("2100-01-01T00:00:00Z"), 0);
}

/// Waits until every event of the project was passed on.
fn events_are_told(site: &Site, project: &str) {
    let receiver = Receiver::new();
    let made = site.admin(
        "POST",
        &format!("/projects/{project}/environments/production/webhooks"),
        Some(json!({ "url": receiver.url(), "events": ["auth.login"] })),
    );
    let pk = site.admin("GET", "/projects", None);
    assert_eq!((made.status, pk.status), (201, 200));
    until(|| {
        let metrics = site.page("/metrics", &[]).2;
        metrics.contains("aerocall_outbox_waiting 0").then_some(())
    });
    let id = made.json["id"].as_str().unwrap();
    let gone = site.admin(
        "DELETE",
        &format!("/projects/{project}/environments/production/webhooks/{id}"),
        None,
    );
    assert_eq!(gone.status, 200);
}

#[test]
fn what_failed_since_then_begins_anew() {
    let (site, receiver) = (site(), Receiver::that(|_| Reply::With(400, "", String::new())));
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    for attempts in 1..=7 {
        mine.until(&site, "waiting", attempts);
        later(&site, std::time::Duration::from_secs(11 * 3_600));
    }
    mine.until(&site, "failed", 8);
    receiver.now(|_| Reply::With(200, "", String::new()));
    let failed = |since: &str| {
        mine.post(&site, "replay", json!({ "what": "failed", "since": since }))
            .json["replayed"]
            .clone()
    };
    assert_eq!(failed("2100-01-01T00:00:00Z"), 0);
    assert_eq!(failed("2000-01-01T00:00:00Z"), 1);
    mine.until(&site, "delivered", 1);
    let messages = receiver.received();
    assert!(messages.iter().all(|message| message.id() == messages[0].id()));
}

#[test]
fn a_test_is_sent_to_its_endpoint_alone_whatever_its_filter() {
    let (site, receiver) = (site(), Receiver::new());
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    let other = endpoint(&site, &shop, json!({ "events": ["*"] }), &receiver.url());
    let sent = mine.post(&site, "test", json!({}));
    assert_eq!(sent.status, 202, "{sent:?}");
    let message = receiver.until(1).remove(0);
    assert_eq!(message.json()["type"], "webhook.test");
    assert!(verifies(&mine.secret, &message));
    mine.until(&site, "delivered", 1);
    assert!(other.deliveries(&site).is_empty());
}

#[test]
fn what_is_missing_is_sent_in_parts_that_go_on_where_the_last_one_ended() {
    let (site, receiver) = (site(), Receiver::new());
    let shop = site.project("shop");
    for number in 0..5 {
        site.registered(&shop.pk, &format!("{number}@example.com"));
        site.login(&shop.pk, &format!("{number}@example.com"), crate::site::PASSWORD);
    }
    events_are_told(&site, &shop.id);
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    let (mut after, mut parts) = (json!(null), Vec::new());
    loop {
        let mut body = json!({ "what": "missing", "since": "2000-01-01T00:00:00Z", "limit": 2 });
        if let Some(id) = after.as_str() {
            body["after"] = json!(id);
        }
        let answer = mine.post(&site, "replay", body);
        assert_eq!(answer.status, 202, "{answer:?}");
        parts.push(answer.json["replayed"].as_u64().unwrap());
        after = answer.json["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(parts, [2, 2, 1]);
    let mut emails: Vec<String> = receiver
        .until(5)
        .iter()
        .map(|message| message.json()["data"]["user"]["email"].as_str().unwrap().to_owned())
        .collect();
    emails.sort();
    assert_eq!(
        emails,
        [
            "0@example.com",
            "1@example.com",
            "2@example.com",
            "3@example.com",
            "4@example.com"
        ]
    );
    for (field, value) in [("limit", json!(0)), ("limit", json!(20_001)), ("after", json!(7))] {
        let mut body = json!({ "what": "missing", "since": "2000-01-01T00:00:00Z" });
        body[field] = value;
        let refused = mine.post(&site, "replay", body);
        assert_eq!((refused.status, refused.fields()), (422, vec![field]));
    }
    let body = json!({ "what": "failed", "since": "2000-01-01T00:00:00Z", "after": "evt_1" });
    assert_eq!(mine.post(&site, "replay", body).fields(), ["after"]);
}
