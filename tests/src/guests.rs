//! The committed guests of tests belong to the committed sources: `runtime/tests/guests/build.sh` writes down what it built from.

use sha2::{Digest as _, Sha256};

use crate::Tree;

/// One line a source: SHA-256 and path, as `sha256sum` writes them, paths from the root.
const RECORD: &str = "runtime/tests/fixtures/sources.sha256";
/// Where the sources are.
const SOURCES: &[&str] = &["runtime/tests/guests/", "wit/"];

/// Every source is as it was when the guests were built.
#[must_use]
pub fn sources(tree: &Tree) -> Vec<String> {
    let record = tree.text(RECORD).unwrap_or_default();
    let record: Vec<_> = record.lines().filter_map(|line| line.split_once("  ")).collect();
    let mut broken = Vec::new();
    for (path, bytes) in tree.files().filter(|(path, _)| is_source(path)) {
        let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if !record.contains(&(digest.as_str(), path)) {
            broken.push(format!(
                "{path}: changed since the guests were built; run runtime/tests/guests/build.sh and commit runtime/tests/fixtures"
            ));
        }
    }
    let gone = record.iter().filter(|(_, path)| !tree.has(path));
    broken.extend(gone.map(|(_, path)| format!("{path}: gone since the guests were built")));
    broken
}

fn is_source(path: &str) -> bool {
    let is_ours = SOURCES.iter().any(|folder| path.starts_with(folder));
    is_ours && !path.starts_with("wit/releases/") && !path.ends_with(".md") && !path.ends_with(".gitignore")
}

#[cfg(test)]
mod tests {
    use super::{RECORD, sources};
    use crate::{assert_found, assert_kept};

    #[test]
    fn the_guests_belong_to_their_sources() {
        assert_kept(sources);
    }

    #[test]
    fn a_change_since_the_build_is_found() {
        let files = [
            (RECORD, "00  runtime/tests/guests/src/lib.rs\n00  wit/gone.wit\n"),
            ("runtime/tests/guests/src/lib.rs", "changed"),
            ("wit/releases/0.1.0/a.wit", "no source"),
        ];
        assert_found(sources, &files, &["src/lib.rs: changed", "wit/gone.wit: gone"]);
    }
}
