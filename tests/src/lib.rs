//! The repository's rules, each a function from a [`Tree`] to what breaks it, each tested on the repository as it is
//! and on a small tree with a planted violation. Knows no crate of the product: it reads their text.
//!
//! - [`assistant`]: what handles answers of language models names nothing that acts
//! - [`crates`]: which crate may depend on which, and which folder alone may name a library
//! - [`folders`]: which folder of the server may name which
//! - [`code`]: what every Rust file looks like
//! - [`names`]: one name for one thing across the parts
//! - [`docs`]: what documents say exists does
//! - [`security`]: the tests that the security page names exist
//! - [`engine`]: the committed engine belongs to the committed sources
//! - [`guests`]: so do the guests of tests
//! - [`migrations`]: both databases have the same ones, each with a number of its own
//! - [`wit`]: releases of the contract stay as they are, and it only grows

pub mod assistant;
pub mod code;
pub mod crates;
pub mod docs;
pub mod engine;
pub mod folders;
pub mod guests;
pub mod migrations;
pub mod names;
pub mod security;
mod text;
mod tree;
pub mod wit;

pub use tree::Tree;

/// Each rule's tests on the repository: nothing breaks it.
#[cfg(test)]
#[track_caller]
fn assert_kept(rule: fn(&Tree) -> Vec<String>) {
    let broken = rule(&Tree::repository());
    assert!(broken.is_empty(), "\n  {}\n", broken.join("\n  "));
}

/// Each rule's self-test: the planted violations are found, these and no others, in any order.
#[cfg(test)]
#[track_caller]
fn assert_found(rule: fn(&Tree) -> Vec<String>, files: &[(&str, &str)], expected: &[&str]) {
    let found = rule(&Tree::planted(files));
    let missing = expected
        .iter()
        .filter(|part| !found.iter().any(|line| line.contains(*part)));
    let missing: Vec<_> = missing.collect();
    assert!(
        missing.is_empty() && found.len() == expected.len(),
        "not found: {missing:?}; found: {found:#?}"
    );
}
