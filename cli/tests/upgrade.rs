//! `aerocall upgrade`: files of the release, and what was built with another one.

use serde_json::json;

use crate::support::{project, run};

#[test]
fn files_of_the_release_are_written_and_old_bundles_are_named() {
    let home = project(&[]);
    run(home.path(), &["new", "hooks"]).expect(0);
    let made = home.path().join("hooks");
    run(&made, &["build"]).expect(0);
    let fresh = run(&made, &["upgrade", "--check", "--json"]).expect(0).json();
    assert_eq!(
        (&fresh["files"], &fresh["changes"]),
        (&json!([]), &json!([])),
        "{fresh}"
    );
    assert_eq!(fresh["bundles"][0]["file"], "dist/signup.wasm", "{fresh}");
    assert_eq!(fresh["bundles"][0]["contract"], fresh["contract"], "{fresh}");

    std::fs::write(made.join(".aerocall/types/index.d.ts"), "// of another release").unwrap();
    let bundle = made.join("dist/signup.wasm");
    let mut bytes = std::fs::read(&bundle).unwrap();
    let name = b"\"aerocall:hooks@0.1.0\"";
    let at = bytes.windows(name.len()).position(|part| part == name).unwrap();
    bytes[at..at + name.len()].copy_from_slice(b"\"aerocall:hooks@0.0.9\"");
    std::fs::write(&bundle, bytes).unwrap();
    let old = run(&made, &["upgrade", "--check"]).expect(1).stdout;
    assert!(
        old.contains("out of date  .aerocall/types/index.d.ts")
            && old.contains("dist/signup.wasm (aerocall:hooks@0.0.9): this release does not have the contract"),
        "{old}"
    );
    let written = run(&made, &["upgrade", "--json"]).expect(0).json();
    assert_eq!(written["files"], json!([".aerocall/types/index.d.ts"]), "{written}");
    run(&made, &["types", "--check"]).expect(0);
    std::fs::write(made.join("dist/other.wasm"), "hello").unwrap();
    let damaged = run(&made, &["upgrade"]).expect(0).stdout;
    assert!(damaged.contains("dist/other.wasm (no contract): "), "{damaged}");
}
