//! The package `@aerocall/hooks`, which travels inside this program, so that a hook project needs nothing installed: in
//! a project it lies in `.aerocall/types`, where its `tsconfig.json` looks for the types, and its tests for `testing.js`.

use std::path::Path;

use aerocall_contract::sdk_types::{FILES, FOR_TESTS};

use crate::Failed;

/// Where they lie in a project.
pub(crate) const DIRECTORY: &str = ".aerocall/types";

/// Name and text of each.
fn files() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    FILES.iter().chain(FOR_TESTS)
}

/// How many they are.
pub(crate) fn count() -> usize {
    files().count()
}

/// Whether the project's `tsconfig.json` looks for them where they are written.
pub(crate) fn is_wanted(root: &Path) -> bool {
    std::fs::read_to_string(root.join("tsconfig.json")).is_ok_and(|text| text.contains(DIRECTORY))
}

/// Files of the project that are missing, different or left over from another version.
pub(crate) fn outdated(root: &Path) -> Vec<String> {
    let directory = root.join(DIRECTORY);
    let changed = files()
        .filter(|(name, text)| std::fs::read_to_string(directory.join(name)).ok().as_deref() != Some(text))
        .map(|(name, _)| (*name).to_owned());
    changed.chain(left_over(&directory)).collect()
}

/// Writes the files; what another version left there goes.
pub(crate) fn write(root: &Path) -> Result<(), Failed> {
    let directory = root.join(DIRECTORY);
    std::fs::create_dir_all(&directory).map_err(|error| Failed::file(&directory, &error))?;
    for name in left_over(&directory) {
        std::fs::remove_file(directory.join(name))?;
    }
    for (name, text) in files() {
        let path = directory.join(name);
        std::fs::write(&path, text).map_err(|error| Failed::file(&path, &error))?;
    }
    Ok(())
}

fn left_over(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_ours = |name: &str| name.ends_with(".d.ts") || name.ends_with(".js");
    names
        .filter(|name| is_ours(name) && !files().any(|(known, _)| known == name))
        .collect()
}
