//! Uploads that are no hooks: each is refused with its code, and the server goes on.

mod kept;
mod turns;

use std::time::{Duration, Instant};

use aerocall_compiler::EngineName;
use serde_json::json;
use wasm_encoder::{
    CodeSection, Component, ComponentExportKind, ComponentExportSection, ComponentImportSection,
    ComponentInstanceSection, ComponentTypeRef, ComponentTypeSection, CustomSection, Function, FunctionSection,
    InstanceType, Module, ModuleSection, TypeSection,
};

use crate::{
    bundles::{self, hook},
    logbook,
    site::{Answer, PASSWORD, Site, until},
};

const MANIFEST: &str = "aerocall:manifest";
const OWN_MANIFEST: &str = r#"{"format":1,"name":"x","contract":"aerocall:hooks@0.1.0","hooks":["beforeSignup"],"events":[],"capabilities":[],"sourceDigest":"sha256:00"}"#;

fn refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status, answer.code()), (422, code), "{answer:?}");
    let message = answer.json["error"]["message"].as_str().unwrap();
    assert!((10..3_000).contains(&message.len()), "{message}");
}

/// The bytes with the last place where `from` stands overwritten.
fn with(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let (from, to) = (from.as_bytes(), to.as_bytes());
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

fn custom(component: &mut Component, name: &str, data: &[u8]) {
    component.section(&CustomSection {
        name: name.into(),
        data: data.into(),
    });
}

/// A component that says it is a hook: a manifest, and an empty instance where the hooks should be.
fn pretender(import: Option<&str>, module: Option<&Module>) -> Vec<u8> {
    let mut component = Component::new();
    if let Some(name) = import {
        let mut types = ComponentTypeSection::new();
        types.instance(&InstanceType::new());
        let mut imports = ComponentImportSection::new();
        imports.import(name, ComponentTypeRef::Instance(0));
        component.section(&types).section(&imports);
    }
    if let Some(module) = module {
        component.section(&ModuleSection(module));
    }
    let mut instances = ComponentInstanceSection::new();
    instances.export_items::<&str, [(&str, ComponentExportKind, u32); 0]>([]);
    let mut exports = ComponentExportSection::new();
    let index = u32::from(import.is_some());
    exports.export("aerocall:hooks/hooks@0.1.0", ComponentExportKind::Instance, index, None);
    component.section(&instances).section(&exports);
    custom(&mut component, MANIFEST, OWN_MANIFEST.as_bytes());
    component.finish()
}

#[test]
fn the_log_line_of_an_upload_names_the_project() {
    let site = Site::new();
    site.project("a");
    let answer = site.upload("a", "gate", b"no component");
    refused(&answer, "not_a_component");
    let lines = || logbook::lines_with(answer.header("x-request-id"));
    let line = until(|| lines().into_iter().find(|line| line.contains("answered")));
    assert!(line.contains("project=\"a\""), "{line}");
}

#[test]
fn a_name_that_means_nothing_is_refused_with_the_one_that_was_meant() {
    let site = Site::new();
    site.project("a");
    let good = bundles::bundle("gate", &hook("beforeSignup", ""));
    let upload = |bytes: &[u8]| site.upload("a", "gate", bytes);
    let reacting = bundles::bundle("gate", "export const on = { 'auth.mfa.enrolled': async () => {} };");
    for (from, to, says) in [
        (&reacting, "\"auth.mfa.*\"       ", "name each event: auth.mfa.enrolled"),
        (
            &reacting,
            "\"auth.mfa.enroled\" ",
            "did you mean \"auth.mfa.enrolled\"?",
        ),
        (&reacting, "\"webhook.test\"     ", "webhook endpoints alone"),
        (&reacting, "\"queue.Mails\"      ", "did you mean \"queue.mails\"?"),
    ] {
        let answer = upload(&with(from, "\"auth.mfa.enrolled\"", to));
        refused(&answer, "bad_manifest");
        assert!(
            answer.json["error"]["message"].as_str().unwrap().contains(says),
            "{answer:?}"
        );
    }
    let point = upload(&with(&good, "[\"beforeSignup\"]", "[\"beforeSignUp\"]"));
    refused(&point, "bad_manifest");
    assert!(
        point.json["error"]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `beforeSignup`?")
    );
}

#[test]
fn what_is_no_hook_is_refused_with_its_code() {
    let site = Site::new();
    site.project("a");
    let good = bundles::bundle("gate", &hook("beforeSignup", ""));
    let upload = |bytes: &[u8]| site.upload("a", "gate", bytes);

    refused(&upload(b""), "not_a_component");
    refused(&upload(b"#!/bin/sh\n"), "not_a_component");
    refused(&upload(&[0; 1000]), "not_a_component");
    refused(&upload(&Module::new().finish()), "core_module");
    refused(&upload(&Component::new().finish()), "wrong_world");
    refused(&upload(b"\0asm\x0e\0\x01\0"), "not_a_component");
    refused(&upload(&pretender(None, None)), "wrong_world");
    // It imports what there is, and has nothing that could be called.
    refused(
        &upload(&pretender(Some("wasi:cli/environment@0.2.0"), None)),
        "wrong_world",
    );
    refused(
        &upload(&pretender(Some("wasi:cli/environment@0.3.0"), None)),
        "forbidden_import",
    );
    refused(
        &upload(&pretender(Some("aerocall:hooks/cache@0.1.0"), None)),
        "bad_manifest",
    );
    refused(
        &upload(&pretender(Some("wasi:sockets/tcp@0.2.0"), None)),
        "forbidden_import",
    );
    refused(
        &upload(&pretender(Some("aerocall:hooks/cachet@0.1.0"), None)),
        "forbidden_import",
    );
    refused(
        &upload(&pretender(Some("aerocall:hooks/cache@9.9.9"), None)),
        "wrong_world",
    );
    refused(&upload(&pretender(Some("engine"), None)), "forbidden_import");

    refused(&upload(&with(&good, MANIFEST, "aerocall:manifold")), "bad_manifest");
    refused(
        &upload(&with(&good, r#"{"format":1"#, r#"["format":1"#)),
        "bad_manifest",
    );
    refused(
        &upload(&with(&good, r#"{"format":1"#, r#"{"format":2"#)),
        "bad_manifest",
    );
    refused(
        &upload(&with(&good, r#""sourceDigest""#, r#""sourceDigesd""#)),
        "bad_manifest",
    );
    refused(
        &upload(&with(&good, r#""name":"quickjs""#, r#""nome":"quickjs""#)),
        "bad_manifest",
    );
    let caching = bundles::bundle("gate", &hook("beforeSignup", "await Aerocall.cache.get('a');"));
    refused(&upload(&with(&caching, "[\"cache\"]", "[\"catch\"]")), "bad_manifest");
    let engine = EngineName::QuickJs.engine().unwrap().digest();
    let unknown = format!("sha256:{}", "0".repeat(64));
    refused(&upload(&with(&good, engine, &unknown)), "unknown_engine");

    let mut twice = good.to_vec();
    let mut more = Component::new();
    custom(&mut more, MANIFEST, OWN_MANIFEST.as_bytes());
    twice.extend_from_slice(&more.finish()[8..]);
    refused(&upload(&twice), "bad_manifest");
    let listed = site.admin("GET", "/projects/a/hooks/gate/versions", None);
    assert_eq!(listed.json, json!({ "versions": [] }), "nothing of it was kept");
    assert_eq!(upload(&good).status, 201, "and the honest one still goes in");
}

/// The guest of the runtime's tests, with WASI: it denies what it does not know.
#[test]
fn a_component_of_another_language_goes_live_and_decides() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let bundle = include_bytes!("../../runtime/tests/fixtures/releases/0.1.0/rust-wasi.wasm");
    let uploaded = site.upload("a", "guest", bundle);
    assert_eq!(uploaded.status, 201, "{uploaded:?}");
    assert_eq!(uploaded.json["manifest"]["language"], "rust", "{uploaded:?}");
    let deployed = site.deploy("a", json!([{ "name": "guest", "number": uploaded.json["number"] }]));
    assert_eq!(deployed.status, 201, "{deployed:?}");
    let answer = site.register(&pk, json!({ "email": "ada@example.com", "password": PASSWORD }));
    assert_eq!((answer.status, answer.code()), (400, "unknown"), "{answer:?}");
    assert!(
        answer.json["error"]["message"]
            .as_str()
            .unwrap()
            .contains("ada@example.com")
    );
}

#[test]
fn machine_code_is_never_accepted() {
    let site = Site::new();
    site.project("a");
    site.version("a", "gate", &hook("beforeSignup", ""));
    // What this very host compiled, byte for byte.
    let artifact = std::fs::read_dir(bundles::cache_dir())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name().unwrap().to_str().unwrap().starts_with("hook-")
                && path.extension().is_some_and(|ending| ending == "bin")
        })
        .unwrap();
    let artifact = std::fs::read(artifact).unwrap();
    assert!(artifact.starts_with(b"\x7fELF"));
    refused(&site.upload("a", "gate", &artifact), "precompiled_artifact");
    refused(&site.upload("a", "gate", b"\x7fELF"), "precompiled_artifact");
}

#[test]
fn a_bundle_cut_anywhere_is_refused() {
    let site = Site::new();
    site.project("a");
    let good = bundles::bundle("gate", &hook("beforeSignup", ""));
    let whole = good.len();
    let manifest = good
        .windows(MANIFEST.len())
        .rposition(|window| window == MANIFEST.as_bytes())
        .unwrap();
    let cuts =
        (1..16)
            .chain((0..40).map(|n| 16 + n * (manifest - 16) / 40))
            .chain([manifest, manifest + 30, whole - 1]);
    for cut in cuts {
        let answer = site.upload("a", "gate", &good[..cut]);
        assert_eq!(answer.status, 422, "cut at {cut}");
        let code = answer.code();
        // Exactly between two sections it is a whole component, only not a hook.
        let known = ["truncated", "wrong_world", "bad_manifest", "not_a_component"];
        assert!(known.contains(&code), "cut at {cut}: {code}");
        assert!(cut > 8 || code == "truncated" || cut == 8, "cut at {cut}: {code}");
    }
}

#[test]
fn bits_flipped_anywhere_never_stop_the_server() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let good = bundles::bundle("gate", &hook("beforeSignup", ""));
    for n in 0..60 {
        let mut bad = good.to_vec();
        // More of them where the structure is: at the beginning and the end.
        let at = match n % 3 {
            0 => n * 40,
            1 => good.len() - 1 - n * 40,
            _ => n * good.len() / 60,
        };
        bad[at] ^= 1 << (n % 8);
        let answer = site.upload("a", "gate", &bad);
        assert!(matches!(answer.status, 201 | 422), "bit at {at}: {answer:?}");
        if answer.status == 201 {
            let deployed = site.deploy("a", json!([{ "name": "gate", "number": answer.json["number"] }]));
            assert_eq!(deployed.status, 201, "{deployed:?}");
            let called = site.register(
                &pk,
                json!({ "email": format!("{n}@example.com"), "password": PASSWORD }),
            );
            assert!(matches!(called.status, 201 | 502..=504), "bit at {at}: {called:?}");
        }
    }
    site.live("a", &[]);
    assert_eq!(site.registered(&pk, "ada@example.com").status, 201);
}

/// A module with this many functions of so many instructions each.
fn bomb(functions: u32, instructions: u32) -> Module {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let (mut declared, mut code) = (FunctionSection::new(), CodeSection::new());
    for n in 0..functions {
        declared.function(0);
        let mut function = Function::new([(64, wasm_encoder::ValType::I64)]);
        for at in 0..instructions {
            let mut body = function.instructions();
            body.local_get(at % 64)
                .i64_const(i64::from(n))
                .i64_mul()
                .local_get(at % 61)
                .i64_div_s()
                .local_set(at % 63);
        }
        function.instructions().end();
        code.function(&function);
    }
    let mut module = Module::new();
    module.section(&types).section(&declared).section(&code);
    module
}

fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn a_bundle_made_to_keep_the_compiler_busy_keeps_nobody_else() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let bombs = [
        pretender(None, Some(&bomb(100_000, 3))),
        pretender(None, Some(&bomb(1, 350_000))),
    ];
    assert!(bombs.iter().all(|bomb| bomb.len() < 8 << 20));
    let before = resident_bytes();
    std::thread::scope(|scope| {
        let uploads: Vec<_> = bombs
            .iter()
            .map(|bomb| scope.spawn(|| site.upload("a", "bomb", bomb)))
            .collect();
        let mut count = 0;
        while count < 5 || uploads.iter().any(|upload| !upload.is_finished()) {
            let began = Instant::now();
            site.registered(&pk, &format!("{count}@example.com"));
            assert!(
                began.elapsed() < Duration::from_secs(2),
                "a sign-up took {:?}",
                began.elapsed()
            );
            count += 1;
            std::thread::sleep(Duration::from_millis(100));
        }
        for upload in uploads {
            let answer = upload.join().unwrap();
            assert!(
                answer.status == 422 && matches!(answer.code(), "compile_limit" | "wrong_world" | "invalid_wasm"),
                "{answer:?}"
            );
        }
    });
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 400 << 20, "the server grew by {grown} bytes");
}
