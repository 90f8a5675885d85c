//! `aerocall validate`: what it finds in finished bundles, in every format.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Done, project, run};

const ALLOW: &str = "export const beforeSignup = () => {};\n";

/// A project with one hook, built.
fn built(source: &str, more: &[(&str, &str)]) -> tempfile::TempDir {
    let files: Vec<(&str, &str)> = [("hooks/signup.ts", source)]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    let project = project(&files);
    run(project.path(), &["build"]).expect(0);
    project
}

fn validated(directory: &Path, more: &[&str]) -> Done {
    let arguments: Vec<&str> = ["validate", "--json"].iter().chain(more).copied().collect();
    run(directory, &arguments)
}

/// Rule and level of each finding.
fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|one| format!("{} {}", one["rule"].as_str().unwrap(), one["level"].as_str().unwrap()))
        .collect()
}

/// Replaces bytes of a bundle by as many others.
fn patched(bundle: &Path, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let mut bytes = std::fs::read(bundle).unwrap();
    let mut places = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from.as_bytes()));
    let first = places.next().unwrap_or_else(|| panic!("{from:?} is not in the bundle"));
    bytes[first..first + to.len()].copy_from_slice(to.as_bytes());
    std::fs::write(bundle, bytes).unwrap();
}

#[test]
fn a_good_bundle_has_no_findings_in_any_format() {
    let project = built(ALLOW, &[]);
    let report = validated(project.path(), &[]).expect(0).json();
    assert_eq!(report["ok"], true);
    assert_eq!(report["findings"], json!([]), "{report}");
    assert_eq!(report["bundles"], json!(["dist/signup.wasm"]));
    assert_eq!(report["testCases"], Value::Null);
    let text = run(project.path(), &["validate", "dist/signup.wasm"]).expect(0).stdout;
    assert_eq!(text, "ok     dist/signup.wasm\n0 errors, 0 warnings\n");
    assert_eq!(
        run(project.path(), &["validate", "--format", "github"])
            .expect(0)
            .stdout,
        ""
    );
    let sarif = run(project.path(), &["validate", "--format", "sarif"]).expect(0).json();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["results"], json!([]));
    let written = ["validate", "--format", "junit", "--output", "report.xml"];
    assert_eq!(run(project.path(), &written).expect(0).stdout, "");
    let xml = std::fs::read_to_string(project.path().join("report.xml")).unwrap();
    assert!(xml.contains("tests=\"9\"") && xml.contains("failures=\"0\""), "{xml}");
}

#[test]
fn sources_that_are_not_those_of_the_code_are_found() {
    let source = "export const beforeSignup = () => { console.log('harmless'); };\n";
    let project = built(source, &[]);
    let bundle = project.path().join("dist/signup.wasm");
    // The section with the author's files says something else than the code.
    let mut bytes = std::fs::read(&bundle).unwrap();
    let section = b"aerocall:source";
    let mut sections = (0..bytes.len() - section.len())
        .filter(|at| bytes[*at..].starts_with(section) && !bytes[*at..].starts_with(b"aerocall:source-map"));
    let at = sections.next().unwrap();
    let inside = (at..bytes.len())
        .find(|at| bytes[*at..].starts_with(b"harmless"))
        .unwrap();
    bytes[inside..inside + 8].copy_from_slice(b"nice try");
    std::fs::write(&bundle, bytes).unwrap();
    let report = validated(project.path(), &[]).expect(1).json();
    assert_eq!(found(&report), ["sources error"], "{report}");
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("the code is another one"), "{message}");
}

#[test]
fn files_that_are_no_bundles_are_refused_with_the_servers_code() {
    let project = project(&[("dist/a.wasm", "not wasm"), ("hooks/signup.ts", ALLOW)]);
    let report = validated(project.path(), &[]).expect(1).json();
    assert_eq!(found(&report), ["structure error"]);
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("not_a_component: "), "{message}");
    assert!(
        run(project.path(), &["validate", "none.wasm"])
            .expect(3)
            .stderr
            .contains("aerocall build")
    );
    assert!(
        run(project.path(), &["validate", "hooks"])
            .expect(3)
            .stderr
            .contains("no bundles in hooks")
    );
}

#[test]
fn a_bundle_of_another_engine_and_limits_above_the_default_are_found() {
    let asking = "export const config = { limits: { deadlineMs: 20_000 } };\nexport const beforeSignup = () => {};\n";
    let project = built(asking, &[]);
    let report = validated(project.path(), &[]).expect(0).json();
    assert_eq!(found(&report), ["limits warning"], "{report}");
    assert!(
        report["findings"][0]["message"]
            .as_str()
            .unwrap()
            .contains("deadlineMs = 20000")
    );
    validated(project.path(), &["--strict"]).expect(1);
    let manifest = run(project.path(), &["inspect", "dist/signup.wasm", "--json"])
        .expect(0)
        .json();
    let digest = manifest["engine"]["digest"].as_str().unwrap().to_owned();
    let other = format!("sha256:{}", "0".repeat(64));
    patched(&project.path().join("dist/signup.wasm"), &digest, &other);
    let report = validated(project.path(), &[]).expect(1).json();
    assert_eq!(found(&report), ["limits warning", "engine error"], "{report}");
}

#[test]
fn credentials_are_found_where_they_stand_and_never_repeated() {
    // Put together, so that no scanner of repositories takes it for a real one.
    let key = ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"].concat();
    let source = "import { key } from './_keys';\nexport const beforeSignup = () => { console.log(key.length); };\n";
    let keys = format!("// keys\nexport const key = '{key}';\n");
    let project = built(source, &[("hooks/_keys.ts", &keys)]);
    let done = validated(project.path(), &[]).expect(1);
    assert!(
        !done.stdout.contains(&key) && !done.stderr.contains(&key),
        "{}",
        done.stdout
    );
    let report = done.json();
    assert_eq!(found(&report), ["secrets error"], "{report}");
    assert_eq!(
        report["findings"][0]["place"],
        json!({ "file": "hooks/_keys.ts", "line": 2, "column": 21 })
    );
    let message = report["findings"][0]["message"].as_str().unwrap();
    let fingerprint = message.rsplit(' ').next().unwrap();
    validated(project.path(), &["--allow-secret", fingerprint]).expect(0);
    let sarif = run(project.path(), &["validate", "--format", "sarif"]).expect(1).json();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "secrets");
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "hooks/_keys.ts");
    assert_eq!(location["region"], json!({ "startLine": 2, "startColumn": 21 }));
    let github = run(project.path(), &["validate", "--format", "github"])
        .expect(1)
        .stdout;
    assert!(
        github.starts_with(
            "::error file=hooks/_keys.ts,line=2,col=21,title=aerocall validate%3A secrets::this looks like"
        ),
        "{github}"
    );
}

#[test]
fn a_run_on_samples_finds_what_production_would_stop() {
    for (source, expected, code) in [
        (
            "export const config = { limits: { fuel: 2_000_000 } };\nexport const beforeSignup = () => { for (;;) {} };\n",
            "smoke-run error",
            "hook_out_of_fuel",
        ),
        (
            "export const beforeSignup = () => ({ patch: { user: { email: 'no address' } } });\n",
            "smoke-run error",
            "hook_bad_reply",
        ),
        (
            "export const beforeSignup = () => { throw new Error('no'); };\n",
            "smoke-run warning",
            "hook_failed",
        ),
        (
            "export const on = { 'queue.mails': () => { throw new Error('no'); } };\n",
            "smoke-run warning",
            "hook_failed",
        ),
    ] {
        let project = built(source, &[]);
        let code_of_exit = i32::from(expected.ends_with("error"));
        let report = validated(project.path(), &[]).expect(code_of_exit).json();
        assert_eq!(found(&report), [expected], "{report}");
        let finding = &report["findings"][0];
        assert!(finding["message"].as_str().unwrap().contains(code), "{finding}");
    }
}

/// A test case that a sign-up is allowed.
const CASE: &str = r#"{ "hook": "beforeSignup", "payload": { "user": { "email": "a@b.example", "metadata": {} }, "provider": "password", "client": {} },
  "expect": { "reply": { "kind": "allow" } } }"#;

fn working(rounds: u32) -> String {
    format!(
        "export const beforeSignup = () => {{ let n = 0; for (let i = 0; i < {rounds}; i++) n += i; if (n < 0) throw n; }};\n"
    )
}

#[test]
fn test_cases_are_run_and_their_fuel_is_held_against_the_baseline() {
    let project = built(&working(1_000), &[("tests/signup.json", CASE)]);
    let fuel = ["--baseline", "fuel.json"];
    let missing = validated(project.path(), &fuel).expect(3);
    assert!(missing.stderr.contains("--write-baseline"), "{}", missing.stderr);
    let report = validated(project.path(), &["--baseline", "fuel.json", "--write-baseline"])
        .expect(0)
        .json();
    assert_eq!(report["testCases"], json!({ "passed": 1, "failed": 0, "skipped": 0 }));
    assert_eq!(
        found(&validated(project.path(), &fuel).expect(0).json()),
        Vec::<String>::new()
    );
    // The same case uses a multiple of the fuel.
    std::fs::write(project.path().join("hooks/signup.ts"), working(20_000)).unwrap();
    run(project.path(), &["build"]).expect(0);
    let report = validated(
        project.path(),
        &["--baseline", "fuel.json", "--max-fuel-increase", "20%"],
    )
    .expect(1)
    .json();
    assert_eq!(found(&report), ["fuel error"], "{report}");
    // A baseline of another engine says nothing about this one.
    let path = project.path().join("fuel.json");
    let mut baseline: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    baseline["engine"] = "sha256:0".into();
    std::fs::write(&path, baseline.to_string()).unwrap();
    let report = validated(project.path(), &fuel).expect(0).json();
    assert_eq!(found(&report), ["fuel warning"], "{report}");
    for wrong in ["20.5%", "-1%", "much"] {
        let arguments = [
            "validate",
            "--baseline",
            "fuel.json",
            &format!("--max-fuel-increase={wrong}"),
        ];
        run(project.path(), &arguments).expect(2);
    }
}

#[test]
fn a_failed_case_fails_and_cases_of_other_hooks_are_not_run() {
    let denied = CASE.replace("allow", "deny");
    let other = CASE.replace("beforeSignup", "beforeLogin");
    let project = built(ALLOW, &[("tests/a.json", &denied), ("tests/b.json", &other)]);
    let report = validated(project.path(), &[]).expect(1).json();
    assert_eq!(found(&report), ["test-cases error"], "{report}");
    assert_eq!(report["findings"][0]["bundle"], "dist/signup.wasm");
    assert_eq!(report["testCases"], json!({ "passed": 0, "failed": 1, "skipped": 1 }));
    let xml = run(project.path(), &["validate", "--format", "junit"]).expect(1).stdout;
    assert!(xml.contains("tests=\"9\"") && xml.contains("failures=\"1\""), "{xml}");
}
