//! What a build reads besides the author's files, so that a bundle can carry it and the same can be built again elsewhere:
//! the files of packages with their `package.json`, and the settings of the project that the bundler knows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use aerocall_runtime::{BuildInputs, ProjectFile};
use serde_json::{Map, Value};

use super::suggest::size;
use crate::source::{Files, Source, is_package};

/// The most that a bundle carries of packages.
const MAX_PACKAGE_BYTES: usize = 4 << 20;
/// The most that is read of a file of settings.
const MAX_SETTINGS_BYTES: u64 = 256 << 10;
/// What the bundler reads in the `package.json` of a package.
const OF_PACKAGES: &[&str] = &[
    "name",
    "version",
    "type",
    "main",
    "module",
    "browser",
    "exports",
    "imports",
    "sideEffects",
];
/// What it reads in that of the project.
const OF_PROJECTS: &[&str] = &["type", "imports", "sideEffects", "browser"];

/// The inputs of a build that has read these texts, by the bundler's names for them.
pub(super) fn inputs(source: &Source, texts: &BTreeMap<String, Arc<str>>) -> BuildInputs {
    let (packages, packages_omitted) = match packages(source, texts) {
        Ok(packages) => (packages, None),
        Err(reason) => (Vec::new(), Some(reason)),
    };
    BuildInputs {
        project: project(source),
        packages,
        packages_omitted,
        ..BuildInputs::default()
    }
}

/// The files of packages, or why they are not carried.
fn packages(source: &Source, texts: &BTreeMap<String, Arc<str>>) -> Result<Vec<ProjectFile>, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut directories = BTreeSet::new();
    for (id, text) in texts {
        let path = source.relative(id);
        if is_package(&path) {
            directories.extend(package_directories(&path));
            keep(&mut files, &path, text.to_string())?;
        }
    }
    for directory in directories {
        let path = format!("{directory}/package.json");
        if let Some(document) = settings(source, &path, OF_PACKAGES) {
            keep(&mut files, &path, document)?;
        }
    }
    let bytes: usize = files.values().map(String::len).sum();
    if bytes > MAX_PACKAGE_BYTES {
        return Err(format!(
            "the files of its packages have {}, more than the {} that a bundle carries",
            size(bytes),
            size(MAX_PACKAGE_BYTES)
        ));
    }
    Ok(files.into_iter().map(|(path, text)| ProjectFile(path, text)).collect())
}

fn keep(files: &mut BTreeMap<String, String>, path: &str, text: String) -> Result<(), String> {
    let place = placed(path);
    match files.get(&place) {
        Some(other) if *other != text => Err(format!("two versions of a package would be at {place}")),
        Some(_) => Ok(()),
        None => {
            files.insert(place, text);
            Ok(())
        }
    }
}

/// Where a file of a package is found by a build of the project alone: packages above the project come into it, and those that
/// pnpm keeps in a store to where imports look for them.
fn placed(path: &str) -> String {
    let inside = path.trim_start_matches("../");
    match inside.rsplit_once("node_modules/") {
        Some((before, rest)) if before.contains("node_modules/.pnpm/") => format!("node_modules/{rest}"),
        _ => inside.to_owned(),
    }
}

/// The directories of a package above a file of it, from the file's own up to the package's.
fn package_directories(path: &str) -> Vec<String> {
    let Some((before, inside)) = path.rsplit_once("node_modules/") else {
        return Vec::new();
    };
    let parts: Vec<&str> = inside.split('/').collect();
    let least = if inside.starts_with('@') { 2 } else { 1 };
    (least..parts.len())
        .map(|count| format!("{before}node_modules/{}", parts[..count].join("/")))
        .collect()
}

/// Files in the root of the project on which the result depends.
fn project(source: &Source) -> Vec<ProjectFile> {
    if matches!(source.files(), Files::Memory(_)) {
        return Vec::new();
    }
    let mut files = Vec::new();
    if let Some(document) = settings(source, "package.json", OF_PROJECTS) {
        files.push(ProjectFile("package.json".to_owned(), document));
    }
    // One that goes on elsewhere cannot be read without it.
    let tsconfig = text(source, "tsconfig.json").filter(|text| !text.contains("\"extends\""));
    files.extend(tsconfig.map(|text| ProjectFile("tsconfig.json".to_owned(), text)));
    files
}

/// These members of a file of settings, if it has any of them.
fn settings(source: &Source, path: &str, members: &[&str]) -> Option<String> {
    let document: Map<String, Value> = serde_json::from_str(&text(source, path)?).ok()?;
    let known = document
        .into_iter()
        .filter(|(name, _)| members.contains(&name.as_str()));
    let known: Map<String, Value> = known.collect();
    (!known.is_empty()).then(|| Value::from(known).to_string())
}

fn text(source: &Source, path: &str) -> Option<String> {
    let path = source.absolute(path);
    let is_small = fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_SETTINGS_BYTES);
    is_small.then(|| fs::read_to_string(&path).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_lie_where_a_build_of_the_project_alone_finds_them() {
        for (path, place) in [
            ("node_modules/a/x.js", "node_modules/a/x.js"),
            ("../../node_modules/@s/a/x.js", "node_modules/@s/a/x.js"),
            (
                "node_modules/a/node_modules/b/x.js",
                "node_modules/a/node_modules/b/x.js",
            ),
            (
                "../node_modules/.pnpm/a@1.0.0/node_modules/a/x.js",
                "node_modules/a/x.js",
            ),
        ] {
            assert_eq!(placed(path), place);
        }
        assert_eq!(
            package_directories("node_modules/@s/a/lib/deep/x.js"),
            [
                "node_modules/@s/a",
                "node_modules/@s/a/lib",
                "node_modules/@s/a/lib/deep"
            ]
        );
        assert_eq!(package_directories("node_modules/a/x.js"), ["node_modules/a"]);
    }
}
