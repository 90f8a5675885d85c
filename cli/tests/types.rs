//! The types promise what the engine has and the server calls: no more, no less.

use std::{collections::BTreeSet, process::Command};

use aerocall_contract::{Capability, EventKind, names};
use aerocall_runtime::{Limits, RequestedLimits};
use serde_json::Value;

use crate::support::{Done, SIGNUP, aerocall, project, repository, run, run_signup, tsc};

fn package(file: &str) -> String {
    std::fs::read_to_string(repository().join("sdk-js/package/src").join(file)).unwrap()
}

/// The members of an interface of the package, as they stand between its braces.
fn members(file: &str, interface: &str) -> BTreeSet<String> {
    let text = package(file);
    let start = text
        .find(&format!("export interface {interface} "))
        .unwrap_or_else(|| panic!("no {interface}"));
    let body = &text[start..];
    let body = &body[body.find("{\n").unwrap()..body.find("\n}").unwrap()];
    let member = |line: &str| {
        let line = line
            .strip_prefix("  ")
            .filter(|line| !line.starts_with([' ', '/', '*', '}']))?;
        let name = line.strip_prefix("readonly ").unwrap_or(line);
        let end = name.find(['?', ':', '(', '<'])?;
        Some(name[..end].trim_matches('"').to_owned())
    };
    body.lines().filter_map(member).collect()
}

fn strings(value: &Value) -> BTreeSet<String> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// What the engine shows of the SDK and of the built-in module.
fn engine() -> Value {
    let hook = "import * as sdk from '@aerocall/hooks';
        export const beforeSignup = (_c: any, _p: any, Aerocall: any) => ({ patch: { user: { metadata: {
            module: Object.keys(sdk), same: sdk.Deny === Aerocall.Deny && sdk.AerocallError === Aerocall.AerocallError,
            sdk: Object.keys(Aerocall),
            parts: Object.fromEntries(Object.entries(Aerocall).filter(([, part]) => typeof part === 'object')
                .map(([name, part]) => [name, Object.keys(part as object)])),
        } } } });";
    let project = project(&[("signup.ts", hook), ("in.json", SIGNUP)]);
    run_signup(project.path(), "signup.ts").expect(0).json()["reply"]["patch"]["user"]["metadata"].clone()
}

#[test]
fn the_sdk_has_what_its_types_promise_and_nothing_else() {
    let engine = engine();
    assert_eq!(strings(&engine["sdk"]), members("sdk.d.ts", "Aerocall"));
    let parts = [
        ("auth", "auth.d.ts", "Auth"),
        ("cache", "cache.d.ts", "Cache"),
        ("queue", "queue.d.ts", "Queue"),
        ("Queue", "queue.d.ts", "Queue"),
        ("http", "http.d.ts", "Http"),
        ("secrets", "secrets.d.ts", "Secrets"),
        ("log", "log.d.ts", "Log"),
    ];
    for (part, file, interface) in parts {
        assert_eq!(strings(&engine["parts"][part]), members(file, interface), "{part}");
    }
    let mut db = members("db.d.ts", "Db");
    db.extend(members("db.d.ts", "Statements"));
    assert_eq!(strings(&engine["parts"]["db"]), db);
    assert_eq!(
        engine["parts"].as_object().unwrap().len(),
        parts.len() + 1,
        "a part without types: {engine}"
    );
}

#[test]
fn the_module_has_the_values_that_the_package_exports() {
    let engine = engine();
    let index = package("index.d.ts");
    let values = index
        .lines()
        .filter_map(|line| line.strip_prefix("export { ")?.split_once(" }"));
    let promised: BTreeSet<String> = values
        .flat_map(|(names, _)| names.split(", ").map(str::to_owned))
        .collect();
    assert_eq!(strings(&engine["module"]), promised);
    assert_eq!(engine["same"], true);
}

#[test]
fn capabilities_and_the_open_families_of_events_are_those_of_the_contract() {
    let capabilities: BTreeSet<String> = Capability::ALL.map(|capability| capability.name().to_owned()).into();
    assert_eq!(members("config.d.ts", "Capabilities"), capabilities);
    let events = package("events.d.ts");
    for made in [names::queue_event("${string}"), names::schedule_event("${string}")] {
        assert!(events.contains(&format!("[name: `{made}`]")), "{made}");
    }
    assert_eq!(events.matches("[name: `").count(), 2, "another family is open");
    for kind in EventKind::ALL.iter().filter(|kind| !kind.reaches_hooks()) {
        assert!(
            events.contains(&format!("Omit<KnownEvents, \"{}\">", kind.as_str())),
            "{kind:?}"
        );
    }
}

#[test]
fn names_that_do_not_build_are_errors_of_types_as_well() {
    let Some(directory) = tsc() else { return };
    let project = project(&[
        ("tsconfig.json", include_str!("../template/tsconfig.json")),
        (
            "hooks/a.ts",
            "import type { EventHandlers } from '@aerocall/hooks';\n\
             export const on: EventHandlers = { 'auth.mfa.enroled': () => {} };\n",
        ),
    ]);
    run(project.path(), &["types"]).expect(0);
    let paths = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap_or_default());
    let output = aerocall(project.path())
        .args(["check", "--json"])
        .env("PATH", paths)
        .output();
    let checked = Done::from(output.unwrap()).expect(1).json();
    assert_eq!(checked["diagnostics"][0]["code"], "unknown-event", "{checked}");
    assert!(checked["types"].to_string().contains("auth.mfa.enroled"), "{checked}");
}

#[test]
fn a_user_is_what_the_schema_of_events_says() {
    let schema = std::fs::read_to_string(repository().join("docs/events.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let described = schema["$defs"]["user"]["properties"].as_object().unwrap();
    assert_eq!(members("users.d.ts", "User"), described.keys().cloned().collect());
}

#[test]
fn error_codes_are_those_of_the_contract() {
    let wit = std::fs::read_to_string(repository().join("wit/types.wit")).unwrap();
    let body = wit
        .split_once("enum error-code {")
        .unwrap()
        .1
        .split_once('}')
        .unwrap()
        .0;
    let lines = body
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("///") && !line.is_empty());
    let codes: BTreeSet<String> = lines.map(|line| line.trim_end_matches(',').replace('-', "_")).collect();
    let errors = package("errors.d.ts");
    let union = errors
        .split_once("export type AerocallErrorCode =")
        .unwrap()
        .1
        .split_once(';')
        .unwrap()
        .0;
    let typed: BTreeSet<String> = union.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(typed, codes);
}

#[test]
fn limits_are_those_of_the_runtime_in_types_and_documents() {
    let (default, ceiling) = (
        serde_json::to_value(Limits::DEFAULT).unwrap(),
        serde_json::to_value(Limits::CEILING).unwrap(),
    );
    let names: BTreeSet<String> = default.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names.len(), RequestedLimits::NAMES.len());
    assert_eq!(members("config.d.ts", "Limits"), names);
    let page = std::fs::read_to_string(repository().join("docs/sdk.md")).unwrap();
    let plain = page.replace(',', "");
    for name in names {
        let line = format!("| `{name}` | {} | {} |", default[&name], ceiling[&name]);
        assert!(plain.contains(&line), "docs/sdk.md lacks {line}");
    }
}

#[test]
fn examples_in_documents_are_strict_typescript() {
    let Some(directory) = tsc() else { return };
    let page = std::fs::read_to_string(repository().join("docs/sdk.md")).unwrap();
    let blocks: Vec<&str> = page
        .split("```ts\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect();
    assert!(blocks.len() >= 6, "{}", blocks.len());
    let settings = std::fs::read_to_string(repository().join("sdk-js/package/tsconfig.json")).unwrap();
    let mut settings: Value = serde_json::from_str(&settings).unwrap();
    let index = repository().join("sdk-js/package/src/index.d.ts");
    settings["compilerOptions"]["paths"]["@aerocall/hooks"][0] = index.to_str().unwrap().into();
    settings["include"] = serde_json::json!(["*.ts", index]);
    let here = project(&[("tsconfig.json", &settings.to_string())]);
    for (number, block) in blocks.iter().enumerate() {
        std::fs::write(here.path().join(format!("{number}.ts")), block).unwrap();
    }
    let output = Command::new(directory.join("tsc"))
        .args(["--noEmit", "--pretty", "false", "-p", "tsconfig.json"])
        .current_dir(here.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_package_and_its_uses_are_strict_typescript() {
    let Some(directory) = tsc() else { return };
    let output = Command::new(directory.join("tsc"))
        .args(["--noEmit", "--pretty", "false", "-p", "tsconfig.json"])
        .current_dir(repository().join("sdk-js/package"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
