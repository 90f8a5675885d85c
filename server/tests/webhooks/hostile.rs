//! Receivers and addresses that mean harm.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Receiver, endpoint, receiver::Reply, site, webhooks};
use crate::site::Site;

#[test]
fn no_spelling_of_a_private_address_becomes_an_endpoint() {
    let site = Site::new();
    let shop = site.project("shop");
    for url in [
        "https://127.0.0.1/x",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://user:secret@example.com/",
        "https://example.com:25/",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://example.com/#x",
        "/hook",
        "",
    ] {
        let made = site.admin("POST", &webhooks(&shop), Some(json!({ "url": url, "events": ["*"] })));
        assert_eq!(
            (made.status, made.code(), made.fields()),
            (422, "invalid_input", vec!["url"]),
            "{url}"
        );
    }
}

#[test]
fn plain_http_is_for_the_private_networks_that_are_open() {
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8, 10.1.0.0/16")]);
    let shop = site.project("shop");
    for (url, status) in [
        ("http://127.0.0.1:9000/x", 201),
        ("http://10.1.2.3/x", 201),
        ("http://localhost:9000/x", 201),
        ("http://crm/x", 201),
        ("http://crm.internal/x", 201),
        ("https://example.com/x", 201),
        ("http://example.com/x", 422),
        ("http://93.184.215.14/x", 422),
        ("http://internal.example.com/x", 422),
    ] {
        let made = site.admin("POST", &webhooks(&shop), Some(json!({ "url": url, "events": ["*"] })));
        assert_eq!(made.status, status, "{url}: {}", made.json);
    }
}

/// A name is looked up when a message leaves, and checked then.
#[test]
fn a_name_of_a_private_address_and_a_redirect_to_one_reach_nobody() {
    let canary = Receiver::new();
    let port = canary.url().rsplit(':').next().unwrap().to_owned();
    // Only 127.0.0.2 is open: the canary's own address is not.
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.2/32")]);
    let shop = site.project("shop");
    let named = endpoint(&site, &shop, json!({}), &format!("http://localhost:{port}"));
    site.registered(&shop.pk, "ada@example.com");
    named.until(&site, "waiting", 1);
    let log = named.delivery(&site)["log"].clone();
    assert!(
        log[0]["error"].as_str().unwrap().contains("not on the public internet"),
        "{log}"
    );
    assert!(canary.received().is_empty());
}

#[test]
fn a_redirect_is_no_delivery_and_is_not_followed() {
    let site = site();
    let canary = Receiver::new();
    let target: &'static str = Box::leak(format!("location: {}\r\n", canary.url()).into_boxed_str());
    let receiver = Receiver::that(move |_| Reply::With(307, target, String::new()));
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    mine.until(&site, "waiting", 1);
    assert_eq!(mine.delivery(&site)["log"][0]["status"], 307);
    assert!(canary.received().is_empty());
}

#[test]
fn an_answer_without_end_is_cut_and_one_that_drips_is_late() {
    let site = Site::with(&[
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
        ("AEROCALL_WEBHOOKS_TIMEOUT_MS", "800"),
    ]);
    let shop = site.project("shop");
    let endless = Receiver::that(|_| Reply::Endless);
    let drip = Receiver::that(|_| Reply::Drip(Duration::from_millis(50)));
    let (large, slow) = (
        endpoint(&site, &shop, json!({}), &endless.url()),
        endpoint(&site, &shop, json!({}), &drip.url()),
    );
    let begun = Instant::now();
    site.registered(&shop.pk, "ada@example.com");
    large.until(&site, "delivered", 1);
    assert_eq!(
        large.delivery(&site)["log"][0]["response"].as_str().unwrap().len(),
        4_096
    );
    slow.until(&site, "waiting", 1);
    assert!(begun.elapsed() < Duration::from_secs(20));
    let error = slow.delivery(&site)["log"][0]["error"].as_str().unwrap().to_owned();
    assert!(error.contains("did not respond completely within 800 ms"), "{error}");
}

#[test]
fn answers_that_are_no_text_are_shown_as_far_as_they_are() {
    let site = site();
    let receiver =
        Receiver::that(|_| Reply::With(200, "content-type: text/html\r\n", "a\0b<script>\u{202e}".to_owned()));
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    site.registered(&shop.pk, "ada@example.com");
    mine.until(&site, "delivered", 1);
    let shown = mine.delivery(&site)["log"][0]["response"].as_str().unwrap().to_owned();
    assert!(shown.starts_with("a\u{fffd}b"), "{shown:?}");
}
