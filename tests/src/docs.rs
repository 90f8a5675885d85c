//! What documents say exists does: links, paths, `make` targets, `aerocall` commands, settings.

use crate::{
    Tree,
    text::{markdown_code, spans},
};

/// Links between documents, and from a document to a file, lead somewhere.
#[must_use]
pub fn links(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in tree.ending(".md") {
        for (number, line) in (1..).zip(text.lines()) {
            for target in line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split([')', ' ']).next())
            {
                let file = target.split('#').next().unwrap_or_default();
                let elsewhere = target.contains("://") || target.starts_with("mailto:");
                if !elsewhere && !file.is_empty() && !tree.has(&resolved(folder(path), file)) {
                    broken.push(format!("{path}:{number}: the link to {target} leads nowhere"));
                }
            }
        }
    }
    broken
}

/// A path in the code of a document, or in backticks in a Rust comment, exists: from the root, from the file's own
/// folder, or from any folder above it. A path is known by its first part, which is a folder there.
#[must_use]
pub fn paths(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    let mut check = |path: &str, number: usize, code: &str| {
        for mention in code
            .split([' ', ',', '=', '(', ')', '"', ';'])
            .filter(|word| is_path(word))
        {
            let first = mention.split('/').next().unwrap_or_default();
            let bases: Vec<&str> = bases(path)
                .filter(|base| tree.has_folder(&resolved(base, first)))
                .collect();
            if !bases.is_empty() && !bases.iter().any(|base| exists(tree, &resolved(base, mention))) {
                broken.push(format!("{path}:{number}: there is no {mention}"));
            }
        }
    };
    for (path, text) in tree.ending(".md") {
        markdown_code(text)
            .into_iter()
            .for_each(|(number, code)| check(path, number, code));
    }
    for (path, text) in tree.ending(".rs") {
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start();
            if line.starts_with("//") {
                spans(line).for_each(|span| check(path, number, span));
            }
        }
    }
    broken
}

/// `make x` in a document is a target of the Makefile.
#[must_use]
pub fn make_targets(tree: &Tree) -> Vec<String> {
    let makefile = tree.text("Makefile").unwrap_or_default();
    let targets: Vec<&str> = makefile
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(target, _)| target)
        .collect();
    named_after(tree, "make", |target| targets.contains(&target))
        .map(|(place, target)| format!("{place}: the Makefile has no target {target}"))
        .collect()
}

/// `aerocall x` in a document is a command of the program.
#[must_use]
pub fn commands(tree: &Tree) -> Vec<String> {
    let main = tree.text("cli/src/main.rs").unwrap_or_default();
    let variants = main
        .split_once("enum Command {")
        .and_then(|(_, rest)| rest.split_once("\n}"));
    let variants = variants.map_or("", |(variants, _)| variants);
    let commands: Vec<String> = variants.lines().filter_map(variant).collect();
    let known = |word: &str| commands.iter().any(|command| command == word) || word == "help";
    named_after(tree, "aerocall", known)
        .chain(named_after(tree, "aerocall-cli --", known))
        .map(|(place, command)| format!("{place}: there is no command `aerocall {command}`"))
        .collect()
}

/// A subcommand, from the line that declares its variant: `Build(…),` is `build`.
fn variant(line: &str) -> Option<String> {
    let name = line.trim().split(['(', ',', ' ']).next()?;
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase());
    (is_name && name.chars().all(|c| c.is_ascii_alphanumeric())).then(|| kebab(name))
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

/// The words after `program` in the code of documents that are not known, with their places.
fn named_after<'t>(
    tree: &'t Tree,
    program: &'t str,
    known: impl Fn(&str) -> bool + 't,
) -> impl Iterator<Item = (String, &'t str)> {
    let mentions = tree.ending(".md").flat_map(move |(path, text)| {
        markdown_code(text).into_iter().flat_map(move |(number, code)| {
            let called = code.match_indices(program).filter_map(move |(at, _)| {
                let starts = code[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|before| " (/$;|&".contains(before));
                let word = code[at + program.len()..]
                    .strip_prefix(' ')?
                    .split([' ', ')', ';', '`'])
                    .next()?;
                let is_word = word.starts_with(|first: char| first.is_ascii_lowercase());
                (starts && is_word && !word.contains(['=', '.', '/'])).then_some(word)
            });
            called.map(move |word| (format!("{path}:{number}"), word))
        })
    });
    mentions.filter(move |(_, word)| !known(word))
}

/// Words with a slash inside that can be nothing but a path in the repository or a pattern for some.
fn is_path(word: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/*@".contains(c);
    let inner = word.trim_end_matches('/').contains('/');
    (inner || word.ends_with('/'))
        && word.chars().all(allowed)
        && !word.starts_with(['/', '.', '-', '@'])
        && !word.contains("//")
}

/// Whether a path exists, or, with `*` in it, matches one that does.
fn exists(tree: &Tree, path: &str) -> bool {
    let Some((before, after)) = path.split_once('*') else {
        return tree.has(path) || tree.has(&format!("{path}.rs"));
    };
    let after = after.trim_start_matches('*');
    tree.files().any(|(file, _)| {
        file.strip_prefix(before)
            .is_some_and(|rest| after.contains('*') || rest.ends_with(after))
    })
}

/// The folders a path in this file may be relative to: the file's own, every one above it, and each one's `src`.
fn bases(path: &str) -> impl Iterator<Item = &str> {
    let own = folder(path);
    std::iter::successors(Some(own), |below| (!below.is_empty()).then(|| folder(below)))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A relative path in a folder, `.` and `..` carried out.
fn resolved(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(relative.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{commands, links, make_targets, paths};
    use crate::{assert_found, assert_kept};

    #[test]
    fn links_lead_somewhere() {
        assert_kept(links);
    }

    #[test]
    fn a_dead_link_is_found() {
        let files = [
            (
                "docs/a.md",
                "[b](b.md) [c](../c.md#part) [d](d.md)\n[x](https://x.y/z) [s](#s) [up](../../e)\n",
            ),
            ("docs/b.md", ""),
            ("c.md", ""),
        ];
        assert_found(
            links,
            &files,
            &["docs/a.md:1: the link to d.md", "docs/a.md:2: the link to ../../e"],
        );
    }

    #[test]
    fn paths_exist() {
        assert_kept(paths);
    }

    #[test]
    fn a_path_to_nothing_is_found() {
        let files = [
            (
                "README.md",
                "see `server/src/a.rs`, `server/src/gone.rs` and `text/html` or server/prose.rs\n    cat server/lost.txt\n",
            ),
            (
                "server/src/a.rs",
                "//! `src/b.rs`, `server/src/a.rs`, `server/src/*.rs`, `server/src/*.sql`\n// `src/c.rs`\nlet x = \"`src/d.rs`\";\n",
            ),
            ("server/src/b.rs", ""),
        ];
        let expected = [
            "README.md:1: there is no server/src/gone.rs",
            "README.md:2: there is no server/lost.txt",
            "server/src/a.rs:1: there is no server/src/*.sql",
            "server/src/a.rs:2: there is no src/c.rs",
        ];
        assert_found(paths, &files, &expected);
    }

    #[test]
    fn make_targets_exist() {
        assert_kept(make_targets);
    }

    #[test]
    fn an_unknown_target_is_found() {
        let files = [
            ("Makefile", "run: setup\n\trun\nfmt-all:\n"),
            (
                "README.md",
                "to make sure, `make run`, `make fmt-all`, `make B=1`\n\n    make dance  # no\n`cd x && make sing`\n",
            ),
        ];
        assert_found(
            make_targets,
            &files,
            &["README.md:3: the Makefile has no target dance", "README.md:4"],
        );
    }

    #[test]
    fn commands_exist() {
        assert_kept(commands);
    }

    #[test]
    fn an_unknown_command_is_found() {
        let files = [
            (
                "cli/src/main.rs",
                "enum Command {\n    /// Build\n    Build(a::Arguments),\n    LogOut,\n}\nstruct X;\n",
            ),
            (
                "README.md",
                "`aerocall build x`, `aerocall log-out`, `aerocall-server run`, `aerocall --help`\n\n    cargo run -p aerocall-cli -- bild\n    aerocall x\n",
            ),
        ];
        assert_found(
            commands,
            &files,
            &["README.md:3: there is no command `aerocall bild`", "README.md:4"],
        );
    }
}
