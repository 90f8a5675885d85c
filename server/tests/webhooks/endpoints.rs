//! How an endpoint's life goes: disabled by its own answer, by days of silence, by an admin; and its secrets.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Receiver, Site, endpoint, later, receiver::Reply, site, until, verifies};

/// The endpoints that wait for an admin.
fn failing(site: &Site) -> Value {
    let path = "/projects/shop/environments/production/background-failures";
    site.admin("GET", path, None).json["webhooks"].take()
}

#[test]
fn an_endpoint_that_is_gone_gets_nothing_more_and_its_owner_a_mail() {
    let (site, receiver) = (site(), Receiver::that(|_| Reply::With(410, "", String::new())));
    let shop = site.project("shop");
    let mine = endpoint(
        &site,
        &shop,
        json!({ "ownerEmail": "owner@example.com" }),
        &receiver.url(),
    );
    site.registered(&shop.pk, "ada@example.com");
    mine.until(&site, "failed", 1);
    let shown = until(|| Some(mine.shown(&site)).filter(|shown| shown["state"] == "disabled"));
    assert_eq!(shown["disabledBy"], "gone");
    assert_eq!(failing(&site), json!([shown]));
    site.registered(&shop.pk, "bob@example.com");
    site.idle();
    assert_eq!(receiver.received().len(), 1);
    let mails = site.admin("GET", "/projects/shop/environments/production/mails", None);
    let to_owner = |mail: &&serde_json::Value| mail["to"] == "owner@example.com";
    assert_eq!(
        mails.json["mails"].as_array().unwrap().iter().filter(to_owner).count(),
        1,
        "{mails:?}"
    );
    let log = site.admin("GET", "/projects/shop/environments/production/audit", None);
    assert!(log.json.to_string().contains("webhook.disabled"), "{log:?}");
    assert_eq!(mine.post(&site, "test", json!({})).code(), "webhook_disabled");
}

#[test]
fn an_endpoint_that_nothing_reaches_for_five_days_is_disabled() {
    let (site, receiver) = (site(), Receiver::that(|_| Reply::With(500, "", String::new())));
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    mine.until(&site, "waiting", 1);
    let shown = mine.shown(&site);
    assert!(shown["failingSince"].is_string());
    assert_eq!(failing(&site), json!([shown]));
    later(&site, Duration::from_secs(4 * 86_400));
    mine.until(&site, "waiting", 2);
    assert_eq!(mine.shown(&site)["state"], "enabled", "four days");
    site.registered(&shop.pk, "bob@example.com");
    later(&site, Duration::from_secs(86_400 + 3_600));
    let shown = until(|| Some(mine.shown(&site)).filter(|shown| shown["state"] == "disabled"));
    assert_eq!(shown["disabledBy"], "failing");
    let states: Vec<_> = mine
        .deliveries(&site)
        .iter()
        .map(|line| line["state"].clone())
        .collect();
    assert!(
        states.iter().all(|state| state == "canceled" || state == "running"),
        "{states:?}"
    );
}

#[test]
fn both_secrets_sign_during_a_rotation_and_one_after_it() {
    let (site, receiver) = (site(), Receiver::new());
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    let rotated = mine.post(&site, "rotate-secret", json!({ "overlapSeconds": 60 }));
    assert_eq!(rotated.status, 200, "{rotated:?}");
    let new = rotated.json["secret"].as_str().unwrap();
    assert_ne!(new, mine.secret);
    site.registered(&shop.pk, "ada@example.com");
    let message = receiver.until(1).remove(0);
    assert!(
        verifies(&mine.secret, &message) && verifies(new, &message),
        "{message:?}"
    );
    later(&site, Duration::from_secs(61));
    site.registered(&shop.pk, "bob@example.com");
    let message = receiver.until(2).remove(1);
    assert!(
        !verifies(&mine.secret, &message) && verifies(new, &message),
        "{message:?}"
    );
    let at_once = mine.post(&site, "rotate-secret", json!({ "overlapSeconds": 0 }));
    site.registered(&shop.pk, "eve@example.com");
    let message = receiver.until(3).remove(2);
    assert!(!verifies(new, &message) && verifies(at_once.json["secret"].as_str().unwrap(), &message));
}

#[test]
fn a_disabled_endpoint_keeps_what_it_is_and_loses_what_waits() {
    let (site, receiver) = (site(), Receiver::that(|_| Reply::With(500, "", String::new())));
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({ "description": "CRM" }), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    mine.until(&site, "waiting", 1);
    let disabled = mine.patch(&site, json!({ "state": "disabled" }));
    assert_eq!((disabled.status, &disabled.json["disabledBy"]), (200, &json!("admin")));
    assert_eq!(disabled.json["description"], "CRM");
    mine.until(&site, "canceled", 1);
    assert_eq!(failing(&site), json!([]), "an admin knows of it");
    later(&site, Duration::from_secs(60));
    site.idle();
    assert_eq!(receiver.received().len(), 1);
    let enabled = mine.patch(&site, json!({ "state": "enabled", "description": "" }));
    assert_eq!(enabled.json["state"], "enabled");
    assert_eq!(
        (&enabled.json["disabledBy"], &enabled.json["description"]),
        (&json!(null), &json!(""))
    );
    assert_eq!(site.admin("DELETE", &mine.path, None).status, 200);
    assert_eq!(site.admin("GET", &mine.path, None).status, 404);
}
