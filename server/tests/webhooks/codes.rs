//! One-time codes for an endpoint that delivers them: to that one alone, and in nothing that is kept.

use serde_json::{Value, json};

use super::{Receiver, endpoint, receiver::Reply, site, until};
use crate::site::{Answer, Project, Site};

const PHONE: &str = "+4930123456";

fn as_user(site: &Site, project: &Project, token: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    site.send("POST", path, &headers, body.to_string().as_bytes())
}

#[test]
fn the_endpoint_that_asked_for_codes_delivers_them_and_nothing_keeps_them() {
    let site = site();
    // It answers with what it was sent, which ends up in the log of the delivery.
    let sms = Receiver::that(|message| Reply::With(200, "", message.body().to_owned()));
    let crm = Receiver::new();
    let shop = site.project("shop");
    let user = site.registered(&shop.pk, "ada@example.com");
    let send = || {
        as_user(
            &site,
            &shop,
            user.token(),
            "/auth/phone/verify/send",
            &json!({ "phone": PHONE }),
        )
    };
    let plain = endpoint(&site, &shop, json!({ "events": ["auth.otp.send"] }), &crm.url());
    assert_eq!(send().code(), "sms_not_deliverable", "nobody asked for codes");
    let wants = json!({ "events": ["auth.otp.send"], "codes": "included" });
    let mine = endpoint(&site, &shop, wants, &sms.url());
    let sent = send();
    assert!(sent.status < 300, "{sent:?}");
    let message = sms.until(1).remove(0).json();
    let code = message["data"]["code"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), &message["data"]["to"]), (6, &json!(PHONE)));
    let other = crm.until(1).remove(0);
    assert!(!other.body().contains(&code), "{}", other.body());
    mine.until(&site, "delivered", 1);
    plain.until(&site, "delivered", 1);
    let kept = mine.delivery(&site).to_string();
    assert!(!kept.contains(&code), "{kept}");
    let events = site.admin("GET", "/projects/shop/environments/production/events", None);
    assert!(!events.json.to_string().contains(&code), "{events:?}");
    let verified = as_user(
        &site,
        &shop,
        user.token(),
        "/auth/phone/verify",
        &json!({ "code": code }),
    );
    assert!(verified.status < 300, "{verified:?}");
    // A code that was used is delivered no more, not even by a replay.
    let id = mine.deliveries(&site)[0]["id"].as_str().unwrap().to_owned();
    let again = mine.post(&site, &format!("deliveries/{id}/replay"), json!({}));
    assert_eq!(again.status, 202);
    let again = until(|| sms.received().into_iter().nth(1));
    assert!(again.json()["data"]["code"].is_null(), "{again:?}");
}
