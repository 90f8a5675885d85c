//! What cannot be tried, and by whom.

use std::thread;

use serde_json::{Value, json};

use super::{ENVIRONMENT, done, register, tried, with_user};
use crate::{bundles::hook, dump, site::PASSWORD};

/// A try, the field that is wrong, and words of what is said about it.
fn wrong() -> [(Value, &'static str, &'static str); 16] {
    [
        (json!({}), "path", "missing"),
        (
            json!({ "path": "/auth/registr" }),
            "path",
            "did you mean POST /auth/register?",
        ),
        (json!({ "path": "/nowhere/at/all" }), "path", "API reference"),
        (json!({ "path": "/admin/api/v1/projects" }), "path", "admin API"),
        (
            json!({ "path": "/auth/register", "method": "GET" }),
            "method",
            "this path takes POST",
        ),
        (
            json!({ "path": "/auth/register", "method": "BREW" }),
            "method",
            "must be GET",
        ),
        (
            json!({ "path": "/auth/register", "mode": "wet-run" }),
            "mode",
            "dry-run",
        ),
        (
            json!({ "path": "/auth/register", "use": { "gate": 7 } }),
            "use.gate",
            "no version 7",
        ),
        (
            json!({ "path": "/auth/register", "use": { "other": 1 } }),
            "use",
            "other",
        ),
        (
            json!({ "path": "/auth/register", "use": { "gate": "live" } }),
            "use",
            "draft",
        ),
        (
            json!({ "path": "/auth/register", "use": { "gate": "draft" } }),
            "use.gate",
            "no draft",
        ),
        (json!({ "path": "/auth/register", "use": [] }), "use", "object"),
        (
            json!({ "path": "/auth/register", "headers": { "x": 1 } }),
            "headers",
            "text",
        ),
        (
            json!({ "path": "/auth/register", "headers": { "x": "a\nb" } }),
            "headers",
            "ASCII",
        ),
        (
            json!({ "path": "/auth/register", "http": [{ "url": 1 }] }),
            "http",
            "described",
        ),
        (
            json!({ "path": "/auth/register", "mode": "live", "use": { "gate": 1 } }),
            "use",
            "dry-run",
        ),
    ]
}

#[test]
fn what_is_wrong_with_a_try_is_said_by_field() {
    let (site, _, _) = with_user(&[]);
    site.live("a", &[("gate", &hook("beforeSignup", ""))]);
    for (request, field, words) in wrong() {
        let answer = tried(&site, request.clone());
        assert_eq!(
            (answer.status, answer.code(), answer.fields()),
            (422, "invalid_input", vec![field]),
            "{request}: {answer:?}"
        );
        let problem = answer.json["error"]["details"][0]["problem"].as_str().unwrap();
        assert!(problem.contains(words), "{request}: {problem}");
    }
    let long: Value = (0..51)
        .map(|n| (format!("x-{n}"), json!("a")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    assert_eq!(
        tried(&site, json!({ "path": "/auth/register", "headers": long })).fields(),
        ["headers"]
    );
    let large = tried(
        &site,
        json!({ "path": "/auth/register", "body": { "email": "a".repeat(2 << 20) } }),
    );
    assert_eq!((large.status, large.code()), (413, "body_too_large"));
}

#[test]
fn what_is_wrong_with_the_request_is_in_its_response() {
    let (site, _, _) = with_user(&[]);
    let body = json!({ "email": "new@work.example", "password": PASSWORD });
    for (body, status, code) in [
        (json!({ "email": "no address", "password": "x" }), 422, "invalid_input"),
        (
            json!({ "email": "a@work.example", "password": PASSWORD, "more": 1 }),
            422,
            "invalid_input",
        ),
        (json!("text"), 400, "malformed_body"),
        (Value::Null, 400, "malformed_body"),
        (
            json!({ "email": "a@work.example", "password": PASSWORD, "metadata": { "a": "b".repeat(200_000) } }),
            413,
            "body_too_large",
        ),
    ] {
        let answer = tried(&site, json!({ "path": "/auth/register", "body": body }));
        let response = &done(&answer)["response"];
        assert_eq!(
            (&response["status"], &response["body"]["error"]["code"]),
            (&json!(status), &json!(code)),
            "{body}"
        );
        assert_eq!(response["body"]["error"]["request_id"], answer.json["id"]);
    }
    let nobody = tried(&site, json!({ "path": "/auth/me", "method": "GET" }));
    assert_eq!(done(&nobody)["response"]["status"], 401);
    assert_eq!(
        done(&tried(&site, json!({ "path": "/auth/register", "body": body })))["response"]["status"],
        201
    );
}

#[test]
fn a_project_tries_two_at_a_time_and_only_who_may_deploy() {
    let (site, project, _) = with_user(&[]);
    let wait = format!(
        "{} export const config = {{ limits: {{ deadlineMs: 5000 }} }};",
        hook("beforeSignup", "await new Promise((done) => setTimeout(done, 3000));")
    );
    let number = site.version("a", "wait", &wait);
    let slow = || {
        tried(
            &site,
            register("new@work.example", json!({ "use": { "wait": number } })),
        )
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let all: Vec<_> = (0..3).map(|_| scope.spawn(slow)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert_eq!(busy.len(), 1, "{answers:?}");
    assert_eq!(busy[0].code(), "busy");
    let token = |scopes: Value| {
        let made = site.admin(
            "POST",
            "/projects/a/tokens",
            Some(json!({ "name": "t", "scopes": scopes })),
        );
        made.json["token"]
            .as_str()
            .unwrap_or_else(|| panic!("{made:?}"))
            .to_owned()
    };
    let path = format!("{ENVIRONMENT}/try");
    let ask = |token: &str, mode: &str| {
        let request = register("may@work.example", json!({ "mode": mode }));
        site.admin_as(token, "POST", &path, Some(request)).status
    };
    let (reader, deployer) = (
        token(json!(["hooks:read", "data:write"])),
        token(json!(["hooks:deploy"])),
    );
    let before = dump::of(&site, None);
    assert_eq!(
        (ask(&reader, "dry-run"), ask(&reader, "live"), ask(&deployer, "live")),
        (403, 403, 403)
    );
    assert_eq!(ask(&project.pk, "dry-run"), 401);
    // It shows data of the environment, which whoever deploys need not see.
    assert_eq!(ask(&deployer, "dry-run"), 403);
    let developer = token(json!(["hooks:deploy", "data:read"]));
    assert_eq!((ask(&developer, "dry-run"), ask(&developer, "live")), (200, 403));
    assert_eq!(dump::of(&site, None), before);
}

/// What somebody tries does not lock anybody out, nor use up what clients may ask.
#[test]
fn real_limits_and_lockouts_are_not_counted() {
    let (site, project, _) = with_user(&[("AEROCALL_LIMITS_ENABLED", "true")]);
    for _ in 0..12 {
        let wrong = json!({ "path": "/auth/login", "body": { "email": "ada@work.example", "password": "wrong horse battery" } });
        assert_eq!(
            done(&tried(&site, wrong))["response"]["body"]["error"]["code"],
            "invalid_credentials"
        );
    }
    assert_eq!(site.login(&project.pk, "ada@work.example", PASSWORD).status, 200);
}
