//! `aerocall check`: diagnostics of source code, and components that are none of ours.

use crate::support::{Done, aerocall, project, run};

#[test]
fn problems_of_every_hook_come_at_once() {
    let project = project(&[
        (
            "hooks/a.ts",
            "import { x } from './none';\nexport const beforeSignup = () => { x(); };\n",
        ),
        ("hooks/b.ts", "export const beforeSingup = () => {};\n"),
        ("hooks/c.ts", "export const beforeLogin = () => {};\n"),
    ]);
    let checked = run(project.path(), &["check", "--json"]).expect(1).json();
    let found: Vec<String> = checked["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| format!("{} {}:{}", d["code"], d["file"], d["line"]).replace('"', ""))
        .collect();
    assert_eq!(
        found,
        ["missing-import hooks/a.ts:1", "unknown-hook hooks/b.ts:1"],
        "{checked}"
    );
    assert_eq!(checked["hooks"][0]["file"], "hooks/c.ts");
    let text = run(project.path(), &["check"]).expect(1);
    assert!(text.stderr.contains("did you mean `beforeSignup`?"), "{}", text.stderr);
    assert!(
        text.stdout
            .contains("types not checked: the project has no tsconfig.json"),
        "{}",
        text.stdout
    );
}

/// What `aerocall check` and `aerocall build` say of a hook whose names are wrong: place, message, hint.
fn said(source: &str) -> (String, String, String) {
    let project = project(&[("hooks/a.ts", source)]);
    let checked = run(project.path(), &["check", "--json"]).expect(1).json();
    let problems = checked["diagnostics"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{checked}");
    let problem = &problems[0];
    let text = |name: &str| problem[name].as_str().unwrap().to_owned();
    let place = format!(
        "{} {}:{}:{}",
        text("code"),
        text("file"),
        problem["line"],
        problem["column"]
    );
    let frame = text("frame");
    assert!(frame.contains('^') && frame.contains(" | "), "{frame}");
    let built = run(project.path(), &["build"]).expect(1).stderr;
    assert!(
        built.contains(&text("message")) && built.contains(&text("hint")),
        "{built}"
    );
    assert!(built.contains(&frame), "{built}");
    (place, text("message"), text("hint"))
}

#[test]
fn an_event_that_does_not_exist_is_an_error_of_the_build_and_the_nearest_one_is_named() {
    for (name, hint) in [
        ("auth.mfa.enroled", "did you mean \"auth.mfa.enrolled\"?"),
        (
            "auth.mfa.*",
            "name each event: auth.mfa.enrolled, auth.mfa.verified, auth.mfa.recovery.used, auth.mfa.removed",
        ),
        ("auth.singup", "did you mean \"auth.signup\"?"),
        ("signup", "did you mean \"auth.signup\"?"),
        ("queu.mails", "did you mean \"queue.mails\"?"),
        ("queue.Mails", "did you mean \"queue.mails\"?"),
        ("cron.a/b", "handlers name each schedule, such as \"cron.cleanup\""),
        (
            "webhook.test",
            "script hooks do not get it: remove it, or add a webhook endpoint for it",
        ),
        (
            "order.placed",
            "events are named like \"auth.signup\"; messages of a queue arrive as \"queue.<name>\", schedules as \"cron.<name>\"",
        ),
    ] {
        let source = format!("export const on = {{\n  'auth.login': () => {{}},\n  '{name}': () => {{}},\n}};\n");
        let (place, message, reported) = said(&source);
        assert_eq!(
            (place.as_str(), reported.as_str()),
            ("unknown-event hooks/a.ts:3:3", hint),
            "{name}: {message}"
        );
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn a_name_that_only_running_the_module_tells_is_held_to_the_same_rule() {
    let source =
        "const kind = 'enroled';\nexport const on = { [`auth.mfa.${kind}`]: () => {}, 'auth.login': () => {} };\n";
    let (place, message, hint) = said(source);
    assert_eq!(place, "unknown-event hooks/a.ts:2:14", "{message}");
    assert_eq!(hint, "did you mean \"auth.mfa.enrolled\"?");
}

#[test]
fn an_export_that_is_nearly_a_hook_point_is_an_error_and_a_helper_is_none() {
    for (name, hint) in [
        ("beforeSignUp", "did you mean `beforeSignup`?"),
        ("BeforeSignup", "did you mean `beforeSignup`?"),
        ("afterMFAVerify", "did you mean `afterMfaVerify`?"),
        ("onLogin", "did you mean `afterLogin`?"),
    ] {
        let source = format!("export const beforeLogin = () => {{}};\nexport async function {name}() {{}}\n");
        let (place, message, reported) = said(&source);
        assert_eq!(
            (place.as_str(), reported.as_str()),
            ("unknown-hook hooks/a.ts:2:23", hint),
            "{name}: {message}"
        );
    }
    let helpers = "export const beforeLogin = () => {};\nexport function domainOf() {}\nexport const once = 1;\n\
                   export class Before {}\nexport const login = () => {};\n";
    let project = project(&[("hooks/a.ts", helpers)]);
    let checked = run(project.path(), &["check", "--json"]).expect(0).json();
    assert_eq!(
        checked["hooks"][0]["hooks"],
        serde_json::json!(["beforeLogin"]),
        "{checked}"
    );
}

#[test]
fn what_a_hook_says_of_an_event_that_it_does_not_handle_is_an_error() {
    let hook = "export const config = { order: { 'auth.user.update': 'user.id' } };
        export const on = { 'auth.user.updated': () => {} };";
    let project = project(&[("hooks/a.ts", hook)]);
    let checked = run(project.path(), &["check", "--json"]).expect(1).json();
    let problem = &checked["diagnostics"][0];
    assert_eq!(problem["code"], "bad-config", "{checked}");
    assert_eq!(problem["hint"], "did you mean \"auth.user.updated\"?", "{checked}");
}

#[test]
fn a_component_with_names_that_do_not_exist_is_refused() {
    let project = project(&[("signup.ts", "export const on = { 'auth.mfa.enrolled': () => {} };")]);
    run(project.path(), &["build", "signup.ts", "-o", "x.wasm"]).expect(0);
    let path = project.path().join("x.wasm");
    let mut bytes = std::fs::read(&path).unwrap();
    let (from, to) = (b"\"auth.mfa.enrolled\"", b"\"auth.mfa.*\"       ");
    let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    std::fs::write(&path, bytes).unwrap();
    let checked = run(project.path(), &["check", "x.wasm", "--json"]).expect(1).json();
    assert_eq!(checked["problems"][0]["code"], "bad_manifest", "{checked}");
    let message = checked["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("name each event: auth.mfa.enrolled"), "{message}");
}

#[test]
fn schedules_are_shown_and_those_that_make_no_sense_are_problems() {
    let hook = "export const config = { schedules: { cleanup: '0 3 * * *' } };
        export const on = { 'cron.cleanup': () => {}, 'cron.report': () => {} };";
    let toml = "[hooks.nightly.schedules]\nreport = \"0 8 * * MON\"\n";
    let project = project(&[("hooks/nightly.ts", hook), ("aerocall.toml", toml)]);
    let checked = run(project.path(), &["check", "--json"]).expect(0).json();
    let both = serde_json::json!({ "cleanup": "0 3 * * *", "report": "0 8 * * MON" });
    assert_eq!(checked["hooks"][0]["schedules"], both, "{checked}");
    let text = run(project.path(), &["check"]).expect(0).stdout;
    assert!(text.contains("report at 0 8 * * MON UTC"), "{text}");
    run(project.path(), &["build"]).expect(0);
    let shown = run(project.path(), &["inspect", "dist/nightly.wasm"]).expect(0).stdout;
    assert!(shown.contains("cleanup 0 3 * * *, report 0 8 * * MON"), "{shown}");

    std::fs::remove_file(project.path().join("aerocall.toml")).unwrap();
    let checked = run(project.path(), &["check", "--json"]).expect(1).json();
    let problem = &checked["diagnostics"][0];
    assert_eq!(problem["code"], "bad-config", "{checked}");
    assert!(
        problem["message"]
            .as_str()
            .unwrap()
            .contains("`cron.report` has no schedule"),
        "{checked}"
    );
}

#[test]
fn a_priority_is_a_known_word_for_something_that_is_handled() {
    let problem = |priority: &str| {
        let hook = format!(
            "export const config = {{ priority: {priority} }}; export const on = {{ 'queue.mails': () => {{}} }};"
        );
        let project = project(&[("hooks/mails.ts", &hook)]);
        let checked = run(project.path(), &["check", "--json"]);
        let problem = checked.json()["diagnostics"][0].clone();
        (
            checked.code,
            problem["code"].clone(),
            problem["message"].as_str().unwrap_or_default().to_owned(),
        )
    };
    assert_eq!(problem("{ 'queue.mails': 'low' }").0, 0);
    for (priority, expected) in [
        (
            "{ 'queue.mails': 'urgent' }",
            "must be high, normal or low for \"queue.mails\"",
        ),
        ("{ 'queue.mails': 1 }", "must be high, normal or low"),
        (
            "{ 'queue.other': 'low' }",
            "names \"queue.other\", but `on` has no handler for it",
        ),
        ("'low'", "must be an object"),
    ] {
        let (code, kind, message) = problem(priority);
        assert_eq!((code, kind), (1, "bad-config".into()), "{priority}");
        assert!(
            message.contains("`config.priority`") && message.contains(expected),
            "{message}"
        );
    }
}

#[test]
fn a_component_is_checked_against_the_world() {
    let project = project(&[("signup.ts", "export const beforeSignup = () => {};")]);
    run(project.path(), &["build", "signup.ts", "-o", "shared.wasm"]).expect(0);
    run(
        project.path(),
        &["build", "signup.ts", "--standalone", "-o", "standalone.wasm"],
    )
    .expect(0);
    for name in ["shared.wasm", "standalone.wasm"] {
        let checked = run(project.path(), &["check", name, "--json"]).expect(0).json();
        assert_eq!(checked["hooks"][0]["hooks"][0], "beforeSignup", "{checked}");
    }
    let whole = std::fs::read(project.path().join("shared.wasm")).unwrap();
    let cases: [(&str, &[u8]); 4] = [
        ("core_module", b"\0asm\x01\0\0\0"),
        ("not_a_component", b"hello, world"),
        ("wrong_world", b"\0asm\x0d\0\x01\0"),
        ("truncated", &whole[..whole.len() / 2]),
    ];
    for (code, bytes) in cases {
        std::fs::write(project.path().join("x.wasm"), bytes).unwrap();
        let checked = run(project.path(), &["check", "x.wasm", "--json"]).expect(1).json();
        assert_eq!(
            (&checked["ok"], &checked["problems"][0]["code"]),
            (&false.into(), &code.into()),
            "{checked}"
        );
    }
    run(project.path(), &["check", "none.wasm"]).expect(3);
}

#[test]
fn types_are_written_compared_and_cleaned() {
    let project = project(&[("hooks/a.ts", "export const beforeLogin = () => {};")]);
    assert!(
        run(project.path(), &["types", "--check"])
            .expect(1)
            .stderr
            .contains("index.d.ts")
    );
    run(project.path(), &["types"]).expect(0);
    run(project.path(), &["types", "--check"]).expect(0);
    let types = project.path().join(".aerocall/types");
    std::fs::write(types.join("cache.d.ts"), "").unwrap();
    std::fs::write(types.join("old.d.ts"), "").unwrap();
    let outdated = run(project.path(), &["types", "--check"]).expect(1).stderr;
    assert!(
        outdated.contains("cache.d.ts") && outdated.contains("old.d.ts"),
        "{outdated}"
    );
    run(project.path(), &["types"]).expect(0);
    assert!(!types.join("old.d.ts").exists());
    run(project.path(), &["types", "--check"]).expect(0);
}

#[test]
fn the_first_check_on_a_machine_says_why_it_takes_long() {
    let (here, cache) = (
        project(&[("hooks/a.ts", "export const beforeLogin = () => {};\n")]),
        project(&[]),
    );
    let check = || -> Done {
        let mut command = aerocall(here.path());
        command
            .env("AEROCALL_CACHE_DIR", cache.path())
            .args(["check", "--json"]);
        command.output().unwrap().into()
    };
    let said = "preparing the JavaScript engine: once on this machine";
    let first = check().expect(0);
    assert_eq!(first.stderr.matches(said).count(), 1, "{}", first.stderr);
    assert!(
        first.stderr.contains(&cache.path().display().to_string()),
        "{}",
        first.stderr
    );
    assert_eq!(first.json()["ok"], true);
    let second = check().expect(0);
    assert!(!second.stderr.contains(said), "{}", second.stderr);
}
