//! Real hooks, good and hostile: the compiler, the engine and the runtime through their public interfaces.

use serde_json::Value;

use crate::support::{self, project};

/// Runs `beforeSignup` of a source and answers the report.
fn run(source: &str) -> Value {
    let project = project(&[
        ("signup.ts", source),
        ("input.json", r#"{"user":{"email":"Jane@Example.com"}}"#),
    ]);
    let arguments = [
        "run",
        "--json",
        "--hook",
        "beforeSignup",
        "--input",
        "input.json",
        "signup.ts",
    ];
    let done = support::run(project.path(), &arguments);
    let report = done.json();
    assert_eq!(done.code, i32::from(report["reply"]["kind"] == "failure"), "{report}");
    report
}

fn reply_of(body: &str) -> Value {
    run(&format!(
        "export const beforeSignup = async (context, payload, Aerocall) => {{ {body} }};"
    ))["reply"]
        .clone()
}

#[test]
fn a_hook_decides() {
    assert_eq!(reply_of("")["kind"], "allow");
    let patched = reply_of("return { patch: { user: { email: payload.user.email.toLowerCase() } } };");
    assert_eq!(patched["patch"]["user"]["email"], "jane@example.com");
    let denied = reply_of("throw new Aerocall.Deny('no', { code: 'nope', status: 422 });");
    assert_eq!((&denied["code"], &denied["status"]), (&"nope".into(), &422.into()));
}

#[test]
fn every_limit_has_its_own_code() {
    let cases = [
        ("for (;;) {}", "hook_timeout"),
        ("await new Promise(() => {});", "hook_failed"),
        (
            "const all: unknown[] = []; for (;;) all.push(new Uint8Array(1e6));",
            "hook_out_of_memory",
        ),
        ("return { patch: 5 };", "hook_bad_reply"),
        ("return { deny: { status: 200 } };", "hook_bad_reply"),
        ("return { patch: { a: 'x'.repeat(1.2e6) } };", "hook_bad_reply"),
        ("await new Promise(done => setTimeout(done, 60000));", "hook_timeout"),
        ("throw 5;", "hook_failed"),
    ];
    for (body, code) in cases {
        let reply = reply_of(body);
        assert!(
            reply["code"] == code || (code == "hook_timeout" && reply["code"] == "hook_out_of_fuel"),
            "{body}: {reply}"
        );
    }
}

#[test]
fn deep_recursion_is_a_range_error_that_can_be_caught() {
    let reply = reply_of(
        "const f = (): number => f() + 1; try { f(); } catch (e) { return { deny: { code: 'deep', message: (e as Error).name } }; }",
    );
    assert_eq!(reply["message"], "RangeError", "{reply}");
}

#[test]
fn an_exception_names_the_place_in_the_typescript() {
    let report = run(
        "interface Local { a: string }\n\nexport const beforeSignup = () => {\n  throw new TypeError('broken');\n};\n",
    );
    let error = &report["reply"]["error"];
    assert_eq!(
        (&error["name"], &error["line"]),
        (&"TypeError".into(), &4.into()),
        "{report}"
    );
    assert_eq!(error["file"], "signup.ts", "{report}");
}

#[test]
fn nothing_of_a_call_is_seen_by_the_next_and_randomness_is_fresh() {
    let source = "let count = 0; export const beforeSignup = () => ({ patch: { user: { metadata: { count: ++count, r: Math.random() } } } });";
    let seen = |report: Value| report["reply"]["patch"]["user"]["metadata"].clone();
    let (first, second) = (seen(run(source)), seen(run(source)));
    assert_eq!((&first["count"], &second["count"]), (&1.into(), &1.into()));
    assert_ne!(first["r"], second["r"]);
}

#[test]
fn code_that_is_nested_too_deeply_is_a_diagnostic() {
    for deep in [
        "[".repeat(50_000),
        "!".repeat(200_000),
        "a => ".repeat(100_000),
        "g() ? 1 : ".repeat(100_000),
    ] {
        let report = run(&format!(
            "export const beforeSignup = () => {{}};\nexport const x = {deep}"
        ));
        let error = &report["reply"]["error"];
        assert_eq!(
            (&error["code"], &error["line"]),
            (&"too-deep".into(), &2.into()),
            "{report}"
        );
    }
}

#[test]
fn code_that_people_would_call_deep_still_builds() {
    let nested = format!("{}1{}", "[".repeat(300), "]".repeat(300));
    let chained = "payload.user.email + ".repeat(2_000);
    let source = format!(
        "export const beforeSignup = (context: unknown, payload: any) => \
         ({{ patch: {{ user: {{ metadata: {{ length: ({chained} '').length, depth: JSON.stringify({nested}).length }} }} }} }});"
    );
    let patch = run(&source)["reply"]["patch"]["user"]["metadata"].clone();
    assert_eq!(
        (&patch["length"], &patch["depth"]),
        (&32_000.into(), &601.into()),
        "{patch}"
    );
}

#[test]
fn code_that_only_the_engine_finds_too_deep_is_a_diagnostic_as_well() {
    let report = run(
        "export const beforeSignup = () => {};\nexport const x = new Function('return ' + '('.repeat(1e5) + '1' + ')'.repeat(1e5));",
    );
    assert_eq!(report["reply"]["error"]["code"], "load-limit", "{report}");
}
