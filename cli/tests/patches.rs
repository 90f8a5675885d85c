//! A patch that a server refuses is refused by `aerocall run` and `aerocall test`, in the same words; and what a server has
//! recorded can be run again, as it was recorded.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    http_client,
    server::{PASSWORD, Site, until},
    support::{SIGNUP, project, run},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
/// Returns as its patch what the client sent as metadata.
const GATE: &str = "export const beforeSignup = (_c: any, { user }: any) => ({ patch: user.metadata.patch });\n";

/// What of a payload may be returned, and the field that is named if it may not.
fn patches() -> Vec<(Value, Option<&'static str>)> {
    let user = |fields: Value| json!({ "user": fields });
    vec![
        (user(json!({ "email": "new@example.com", "name": null })), None),
        (
            user(json!({ "phone": "+49 30 123456", "publicMetadata": { "a": 1 } })),
            None,
        ),
        (json!({ "provider": "password", "client": {} }), None),
        (user(json!({ "email": "nobody" })), Some("user.email")),
        (user(json!({ "email": "a\r\nbcc: b@example.com" })), Some("user.email")),
        (user(json!({ "email": null })), Some("user.email")),
        (user(json!({ "name": "x".repeat(201) })), Some("user.name")),
        (user(json!({ "phone": 5 })), Some("user.phone")),
        (user(json!({ "phone": "call me" })), Some("user.phone")),
        (
            user(json!({ "metadata": { "x": "y".repeat(9_000) } })),
            Some("user.metadata"),
        ),
        (user(json!({ "publicMetadata": [] })), Some("user.publicMetadata")),
        (user(json!({ "id": "usr_1" })), Some("user.id")),
        (user(json!({ "role": "admin" })), Some("user.role")),
        (json!({ "user": "ada" }), Some("user")),
        (json!({ "password": "hunter22" }), Some("password")),
        (json!({ "provider": "google" }), Some("provider")),
        (json!({ "claims": { "plan": "pro" } }), Some("claims")),
        (json!({ "role": "admin" }), Some("role")),
    ]
}

fn sign_up(site: &Site, email: &str, patch: &Value) -> (u16, Value) {
    let headers = [
        ("x-aerocall-key", site.key.as_str()),
        ("content-type", "application/json"),
    ];
    let body = json!({ "email": email, "password": PASSWORD, "metadata": { "patch": patch } });
    let url = format!("{}/auth/register", site.url);
    let answer = http_client::send("POST", &url, &headers, body.to_string().as_bytes()).unwrap();
    (answer.status, answer.json())
}

/// The record of the request, whole.
fn record(site: &Site, request: &str) -> Value {
    let path = format!("/invocations?hook=gate&requestId={request}");
    let listed = until(|| site.admin(&path)["invocations"].get(0).cloned());
    site.admin(&format!("/invocations/{}", listed["id"].as_str().unwrap()))
}

/// The last record of an address, whole.
fn record_of(site: &Site, email: &str) -> Value {
    until(|| {
        let all = site.admin("/invocations?hook=gate&limit=1")["invocations"].clone();
        let whole = site.admin(&format!("/invocations/{}", all[0]["id"].as_str()?));
        (whole["payload"]["user"]["email"] == email).then_some(whole)
    })
}

/// What `aerocall run` makes of an invocation that was recorded.
fn run_again(here: &TempDir, record: &Value, code: i32) -> Value {
    std::fs::write(here.path().join("call.json"), record.to_string()).unwrap();
    run(here.path(), &["run", ".", "--input", "call.json", "--json"])
        .expect(code)
        .json()
}

#[test]
fn a_patch_is_refused_where_a_server_refuses_it_and_in_the_same_words() {
    let site = Site::new(&[]);
    let here = project(&[("aerocall.toml", TOML), ("hooks/gate.ts", GATE)]);
    site.deploy(here.path(), &[]).expect(0);
    let (mut cases, mut refused) = (Vec::new(), 0);
    for (index, (patch, field)) in patches().into_iter().enumerate() {
        let email = format!("ada{index}@example.com");
        let (status, answer) = sign_up(&site, &email, &patch);
        let record = match answer["error"]["request_id"].as_str() {
            Some(request) => record(&site, request),
            None => record_of(&site, &email),
        };
        let again = run_again(&here, &record, i32::from(field.is_some()));
        // What a server has recorded is what it did, and what is done here.
        assert_eq!(again["reply"], record["reply"], "{patch}");
        let reply = match field {
            None => {
                assert_eq!(
                    (status, &record["outcome"]),
                    (201, &json!("patch")),
                    "{patch}: {answer}"
                );
                json!({ "kind": "patch", "patch": patch })
            }
            Some(field) => {
                refused += 1;
                let error = &answer["error"];
                assert_eq!(
                    (status, &error["code"]),
                    (502, &json!("hook_bad_reply")),
                    "{patch}: {answer}"
                );
                assert_eq!(error["details"][0]["field"], field, "{patch}: {answer}");
                let message = format!(
                    "`{field}` of the patch {}",
                    error["details"][0]["problem"].as_str().unwrap()
                );
                assert_eq!(record["outcome"], "hook_bad_reply", "{record}");
                let failure = json!({ "name": "Error", "message": message });
                json!({ "kind": "failure", "code": "hook_bad_reply", "message": message, "error": failure, "patch": patch })
            }
        };
        assert_eq!(record["reply"], reply, "{patch}");
        let (payload, context) = (&record["payload"], &record["context"]);
        cases.push(
            json!({ "hook": "beforeSignup", "payload": payload, "context": context, "expect": { "reply": reply } }),
        );
        cases.push(json!({ "invocation": record, "expect": { "reply": reply } }));
    }
    std::fs::create_dir(here.path().join("tests")).unwrap();
    std::fs::write(here.path().join("tests/all.json"), json!(cases).to_string()).unwrap();
    let tested = run(here.path(), &["test", "--json"]).expect(0).json();
    assert_eq!(tested["passed"], cases.len(), "{tested}");
    assert!(refused > 10);
}

#[test]
fn a_hook_whose_patch_is_refused_leaves_nothing_behind() {
    let hook = "export const beforeSignup = async (_c: any, _p: any, { Queue }: any) => {
        await Queue.enqueue('welcome', { a: 1 });
        return { patch: { user: { email: 'nobody' } } };
    };";
    let payload: Value = serde_json::from_str(SIGNUP).unwrap();
    let expect = json!({ "replyIncludes": { "kind": "failure", "code": "hook_bad_reply" }, "queue": [] });
    let case = json!({ "hook": "beforeSignup", "payload": payload, "expect": expect });
    let plain = json!({ "hook": "beforeSignup", "payload": payload, "expect": {} });
    let here = project(&[
        ("hooks/a.ts", hook),
        ("tests/a.json", &json!([case, plain]).to_string()),
    ]);
    let tested = run(here.path(), &["test", "--json"]).expect(1).json();
    assert_eq!(tested["passed"], 1, "{tested}");
    let problem =
        "reply: the hook failed: \"`user.email` of the patch must be an email address, like ada@example.com\"";
    assert_eq!(tested["cases"][1]["problems"][0], problem);
}

#[test]
fn what_is_recorded_is_run_again_with_its_context_and_its_payload() {
    let echo = "export const beforeSignup = (context: any) => ({ patch: { user: { metadata: { seen: context.request.headers, ip: context.request.ip } } } });
        export const on = { 'queue.mails': (context: any, job: any) => { console.log(JSON.stringify([context.request ?? null, context.attempt, job.data])); } };";
    let request = json!({ "ip": "203.0.113.7", "userAgent": "test/1", "method": "POST", "path": "/auth/register", "locale": "de",
        "headers": [["accept-language", "de-CH"], ["origin", "https://example.com"]] });
    let context = |request: &Value, hook: &str| {
        json!({ "projectId": "demo", "environment": "development", "requestId": "req_1", "invocationId": "inv_1", "hook": hook,
            "endpoint": "", "time": "2026-01-31T12:00:00.000Z", "attempt": 2, "request": request, "version": { "number": 3 } })
    };
    let whole = |point: &str, request: &Value, payload: Value| {
        json!({ "id": "inv_1", "requestId": "req_1", "hook": "echo", "point": point, "version": 3, "digest": "sha256:1",
            "outcome": "allow", "durationUs": 1, "fuel": 1, "memoryPeakBytes": 1, "createdAt": "2026-01-31T12:00:00.000Z",
            "logs": [], "logsDropped": 0, "context": context(request, point), "payload": payload,
            "reply": { "kind": "allow" }, "hostCalls": [], "completeness": "whole" })
    };
    let here = project(&[("hooks/echo.ts", echo), ("in.json", SIGNUP)]);
    let write = |file: &str, document: &Value| std::fs::write(here.path().join(file), document.to_string()).unwrap();
    let seen = json!({ "seen": { "accept-language": "de-CH", "origin": "https://example.com" }, "ip": "203.0.113.7" });

    write("context.json", &context(&request, "beforeSignup"));
    write(
        "call.json",
        &whole("beforeSignup", &request, serde_json::from_str(SIGNUP).unwrap()),
    );
    write(
        "job.json",
        &whole("queue.mails", &Value::Null, json!({ "data": { "n": 1 } })),
    );
    for arguments in [
        &[
            "--hook",
            "beforeSignup",
            "--input",
            "in.json",
            "--context",
            "context.json",
        ][..],
        &["--hook", "beforeSignup", "--input", "in.json", "--context", "call.json"],
        &["--input", "call.json"],
    ] {
        let done = run(here.path(), &[&["run", ".", "--json"], arguments].concat())
            .expect(0)
            .json();
        assert_eq!(done["reply"]["patch"]["user"]["metadata"], seen, "{arguments:?}");
    }
    let job = run(here.path(), &["run", ".", "--json", "--input", "job.json"])
        .expect(0)
        .json();
    assert_eq!(job["logs"][0]["message"], r#"[null,2,{"n":1}]"#, "{job}");

    let unnamed = run(here.path(), &["run", ".", "--input", "in.json"]).expect(2);
    assert!(unnamed.stderr.contains("--hook is missing"), "{}", unnamed.stderr);
    write("call.json", &{
        let mut broken = whole("beforeSignup", &request, json!({}));
        broken["context"]["reqest"] = json!({});
        broken
    });
    let broken = run(here.path(), &["run", ".", "--input", "call.json"]).expect(2);
    let says = "call.json: the recorded invocation: unknown field `reqest`";
    assert!(broken.stderr.contains(says), "{}", broken.stderr);
}
