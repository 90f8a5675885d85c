//! The committed engine belongs to the committed sources: `sdk-js/engine/build.sh` writes down what it built from.

use sha2::{Digest, Sha256};

use crate::Tree;

/// One line a source: SHA-256 and path, as `sha256sum` writes them, paths from the root.
const RECORD: &str = "sdk-js/engine/dist/sources.sha256";

/// What the engine is built from: the contract, and all of the crate that is neither made by the build nor a check of
/// what was built. `record.sh` lists the same.
fn is_source(path: &str) -> bool {
    const BESIDES: [&str; 6] = [
        "conformance/",
        "dist/",
        "target/",
        "record.sh",
        ".gitignore",
        "README.md",
    ];
    let engine = path.strip_prefix("sdk-js/engine/");
    let is_contract = path.starts_with("wit/") && path.ends_with(".wit") && !path.starts_with("wit/releases/");
    engine.is_some_and(|path| !BESIDES.iter().any(|beside| path.starts_with(beside))) || is_contract
}

/// Every source is as it was when the engine was built, and every built file is the one that was written down.
#[must_use]
pub fn sources(tree: &Tree) -> Vec<String> {
    let record = recorded(tree, RECORD);
    let mut broken = Vec::new();
    for (path, bytes) in tree.files().filter(|(path, _)| is_source(path)) {
        match record.iter().find(|(_, recorded)| *recorded == path) {
            None => broken.push(format!("{path}: new since the engine was built")),
            Some((digest, _)) if *digest != hex(bytes) => {
                broken.push(format!("{path}: changed since the engine was built"))
            }
            Some(_) => {}
        }
    }
    let gone = record.iter().filter(|(_, path)| !is_source(path) || !tree.has(path));
    broken.extend(gone.map(|(_, path)| format!("{path}: gone since the engine was built")));
    let advice = |line: String| format!("{line}; run sdk-js/engine/build.sh and commit sdk-js/engine/dist");
    broken.into_iter().map(advice).collect()
}

/// Every built engine is the one whose digest was written down.
#[must_use]
pub fn digests(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, bytes) in tree
        .files()
        .filter(|(path, _)| path.starts_with("sdk-js/engine/dist/") && path.ends_with(".wasm"))
    {
        let name = path.rsplit('/').next().unwrap_or(path);
        if recorded(tree, &format!("{path}.sha256")) != [(hex(bytes).as_str(), name)] {
            broken.push(format!("{path}: its digest is not the one in {path}.sha256"));
        }
    }
    broken
}

/// Digests and names in a file of `sha256sum`'s form.
fn recorded<'t>(tree: &'t Tree, path: &str) -> Vec<(&'t str, &'t str)> {
    tree.text(path)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once("  "))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{RECORD, digests, hex, sources};
    use crate::{assert_found, assert_kept};

    #[test]
    fn the_engine_belongs_to_its_sources() {
        assert_kept(sources);
    }

    #[test]
    fn a_change_since_the_build_is_found() {
        let record = format!(
            "{}  wit/a.wit\n{}  sdk-js/engine/src/a.rs\n{0}  sdk-js/engine/src/gone.rs\n",
            hex(b"a"),
            hex(b"b")
        );
        let files = [
            (RECORD, record.as_str()),
            ("wit/a.wit", "a"),
            ("sdk-js/engine/src/a.rs", "changed"),
            ("sdk-js/engine/build.sh", "new"),
            ("sdk-js/engine/conformance/x.js", "no source"),
        ];
        let expected = ["src/a.rs: changed", "build.sh: new", "src/gone.rs: gone"];
        assert_found(sources, &files, &expected);
    }

    #[test]
    fn the_digests_are_right() {
        assert_kept(digests);
    }

    #[test]
    fn a_wrong_digest_is_found() {
        let right = format!("{}  a.wasm\n", hex(b"a"));
        let files = [
            ("sdk-js/engine/dist/a.wasm", "a"),
            ("sdk-js/engine/dist/a.wasm.sha256", right.as_str()),
            ("sdk-js/engine/dist/b.wasm", "b"),
            ("sdk-js/engine/dist/b.wasm.sha256", right.as_str()),
            ("sdk-js/engine/dist/c.wasm", "c"),
        ];
        assert_found(digests, &files, &["dist/b.wasm: its", "dist/c.wasm: its"]);
    }
}
