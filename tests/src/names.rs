//! One name for one thing: an interface of the contract has the same file name in every part that implements it, and hook
//! points and events are written out in one crate.

use crate::{Tree, text::rust_strings};

/// The files of `wit/` that are no interface a hook calls.
const NOT_INTERFACES: &[&str] = &["types", "world"];

/// A folder with one file for each interface.
struct Part {
    folder: &'static str,
    ending: &'static str,
    /// Interfaces that have no file here, and why.
    without: &'static [&'static str],
    /// Files here that are no interface; `None` where others are welcome.
    besides: Option<&'static [&'static str]>,
    /// Interfaces may still be missing: the part implements them one after the other.
    partial: bool,
}

const PARTS: &[Part] = &[
    Part {
        folder: "runtime/src/host",
        ending: ".rs",
        without: &[],
        besides: Some(&["cost", "error", "mod"]),
        partial: false,
    },
    Part {
        folder: "sdk-js/engine/src/native",
        ending: ".rs",
        // The clock is `Date`, not a function of the SDK: `time.rs` above.
        without: &["clock"],
        // The standards under the prelude.
        besides: Some(&["digest", "json", "kind", "mod", "text", "url"]),
        partial: false,
    },
    Part {
        folder: "sdk-js/package/src",
        ending: ".d.ts",
        // `Date` and `crypto`, which the author's own libraries type.
        without: &["clock", "random"],
        besides: None,
        partial: false,
    },
    Part {
        folder: "sdk-rust/src",
        ending: ".rs",
        without: &[],
        besides: None,
        partial: false,
    },
    Part {
        folder: "server/src/hooks/sdk",
        ending: ".rs",
        // The runtime answers these itself.
        without: &["clock", "log", "random"],
        // What the capabilities of a call share.
        besides: Some(&["budget", "effects", "mod", "platform", "simulated", "tables"]),
        partial: true,
    },
];

/// Every interface has its file in every part, and a part's file is an interface.
#[must_use]
pub fn interfaces(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    let mut interfaces = tree.stems("wit", ".wit");
    interfaces.retain(|name| !NOT_INTERFACES.contains(name));
    for part in PARTS.iter().filter(|part| tree.has_folder(part.folder)) {
        let files = tree.stems(part.folder, part.ending);
        let missing = interfaces
            .iter()
            .filter(|name| !files.contains(name) && !part.without.contains(name));
        if !part.partial {
            broken.extend(
                missing.map(|name| format!("{}/{name}{} is missing: wit/{name}.wit is", part.folder, part.ending)),
            );
        }
        let Some(besides) = part.besides else { continue };
        let unknown = files
            .iter()
            .filter(|name| !interfaces.contains(name) && !besides.contains(name));
        broken.extend(unknown.map(|name| format!("{}/{name}{}: there is no wit/{name}.wit", part.folder, part.ending)));
    }
    broken
}

/// Every interface is imported by the world, and nothing else is.
#[must_use]
pub fn world(tree: &Tree) -> Vec<String> {
    let world = tree.text("wit/world.wit").unwrap_or_default();
    let imports: Vec<&str> = world
        .lines()
        .filter_map(|line| line.trim().strip_prefix("import ")?.strip_suffix(';'))
        .collect();
    let files = tree.stems("wit", ".wit");
    let absent = files
        .iter()
        .filter(|name| !NOT_INTERFACES.contains(name) && !imports.contains(name));
    let unknown = imports.iter().filter(|name| !files.contains(name));
    absent
        .map(|name| format!("wit/world.wit does not import {name}"))
        .chain(unknown.map(|name| format!("wit/world.wit imports {name}: there is no wit/{name}.wit")))
        .collect()
}

/// Where hook points, events and the families of events are named.
const CONTRACT: &[&str] = &[
    "runtime/contract/src/points.rs",
    "runtime/contract/src/events.rs",
    "runtime/contract/src/names.rs",
];

/// The product's code that takes these names from there.
const TAKERS: &[&str] = &["server/src/", "runtime/src/", "sdk-js/compiler/src/", "cli/src/"];

/// No name of a hook point, an event or a family of events is written out a second time in the product's code.
#[must_use]
pub fn written_once(tree: &Tree) -> Vec<String> {
    let contract = CONTRACT.iter().filter_map(|path| tree.text(path));
    let known: Vec<&str> = contract
        .flat_map(|text| rust_strings(without_tests(text)))
        .map(|(_, text)| text)
        .filter(|text| is_name(text))
        .collect();
    let mut broken = Vec::new();
    for (path, text) in tree.ending(".rs") {
        if !TAKERS.iter().any(|taker| path.starts_with(taker)) || path.ends_with("/tests.rs") {
            continue;
        }
        for (number, text) in rust_strings(without_tests(text)) {
            let is_made = |name: &&&str| name.ends_with('.') && text.starts_with(&format!("{name}{{"));
            if known.contains(&text) || known.iter().any(|name| is_made(&name)) {
                broken.push(format!(
                    "{path}:{number}: {text:?} is a name of the contract: take it from aerocall-contract"
                ));
            }
        }
    }
    broken
}

/// `beforeSignup`, `auth.signup`, `queue.`: what else stands in quotes there is a path, a sample or a sentence.
fn is_name(text: &str) -> bool {
    let is_point = ["before", "after"].iter().any(|phase| {
        let step = text.strip_prefix(phase);
        step.is_some_and(|step| step.starts_with(char::is_uppercase) && step.chars().all(char::is_alphanumeric))
    });
    let is_event =
        text.contains('.') && !text.starts_with('.') && text.chars().all(|c| c.is_ascii_lowercase() || c == '.');
    is_point || is_event
}

/// The code before the tests of a file.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{interfaces, world, written_once};
    use crate::{assert_found, assert_kept};

    #[test]
    fn interfaces_have_one_name() {
        assert_kept(interfaces);
    }

    #[test]
    fn another_name_is_found() {
        let files = [
            ("wit/world.wit", ""),
            ("wit/db.wit", ""),
            ("wit/clock.wit", ""),
            ("runtime/src/host/clock.rs", ""),
            ("runtime/src/host/database.rs", ""),
            ("sdk-js/engine/src/native/db.rs", ""),
            ("server/src/hooks/sdk/mod.rs", ""),
            ("server/src/hooks/sdk/store.rs", ""),
        ];
        let expected = [
            "runtime/src/host/db.rs is missing",
            "runtime/src/host/database.rs: there is no",
            "server/src/hooks/sdk/store.rs: there is no",
        ];
        assert_found(interfaces, &files, &expected);
    }

    #[test]
    fn names_of_the_contract_are_written_once() {
        assert_kept(written_once);
    }

    #[test]
    fn a_name_that_is_written_again_is_found() {
        let files = [
            (
                "runtime/contract/src/points.rs",
                "(\"beforeSignup\", \"/auth/register\", \"a request\")",
            ),
            (
                "runtime/contract/src/events.rs",
                "X => \"auth.signup\",\n#[cfg(test)]\nmod tests {\n  \"auth.none\"\n}\n",
            ),
            ("runtime/contract/src/names.rs", "const QUEUE: &str = \"queue.\";"),
            (
                "server/src/a.rs",
                "// \"auth.signup\"\nlet a = \"auth.signup\";\nlet b = (\"queue.attempts\", \"auth.none\", \"a request\");\n\
                 let c = format!(\"queue.{name}\");\n#[cfg(test)]\nmod tests {\n let d = \"beforeSignup\";\n}\n",
            ),
            (
                "cli/src/b.rs",
                "let a = r\"beforeSignup\"; let b = \"see beforeSignup\";\n",
            ),
            ("cli/tests/c.rs", "let a = \"beforeSignup\";\n"),
        ];
        let expected = [
            "server/src/a.rs:2: \"auth.signup\"",
            "server/src/a.rs:4: \"queue.{name}\"",
            "cli/src/b.rs:1: \"beforeSignup\"",
        ];
        assert_found(written_once, &files, &expected);
    }

    #[test]
    fn the_world_imports_every_interface() {
        assert_kept(world);
    }

    #[test]
    fn an_interface_outside_of_the_world_is_found() {
        let files = [
            ("wit/world.wit", "world hook {\n    import log;\n    import gone;\n}\n"),
            ("wit/log.wit", ""),
            ("wit/db.wit", ""),
        ];
        assert_found(world, &files, &["does not import db", "imports gone"]);
    }
}
