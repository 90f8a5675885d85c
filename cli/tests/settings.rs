//! Mistakes in `aerocall.toml` and tsconfig.json: each is reported in that file, with its line and what to write instead.

use crate::support::{project, run};

/// The file, the place of the mistake, a part of the message and one of the hint.
type Mistake = (&'static str, &'static str, &'static str, &'static str);

const MISTAKES: &[Mistake] = &[
    ("[hooks.signup\n", "1:14", "unclosed table", ""),
    ("[project]\nid = \"a\"\nid = \"b\"\n", "3:1", "duplicate key", ""),
    (
        "[hook.signup]\n",
        "1:2",
        "unknown field `hook`",
        "did you mean `hooks`?",
    ),
    (
        "[hooks.singup]\norder = 1\n",
        "1:8",
        "hooks/ has no such file",
        "did you mean [hooks.signup]?",
    ),
    ("[hooks.billing]\n", "1:8", "hooks/ has no such file", "found: signup"),
    (
        "[hooks.signup]\nfailurepolicy = \"open\"\n",
        "2:1",
        "unknown field",
        "did you mean `failure_policy`?",
    ),
    (
        "[hooks.signup]\nfailure_policy = \"Open\"\n",
        "2:18",
        "unknown variant",
        "did you mean `open`?",
    ),
    (
        "[hooks.signup]\nfailure_policy = true\n",
        "2:18",
        "expected a text in quotes",
        "",
    ),
    (
        "[hooks.signup]\norder = \"1\"\n",
        "2:9",
        "expected a whole number from",
        "",
    ),
    ("[hooks.signup]\nenabled = \"no\"\n", "2:11", "expected a boolean", ""),
    (
        "[hooks.signup]\ncapabilities = \"cache\"\n",
        "2:16",
        "expected a list",
        "",
    ),
    (
        "[hooks.signup]\ncapabilities = [\"cahce\"]\n",
        "2:16",
        "no capability `cahce`",
        "did you mean `cache`?",
    ),
    ("[hooks.signup]\nsource = \"nope.ts\"\n", "2:10", "cannot be opened", ""),
    (
        "[hooks.signup]\nsource = \"/etc/passwd\"\n",
        "2:10",
        "not inside the project",
        "",
    ),
    (
        "[hooks.signup]\ntarget = \"wasm32-wasip2\"\n",
        "2:10",
        "is for Rust crates",
        "",
    ),
    (
        "[hooks.signup]\nexports = [\"beforeSignup\"]\n",
        "2:1",
        "is for components",
        "",
    ),
    (
        "[project]\nserver = \"auth.example.com\"\n",
        "2:10",
        "not a URL",
        "server = \"https://auth.example.com\"",
    ),
    ("[project]\nserver = 5\n", "2:10", "expected a string", ""),
    ("hooks = \"x\"\n", "1:9", "expected a table", ""),
    (
        "[hooks.signup.limits]\nfule = 5\n",
        "2:1",
        "unknown limit `fule`",
        "did you mean `fuel`?",
    ),
    (
        "[hooks.signup.limits]\ndeadlineMs = 5\n",
        "2:1",
        "unknown limit",
        "did you mean `deadline_ms`?",
    ),
    (
        "[hooks.signup.limits]\ndeadline_ms = -5\n",
        "2:15",
        "expected a whole number, 0 or more",
        "",
    ),
    (
        "[hooks.signup.limits]\ndeadline_ms = \"500\"\n",
        "2:15",
        "expected a whole number",
        "",
    ),
    (
        "[hooks.signup.limits]\nemails = 0\ndeadline_ms = 0\n",
        "3:15",
        "`deadline_ms` is 0",
        "leave it out",
    ),
    (
        "[hooks.signup.limits]\nfuel = 0\n",
        "2:8",
        "`fuel` is 0",
        "leave it out",
    ),
    (
        "[hooks.signup.limits]\nmemory_bytes = 0\n",
        "2:16",
        "`memory_bytes` is 0",
        "leave it out",
    ),
    (
        "[hooks.signup.limits]\npayload_bytes = 0\n",
        "2:17",
        "`payload_bytes` is 0",
        "leave it out",
    ),
    (
        "[hooks.signup.limits]\nfuel = 99999999999999999999\n",
        "2:8",
        "integer `99999999999999999999`, expected a whole number",
        "",
    ),
    (
        "[hooks.signup.limits]\nmemory_bytes = 512000000\n",
        "2:16",
        "`memory_bytes` is 512000000: no server gives more than 67108864",
        "use 67108864",
    ),
    (
        "[hooks.signup.schedules]\nclean = \"0 3 * *\"\n",
        "2:9",
        "has 4 fields",
        "five: minute",
    ),
    (
        "[hooks.signup.schedules]\n\"a/b\" = \"0 3 * * *\"\n",
        "2:9",
        "not a schedule name",
        "",
    ),
];

const HOOK: &str = "export const beforeSignup = () => {};\n";

fn only(checked: &serde_json::Value) -> &serde_json::Value {
    let found = checked["diagnostics"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{checked}");
    &found[0]
}

fn place(diagnostic: &serde_json::Value) -> String {
    let file = diagnostic["file"].as_str().unwrap();
    format!("{file}:{}:{}", diagnostic["line"], diagnostic["column"])
}

#[test]
fn a_mistake_in_the_settings_has_its_line_and_a_hint() {
    for (toml, at, message, hint) in MISTAKES {
        let project = project(&[("hooks/signup.ts", HOOK), ("aerocall.toml", toml)]);
        let checked = run(project.path(), &["check", "--json"]).expect(1).json();
        let found = only(&checked);
        assert_eq!(place(found), format!("aerocall.toml:{at}"), "{toml}{checked}");
        assert_eq!(found["code"], "bad-project", "{toml}{checked}");
        assert!(found["message"].as_str().unwrap().contains(message), "{toml}{checked}");
        assert!(
            found["hint"].as_str().unwrap_or_default().contains(hint),
            "{toml}{checked}"
        );
        // Every other command says the same, and that it was used wrongly.
        let built = run(project.path(), &["build"]).expect(2).stderr;
        assert!(built.contains(&format!("--> aerocall.toml:{at}")), "{toml}{built}");
    }
}

#[test]
fn settings_that_are_no_text_are_reported_where_they_cease_to_be() {
    let project = project(&[("hooks/signup.ts", HOOK)]);
    std::fs::write(project.path().join("aerocall.toml"), b"[project]\nid = \"\xe9\"\n").unwrap();
    let checked = run(project.path(), &["check", "--json"]).expect(1).json();
    assert_eq!(place(only(&checked)), "aerocall.toml:2:7", "{checked}");
}

#[test]
fn a_limit_that_no_server_can_hold_to_is_refused_in_the_file_of_the_hook_too() {
    for (limit, value, refused) in [
        ("deadlineMs", 0, true),
        ("deadlineMs", 30_000, false),
        ("deadlineMs", 30_001, true),
        ("fuel", 0, true),
        ("emails", 0, false),
        ("emails", 101, true),
        ("httpRequests", 0, false),
    ] {
        let source = format!("{HOOK}export const config = {{ limits: {{ {limit}: {value} }} }};\n");
        let project = project(&[("hooks/signup.ts", &source)]);
        let checked = run(project.path(), &["check", "--json"])
            .expect(i32::from(refused))
            .json();
        if refused {
            let found = only(&checked);
            assert_eq!(place(found), "hooks/signup.ts:2:14", "{checked}");
            assert!(found["message"].as_str().unwrap().contains(limit), "{checked}");
        }
    }
}

#[test]
fn what_is_wrong_with_tsconfig_is_reported_there() {
    for (tsconfig, at, message) in [
        (
            "{ \"compilerOptions\": {\n  \"paths\": [ }\n}\n",
            "2:11",
            "tsconfig.json cannot be read",
        ),
        (
            "{\n  \"extends\": \"./none.json\"\n}\n",
            "2:3",
            "none.json, which tsconfig.json extends",
        ),
    ] {
        let project = project(&[("hooks/signup.ts", HOOK), ("tsconfig.json", tsconfig)]);
        let checked = run(project.path(), &["check", "--json"]).expect(1).json();
        let found = only(&checked);
        assert_eq!(place(found), format!("tsconfig.json:{at}"), "{checked}");
        assert!(found["message"].as_str().unwrap().contains(message), "{checked}");
    }
}

#[test]
fn a_query_after_the_name_of_a_file_is_refused_at_the_import() {
    for (import, query) in [
        ("./t.html?raw", "?raw"),
        ("../lib/x.ts?inline", "?inline"),
        ("./t.html#top", "#top"),
    ] {
        let source =
            format!("import text from '{import}';\nexport const beforeSignup = () => {{ console.log(text); }};\n");
        let project = project(&[
            ("hooks/a.ts", &source),
            ("hooks/t.html", "hi"),
            ("lib/x.ts", "export default 1;"),
        ]);
        let checked = run(project.path(), &["check", "--json"]).expect(1).json();
        let found = only(&checked);
        assert_eq!(place(found), "hooks/a.ts:1:18", "{checked}");
        assert!(found["message"].as_str().unwrap().contains(query), "{checked}");
    }
}
