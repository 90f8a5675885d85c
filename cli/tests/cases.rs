//! `aerocall test`: what fails a case, and how it is reported.

use serde_json::json;

use crate::support::{project, run};

const HOOK: &str = "export const beforeSignup = async (context: any, payload: any, Aerocall: any) => {
  console.warn('seen', payload.user.email, context.time);
  await Aerocall.cache.increment('n');
  if (payload.user.email === 'boom') throw new TypeError('broken');
  return { patch: { user: { email: payload.user.email.toLowerCase(), name: 'n' } } };
};
";

fn test(cases: &serde_json::Value) -> crate::support::Done {
    let cases = cases.to_string();
    let project = project(&[("hooks/signup.ts", HOOK), ("tests/deep/all.json", &cases)]);
    run(project.path(), &["test", "--json"])
}

#[test]
fn every_expectation_can_fail_and_says_how() {
    let payload = json!({"user": {"email": "A@b.example"}});
    let case = |expect| json!({"hook": "beforeSignup", "payload": payload, "expect": expect});
    let patch = |email: &str| json!({"kind": "patch", "patch": {"user": {"email": email}}});
    let cases = json!([
        case(
            json!({"replyIncludes": patch("a@b.example"), "logs": ["seen A@b.example 2026-01-01T00:00:00.000Z"], "cache": {"n": 1, "m": null}})
        ),
        case(json!({"replyIncludes": patch("b@b.example")})),
        case(json!({"reply": patch("a@b.example")})),
        case(json!({"logs": []})),
        case(json!({"logs": [{"level": "error", "message": "seen"}]})),
        case(json!({"cache": {"n": 2}})),
        json!({"hook": "beforeSignup", "payload": {"user": {"email": "boom"}}, "expect": {}}),
        json!({"hook": "beforeSignup", "payload": {"user": {"email": "boom"}}, "expect": {"replyIncludes": {}}}),
        json!({"hook": "beforeLogin", "payload": {}, "expect": {}}),
        json!({"hook": "beforeSignup", "file": "login", "payload": {}, "expect": {}}),
    ]);
    let summary = test(&cases).expect(1).json();
    let problems: Vec<String> = summary["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["problems"][0].as_str().unwrap_or("ok").to_owned())
        .collect();
    assert_eq!(
        (&summary["passed"], &summary["failed"]),
        (&json!(1), &json!(9)),
        "{problems:#?}"
    );
    let starts = [
        "ok",
        "reply.patch.user.email: expected \"b@b.example\", got \"a@b.example\"",
        "reply.patch.user.name: not expected, but it is \"n\"",
        "logs: expected none, got",
        "logs: expected a line with \"seen\" at \"error\"",
        "cache[\"n\"]: expected 2, got 1",
        "reply: the hook failed: \"TypeError: broken at hooks/signup.ts:4",
        "reply: the hook failed: \"TypeError: broken at hooks/signup.ts:4",
        "no hook `beforeLogin`",
        "`file` names no hook of this project",
    ];
    for (problem, start) in problems.iter().zip(starts) {
        assert!(problem.starts_with(start), "{problem:?} should start with {start:?}");
    }
}

#[test]
fn cases_start_from_an_empty_cache() {
    let payload = json!({"user": {"email": "a@b.example"}});
    let case = json!({"hook": "beforeSignup", "payload": payload, "expect": {"cache": {"n": 1}}});
    assert_eq!(test(&json!([case, case])).expect(0).json()["passed"], 2);
}

#[test]
fn a_case_that_cannot_be_read_names_the_place() {
    let done = test(&json!([{"hook": "beforeSignup", "payload": {}, "expects": {}}])).expect(2);
    assert!(
        done.stderr.contains("all.json:1:") && done.stderr.contains("unknown field `expects`"),
        "{}",
        done.stderr
    );
    for (document, expected) in [
        (json!(5), "expected a test case or a list of them"),
        (
            json!({ "hook": "beforeSignup", "payload": {}, "expect": { "logs": [{ "level": "wran", "message": "" }] } }),
            "a line of the log is a text, or a level (debug, info, warn, error) with a message",
        ),
    ] {
        let done = test(&document).expect(2);
        assert!(done.stderr.contains(expected), "{}", done.stderr);
    }
    let empty = project(&[("hooks/signup.ts", HOOK)]);
    let done = run(empty.path(), &["test"]).expect(3);
    assert!(done.stderr.contains("no test cases"), "{}", done.stderr);
    let done = run(empty.path(), &["test", "nowhere"]).expect(3);
    assert!(done.stderr.contains("nowhere"), "{}", done.stderr);
}

#[test]
fn settings_that_do_not_exist_are_named_with_their_line() {
    for (toml, [line, column], says) in [
        ("[project]\nid = \"x\"\nenviroment = \"y\"\n", [3, 1], "`enviroment`"),
        (
            "[hooks.signup]\ncapabilities = [\"files\"]\n",
            [2, 16],
            "no capability `files`",
        ),
        ("[hooks.signup]\nfailure_policy = \"ajar\"\n", [2, 18], "`ajar`"),
        ("[hooks.login]\norder = 1\n", [1, 8], "[hooks.login]"),
        ("[hooks.login]\norder = 1\n", [1, 8], "found: signup"),
    ] {
        let project = project(&[("hooks/signup.ts", HOOK), ("aerocall.toml", toml)]);
        let done = run(project.path(), &["test"]).expect(2);
        let place = format!("aerocall.toml:{line}:{column}");
        assert!(
            done.stderr.contains(says) && done.stderr.contains(&place),
            "{}",
            done.stderr
        );
        let checked = run(project.path(), &["check", "--json"]).expect(1).json();
        let found = &checked["diagnostics"][0];
        assert_eq!(
            (&found["file"], &found["line"], &found["column"]),
            (&"aerocall.toml".into(), &line.into(), &column.into()),
            "{checked}"
        );
        let said = format!("{} {}", found["message"], found["hint"]);
        assert!(said.contains(says), "{checked}");
    }
}

const CRM: &str = "export const beforeSignup = async (_c: any, p: any, A: any) => {
  const token = await A.secrets.get('crm_token');
  const answer = await A.http.post('https://api.crm.example/v1/users', { email: p.user.email, token }, {
    headers: { authorization: `Bearer ${token}` } });
  const mac = await token.hmac('SHA-256', 'what do ya want for nothing?');
  const { plan } = await answer.json();
  const metadata = { plan, type: answer.headers.get('content-type'), mac: [...mac.slice(0, 4)], shown: `${token}`.includes('Jefe') };
  return { patch: { user: { metadata } } };
};
export const beforeLogin = async (_c: any, p: any) => {
  try { await fetch(p.url); } catch ({ code, message, retryable }: any) { return { patch: { user: { metadata: { code, message, retryable } } } }; }
};
export const config = { capabilities: { http: ['api.crm.example', '*.twice.example'], secrets: ['crm_token', 'not_given'] } };
";

#[test]
fn secrets_and_other_hosts_are_as_the_case_gives_them() {
    let exchange = |url: &str| json!({ "request": { "url": url }, "response": { "status": 204 } });
    let login = |url: &str, http: serde_json::Value, expect: serde_json::Value| json!({ "hook": "beforeLogin", "payload": { "url": url }, "given": { "http": http }, "expect": expect });
    let refused = |code: &str| json!({ "replyIncludes": { "kind": "patch", "patch": { "user": { "metadata": { "code": code } } } } });
    let signup = |email: &str, expect: serde_json::Value| {
        json!({ "hook": "beforeSignup", "payload": { "user": { "email": email } }, "expect": expect, "given": {
            "secrets": { "crm_token": "Jefe" },
            "http": [{
                "request": { "method": "POST", "url": "https://api.crm.example/v1/users",
                    "headers": { "Authorization": "Bearer [secret crm_token]" },
                    "body": { "email": "a", "token": "[secret crm_token]" } },
                "response": { "status": 201, "body": { "plan": "team" } },
            }],
        }})
    };
    let url = "https://api.crm.example/x";
    // RFC 4231, test case 2.
    let patch = json!({ "plan": "team", "type": "application/json", "mac": [0x5b, 0xdc, 0xc1, 0x46], "shown": false });
    let cases = json!([
        signup(
            "a",
            json!({ "reply": { "kind": "patch", "patch": { "user": { "metadata": patch } } } })
        ),
        signup(
            "b",
            json!({ "replyIncludes": { "kind": "failure", "error": { "code": "denied" } } })
        ),
        login(url, json!([exchange(url)]), json!({ "reply": { "kind": "allow" } })),
        login(
            "https://a.twice.example/",
            json!([exchange("https://a.twice.example/")]),
            json!({ "reply": { "kind": "allow" } })
        ),
        login("https://elsewhere.example/", json!([]), refused("denied")),
        login(
            url,
            json!([{ "request": { "url": url }, "error": "timeout" }]),
            refused("timeout")
        ),
        login(url, json!([exchange(url), exchange(url)]), json!({})),
        json!({ "hook": "beforeLogin", "payload": { "url": url }, "expect": refused("denied") }),
        json!({ "hook": "beforeSignup", "payload": { "user": { "email": "a" } }, "given": { "secrets": {} },
            "expect": { "replyIncludes": { "kind": "failure", "error": { "code": "not_found" } } } }),
    ]);
    let files = [("hooks/signup.ts", CRM), ("tests/all.json", &cases.to_string())];
    let project = project(&files);
    let summary = run(project.path(), &["test", "--json"]).expect(1).json();
    let problems: Vec<String> = summary["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["problems"].to_string())
        .collect();
    let failing = |index: usize| &problems[index];
    assert!(
        failing(1).contains("given.http[0]: the hook did not request POST https://api.crm.example/v1/users"),
        "{problems:#?}"
    );
    assert!(
        failing(6).contains("given.http[1]: the hook did not request GET https://api.crm.example/x"),
        "{problems:#?}"
    );
    let passed: Vec<usize> = (0..problems.len()).filter(|index| problems[*index] == "[]").collect();
    assert_eq!(passed, [0, 2, 3, 4, 5, 7, 8], "{problems:#?}");
    std::fs::write(
        project.path().join("tests/all.json"),
        r#"{"hook":"beforeLogin","payload":{},"given":{"htp":[]},"expect":{}}"#,
    )
    .unwrap();
    let unknown = run(project.path(), &["test"]).expect(2);
    assert!(unknown.stderr.contains("`htp`"), "{}", unknown.stderr);
}
