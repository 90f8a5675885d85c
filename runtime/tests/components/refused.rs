//! Components that are refused before anything of them runs: each with its code, what it is about by name, and what to do.

use serde_json::{Value, json};

use crate::{
    crafted::pretender,
    guest::{self, PLAIN, WASI, bundle, component, fixture, manifest, refusal},
};

const ENTRY: &str = "aerocall:hooks/hooks@0.1.0";

#[tokio::test]
async fn an_import_that_hooks_cannot_have_is_refused_by_its_name() {
    for (import, code, says) in [
        (
            "wasi:sockets/tcp@0.2.0",
            "forbidden_import",
            "send requests with `aerocall:hooks/http`",
        ),
        (
            "wasi:sockets/udp-create-socket@0.2.3",
            "forbidden_import",
            "hooks open no connections",
        ),
        (
            "wasi:http/outgoing-handler@0.2.0",
            "forbidden_import",
            "send requests with `aerocall:hooks/http`",
        ),
        (
            "wasi:clocks/timezone@0.2.0",
            "forbidden_import",
            "hooks do not have this part of WASI",
        ),
        (
            "wasi:nn/tensor@0.2.0-rc-2024-10-28",
            "forbidden_import",
            "hooks do not have this part of WASI",
        ),
        (
            "wasi:cli/environment@0.3.0",
            "forbidden_import",
            "hooks have WASI 0.2.0 to 0.2.12",
        ),
        (
            "wasi:cli/environment@0.2.99",
            "forbidden_import",
            "hooks have WASI 0.2.0 to 0.2.12",
        ),
        (
            "acme:disk/read@1.0.0",
            "forbidden_import",
            "only interfaces of `aerocall:hooks/…`",
        ),
        (
            "aerocall:hooks/files@0.1.0",
            "forbidden_import",
            "the contract has the interfaces types, log",
        ),
        (
            "aerocall:hooks/log@0.2.0",
            "wrong_world",
            "this server has release 0.1.0 of the contract: update the server",
        ),
        (
            "aerocall:hooks/log@0.0.9",
            "wrong_world",
            "build the hook again; `aerocall upgrade` says what has changed",
        ),
    ] {
        let refused = refusal(&bundle(&pretender(import, None, ENTRY), &manifest())).await;
        assert_eq!(refused.code.name, code, "{refused}");
        assert!(
            refused.message.contains(import) && refused.message.contains(says),
            "{refused}"
        );
    }
}

/// As a component of a release that had it would.
#[tokio::test]
async fn a_function_that_is_gone_from_the_contract_is_named() {
    let using = pretender("aerocall:hooks/cache@0.1.0", Some("flush-everything"), ENTRY);
    let refused = refusal(&bundle(&using, &manifest())).await;
    assert_eq!(refused.code.name, "wrong_world", "{refused}");
    for part in [
        "aerocall:hooks/cache@0.1.0",
        "`flush-everything`",
        "`aerocall upgrade` says what has changed",
    ] {
        assert!(refused.message.contains(part), "{part}: {refused}");
    }
}

#[tokio::test]
async fn an_entry_of_another_release_or_none_is_refused() {
    for (export, says) in [
        ("aerocall:hooks/hooks@0.2.0", "update the server"),
        ("aerocall:hooks/hooks@0.0.1", "build the hook again"),
        (
            "aerocall:hooks/handlers@0.1.0",
            "does not export `aerocall:hooks/hooks@0.1.0`",
        ),
        ("wasi:cli/run@0.2.0", "does not export `aerocall:hooks/hooks@0.1.0`"),
    ] {
        let other = pretender("aerocall:hooks/log@0.1.0", None, export);
        let refused = refusal(&bundle(&other, &manifest())).await;
        assert_eq!(refused.code.name, "wrong_world", "{refused}");
        assert!(refused.message.contains(says), "{refused}");
    }
}

#[tokio::test]
async fn what_a_manifest_has_to_say_is_asked_for() {
    let with = |member: &str, value: Value| {
        let mut manifest = manifest();
        manifest[member] = value;
        manifest
    };
    for (manifest, says) in [
        (
            with("capabilities", json!(["cache"])),
            "imports `aerocall:hooks/auth`, which its manifest does not declare: add `auth`",
        ),
        (
            with("capabilities", json!(["auth", "http:a.example"])),
            "imports `aerocall:hooks/cache`",
        ),
        (with("capabilities", json!([])), "imports `aerocall:hooks/auth`"),
        (
            with("hooks", json!([])),
            "the component has no hook: name what it handles in `hooks`",
        ),
        (
            with("language", json!("Rust!")),
            "the language of the manifest is \"Rust!\"",
        ),
        (with("language", json!("")), "1 to 32 characters"),
        (
            with("toolchain", json!("a\nb")),
            "the toolchain of the manifest is no line",
        ),
        (with("toolchain", json!("x".repeat(201))), "at most 200 characters"),
        (with("colour", json!("red")), "unknown field `colour`"),
    ] {
        for guest in [PLAIN, WASI] {
            let refused = refusal(&bundle(&component(&fixture(guest)), &manifest)).await;
            assert_eq!(refused.code.name, "bad_manifest", "{refused}");
            assert!(refused.message.contains(says), "{refused}");
        }
    }
}

#[tokio::test]
async fn a_core_module_is_told_from_a_component() {
    let refused = refusal(&fixture(PLAIN)).await;
    assert_eq!(refused.code.name, "core_module", "{refused}");
    let refused = refusal(&fixture(WASI)).await;
    assert_eq!(refused.code.name, "bad_manifest", "{refused}");
    assert!(refused.message.contains("no `aerocall:manifest` section"), "{refused}");
}

/// Of two sections the first is the manifest, as `guest::bundle` writes it, and a second is refused.
#[tokio::test]
async fn two_manifests_are_refused() {
    let twice = guest::section(
        &guest::bundle_of(PLAIN),
        "aerocall:manifest",
        manifest().to_string().as_bytes(),
    );
    let refused = refusal(&twice).await;
    assert_eq!(refused.code.name, "bad_manifest", "{refused}");
}
