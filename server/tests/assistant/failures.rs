//! A model's server that is slow, broken or unwilling: each has its own code, nothing of the key, and an end.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{KEY, Model, PROVIDERS, ask, begun, choose, question};

#[test]
fn each_failure_has_its_code_in_both_protocols_and_never_shows_the_key() {
    let model = Model::start();
    for provider in PROVIDERS {
        let site = begun(&model, provider, "cut");
        for (script, code) in [
            ("cut", "model_unreachable"),
            ("malformed", "model_answer_invalid"),
            ("html", "model_answer_invalid"),
            ("refusal", "model_refused"),
            ("filter", "model_refused"),
            ("overloaded", "model_unreachable"),
            ("limited", "model_rate_limited"),
            ("unauthorized", "model_refused"),
            ("down", "model_unreachable"),
            ("redirect", "model_unreachable"),
        ] {
            choose(&site, "a", &model, provider, script);
            let heard = ask(&site, &question("change", "reject free e-mail providers"));
            assert_eq!(heard.failure(), code, "{provider} {script}");
            assert!(!format!("{heard:?}").contains(KEY), "{heard:?}");
            let tested = site.admin("POST", "/projects/a/settings/assistant/test", None);
            assert_eq!(tested.code(), code, "{provider} {script}");
            assert!(!tested.json.to_string().contains(KEY), "{tested:?}");
            if script == "limited" {
                assert_eq!(tested.header("retry-after"), "7");
            }
        }
        let draft = site.admin("GET", "/projects/a/hooks/gate/draft", None).json;
        assert_eq!(draft["revision"], 2);
    }
}

#[test]
fn nobody_waits_longer_than_the_limit_for_an_answer_that_does_not_end() {
    let model = Model::start();
    for provider in PROVIDERS {
        let site = begun(&model, provider, "hang");
        for script in ["hang", "endless"] {
            let settings = json!({ "provider": provider, "baseUrl": model.url(provider), "model": script, "limits": { "requestSeconds": 1 } });
            let set = site.admin("PUT", "/projects/a/settings/assistant", Some(settings));
            assert_eq!(set.status, 200, "{set:?}");
            let begun = Instant::now();
            let heard = ask(&site, &question("explain", "what does it do?"));
            assert!(
                ["model_timeout", "model_answer_invalid"].contains(&heard.failure().as_str()),
                "{script}: {:?}",
                heard.failure()
            );
            assert!(begun.elapsed() < Duration::from_secs(15), "{script}");
        }
    }
}

#[test]
fn an_answer_that_was_cut_after_its_tokens_is_no_file() {
    let model = Model::start();
    for provider in PROVIDERS {
        let site = begun(&model, provider, "long");
        let heard = ask(&site, &question("change", "reject free e-mail providers"));
        let proposal = heard.one("proposal");
        assert_eq!(
            (&proposal["verified"], &proposal["files"]),
            (&json!(false), &json!([])),
            "{proposal}"
        );
        let problems = proposal["problems"].to_string();
        assert!(
            problems.contains("the answer ends inside of it") && problems.contains("the answer was cut"),
            "{problems}"
        );
    }
}

#[test]
fn a_model_that_fails_after_its_first_round_leaves_what_it_has_proposed() {
    let model = Model::start();
    let site = begun(&model, "openai", "then-down");
    let broken = "```ts path=hooks/gate.ts\nexport const beforeSignup = async ( => ;\n```\n";
    model.script(
        "then-down",
        &json!([{ "text": broken }, { "status": 503, "body": "down" }]),
    );
    let heard = ask(&site, &question("change", "reject free e-mail providers"));
    let proposal = heard.one("proposal");
    assert_eq!(
        (&proposal["verified"], proposal["rounds"].as_array().unwrap().len()),
        (&json!(false), 1),
        "{proposal}"
    );
    assert!(
        proposal["problems"]
            .to_string()
            .contains("round 2: The model's server did not answer"),
        "{proposal}"
    );
}

#[test]
fn what_is_wrong_with_a_question_is_named_before_anything_is_sent() {
    let model = Model::start();
    let site = begun(&model, "openai", "good");
    let with = |name: &str, value: serde_json::Value| {
        let mut body = question("change", "x");
        body[name] = value;
        body
    };
    for (body, field) in [
        (
            json!({ "task": "deploy", "messages": [{ "role": "user", "text": "x" }] }),
            "task",
        ),
        (json!({ "task": "change", "messages": [] }), "messages"),
        (
            json!({ "task": "change", "messages": [{ "role": "assistant", "text": "x" }] }),
            "messages",
        ),
        (
            json!({ "task": "change", "messages": [{ "role": "system", "text": "x" }] }),
            "messages[0].role",
        ),
        (question("change", " "), "messages[0].text"),
        (question("change", &"x".repeat(70_000)), "messages"),
        (with("point", json!("beforeDeploy")), "point"),
        (with("environment", json!("nowhere")), "environment"),
        (with("attach", json!({ "case": "none" })), "attach.case"),
        (with("attach", json!({ "invocation": "inv_0" })), "attach.invocation"),
        (
            with(
                "selection",
                json!({ "file": "hooks/other.ts", "startLine": 1, "endLine": 1 }),
            ),
            "selection.file",
        ),
        (
            with(
                "selection",
                json!({ "file": "hooks/gate.ts", "startLine": 99, "endLine": 99 }),
            ),
            "selection.startLine",
        ),
        (with("tools", json!([])), "tools"),
    ] {
        let heard = ask(&site, &body);
        let error = &heard.refused["error"];
        assert_eq!(
            (heard.status, &error["code"]),
            (422, &json!("invalid_input")),
            "{body} {error}"
        );
        assert_eq!(error["details"][0]["field"], field, "{error}");
    }
    assert_eq!(ask(&site, &with("revision", json!(1))).status, 412);
    assert!(model.requests().is_empty());
}
