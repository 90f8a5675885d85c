//! The contract only grows: what was released stays as it is, and what a hook was built against is still there.

use std::collections::BTreeSet;

use crate::Tree;

/// The contract as it is, and a folder for each release of it.
const CONTRACT: &str = "wit/";
const RELEASES: &str = "wit/releases/";
const WORLD: &str = "world.wit";

/// A release is kept as it was, in the folder of its version; the contract is the newest of them, or newer. Releases with the same
/// first two numbers only add.
#[must_use]
pub fn releases(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    let current = version(tree.text(&format!("{CONTRACT}{WORLD}")).unwrap_or_default());
    for release in released(tree) {
        let folder = format!("{RELEASES}{release}/");
        for (path, text) in files(tree, &folder) {
            if version(text) != release {
                broken.push(format!("{path}: its package is not of version {release}"));
            }
            let own = tree.text(&format!("{CONTRACT}{}", &path[folder.len()..]));
            if current == release && own != Some(text) {
                broken.push(format!(
                    "{path}: the contract says {release} and is another one; give it the next version, and leave releases as they are"
                ));
            } else if track(current) == track(&release) {
                let own = own.map(items).unwrap_or_default();
                let gone = items(text).into_iter().filter(|item| !own.contains(item));
                broken.extend(gone.map(|item| {
                    format!("{path}: `{item}` is not in the contract any more: releases of {release} need it")
                }));
            }
        }
    }
    if !released(tree).iter().any(|release| release == current) && !current.is_empty() {
        let newest = released(tree).into_iter().max_by_key(|release| numbers(release));
        if newest.is_some_and(|newest| numbers(&newest) > numbers(current)) {
            broken.push(format!("{CONTRACT}{WORLD}: {current} is older than what was released"));
        }
    }
    broken
}

/// The folders of releases.
fn released(tree: &Tree) -> BTreeSet<String> {
    let folders = tree
        .files()
        .filter_map(|(path, _)| path.strip_prefix(RELEASES)?.split_once('/'));
    folders.map(|(folder, _)| folder.to_owned()).collect()
}

fn files<'t>(tree: &'t Tree, folder: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
    tree.ending(".wit").filter(move |(path, _)| path.starts_with(folder))
}

/// `0.1.0` of `package aerocall:hooks@0.1.0;`
fn version(text: &str) -> &str {
    let package = text.lines().find_map(|line| line.strip_prefix("package "));
    let version = package.and_then(|package| package.trim_end_matches(';').split_once('@'));
    version.map_or("", |(_, version)| version)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|number| number.parse().ok()).collect()
}

/// The first two numbers.
fn track(version: &str) -> Vec<u32> {
    numbers(version).into_iter().take(2).collect()
}

/// What a file declares, comments and layout left out: each function with the names of what it is in, each record, variant and enum
/// as a whole, since one more field makes another type of it.
fn items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let (mut around, mut whole): (Vec<String>, Option<String>) = (Vec::new(), None);
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("//") || line.starts_with("package ") || line.starts_with("use ") {
            continue;
        }
        if let Some(open) = whole.as_mut() {
            open.push(' ');
            open.push_str(line);
            if line.starts_with('}') {
                items.extend(whole.take());
            }
            continue;
        }
        let named = format!("{}{line}", around.concat());
        let is_whole = ["record ", "variant ", "enum ", "flags "]
            .iter()
            .any(|kind| line.starts_with(kind));
        match (is_whole, line.ends_with('{'), line.starts_with('}')) {
            (true, true, _) => whole = Some(named),
            (false, true, _) => around.push(format!("{line} ")),
            (_, _, true) => drop(around.pop()),
            _ => items.push(named),
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{assert_found, assert_kept};

    const RELEASED: &str = "package a:b@0.1.0;\n\ninterface cache {\n    /// Words.\n    get: func(key: string) -> string;\n    record r {\n        a: u8,\n    }\n    resource t {\n        end: func();\n    }\n}\n";

    #[test]
    fn the_contract_only_grows() {
        assert_kept(releases);
    }

    #[test]
    fn what_is_added_is_no_change() {
        let grown = RELEASED
            .replace("0.1.0", "0.1.1")
            .replace("Words", "Other words")
            .replace("    record", "    set: func();\n\n    record");
        let world = "package a:b@0.1.1;\nworld w { }\n";
        let files = [
            ("wit/releases/0.1.0/cache.wit", RELEASED),
            ("wit/cache.wit", &grown),
            ("wit/world.wit", world),
        ];
        assert_found(releases, &files, &[]);
    }

    #[test]
    fn what_is_changed_or_gone_is_found() {
        let changed = RELEASED
            .replace("0.1.0", "0.1.1")
            .replace("key: string", "key: u32")
            .replace("a: u8,", "a: u8, b: u8,")
            .replace("        end: func();\n", "");
        let world = "package a:b@0.1.1;\nworld w { }\n";
        let files = [
            ("wit/releases/0.1.0/cache.wit", RELEASED),
            ("wit/cache.wit", &changed),
            ("wit/world.wit", world),
        ];
        let expected = [
            "`interface cache { get: func(key: string)",
            "`interface cache { record r { a: u8, }`",
            "resource t { end",
        ];
        assert_found(releases, &files, &expected);
    }

    #[test]
    fn a_release_that_was_touched_and_a_version_that_goes_back_are_found() {
        let world = "package a:b@0.1.0;\nworld w { }\n";
        let touched = RELEASED.replace("string;", "u32;");
        let files = [
            ("wit/releases/0.1.0/cache.wit", RELEASED),
            ("wit/releases/0.3.0/cache.wit", RELEASED),
            ("wit/cache.wit", &touched),
            ("wit/world.wit", world),
        ];
        let expected = [
            "0.1.0/cache.wit: the contract says 0.1.0 and is another one",
            "0.3.0/cache.wit: its package is not of version",
        ];
        assert_found(releases, &files, &expected);
        let files = [
            ("wit/releases/0.3.0/cache.wit", "package a:b@0.3.0;\n"),
            ("wit/world.wit", world),
        ];
        assert_found(releases, &files, &["0.1.0 is older than what was released"]);
    }
}
