//! What is made of the contract and committed: pages for people, JSON Schemas, types for TypeScript and Rust. The tests here write them
//! with `UPDATE_DOCS=1` and compare them otherwise, and hold what others make of the contract against it.

mod bindings;
mod errors;
mod events;
mod hooks;
mod rust;
mod rust_types;
mod typescript;

use std::path::{Path, PathBuf};

use crate::{Capability, EventKind, HookPoint, errors::Area};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A generated file, named from the repository on, is the committed one.
fn is_committed(name: &str, text: &str) {
    assert_eq!(crate::committed(&repository().join(name), text), Ok(()));
}

/// The same for a part of a page that people write: what stands between the two marks.
fn part_is_committed(name: &str, mark: &str, text: &str) {
    let page = read(name);
    let (begin, end) = (format!("<!-- {mark}: made from "), format!("<!-- end of {mark} -->"));
    let from = page.find(&begin).unwrap_or_else(|| panic!("{name} has no {begin}"));
    let from = from + page[from..].find('\n').unwrap() + 1;
    let to = page.find(&end).unwrap_or_else(|| panic!("{name} has no {end}"));
    is_committed(name, &format!("{}{text}{}", &page[..from], &page[to..]));
}

fn read(name: &str) -> String {
    std::fs::read_to_string(repository().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names that stand in a list of names in the OpenAPI document, over all operations.
fn in_openapi(list: &str) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(&read("docs/openapi.json")).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let names = operations.flat_map(|operation| operation[list].as_array().cloned().unwrap_or_default());
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_hook_point_is_run_by_an_endpoint_typed_and_told_of() {
    let (endpoints, types) = (in_openapi("x-aerocall-hooks"), read("sdk-js/package/src/hooks.d.ts"));
    let (payloads, page) = (read("sdk-js/package/src/payloads.d.ts"), read("docs/hooks.md"));
    for name in HookPoint::all().map(HookPoint::name) {
        assert!(endpoints.iter().any(|point| point == name), "no endpoint runs {name}");
        assert!(
            types.contains(&format!("= Hook<\"{name}\">;")),
            "hooks.d.ts lacks {name}"
        );
        assert_eq!(
            payloads.matches(&format!("\n  {name}: ")).count(),
            2,
            "payloads.d.ts: {name}"
        );
        assert!(page.contains(&format!("| `{name}` |")), "docs/hooks.md lacks {name}");
    }
    for point in endpoints {
        assert!(HookPoint::named(&point).is_some(), "openapi.json has {point}");
    }
}

#[test]
fn a_step_usually_happens_at_an_endpoint_that_runs_it() {
    let document: serde_json::Value = serde_json::from_str(&read("docs/openapi.json")).unwrap();
    for step in crate::Step::ALL {
        let (method, path) = step.endpoint();
        let points = &document["paths"][path][method.to_lowercase()]["x-aerocall-hooks"];
        let runs = points
            .as_array()
            .is_some_and(|points| points.contains(&step.before().name().into()));
        assert!(runs, "{method} {path} does not run {step:?}");
    }
}

#[test]
fn every_event_is_caused_by_an_endpoint_typed_and_told_of() {
    // Sent by the server on its own accord, or at the wish of an admin; no endpoint lists them.
    const NOT_OF_A_FLOW: &[EventKind] = &[EventKind::WebhookTest];
    let (endpoints, page) = (in_openapi("x-aerocall-events"), read("docs/events.md"));
    let types = read("sdk-js/package/src/known-events.d.ts");
    for kind in EventKind::ALL {
        let name = kind.as_str();
        let caused = NOT_OF_A_FLOW.contains(kind) || endpoints.iter().any(|event| event == name);
        assert!(caused, "no endpoint causes {name}");
        assert!(
            types.contains(&format!("\n  \"{name}\": {{\n")),
            "known-events.d.ts lacks {name}"
        );
        assert!(page.contains(&format!("\n## {name}\n")), "docs/events.md lacks {name}");
    }
    for event in endpoints {
        assert!(EventKind::named(&event).is_some(), "openapi.json has {event}");
    }
}

#[test]
fn every_capability_is_typed_told_of_and_an_interface() {
    let (types, page) = (read("sdk-js/package/src/config.d.ts"), read("docs/sdk.md"));
    for capability in Capability::ALL {
        assert!(
            types.contains(&format!("\n  {capability}?: boolean")),
            "config.d.ts lacks {capability}"
        );
        assert!(
            page.contains(&format!("`{capability}`")),
            "docs/sdk.md lacks {capability}"
        );
        assert!(
            repository().join(format!("wit/{capability}.wit")).exists(),
            "wit/ lacks {capability}"
        );
    }
}

#[test]
fn the_codes_of_the_sdk_are_those_of_the_interfaces() {
    let wit = read("wit/types.wit");
    let (_, list) = wit.split_once("enum error-code {").unwrap();
    let lines = list.split('}').next().unwrap().lines().map(str::trim);
    let codes = lines.filter(|line| !line.starts_with("///") && !line.is_empty());
    let mut codes: Vec<String> = codes.map(|line| line.trim_end_matches(',').replace('-', "_")).collect();
    let of_sdk = crate::errors::ALL.iter().filter(|code| code.area == Area::Sdk);
    let mut known: Vec<&str> = of_sdk.map(|code| code.name).collect();
    codes.sort();
    known.sort_unstable();
    assert_eq!(known, codes);
}
