//! Projects laid down in a temporary directory, and what comes of bundling them.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::path::Path;

use aerocall_compiler::bundle::{Bundle, BundleOptions, bundle};
use aerocall_compiler::diagnostics::Diagnostic;
use aerocall_compiler::source::Source;
use tempfile::TempDir;

/// Relative paths and texts; the first is the entry.
pub(crate) type Files<'f> = &'f [(&'f str, &'f str)];

pub(crate) const HOOK: &str = "export const beforeSignup = async () => ({ allow: true });\n";

pub(crate) fn lay_down(root: &Path, files: Files<'_>) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

pub(crate) fn project(files: Files<'_>) -> TempDir {
    let directory = TempDir::new().unwrap();
    lay_down(directory.path(), files);
    directory
}

pub(crate) async fn bundle_in(root: &Path, entry: &str) -> Result<Bundle, Vec<Diagnostic>> {
    let source = Source::project(root, entry).map_err(|problem| vec![problem])?;
    bundle(&source, &BundleOptions::default()).await
}

/// Bundles files from disk; the first is the entry.
pub(crate) async fn on_disk(files: Files<'_>) -> Result<Bundle, Vec<Diagnostic>> {
    let directory = project(files);
    bundle_in(directory.path(), files[0].0).await
}

/// Bundles files from memory; the first is the entry.
pub(crate) async fn in_memory(files: Files<'_>) -> Result<Bundle, Vec<Diagnostic>> {
    let source = Source::memory(files[0].0, files.iter().copied()).map_err(|problem| vec![problem])?;
    bundle(&source, &BundleOptions::default()).await
}

/// The bundle, or a panic with every message.
pub(crate) fn ok(result: Result<Bundle, Vec<Diagnostic>>) -> Bundle {
    result.unwrap_or_else(|problems| panic!("{}", texts(&problems)))
}

/// The problems of a bundle that must not build: `code file:line:column` for each.
pub(crate) fn problems(result: Result<Bundle, Vec<Diagnostic>>) -> Vec<String> {
    places(&result.expect_err("it built"))
}

pub(crate) fn places(problems: &[Diagnostic]) -> Vec<String> {
    let place = |d: &Diagnostic| format!("{} {}:{}:{}", d.code, d.file, d.line, d.column);
    problems.iter().map(place).collect()
}

pub(crate) fn texts(problems: &[Diagnostic]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// Runs a bundle in Node.js and gives what `expression` prints as JSON; `hook` is the module.
pub(crate) fn run(bundle: &Bundle, expression: &str) -> serde_json::Value {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("hook.mjs"), &bundle.code).unwrap();
    let script = format!(
        "globalThis.Aerocall = {{ Deny: class Deny extends Error {{}}, AerocallError: class extends Error {{}} }};\n\
         const hook = await import('./hook.mjs');\nconsole.log(JSON.stringify(await ({expression})));"
    );
    std::fs::write(directory.path().join("run.mjs"), script).unwrap();
    let output = std::process::Command::new("node")
        .arg("run.mjs")
        .current_dir(directory.path())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{shown}\n{}", bundle.code);
    serde_json::from_slice(&output.stdout).unwrap()
}
