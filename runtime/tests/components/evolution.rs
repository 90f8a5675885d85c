//! Bundles that were built for a release of the contract, kept as they were uploaded: each of them runs, for ever. A fixture is
//! never built anew; a new release gets new ones beside it.

use std::{collections::BTreeSet, fs, path::PathBuf};

use aerocall_runtime::{EngineSource, Limits, RequestInfo};
use serde_json::{Value, json};

use crate::guest;

/// Languages of which each release has a bundle here. The one in JavaScript has the engine beside it that it shares; both are written
/// by a test of the compiler (`sdk-js/compiler/tests/release.rs`).
const LANGUAGES: &[&str] = &["c", "js", "rust", "rust-wasi", "zig"];

/// The examples that are built against the contract alone, from where the fixtures are.
const C: &str = "../../../examples/c/hooks/rate-limit-by-ip.wasm";
const ZIG: &str = "../../../examples/zig/hooks/normalise-email.wasm";

/// `NEW_RELEASE=0.1.1 cargo nextest run --workspace --test components` writes the bundles of a release, of the guests as they are now.
/// Those that are there stay as they are.
#[test]
fn bundles_of_a_new_release_are_kept() {
    let Ok(release) = std::env::var("NEW_RELEASE") else {
        return;
    };
    let folder = guest::fixtures().join("releases").join(&release);
    fs::create_dir_all(&folder).unwrap();
    let guests = [
        ("rust", guest::PLAIN),
        ("rust-wasi", guest::WASI),
        ("c", C),
        ("zig", ZIG),
    ];
    for (language, guest) in guests {
        let file = folder.join(format!("{language}.wasm"));
        if file.exists() {
            continue;
        }
        let mut manifest = guest::manifest();
        manifest["contract"] = format!("aerocall:hooks@{release}").into();
        manifest["language"] = language.trim_end_matches("-wasi").into();
        fs::write(
            file,
            guest::bundle(&guest::component(&guest::fixture(guest)), &manifest),
        )
        .unwrap();
    }
}

/// The folders of the contract's releases.
fn releases() -> BTreeSet<String> {
    let wit = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../wit/releases");
    let folders = fs::read_dir(wit).unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.file_type().unwrap().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_bundle_of_every_release_still_runs() {
    let runtime = guest::runtime().await;
    let releases = releases();
    assert!(!releases.is_empty());
    for release in releases {
        runtime.add_engine(EngineSource {
            name: "quickjs".to_owned(),
            module: guest::fixture(&format!("releases/{release}/js.engine.wasm")).into(),
        });
        for language in LANGUAGES {
            let name = format!("releases/{release}/{language}");
            let bundle = guest::fixture(&format!("{name}.wasm"));
            let hook = runtime
                .load(&bundle)
                .await
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(hook.manifest().contract, format!("aerocall:hooks@{release}"), "{name}");
            let cases: Vec<Value> = serde_json::from_slice(&guest::fixture(&format!("{name}.json"))).unwrap();
            assert!(!cases.is_empty(), "{name}");
            for case in cases {
                let mut call = guest::call("");
                call.payload = case["payload"].to_string();
                call.context.request = Some(RequestInfo {
                    ip: "2001:db8::1".to_owned(),
                    ..RequestInfo::default()
                });
                let invocation = hook.call(call, &Limits::DEFAULT, guest::host()).await;
                let came = invocation.outcome.document();
                let asked = invocation.records.calls.iter().take(1);
                let asked: Vec<Value> = asked.map(|call| json!([call.name, call.arguments.value()])).collect();
                if let Some(expected) = case.get("asks") {
                    assert_eq!(&json!(asked), expected, "{name} {}", case["payload"]);
                }
                for (member, expected) in case["outcome"].as_object().unwrap() {
                    assert_eq!(&came[member], expected, "{name} {}: {came}", case["payload"]);
                }
            }
        }
    }
}
