//! npm packages among files: what they are called, and how much of them there is.

use std::collections::BTreeMap;

use aerocall_api_types::BundledPackage;
use aerocall_runtime::ProjectFile;
use serde_json::Value;

/// The packages that these files are of, by name. Of several versions of one, the one that imports of the project find is named.
pub(in crate::flows::admin) fn packages(files: &[ProjectFile]) -> Vec<BundledPackage> {
    let mut packages: BTreeMap<&str, BundledPackage> = BTreeMap::new();
    for ProjectFile(path, text) in files {
        let Some((name, inside)) = package_of(path) else {
            continue;
        };
        let package = packages.entry(name).or_insert_with(|| BundledPackage {
            name: name.to_owned(),
            version: None,
            files: 0,
            size_bytes: 0,
        });
        package.files += 1;
        package.size_bytes += text.len() as u64;
        if inside == "package.json" && (package.version.is_none() || path.matches("node_modules/").count() == 1) {
            let document: Value = serde_json::from_str(text).unwrap_or_default();
            package.version = document["version"]
                .as_str()
                .map(|version| version.chars().take(100).collect());
        }
    }
    packages.into_values().collect()
}

/// The package of a file, and the file's path inside it.
fn package_of(path: &str) -> Option<(&str, &str)> {
    let start = path.rfind("node_modules/")? + "node_modules/".len();
    let rest = &path[start..];
    let names = if rest.starts_with('@') { 2 } else { 1 };
    let (end, _) = rest.match_indices('/').nth(names - 1)?;
    Some((&rest[..end], &rest[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_with_version_and_size() {
        let file = |path: &str, text: &str| ProjectFile(path.to_owned(), text.to_owned());
        let found = packages(&[
            file("hooks/a.ts", "x"),
            file("node_modules/@s/a/index.js", "12345"),
            file("node_modules/@s/a/package.json", r#"{"version":"1.2.3"}"#),
            file("node_modules/b/index.js", "1"),
            file("node_modules/c/node_modules/b/package.json", r#"{"version":"2"}"#),
            file("node_modules/b/package.json", r#"{"version":"1"}"#),
        ]);
        let shown: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.version.as_deref(), one.files, one.size_bytes))
            .collect();
        assert_eq!(shown, [("@s/a", Some("1.2.3"), 2, 24), ("b", Some("1"), 3, 31)]);
    }
}
