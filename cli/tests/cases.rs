//! `aerocall test`: what fails a case, and how it is told.

use serde_json::json;

use crate::support::{project, run};

const HOOK: &str = "export const beforeSignup = async (context: any, payload: any, Aerocall: any) => {
  console.warn('seen', payload.user.email, context.time);
  await Aerocall.cache.increment('n');
  if (payload.user.email === 'boom') throw new TypeError('broken');
  return { patch: { user: { email: payload.user.email.toLowerCase(), n: 1 } } };
};
";

fn test(cases: &serde_json::Value) -> crate::support::Done {
    let cases = cases.to_string();
    let project = project(&[("hooks/signup.ts", HOOK), ("tests/deep/all.json", &cases)]);
    run(project.path(), &["test", "--json"])
}

#[test]
fn every_expectation_can_fail_and_says_how() {
    let payload = json!({"user": {"email": "A"}});
    let case = |expect| json!({"hook": "beforeSignup", "payload": payload, "expect": expect});
    let patch = |email: &str| json!({"kind": "patch", "patch": {"user": {"email": email}}});
    let cases = json!([
        case(
            json!({"replyIncludes": patch("a"), "logs": ["seen A 2026-01-01T00:00:00.000Z"], "cache": {"n": 1, "m": null}})
        ),
        case(json!({"replyIncludes": patch("b")})),
        case(json!({"reply": patch("a")})),
        case(json!({"logs": []})),
        case(json!({"logs": [{"level": "error", "message": "seen"}]})),
        case(json!({"cache": {"n": 2}})),
        json!({"hook": "beforeSignup", "payload": {"user": {"email": "boom"}}, "expect": {}}),
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
        (&json!(1), &json!(8)),
        "{problems:#?}"
    );
    let starts = [
        "ok",
        "reply.patch.user.email: expected \"b\", got \"a\"",
        "reply.patch.user.n: not expected, but it is 1",
        "logs: expected none, got",
        "logs: expected a line with \"seen\" at \"error\"",
        "cache[\"n\"]: expected 2, got 1",
        "reply: the hook failed: \"TypeError: broken at hooks/signup.ts:4",
        "there is no hook `beforeLogin` here",
        "`file` names no hook of this project",
    ];
    for (problem, start) in problems.iter().zip(starts) {
        assert!(problem.starts_with(start), "{problem:?} should start with {start:?}");
    }
}

#[test]
fn cases_start_from_an_empty_cache() {
    let case = json!({"hook": "beforeSignup", "payload": {"user": {"email": "a"}}, "expect": {"cache": {"n": 1}}});
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
    let empty = project(&[("hooks/signup.ts", HOOK)]);
    let done = run(empty.path(), &["test"]).expect(3);
    assert!(done.stderr.contains("no test cases"), "{}", done.stderr);
    let done = run(empty.path(), &["test", "nowhere"]).expect(3);
    assert!(done.stderr.contains("nowhere"), "{}", done.stderr);
}

#[test]
fn settings_that_do_not_exist_are_named_with_their_line() {
    for (toml, parts) in [
        (
            "[project]\nid = \"x\"\nenviroment = \"y\"\n",
            ["line 3", "`enviroment`"],
        ),
        (
            "[hooks.signup]\ncapabilities = [\"files\"]\n",
            ["line 2", "no capability `files`"],
        ),
        ("[hooks.signup]\nfailure_policy = \"ajar\"\n", ["line 2", "`ajar`"]),
        ("[hooks.login]\norder = 1\n", ["[hooks.login]", "there are: signup"]),
    ] {
        let project = project(&[("hooks/signup.ts", HOOK), ("aerocall.toml", toml)]);
        let done = run(project.path(), &["test"]).expect(2);
        assert!(parts.iter().all(|part| done.stderr.contains(part)), "{}", done.stderr);
        let checked = run(project.path(), &["check", "--json"]).expect(1).json();
        assert!(
            checked["problems"][0]["message"].as_str().unwrap().contains(parts[1]),
            "{checked}"
        );
    }
}
