//! The error codes of the contract against the source. An error takes its code from there, by type; so what is left to ask is
//! whether each code is taken, and whether the codes of the SDK are those of the runtime.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use aerocall_contract::errors::{self, Area, Code};

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

/// The text before the tests of a file.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]").next().unwrap().to_owned()
}

fn code_below(folders: &[&str]) -> String {
    let mut files = Vec::new();
    folders
        .iter()
        .for_each(|folder| sources(&repository().join(folder), &mut files));
    files.iter().map(|path| code_of(path)).collect()
}

/// A code whose error was removed, or whose constant nobody has taken yet, is a line of the documents about nothing.
#[test]
fn every_code_is_taken_by_an_error() {
    let product = code_below(&["server/src", "runtime/src"]);
    // The engine is built apart and names codes by themselves.
    let engine = code_below(&["sdk-js/engine/src"]);
    let is_taken = |code: &Code| {
        let constant = format!("errors::{}", code.name.to_uppercase());
        let names_it = |rest: &str| !rest.starts_with(|next: char| next == '_' || next.is_ascii_alphanumeric());
        let in_product = product.split(&constant).skip(1).any(names_it);
        in_product || engine.contains(&format!("{:?}", code.name))
    };
    let idle: Vec<&str> = errors::ALL
        .iter()
        .filter(|code| code.area != Area::Sdk && !is_taken(code))
        .map(|code| code.name)
        .collect();
    assert_eq!(idle, <[&str; 0]>::default());
}

/// The variants of the SDK's error code, as hooks see them.
fn of_the_sdk() -> BTreeSet<String> {
    let text = code_of(&repository().join("runtime/src/host/error.rs"));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
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

#[test]
fn the_contract_has_every_code_of_the_sdk() {
    let of_sdk = errors::ALL.iter().filter(|code| code.area == Area::Sdk);
    let listed: BTreeSet<String> = of_sdk.map(|code| code.name.to_owned()).collect();
    assert_eq!(listed, of_the_sdk());
}
