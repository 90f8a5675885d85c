//! What every file of code looks like. What clippy can check it checks: unwraps, long functions, missing documents
//! (`[workspace.lints]` in `Cargo.toml`, thresholds in `clippy.toml`).

use crate::{Tree, text::rust_code};

/// Lines in a file of code; past that, look for the missing concept.
const MAX_LINES: usize = 420;

/// Every Rust file says first what it is for.
#[must_use]
pub fn headers(tree: &Tree) -> Vec<String> {
    let bare = tree
        .ending(".rs")
        .filter(|(_, text)| !text.trim_start().starts_with("//!"));
    bare.map(|(path, _)| format!("{path}: opens without `//!` and what the file is for"))
        .collect()
}

/// No file of code is long.
#[must_use]
pub fn sizes(tree: &Tree) -> Vec<String> {
    const CODE: [&str; 7] = [".rs", ".ts", ".js", ".mjs", ".wit", ".sql", ".sh"];
    // Made by a program, and read by programs.
    const MADE: [&str; 2] = ["docs/openapi.d.ts", "sdk-rust/src/bindings.rs"];
    let code = tree
        .texts()
        .filter(|(path, _)| CODE.iter().any(|ending| path.ends_with(ending)) && !MADE.contains(path));
    let long = code.filter_map(|(path, text)| {
        let lines = text.lines().count();
        (lines > MAX_LINES).then(|| format!("{path}: {lines} lines, at most {MAX_LINES}: split it by concept"))
    });
    long.collect()
}

/// Crates that are copied into the projects of others, without this workspace: they say the lints themselves.
const COPIED: [&str; 2] = ["sdk-rust", "sdk-rust/macros"];

/// Every crate of the workspace takes the workspace's lints, or says the same ones.
#[must_use]
pub fn lints(tree: &Tree) -> Vec<String> {
    let workspace: toml::Table = tree
        .text("Cargo.toml")
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let members = workspace
        .get("workspace")
        .and_then(|table| table.get("members")?.as_array());
    let Some(members) = members else {
        return vec!["Cargo.toml: no list of workspace members".to_owned()];
    };
    let without = members.iter().filter_map(toml::Value::as_str).filter(|member| {
        let manifest = tree
            .text(&format!("{member}/Cargo.toml"))
            .and_then(|text| text.parse::<toml::Table>().ok());
        let lints = manifest.as_ref().and_then(|manifest| manifest.get("lints"));
        let of_workspace = workspace.get("workspace").and_then(|table| table.get("lints"));
        let takes = lints.and_then(|lints| lints.get("workspace")?.as_bool()) == Some(true);
        !(takes || COPIED.contains(member) && lints.is_some() && lints == of_workspace)
    });
    without
        .map(|member| match COPIED.contains(&member) {
            true => format!("{member}/Cargo.toml: its lints are not those of the workspace"),
            false => format!("{member}/Cargo.toml: `[lints] workspace = true` is missing"),
        })
        .collect()
}

/// Whose documents are read by others: rustdoc compiles and runs its examples (`make test-sdk-rust`).
const DOCUMENTED: &str = "sdk-rust/";

/// Documents of code quote what is no code: rustdoc would read every crate to compile one example. What an example would show
/// is in the tests, which are compiled anyway.
#[must_use]
pub fn examples(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| !path.starts_with(DOCUMENTED)) {
        let mut inside = false;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start();
            let document = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
            let Some(kind) = document.and_then(|text| text.trim_start().strip_prefix("```")) else {
                continue;
            };
            if !inside && !kind.starts_with("text") {
                broken.push(format!(
                    "{path}:{number}: an example that nothing compiles; quotes are ```text"
                ));
            }
            inside = !inside;
        }
    }
    broken
}

/// Nothing half done is kept: ignored tests, notes to do, tests that run alone, conflict markers, files cut short.
#[must_use]
pub fn hygiene(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    // A patch quotes lines of another project, an unchanged empty line as a blank.
    let is_foreign = |path: &str| path.ends_with("package-lock.json") || path.ends_with(".patch");
    for (path, text) in tree.texts().filter(|(path, _)| !is_foreign(path)) {
        let code = if path.ends_with(".rs") {
            rust_code(text)
        } else {
            text.to_owned()
        };
        for (number, (line, code)) in (1..).zip(text.lines().zip(code.lines())) {
            let mut say = |what: &str| broken.push(format!("{path}:{number}: {what}"));
            if path.ends_with(".rs") && code.replace(' ', "").contains("#[ignore") {
                say("an ignored test: run it or remove it");
            }
            if is_script(path) && (code.contains("test.only(") || code.contains("describe.only(")) {
                say("a test that runs alone");
            }
            if ["TODO", "FIXME", "XXX"].iter().any(|note| comment(line).contains(note)) {
                say("a note to do: do it or file it");
            }
            if ["<<<<<<< ", ">>>>>>> "].iter().any(|marker| line.starts_with(marker)) {
                say("a conflict marker");
            }
            if line.ends_with([' ', '\t']) && !path.ends_with(".md") {
                say("blanks at the end");
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            broken.push(format!("{path}: no newline at the end"));
        }
    }
    broken
}

/// No file, compiled ones included, names a folder of the machine it was made on.
#[must_use]
pub fn machines(tree: &Tree) -> Vec<String> {
    let homes = [["/ho", "me/"], ["/Us", "ers/"], ["/ro", "ot/"]].map(|parts| parts.concat());
    let mut broken = Vec::new();
    for (path, bytes) in tree.files() {
        for home in &homes {
            let places = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(home.as_bytes()));
            // An absolute path: what stands before is no part of a longer one (`src/home/…`, `https://host/home/…`).
            let absolute =
                |at: &usize| *at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || b"./-_}".contains(&bytes[at - 1]));
            if let Some(at) = places.into_iter().find(absolute) {
                let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
                broken.push(format!("{path}:{line}: names a folder of one machine (`{home}…`)"));
            }
        }
    }
    broken
}

fn is_script(path: &str) -> bool {
    [".js", ".mjs", ".ts"].iter().any(|ending| path.ends_with(ending))
}

/// What stands after a comment's start on a line.
fn comment(line: &str) -> &str {
    let start = ["//", "# ", "/*", "-- "]
        .iter()
        .filter_map(|mark| line.find(mark))
        .min();
    start.map_or("", |start| &line[start..])
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINES, examples, headers, hygiene, lints, machines, sizes};
    use crate::{assert_found, assert_kept};

    #[test]
    fn every_file_says_what_it_is_for() {
        assert_kept(headers);
    }

    #[test]
    fn a_file_without_a_header_is_found() {
        assert_found(
            headers,
            &[("a.rs", "//! For a.\n"), ("b.rs", "// For b.\n"), ("c.md", "")],
            &["b.rs: opens without"],
        );
    }

    #[test]
    fn no_file_is_long() {
        assert_kept(sizes);
    }

    #[test]
    fn a_long_file_is_found() {
        let (most, more) = ("a\n".repeat(MAX_LINES), "a\n".repeat(MAX_LINES + 1));
        assert_found(
            sizes,
            &[("a.rs", &most), ("b.rs", &more), ("c.ts", &more), ("d.json", &more)],
            &["b.rs", "c.ts"],
        );
    }

    #[test]
    fn every_crate_takes_the_lints() {
        assert_kept(lints);
    }

    #[test]
    fn a_crate_without_lints_is_found() {
        let files = [
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"a\", \"b\", \"c\", \"sdk-rust\", \"sdk-rust/macros\"]\n[workspace.lints.rust]\nx = \"warn\"\n",
            ),
            ("a/Cargo.toml", "[lints]\nworkspace = true\n"),
            ("b/Cargo.toml", "[lints.rust]\nx = \"warn\"\n"),
            ("c/Cargo.toml", "[lints]\nworkspace = false\n"),
            ("sdk-rust/Cargo.toml", "[lints.rust]\nx = \"warn\"\n"),
            ("sdk-rust/macros/Cargo.toml", "[lints.rust]\nx = \"allow\"\n"),
        ];
        let expected = ["b/Cargo.toml", "c/Cargo.toml", "sdk-rust/macros/Cargo.toml: its lints"];
        assert_found(lints, &files, &expected);
    }

    #[test]
    fn documents_of_code_have_no_examples_that_nothing_compiles() {
        assert_kept(examples);
    }

    #[test]
    fn an_example_that_nothing_compiles_is_found() {
        let fence = "```";
        let quoted = format!("/// {fence}text\n/// one line\n/// {fence}\n");
        let code = format!("//! For b.\n//! {fence}no_run\n//! f();\n//! {fence}\nlet s = \"{fence}\";\n");
        assert_found(examples, &[("a.rs", &quoted), ("b.rs", &code)], &["b.rs:2: an example"]);
    }

    #[test]
    fn nothing_is_half_done() {
        assert_kept(hygiene);
    }

    #[test]
    fn what_is_half_done_is_found() {
        let files = [
            (
                "a.rs",
                "#[ignore]\nfn a() {}\n#[ignore = \"slow\"]\nlet s = \"#[ignore]\"; // the #[ignore] attribute\n",
            ),
            ("b.js", "test.only('x', () => {});\n"),
            ("c.rs", concat!("// TO", "DO: later\nlet TO", "DO_LIST = 1;\n")),
            ("d.toml", concat!("a = 1 # FIX", "ME\n")),
            ("e.md", "<<<<<<< ours\nhard break  \n"),
            ("f.sh", "echo \n"),
            ("g.ts", "cut"),
            ("h.json", ""),
        ];
        let expected = [
            "a.rs:1",
            "a.rs:3",
            "b.js:1",
            "c.rs:1",
            "d.toml:1",
            "e.md:1",
            "f.sh:1",
            "g.ts: no newline",
        ];
        assert_found(hygiene, &files, &expected);
    }

    #[test]
    fn no_machine_is_named() {
        assert_kept(machines);
    }

    #[test]
    fn a_folder_of_a_machine_is_found() {
        let homes = ["\"/ho", "me/jane/x\"\n(/Us", "ers/jane)"].concat();
        let files = [
            ("a.txt", homes.as_str()),
            ("b.rs", "\"src/home/x\"; \"https://a.b/home/\"; /homeless/;"),
        ];
        assert_found(machines, &files, &["a.txt:1", "a.txt:2"]);
    }
}
