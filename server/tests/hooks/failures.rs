//! Hooks without a decision: each kind has its code and status, and the policy says what becomes of the request.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    logbook,
    site::{Answer, PASSWORD, Site},
};

/// What an author would not want the world to read.
const PRIVATE: &str = "PRIVATE-of-the-author";

/// Body of the hook, code, status.
const FAILURES: &[(&str, &str, u16)] = &[
    ("throw new TypeError('PRIVATE-of-the-author');", "hook_failed", 502),
    ("throw { secret: 'PRIVATE-of-the-author' };", "hook_failed", 502),
    ("await new Promise(() => {});", "hook_failed", 502),
    (
        "await new Promise((done) => setTimeout(done, 60000));",
        "hook_timeout",
        504,
    ),
    ("for (;;) {}", "hook_out_of_fuel", 502),
    (
        "const all: unknown[] = []; for (;;) all.push(new Uint8Array(1e6));",
        "hook_out_of_memory",
        502,
    ),
    ("return { patch: 'PRIVATE' };", "hook_bad_reply", 502),
    ("return { deny: { status: 200 } };", "hook_bad_reply", 502),
];

/// Few enough to be used up before the deadline, whatever else the machine does.
const LIMITS: &str = "export const config = { limits: { fuel: 20000000, deadlineMs: 1500 } };";

fn source(point: &str, body: &str) -> String {
    format!("{LIMITS}\n{}", hook(point, body))
}

fn line(site: &Site, point: &str, body: &str, policy: Option<&str>) -> Value {
    // Memory is the one limit that a loop of allocations must reach before the others.
    let fuel = if body.contains("Uint8Array") {
        2_000_000_000_u64
    } else {
        20_000_000
    };
    let source = source(point, body).replace("fuel: 20000000", &format!("fuel: {fuel}"));
    let mut line = json!({ "name": "broken", "number": site.version("a", "broken", &source) });
    if let Some(policy) = policy {
        line["failurePolicy"] = json!(policy);
    }
    line
}

fn sign_up(site: &Site, pk: &str, email: &str) -> Answer {
    site.register(pk, json!({ "email": email, "password": PASSWORD }))
}

#[test]
fn a_gate_that_cannot_answer_stays_shut() {
    let site = Site::new();
    let pk = site.project("a").pk;
    for (body, code, status) in FAILURES {
        site.deploy("a", json!([line(&site, "beforeSignup", body, None)]));
        let answer = sign_up(&site, &pk, "ada@example.com");
        assert_eq!((answer.status, answer.code()), (*status, *code), "{body}");
        assert_eq!(answer.json["error"]["hook"], "broken");
        let text = answer.json.to_string();
        for inside in [PRIVATE, "broken.ts", "bundle.js", "    at ", "wasm", "sha256"] {
            assert!(!text.contains(inside), "{body}: the client is shown {inside}: {text}");
        }
        let known = logbook::lines_with(answer.header("x-request-id")).join("\n");
        assert!(known.contains(code), "the log knows why: {known}");
        assert!(!body.contains("TypeError") || known.contains(PRIVATE), "{known}");
    }
    site.live("a", &[]);
    assert_eq!(
        sign_up(&site, &pk, "ada@example.com").status,
        201,
        "none of them left a user behind"
    );
}

#[test]
fn an_open_policy_lets_the_request_pass_without_the_hook() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let next = site.version(
        "a",
        "next",
        &hook("beforeSignup", "return { patch: { user: { name: 'next' } } };"),
    );
    for (number, (body, code, _)) in FAILURES.iter().enumerate() {
        let broken = line(&site, "beforeSignup", body, Some("open"));
        site.deploy("a", json!([broken, { "name": "next", "number": next }]));
        let answer = sign_up(&site, &pk, &format!("{number}@example.com"));
        assert_eq!(
            (answer.status, &answer.json["user"]["name"]),
            (201, &json!("next")),
            "{code}: {answer:?}"
        );
    }
}

#[test]
fn after_hooks_fail_open_unless_the_owner_says_closed() {
    let site = Site::new();
    let pk = site.project("a").pk;
    for (number, (body, code, status)) in FAILURES.iter().enumerate() {
        let email = format!("{number}@example.com");
        site.deploy("a", json!([line(&site, "afterSignup", body, None)]));
        assert_eq!(sign_up(&site, &pk, &email).status, 201, "{code}");
        site.deploy("a", json!([line(&site, "afterLogin", body, Some("closed"))]));
        let login = site.login(&pk, &email, PASSWORD);
        assert_eq!((login.status, login.code()), (*status, *code));
    }
}

#[test]
fn a_bundle_without_the_hook_it_promises_is_unavailable() {
    let site = Site::new();
    let pk = site.project("a").pk;
    // The manifest is the author's word; the same bytes with another point in it are a bundle that lies.
    let honest = crate::bundles::bundle("liar", &hook("afterSignup", ""));
    let lie = replaced(&honest, b"\"hooks\":[\"afterSignup\"]", b"\"hooks\":[\"beforeLogin\"]");
    assert_eq!(site.upload("a", "liar", &lie).status, 201);
    site.deploy("a", json!([{ "name": "liar", "number": 1 }]));
    assert_eq!(sign_up(&site, &pk, "ada@example.com").status, 201);
    let login = site.login(&pk, "ada@example.com", PASSWORD);
    assert_eq!(
        (login.status, login.code(), login.header("retry-after")),
        (503, "hook_unavailable", "1")
    );
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    // The last one: the snapshot holds the same text, the manifest comes after it.
    let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn a_deployment_narrows_the_limits_of_a_bundle_and_never_widens_them() {
    let site = Site::with(&[("AEROCALL_HOOKS_MAX_DEADLINE_MS", "700")]);
    let pk = site.project("a").pk;
    let slow = hook(
        "beforeSignup",
        "await new Promise((done) => setTimeout(done, 300)); let n = 0; while (n < 1e5) n++;",
    );
    let number = site.version("a", "slow", &slow);
    let with = |limits: Value| {
        let deployed = site.deploy("a", json!([{ "name": "slow", "number": number, "limits": limits }]));
        let answer = site.register(&pk, json!({ "email": "ada@example.com", "password": PASSWORD }));
        let code = if answer.status == 201 {
            "passed".to_owned()
        } else {
            answer.code().to_owned()
        };
        (code, deployed.json["hooks"][0]["limits"]["deadlineMs"].clone())
    };
    assert_eq!(
        with(json!({ "deadlineMs": 50 })),
        ("hook_timeout".to_owned(), json!(50))
    );
    assert_eq!(with(json!({ "fuel": 10_000 })).0, "hook_out_of_fuel");
    assert_eq!(with(json!({ "memoryBytes": 65_536 })).0, "hook_out_of_memory");
    assert_eq!(with(json!({ "deadlineMs": 60_000 })), ("passed".to_owned(), json!(700)));
}

#[test]
fn what_a_hook_logs_reaches_the_log_on_one_line_and_without_the_password() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let body = "console.log('seen-by-hook', payload, context, payload.password, `${payload.password}`);
                console.error('forged\\n2026-01-01 ERROR line \\u001b[31m');";
    site.live("a", &[("talk", &hook("beforeSignup", body))]);
    let answer = sign_up(&site, &pk, "ada@example.com");
    assert_eq!(answer.status, 201);
    let called = &logbook::lines_with(answer.header("x-request-id"))[0];
    let id = called
        .split("invocation_id=")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .trim_matches('"');
    let lines = logbook::lines_with(id);
    assert!(
        lines
            .iter()
            .any(|line| line.contains("seen-by-hook") && line.contains("ada@example.com")),
        "{lines:?}"
    );
    let forged = lines.iter().find(|line| line.contains("forged")).unwrap();
    assert!(!forged.contains(['\n', '\u{1b}']), "{forged:?}");
    assert!(
        logbook::lines_with(PASSWORD).is_empty(),
        "no test of this process may log the password"
    );
}
