//! Which model answers: off unless somebody turns it on, a key that is never answered and goes to one server.

use serde_json::{Value, json};

use super::{KEY, Model, PROVIDERS, ask, choose, hook, question, site};
use crate::site::Site;

const SETTINGS: &str = "/projects/a/settings/assistant";

fn get(site: &Site) -> Value {
    let answer = site.admin("GET", SETTINGS, None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

#[test]
fn it_is_off_until_somebody_turns_it_on_and_says_how() {
    let site = Site::new();
    site.project("a");
    hook(&site, "a");
    let settings = get(&site);
    assert_eq!(
        (&settings["state"], &settings["origin"], &settings["model"]),
        (&json!("off"), &json!(null), &json!(null))
    );
    let heard = ask(&site, &question("change", "reject free e-mail providers"));
    assert_eq!(
        (heard.status, heard.refused["error"]["code"].as_str()),
        (409, Some("assistant_off"))
    );
    let says = heard.refused["error"]["message"].as_str().unwrap();
    assert!(
        says.contains("docs/assistant.md") && says.contains("settings/assistant"),
        "{says}"
    );
    let tested = site.admin("POST", &format!("{SETTINGS}/test"), None);
    assert_eq!(tested.code(), "assistant_off");
}

#[test]
fn the_installation_has_a_model_and_a_project_may_have_its_own_or_none() {
    let model = Model::start();
    let url = model.url("anthropic");
    let site = site(&[
        ("AEROCALL_ASSISTANT_PROVIDER", "anthropic"),
        ("AEROCALL_ASSISTANT_BASE_URL", &url),
        ("AEROCALL_ASSISTANT_MODEL", "ready"),
        ("AEROCALL_ASSISTANT_KEY", KEY),
        ("AEROCALL_ASSISTANT_INPUT_PER_MILLION", "3"),
        ("AEROCALL_ASSISTANT_OUTPUT_PER_MILLION", "15.5"),
    ]);
    site.project("a");
    let settings = get(&site);
    assert_eq!(
        (&settings["state"], &settings["origin"]),
        (&json!("on"), &json!("installation"))
    );
    assert_eq!(
        (&settings["hasKey"], &settings["provider"]),
        (&json!(true), &json!("anthropic"))
    );
    let tested = site.admin("POST", &format!("{SETTINGS}/test"), None);
    assert_eq!(tested.status, 200, "{tested:?}");
    assert_eq!(
        (
            &tested.json["inputTokens"],
            &tested.json["outputTokens"],
            &tested.json["model"]
        ),
        (&json!(14), &json!(2), &json!("ready"))
    );
    let asked = &model.requests()[0];
    assert_eq!(
        (&asked["headers"]["x-api-key"], &asked["headers"]["anthropic-version"]),
        (&json!(KEY), &json!("2023-06-01"))
    );
    let usage = &get(&site)["usage"];
    assert_eq!((&usage["requests"], &usage["cost"]), (&json!(1), &json!(0.000_073)));
    assert_eq!(usage["tokensLeft"], 500_000 - 16);

    let off = site.admin("PUT", SETTINGS, Some(json!({ "enabled": false })));
    assert_eq!(
        (&off.json["state"], &off.json["origin"]),
        (&json!("off"), &json!("project"))
    );
    choose(&site, "a", &model, "openai", "ready");
    assert_eq!(get(&site)["origin"], "project");
    let tested = site.admin("POST", &format!("{SETTINGS}/test"), None);
    assert_eq!(tested.status, 200, "{tested:?}");
    assert_eq!(model.requests()[1]["headers"]["authorization"], format!("Bearer {KEY}"));
    let back = site.admin("DELETE", SETTINGS, None);
    assert_eq!((back.status, &back.json["origin"]), (200, &json!("installation")));
    let log = super::audit(&site);
    assert!(
        log.contains("assistant.tested") && log.contains("setting.put") && !log.contains("hunter2"),
        "{log}"
    );
}

#[test]
fn a_key_is_never_answered_and_is_kept_for_its_server_alone() {
    let model = Model::start();
    let site = site(&[]);
    site.project("a");
    let own = |url: &str, key: Option<Value>| {
        let mut body = json!({ "provider": "openai", "baseUrl": url, "model": "ready" });
        if let Some(key) = key {
            body["key"] = key;
        }
        site.admin("PUT", SETTINGS, Some(body))
    };
    let set = own(&model.url("openai"), Some(json!(KEY)));
    assert_eq!((set.status, &set.json["hasKey"]), (200, &json!(true)));
    assert!(!set.json.to_string().contains("hunter2") && !get(&site).to_string().contains("hunter2"));
    let kept = own(&format!("{}/other/path", model.0.base), None);
    assert_eq!(
        (kept.status, &kept.json["hasKey"]),
        (200, &json!(true)),
        "the same server"
    );
    let elsewhere = own("http://127.0.0.1:9", None);
    assert_eq!(
        (elsewhere.code(), elsewhere.fields()),
        ("invalid_input", vec!["key"]),
        "somebody could read it there"
    );
    let without = own("http://127.0.0.1:9", Some(Value::Null));
    assert_eq!((without.status, &without.json["hasKey"]), (200, &json!(false)));
}

#[test]
fn what_is_wrong_is_named_field_by_field() {
    let site = site(&[]);
    site.project("a");
    for (body, field) in [
        (json!({ "provider": "other", "model": "m" }), "provider"),
        (json!({ "provider": "openai" }), "model"),
        (json!({ "model": "m" }), "provider"),
        (
            json!({ "provider": "openai", "model": "m", "baseUrl": "ftp://x" }),
            "baseUrl",
        ),
        (
            json!({ "provider": "openai", "model": "m", "baseUrl": "http://key@x.example" }),
            "baseUrl",
        ),
        (json!({ "provider": "openai", "model": "a\nb" }), "model"),
        (json!({ "provider": "openai", "model": "m", "key": "a\r\nx: y" }), "key"),
        (json!({ "provider": "openai", "model": "m", "key": "" }), "key"),
        (json!({ "limits": { "rounds": 99 } }), "limits.rounds"),
        (json!({ "limits": { "tokens": 1 } }), "limits.tokens"),
        (json!({ "prices": { "inputPerMillion": 1 } }), "prices"),
        (
            json!({ "provider": "openai", "model": "m", "prices": { "inputPerMillion": -1 } }),
            "prices.inputPerMillion",
        ),
        (json!({ "enabled": "yes" }), "enabled"),
    ] {
        let refused = site.admin("PUT", SETTINGS, Some(body.clone()));
        assert_eq!(
            (refused.code(), refused.fields()),
            ("invalid_input", vec![field]),
            "{body}"
        );
    }
}

#[test]
fn a_model_in_a_private_network_is_for_whoever_runs_the_server_to_allow() {
    let model = Model::start();
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32")]);
    site.project("a");
    for provider in PROVIDERS {
        choose(&site, "a", &model, provider, "ready");
        let tested = site.admin("POST", &format!("{SETTINGS}/test"), None);
        assert_eq!(tested.code(), "model_unreachable");
        assert!(
            tested.json.to_string().contains("assistant.allow_private"),
            "{tested:?}"
        );
    }
    assert!(model.requests().is_empty());
}
