//! `docs/errors.md` against the source: a code that is not in the page fails, and so does a line about a code that is
//! not in the source.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Codes with the status the source gives them, where it stands beside them.
type Codes = BTreeMap<String, Option<u16>>;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|ending| ending == "rs") => found.push(path),
            false => {}
        }
    }
}

/// The text before the tests of a file, on one line.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn literal(text: &str) -> Option<&str> {
    let text = text.trim_start().strip_prefix('"')?;
    let end = text.find('"')?;
    let code = &text[..end];
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    (!code.is_empty() && code.bytes().all(legal)).then_some(code)
}

/// Every place where an error gets its code.
fn in_source() -> Codes {
    let mut files = Vec::new();
    for part in ["server/src", "runtime/src"] {
        sources(&repository().join(part), &mut files);
    }
    let mut codes = Codes::new();
    for text in files.iter().map(|path| code_of(path)) {
        for constructor in ["Refusal::new(", "Self::new(", "refusal_of("] {
            for rest in text.split(constructor).skip(1) {
                if let Some((status, rest)) = rest.trim_start().split_once(',')
                    && let (Ok(status), Some(code)) = (status.parse::<u16>(), literal(rest))
                {
                    codes.insert(code.to_owned(), Some(status));
                }
            }
        }
        for place in ["refuse(", "code: "] {
            let found = text.split(place).skip(1).filter_map(literal);
            let errors = found.filter(|_| place.contains("refuse") || text.contains("LoadError"));
            for code in errors {
                codes.entry(code.to_owned()).or_insert(None);
            }
        }
        for rest in text.split("errors::HOOK_").skip(1) {
            let legal = |letter: char| letter.is_ascii_uppercase() || letter == '_';
            let name = rest.split(|letter| !legal(letter)).next().unwrap_or_default();
            codes.entry(format!("hook_{}", name.to_lowercase())).or_insert(None);
        }
    }
    codes
}

/// The variants of the SDK's error code, as hooks see them.
fn of_the_sdk() -> BTreeSet<String> {
    let text = code_of(&repository().join("runtime/src/host/error.rs"));
    let variants = text
        .split("pub enum ErrorCode {")
        .nth(1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    let name = |word: &str| {
        word.strip_suffix(',')
            .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
            .map(snake)
    };
    // Sentences of the documentation end in a full stop, variants in a comma.
    variants.split(' ').filter_map(name).collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Code and second column of every line of the tables under the given headings.
fn in_page(headings: &[&str]) -> BTreeMap<String, String> {
    let page = fs::read_to_string(repository().join("docs/errors.md")).unwrap();
    let sections = page
        .split("\n## ")
        .filter(|section| headings.iter().any(|heading| section.starts_with(heading)));
    let row = |line: &str| {
        let (code, columns) = line.strip_prefix("| [`")?.split_once("`](")?;
        let mut columns = columns.split('|').map(str::trim).skip(1);
        let code = code.to_owned();
        Some((code, columns.next()?.to_owned()))
    };
    sections.flat_map(str::lines).filter_map(row).collect()
}

#[test]
fn the_page_has_every_code_and_no_other() {
    let page = in_page(&["Requests", "Hooks", "Bundles"]);
    let source = in_source();
    assert!(source.len() > 30, "the search finds the codes: {source:?}");
    let told: BTreeSet<&str> = page.keys().map(String::as_str).collect();
    // Sent to clients as `internal_error` and as `busy`; made by the engine, and a constant of the compiler.
    let known: BTreeSet<&str> = source
        .keys()
        .map(String::as_str)
        .filter(|code| !["internal", "compiler_busy"].contains(code))
        .chain(["hook_denied", "compile_limit"])
        .collect();
    assert_eq!(told, known);
    for (code, status) in source {
        if let Some(status) = status {
            assert_eq!(page[&code], status.to_string(), "the status of {code}");
        }
    }
}

#[test]
fn the_page_has_every_code_of_the_sdk() {
    let told: BTreeSet<String> = in_page(&["The SDK"]).into_keys().collect();
    assert_eq!(told, of_the_sdk());
}
