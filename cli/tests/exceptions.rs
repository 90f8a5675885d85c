//! Where an exception arose: file, line and column, in every way that one can arise, wherever somebody reads it. The ways
//! are in `exceptions/ways.ts`, each with a mark where it has to be reported.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::{Site, until},
    support::{project, run, run_signup},
};

const PACKAGE: &str = r#"{ "name": "x", "main": "index.js" }"#;
const MODULE: &str = r#"{ "name": "x", "type": "module", "exports": "./index.js" }"#;
const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n[hooks.signup]\ncapabilities = [\"http:*\", \"cache\", \"db\", \"queue\", \"secrets\", \"auth\"]\n";
const FILES: [(&str, &str); 5] = [
    ("hooks/signup.ts", include_str!("exceptions/signup.ts")),
    ("lib/ways.ts", include_str!("exceptions/ways.ts")),
    ("lib/other.ts", include_str!("exceptions/other.ts")),
    (
        "node_modules/common-js/index.js",
        include_str!("exceptions/common_js.js"),
    ),
    (
        "node_modules/es-module/index.js",
        include_str!("exceptions/es_module.js"),
    ),
];
/// Ways that the log cannot show: what is thrown is no error and has no stack there, or it reaches no `catch`, or the place
/// is that of an error within.
const NOT_LOGGED: [&str; 7] = [
    "anyReturned",
    "timer",
    "throwString",
    "throwObject",
    "throwUndefined",
    "rejectString",
    "awaitRejectedString",
];

#[derive(Debug, PartialEq)]
struct Place {
    file: String,
    line: u64,
    column: u64,
}

impl Place {
    fn of(error: &Value) -> Self {
        Self {
            file: error["file"].as_str().unwrap_or_default().to_owned(),
            line: error["line"].as_u64().unwrap_or_default(),
            column: error["column"].as_u64().unwrap_or_default(),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Each way with where it must be reported: behind its mark.
fn ways() -> BTreeMap<String, Place> {
    let mut ways = BTreeMap::new();
    for (file, text) in FILES {
        for (number, line) in (1..).zip(text.lines()) {
            let mut rest = line;
            while let Some((_, after)) = rest.split_once("/*@") {
                let (name, after) = after.split_once("*/").unwrap();
                let before = &line[..line.len() - after.len()];
                let place = Place {
                    file: file.to_owned(),
                    line: number,
                    column: before.encode_utf16().count() as u64 + 1,
                };
                assert!(
                    ways.insert(name.to_owned(), place).is_none() || name == "name",
                    "{name}"
                );
                rest = after;
            }
        }
    }
    ways.remove("name");
    ways
}

fn hook_project() -> TempDir {
    let packages = [
        ("node_modules/common-js/package.json", PACKAGE),
        ("node_modules/es-module/package.json", MODULE),
        ("aerocall.toml", TOML),
    ];
    project(&[&FILES[..], &packages].concat())
}

fn payload(email: &str) -> Value {
    json!({ "user": { "email": email, "metadata": {} }, "provider": "password", "client": {} })
}

/// What is not as it must be, in a line for each way.
fn assert_places(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn wrong_place(way: &str, wanted: &Place, error: &Value) -> Option<String> {
    let got = Place::of(error);
    let seen = format!("{way}: {wanted} is reported at {got}: {}", error["message"]);
    (got != *wanted).then(|| format!("{seen}\n{}", error["stack"].as_str().unwrap_or_default()))
}

/// In the log an error stands with its stack, and so does `error.stack`: no name of the bundle, the place first.
fn wrong_log(way: &str, wanted: &Place, log: &[&str]) -> Option<String> {
    let all = log.join("\n");
    let names_place = |text: &&str| {
        let frame = text
            .lines()
            .find(|line| line.contains("    at ") && !line.contains("(native)"));
        frame.is_some_and(|frame| frame.contains(&format!("({wanted})")))
    };
    let right = NOT_LOGGED.contains(&way) || (log.len() == 2 && log.iter().all(names_place));
    let own = !all.contains("bundle.js") && !all.contains("aerocall:");
    (!right || !own).then(|| format!("{way}: the log should name {wanted}: {all}"))
}

/// `aerocall test`, with both engines: what fails and what is logged.
#[test]
fn test_reports_every_exception_where_it_arose() {
    let project = hook_project();
    let ways = ways();
    let case = |email: String, expect: Value| json!({ "name": email, "hook": "beforeSignup", "payload": payload(&email), "expect": expect });
    let cases: Vec<Value> = ways
        .iter()
        .flat_map(|(way, place)| {
            let error = json!({ "file": place.file, "line": place.line, "column": place.column });
            let fails = json!({ "replyIncludes": { "kind": "failure", "error": error } });
            let frame = format!("({place})");
            let logged = case(format!("{way}+log"), json!({ "logs": [frame, frame] }));
            let logged = (!NOT_LOGGED.contains(&way.as_str())).then_some(logged);
            [case(way.clone(), fails)].into_iter().chain(logged)
        })
        .collect();
    std::fs::create_dir(project.path().join("tests")).unwrap();
    std::fs::write(project.path().join("tests/ways.json"), json!(cases).to_string()).unwrap();
    for engine in ["quickjs", "javy"] {
        let summary = run(project.path(), &["test", "--json", "--engine", engine]).json();
        let problems = |case: &Value| format!("{engine} {} {}", case["name"], case["problems"]);
        let failed = summary["cases"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|case| case["ok"] == false);
        assert_places(&failed.map(problems).collect::<Vec<_>>());
        assert_eq!(summary["passed"], cases.len());
    }
}

/// `aerocall run`: the document, and what a person reads.
#[test]
fn run_reports_every_exception_where_it_arose() {
    let project = hook_project();
    run(project.path(), &["build", "hooks/signup.ts", "-o", "signup.wasm"]).expect(0);
    let mut wrong = Vec::new();
    for (way, wanted) in ways() {
        std::fs::write(
            project.path().join("in.json"),
            payload(&format!("{way}@ways.example")).to_string(),
        )
        .unwrap();
        let arguments = ["run", "signup.wasm", "--hook", "beforeSignup", "--input", "in.json"];
        let report = run(project.path(), &[&arguments[..], &["--json"]].concat())
            .expect(1)
            .json();
        wrong.extend(wrong_place(&way, &wanted, &report["reply"]["error"]));
    }
    assert_places(&wrong);
}

/// A server: its log, and the records of the invocations.
#[test]
fn a_server_reports_every_exception_where_it_arose() {
    let project = hook_project();
    let mut site = Site::new(&[]);
    site.kill();
    let log = site.path("log");
    let mut command = site.on_its_data(
        &["serve"],
        &[("AEROCALL_LOG_LEVEL", "debug"), ("AEROCALL_LOG_FORMAT", "json")],
    );
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap());
    site.run_as_server(&mut command, 1);
    site.deploy(project.path(), &[]).expect(0);
    let mut wrong = Vec::new();
    for (way, wanted) in ways() {
        let record = record(&site, &format!("{way}@ways.example"));
        wrong.extend(wrong_place(&way, &wanted, &record["reply"]["error"]));
        let logged = record_of_log(&site, &format!("{way}+log@ways.example"));
        wrong.extend(wrong_log(
            &way,
            &wanted,
            &logged.iter().map(String::as_str).collect::<Vec<_>>(),
        ));
    }
    site.terminate();
    wrong.extend(wrong_lines(&log));
    assert_places(&wrong);
}

/// The record of a sign-up.
fn record(site: &Site, email: &str) -> Value {
    let _ = site.register(email);
    until(|| {
        let all = site.admin("/invocations?hook=signup&limit=1")["invocations"].clone();
        let whole = site.admin(&format!("/invocations/{}", all[0]["id"].as_str()?));
        (whole["payload"]["user"]["email"] == email).then_some(whole)
    })
}

fn record_of_log(site: &Site, email: &str) -> Vec<String> {
    let record = record(site, email);
    let lines = record["logs"].as_array().unwrap();
    lines
        .iter()
        .map(|line| line["message"].as_str().unwrap().to_owned())
        .collect()
}

/// What the server logged of hooks that failed.
fn wrong_lines(log: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap();
    let failed: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("hook without a decision"))
        .collect();
    let named = |place: &Place| failed.iter().any(|line| line.contains(&format!("at {place}")));
    let mut wrong: Vec<String> = ways()
        .into_iter()
        .filter(|(_, place)| !named(place))
        .map(|(way, place)| format!("{way}: the server's log does not name {place}"))
        .collect();
    wrong.extend(
        text.lines()
            .filter(|line| line.contains("bundle.js"))
            .map(str::to_owned),
    );
    wrong
}

/// What `aerocall run --json` says of a hook.
fn report(source: &str) -> Value {
    let project = project(&[("hooks/a.ts", source), ("in.json", crate::support::SIGNUP)]);
    run_signup(project.path(), "hooks/a.ts").expect(1).json()
}

#[test]
fn causes_and_what_nobody_awaited_are_shown_with_their_places() {
    let report = report(
        "function inner(): never { throw new TypeError(\"inner\"); }
export const beforeSignup = () => {
  Promise.reject(new Error(\"floating\"));
  Promise.reject(\"a string\");
  try { inner(); } catch (error) { console.error(error); throw new Error(\"outer\", { cause: error }); }
};
",
    );
    let inner = "TypeError: inner\n    at inner (hooks/a.ts:1:33)\n    at beforeSignup (hooks/a.ts:5:9)";
    let logs = json!([
        { "level": "error", "message": inner },
        { "level": "error", "message": "Unhandled promise rejection: Error: floating\n    at beforeSignup (hooks/a.ts:3:18)" },
        { "level": "error", "message": "Unhandled promise rejection: 'a string'\n    at reject (native)\n    at beforeSignup (hooks/a.ts:4:11)" },
    ]);
    assert_eq!(report["logs"], logs);
    let stack = format!(
        "    at beforeSignup (hooks/a.ts:5:64) {{\n  [cause]: {}\n}}",
        inner.replace('\n', "\n  ")
    );
    assert_eq!(report["reply"]["error"]["stack"], stack);
    assert_eq!(report["reply"]["message"], "Error: outer at hooks/a.ts:5:64");
}

#[test]
fn the_errors_of_an_aggregate_and_its_own_properties_are_shown() {
    let report = report(
        "export const beforeSignup = async () => {
  const one = async () => { throw new RangeError(\"one\", { cause: \"why\" }); };
  try { await Promise.any([one()]); } catch (error) { throw Object.assign(error as Error, { code: \"x\" }); }
};
",
    );
    let error = &report["reply"]["error"];
    assert_eq!(
        (&error["name"], &error["code"]),
        (&json!("AggregateError"), &json!("x"))
    );
    let stack = "    at beforeSignup (hooks/a.ts:3:23) {
  code: 'x',
  [errors]: [
    RangeError: one
        at one (hooks/a.ts:2:35)
        at beforeSignup (hooks/a.ts:3:28) {
      [cause]: 'why'
    }
  ]
}";
    assert_eq!(error["stack"], stack);
}

/// An error is the author's, who may do anything to it: the failure stays small, has a place, and hides no other one.
#[test]
fn hostile_errors_are_bounded_and_have_a_place() {
    let hook = |make: &str| format!("export const beforeSignup = () => {{\n  {make}\n  throw error;\n}};\n");
    for (make, line) in [
        ("const error: any = new Error('x'.repeat(1e6));", 2),
        ("const error: any = new Error('x', { cause: 'y'.repeat(1e6) });", 2),
        (
            "let error: any = 1; for (let i = 0; i < 5000; i++) error = new Error('x', { cause: error });",
            2,
        ),
        ("const error: any = new Error('x'); error.cause = error;", 2),
        ("const error: any = new Error('x\\n    at f (hooks/a.ts:1:1)');", 2),
        (
            "const error: any = new Error('x'); Object.defineProperty(error, 'name', { get() { throw 1; } });",
            2,
        ),
        (
            "const error: any = new AggregateError(Array.from({ length: 5000 }, () => new Error('x')));",
            2,
        ),
        (
            "const error: any = Object.create(Error.prototype, { message: { value: 'x' } });",
            3,
        ),
        (
            "const error: any = { toJSON() { throw 1; }, toString() { throw 1; } };",
            3,
        ),
        ("const error: any = new Proxy({}, { get() { throw 1; } });", 3),
        ("const error: any = Symbol('x');", 3),
    ] {
        let report = report(&hook(make));
        let error = &report["reply"]["error"];
        assert_eq!(
            (&error["file"], &error["line"]),
            (&json!("hooks/a.ts"), &json!(line)),
            "{make} {error}"
        );
        assert!(error["stack"].as_str().unwrap().len() <= 8 * 1024 + 3, "{make}");
        assert!(report.to_string().len() < 40_000, "{make}");
    }
}
