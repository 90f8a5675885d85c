//! One-time codes for an endpoint that delivers them: to that one alone, and in nothing that is kept.

use serde_json::json;

use super::{Receiver, endpoint, receiver::Reply, site, until, webhooks};

#[test]
fn the_endpoint_that_asked_for_codes_delivers_them_and_nothing_keeps_them() {
    let site = site();
    // It answers with what it was sent, which ends up in the log of the delivery.
    let sms = Receiver::that(|message| Reply::With(200, "", message.body.clone()));
    let crm = Receiver::new();
    let shop = site.project("shop");
    let settings = "/projects/shop/environments/production/settings/auth";
    assert_eq!(site.admin("PUT", settings, Some(json!({ "otpSms": true }))).status, 200);
    let send = || {
        site.post(
            "/auth/otp/send",
            &shop.pk,
            json!({ "channel": "sms", "phone": "+4930123456" }),
        )
    };
    let plain = endpoint(&site, &shop, json!({ "events": ["auth.otp.send"] }), &crm.url());
    assert_eq!(send().code(), "sms_not_deliverable", "nobody asked for codes");
    let mine = endpoint(
        &site,
        &shop,
        json!({ "events": ["auth.otp.send"], "codes": "included" }),
        &sms.url(),
    );
    let sent = send();
    assert_eq!(sent.status, 202, "{sent:?}");
    let message = sms.until(1).remove(0).json();
    let code = message["data"]["code"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), &message["data"]["to"]), (6, &json!("+4930123456")));
    let other = crm.until(1).remove(0);
    assert!(!other.body.contains(&code), "{}", other.body);
    mine.until(&site, "delivered", 1);
    plain.until(&site, "delivered", 1);
    let kept = mine.delivery(&site).to_string();
    assert!(!kept.contains(&code), "{kept}");
    let events = site.admin(
        "GET",
        "/projects/shop/environments/production/events?type=auth.otp.send",
        None,
    );
    assert!(!events.json.to_string().contains(&code), "{events:?}");
    let verified = site.post(
        "/auth/otp/verify",
        &shop.pk,
        json!({ "channel": "sms", "phone": "+4930123456", "code": code }),
    );
    assert!(
        verified.status < 300 || verified.code() != "invalid_code",
        "{verified:?}"
    );
    // A code that was used is delivered no more, not even by a replay.
    let id = mine.deliveries(&site)[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        mine.post(&site, &format!("deliveries/{id}/replay"), json!({})).status,
        202
    );
    let again = until(|| sms.received().into_iter().nth(1));
    assert!(again.json()["data"]["code"].is_null(), "{again:?}");
    assert_eq!(webhooks(&shop), "/projects/shop/environments/production/webhooks");
}
