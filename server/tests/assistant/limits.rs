//! Tokens of a day, questions at the same time, and who stops listening.

use serde_json::{Value, json};

use super::{Model, ask, ask_and_hold, begun, choose, hook, question, site};
use crate::{site::Site, until::until};

fn usage(site: &Site, project: &str) -> Value {
    site.admin("GET", &format!("/projects/{project}/settings/assistant"), None)
        .json["usage"]
        .clone()
}

#[test]
fn the_tokens_of_a_day_are_counted_shown_and_have_an_end() {
    let model = Model::start();
    let site = begun(&model, "openai", "ready");
    let settings = |tokens: u64| {
        let body = json!({ "provider": "openai", "baseUrl": model.url("openai"), "model": "ready",
            "prices": { "inputPerMillion": 1_000, "outputPerMillion": 2_000, "currency": "EUR" }, "limits": { "tokensPerDay": tokens } });
        let set = site.admin("PUT", "/projects/a/settings/assistant", Some(body));
        assert_eq!(set.status, 200, "{set:?}");
    };
    settings(1_000_000);
    let heard = ask(&site, &question("explain", "what does it do?"));
    let used = &heard.one("done")["usage"];
    assert_eq!(
        (&used["inputTokens"], &used["outputTokens"], &used["cost"]),
        (&json!(14), &json!(2), &json!(0.018))
    );
    let day = usage(&site, "a");
    assert_eq!(
        (&day["requests"], &day["tokensLeft"], &day["cost"]),
        (&json!(1), &json!(1_000_000 - 16), &json!(0.018))
    );
    settings(100);
    let heard = ask(&site, &question("explain", "what does it do?"));
    assert_eq!(heard.failure(), "assistant_limit");
    assert_eq!(model.requests().len(), 1, "nothing was sent");
    assert_eq!(usage(&site, "a")["requests"], 1);
}

#[test]
fn what_a_server_counts_wrongly_or_not_at_all_is_counted_by_length() {
    let model = Model::start();
    let site = begun(&model, "openai", "silent-usage");
    let heard = ask(&site, &question("explain", "what does it do?"));
    let used = &heard.one("done")["usage"];
    assert!(
        used["inputTokens"].as_u64().unwrap() > 1_000 && used["outputTokens"] == 8,
        "{used}"
    );
    choose(&site, "a", &model, "openai", "greedy-usage");
    let heard = ask(&site, &question("explain", "what does it do?"));
    let used = heard.one("done")["usage"]["inputTokens"].as_u64().unwrap();
    assert!(used < 200_000, "{used}");
    assert!(usage(&site, "a")["tokensLeft"].as_u64().unwrap() > 0);
}

#[test]
fn all_projects_together_have_a_limit_on_the_models_of_the_installation() {
    let model = Model::start();
    let url = model.url("openai");
    let site = site(&[
        ("AEROCALL_ASSISTANT_PROVIDER", "openai"),
        ("AEROCALL_ASSISTANT_BASE_URL", &url),
        ("AEROCALL_ASSISTANT_MODEL", "ready"),
        ("AEROCALL_ASSISTANT_TOKENS_PER_DAY_OF_ALL", "1000"),
    ]);
    for project in ["a", "b"] {
        site.project(project);
    }
    hook(&site, "a");
    assert_eq!(usage(&site, "b")["tokensLeft"], 1_000);
    let tested = site.admin("POST", "/projects/b/settings/assistant/test", None);
    assert_eq!(tested.status, 200, "{tested:?}");
    assert_eq!(usage(&site, "a")["tokensLeft"], 1_000 - 16, "what others have used");
    assert_eq!(ask(&site, &question("explain", "x")).failure(), "assistant_limit");
    choose(&site, "a", &model, "openai", "ready");
    assert!(
        ask(&site, &question("explain", "x")).names().contains(&"done"),
        "its own model is its own"
    );
    assert_eq!(usage(&site, "b")["tokensLeft"], 1_000 - 16);
}

#[test]
fn a_project_asks_twice_at_the_same_time_and_whoever_stops_listening_makes_room() {
    let model = Model::start();
    let site = begun(&model, "openai", "hang");
    let body = question("explain", "what does it do?");
    let held = [ask_and_hold(&site, &body), ask_and_hold(&site, &body)];
    until(|| (model.requests().len() == 2).then_some(()));
    let refused = ask(&site, &body);
    assert_eq!(
        (refused.status, &refused.refused["error"]["code"]),
        (503, &json!("busy"))
    );
    drop(held);
    choose(&site, "a", &model, "openai", "explain");
    until(|| (ask(&site, &body).status == 200).then_some(()));
    let day = usage(&site, "a");
    assert!(day["requests"].as_u64().unwrap() >= 3, "{day}");
}
