//! `aerocall run`: what goes in, what comes out, what is said when something is wrong.

use serde_json::{Value, json};

use crate::support::{SIGNUP, project, run, run_signup, run_with_input};

const ECHO: &str = "export const beforeSignup = (context: any, payload: any) => ({ patch: { user: { metadata: { context, payload } } } });
export const on = { 'auth.signup': (context: any, event: any) => { console.log(event.data.user.email, context.request === undefined); } };
";

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_report_has_exactly_the_documented_members() {
    let project = project(&[("signup.ts", ECHO), ("in.json", SIGNUP)]);
    let report = run_signup(project.path(), "signup.ts").expect(0).json();
    let mut members = keys(&report);
    members.sort_unstable();
    let documented = [
        "digest",
        "durationUs",
        "fuel",
        "hook",
        "hostCalls",
        "logs",
        "memoryPeakBytes",
        "reply",
    ];
    assert_eq!(members, documented);
    assert_eq!(report["hook"], "beforeSignup");
    assert!(report["digest"].as_str().unwrap().starts_with("sha256:"));
    assert!(report["fuel"].as_u64() > Some(0) && report["memoryPeakBytes"].as_u64() > Some(0));
    let context = &report["reply"]["patch"]["user"]["metadata"]["context"];
    assert_eq!(context["endpoint"], "POST /auth/register");
    assert_eq!(context["request"]["locale"], "en");
    assert_eq!(context["version"]["digest"], report["digest"]);
}

#[test]
fn context_and_payload_come_from_files_or_standard_input() {
    let context = r#"{"environment":"staging","time":"2026-02-03T04:05:06.007Z","request":{"ip":"203.0.113.5"}}"#;
    let project = project(&[("signup.ts", ECHO), ("context.json", context)]);
    let arguments = [
        "run",
        "signup.ts",
        "--hook",
        "beforeSignup",
        "--input",
        "-",
        "--context",
        "context.json",
        "--json",
    ];
    let report = run_with_input(project.path(), &arguments, SIGNUP).expect(0).json();
    let seen = &report["reply"]["patch"]["user"]["metadata"]["context"];
    assert_eq!(
        (&seen["environment"], &seen["time"]),
        (&json!("staging"), &json!("2026-02-03T04:05:06.007Z"))
    );
    assert_eq!(
        (&seen["request"]["ip"], &seen["projectId"]),
        (&json!("203.0.113.5"), &json!("local"))
    );
    assert_eq!(
        report["reply"]["patch"]["user"]["metadata"]["payload"]["user"]["email"],
        "Jane@Example.com"
    );
}

#[test]
fn an_event_runs_a_script_hook() {
    let event =
        r#"{"id":"evt_1","type":"auth.signup","version":1,"time":"","actor":"","data":{"user":{"email":"a@b.c"}}}"#;
    let project = project(&[("signup.ts", ECHO), ("in.json", event)]);
    let arguments = [
        "run",
        "signup.ts",
        "--hook",
        "auth.signup",
        "--input",
        "in.json",
        "--json",
    ];
    let report = run(project.path(), &arguments).expect(0).json();
    assert_eq!(report["reply"], json!({ "kind": "allow" }));
    assert_eq!(report["logs"], json!([{ "level": "info", "message": "a@b.c true" }]));
}

#[test]
fn without_a_payload_a_hook_runs_on_the_sample_of_its_point() {
    let source = "export const beforeSignup = (_c: any, p: any) => { console.log(typeof p.user.email); };
        export const on = { 'queue.mails': (_c: any, e: any) => { console.log(e.type); } };";
    let project = project(&[("signup.ts", source)]);
    for (hook, says) in [("beforeSignup", "string"), ("queue.mails", "queue.mails")] {
        let report = run(project.path(), &["run", "signup.ts", "--hook", hook, "--json"])
            .expect(0)
            .json();
        assert_eq!(report["logs"][0]["message"], says, "{report}");
    }
    let unknown = run(
        project.path(),
        &["run", "signup.ts", "--hook", "beforeSignUp", "--json"],
    )
    .expect(1)
    .json();
    assert!(
        unknown["reply"]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `beforeSignup`?"),
        "{unknown}"
    );
    let missing = run(project.path(), &["run", "signup.ts"]).expect(2).stderr;
    assert!(missing.contains("--hook is missing"), "{missing}");
}

#[test]
fn the_cache_works_and_its_calls_are_shown() {
    let hook = "export const beforeSignup = async (_c: any, _p: any, { cache }: any) => {
        await cache.set('k', { a: 1 }, { ttl: 60 });
        const metadata = { got: await cache.get('k'), n: await cache.increment('n', 2), no: await cache.get('x') };
        return { patch: { user: { metadata } } };
    };";
    let project = project(&[("signup.ts", hook), ("in.json", SIGNUP)]);
    let arguments = ["run", "signup.ts", "--hook", "beforeSignup", "--input", "in.json"];
    let report = run(project.path(), &[&arguments[..], &["--json"]].concat())
        .expect(0)
        .json();
    assert_eq!(
        report["reply"]["patch"]["user"]["metadata"],
        json!({ "got": { "a": 1 }, "n": 2, "no": null })
    );
    let names: Vec<&Value> = report["hostCalls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| &call["name"])
        .collect();
    assert_eq!(names, ["cache.set", "cache.get", "cache.increment", "cache.get"]);
    let text = run(project.path(), &arguments).expect(0).stdout;
    for part in [
        "patch  beforeSignup",
        "cache.increment [\"n\",2,null] → 2",
        "fuel ",
        "MiB",
        " ms",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains('\u{1b}'), "colour only on a terminal: {text:?}");
}

#[test]
fn settings_of_the_project_hold_for_its_hooks() {
    let hook = "export const beforeSignup = async (_c: any, _p: any, A: any) => { await A.cache.get('k'); await new Promise((done) => setTimeout(done, 60000)); };";
    let toml = "[hooks.signup]\ncapabilities = []\n[hooks.signup.limits]\ndeadline_ms = 150\n";
    let project = project(&[("hooks/signup.ts", hook), ("aerocall.toml", toml), ("in.json", SIGNUP)]);
    let done = run_signup(project.path(), ".").expect(1);
    assert!(
        done.stderr
            .contains("warning[undeclared-capability]: the code uses `cache`"),
        "{}",
        done.stderr
    );
    let refused = done.json();
    assert_eq!(
        refused["reply"]["error"]["code"], "capability_not_declared",
        "{refused}"
    );
    std::fs::write(project.path().join("aerocall.toml"), toml.replace("[]", "[\"cache\"]")).unwrap();
    let late = run_signup(project.path(), "hooks/signup.ts").expect(1).json();
    assert_eq!(
        late["reply"]["message"], "the hook did not finish within 150 ms",
        "{late}"
    );
}

#[test]
fn a_hook_that_is_not_there_is_a_failure_that_names_the_ones_that_are() {
    let project = project(&[("hooks/signup.ts", ECHO), ("in.json", SIGNUP)]);
    for path in [".", "hooks/signup.ts"] {
        let arguments = ["run", path, "--hook", "beforeSingup", "--input", "in.json", "--json"];
        let report = run(project.path(), &arguments).expect(1).json();
        let message = report["reply"]["message"].as_str().unwrap();
        assert!(message.contains("did you mean `beforeSignup`?"), "{message}");
        assert!(message.contains("beforeSignup, auth.signup"), "{message}");
        assert_eq!(report["reply"]["code"], "hook_unavailable");
    }
}

#[test]
fn invalid_input_is_reported_with_its_place() {
    let files = [
        ("signup.ts", ECHO),
        ("in.json", SIGNUP),
        ("bad.json", "{\n  \"a\": oops\n}"),
        ("context.json", "{\n  \"reqest\": {}\n}"),
    ];
    let project = project(&files);
    let cases: [(&[&str], i32, &str); 5] = [
        (&["--input", "bad.json"], 2, "bad.json:2:8: not valid JSON"),
        (&["--input", "none.json"], 3, "none.json"),
        (
            &["--input", "in.json", "--context", "context.json"],
            2,
            "context.json:2:10: unknown field `reqest`",
        ),
        (&["--input", "in.json", "--context", "none.json"], 3, "none.json"),
        (&["--input", "-", "--context", "-"], 2, "cannot both be standard input"),
    ];
    for (arguments, code, message) in cases {
        let done = run(
            project.path(),
            &[&["run", "signup.ts", "--hook", "beforeSignup"], arguments].concat(),
        );
        assert!(done.stderr.contains(message), "{message}: {}", done.stderr);
        assert_eq!((done.code, done.stdout.as_str()), (code, ""), "{arguments:?}");
    }
    for (path, code, message) in [
        ("none.ts", 3, "none.ts"),
        ("in.json", 2, "not a TypeScript or JavaScript file"),
    ] {
        let done = run(
            project.path(),
            &["run", path, "--hook", "beforeSignup", "--input", "in.json"],
        )
        .expect(code);
        assert!(done.stderr.contains(message), "{}", done.stderr);
    }
}

#[test]
fn a_hook_that_cannot_be_built_has_a_report_too() {
    let project = project(&[
        ("signup.ts", "export const beforeSignup = () => {\n  oops(;\n};"),
        ("in.json", SIGNUP),
    ]);
    let done = run_signup(project.path(), "signup.ts").expect(1);
    let report = done.json();
    let error = &report["reply"]["error"];
    assert_eq!(
        (&error["file"], &error["line"]),
        (&json!("signup.ts"), &json!(2)),
        "{report}"
    );
    assert!(done.stderr.contains("error[syntax]"), "{}", done.stderr);
}

#[test]
fn a_bundle_runs_like_its_source() {
    let project = project(&[("signup.ts", ECHO), ("in.json", SIGNUP)]);
    run(project.path(), &["build", "signup.ts", "-o", "out/s.wasm"]).expect(0);
    let report = |path| run_signup(project.path(), path).expect(0).json();
    let (source, bundle) = (report("signup.ts"), report("out/s.wasm"));
    assert_eq!(source["digest"], bundle["digest"]);
    let payload = |report: &Value| report["reply"]["patch"]["user"]["metadata"]["payload"].clone();
    assert_eq!(payload(&source), payload(&bundle));
}

#[test]
fn two_files_with_the_hook_need_a_choice() {
    let project = project(&[("hooks/a.ts", ECHO), ("hooks/b.ts", ECHO), ("in.json", SIGNUP)]);
    let done = run(
        project.path(),
        &["run", ".", "--hook", "beforeSignup", "--input", "in.json"],
    )
    .expect(2);
    assert!(
        done.stderr.contains("hooks/a.ts and hooks/b.ts both have"),
        "{}",
        done.stderr
    );
}
