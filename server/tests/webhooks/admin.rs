//! The admin API of endpoints: what it takes, what it refuses, and whose endpoints they are.

use serde_json::{Value, json};

use super::{Receiver, endpoint, site, webhooks};

#[test]
fn every_field_of_an_endpoint_that_is_wrong_is_named() {
    let site = site();
    let shop = site.project("shop");
    let refused = |body: Value| {
        let answer = site.admin("POST", &webhooks(&shop), Some(body.clone()));
        assert_eq!((answer.status, answer.code()), (422, "invalid_input"), "{body}");
        answer.fields().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(refused(json!({})), ["url", "events"]);
    let with = |name: &str, value: Value| {
        let mut body = json!({ "url": "https://example.com", "events": ["*"] });
        body[name] = value;
        refused(body)
    };
    for value in [json!(null), json!(1), json!("https://"), json!("x".repeat(3_000))] {
        assert_eq!(with("url", value), ["url"]);
    }
    for value in [
        json!([]),
        json!(["auth.none"]),
        json!("*"),
        json!([null]),
        json!(vec!["*"; 51]),
    ] {
        assert_eq!(with("events", value), ["events"]);
    }
    for value in [
        json!({}),
        json!([{}]),
        json!([{ "path": "/a", "equals": [] }]),
        json!([{ "path": "", "equals": 1 }]),
    ] {
        assert_eq!(with("filter", value), ["filter"]);
    }
    assert_eq!(with("order", json!("random")), ["order"]);
    assert_eq!(with("codes", json!(true)), ["codes"]);
    assert_eq!(with("ownerEmail", json!("nobody")), ["ownerEmail"]);
    assert_eq!(with("description", json!("a\nb\u{0}")), ["description"]);
    assert_eq!(with("secret", json!("whsec_mine")), ["secret"]);
    assert_eq!(with("state", json!("disabled")), ["state"], "a new endpoint is enabled");
}

#[test]
fn an_endpoint_is_of_its_environment_alone() {
    let (site, receiver) = (site(), Receiver::new());
    let (shop, other) = (site.project("shop"), site.project("other"));
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    let stranger = format!("{}/{}", webhooks(&other), mine.id);
    for (method, path, body) in [
        ("GET", stranger.clone(), None),
        ("PATCH", stranger.clone(), Some(json!({ "state": "disabled" }))),
        ("DELETE", stranger.clone(), None),
        ("POST", format!("{stranger}/test"), Some(json!({}))),
        ("POST", format!("{stranger}/rotate-secret"), Some(json!({}))),
        ("GET", format!("{stranger}/deliveries"), None),
        (
            "POST",
            format!("{stranger}/replay"),
            Some(json!({ "what": "failed", "since": "2000-01-01T00:00:00Z" })),
        ),
    ] {
        let answer = site.admin_as(&other.sk, method, &path, body);
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{method} {path}");
    }
    let foreign = site.admin_as(&other.sk, "GET", &mine.path, None);
    assert!(matches!(foreign.status, 403 | 404), "{foreign:?}");
    assert_eq!(mine.shown(&site)["state"], "enabled");
    assert!(mine.shown(&site)["secret"].is_null(), "it is shown once");
    let listed = site.admin_as(&shop.sk, "GET", &webhooks(&shop), None);
    assert_eq!(listed.json["webhooks"].as_array().unwrap().len(), 1);
    assert!(!listed.json.to_string().contains("whsec_"));
}

#[test]
fn an_environment_has_fifty_endpoints_at_most() {
    let site = site();
    let shop = site.project("shop");
    let make = || {
        site.admin(
            "POST",
            &webhooks(&shop),
            Some(json!({ "url": "https://example.com", "events": ["*"] })),
        )
    };
    for _ in 0..50 {
        assert_eq!(make().status, 201);
    }
    assert_eq!(make().code(), "limit_reached");
}

#[test]
fn lists_of_deliveries_say_which_parameter_is_wrong() {
    let (site, receiver) = (site(), Receiver::new());
    let shop = site.project("shop");
    let mine = endpoint(&site, &shop, json!({}), &receiver.url());
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("state=lost", "state"),
        ("page=1", "page"),
    ] {
        let answer = site.admin("GET", &format!("{}/deliveries?{query}", mine.path), None);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{query}");
    }
    for (body, field) in [
        (json!({ "what": "all", "since": "2000-01-01T00:00:00Z" }), "what"),
        (json!({ "what": "failed" }), "since"),
        (json!({ "what": "failed", "since": "yesterday" }), "since"),
    ] {
        assert_eq!(mine.post(&site, "replay", body).fields(), [field]);
    }
    assert_eq!(
        mine.post(&site, "rotate-secret", json!({ "overlapSeconds": -1 }))
            .fields(),
        ["overlapSeconds"]
    );
    assert_eq!(mine.post(&site, "deliveries/dlv_none/replay", json!({})).status, 404);
}
