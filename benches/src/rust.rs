//! The four hooks in Rust: `hooks/rust` is a project of crates, built as `aerocall build` does.

use std::path::Path;

use aerocall_compiler::Declared;
use aerocall_runtime::BuildSettings;
use aerocall_rust_build::{Hook, NotBuilt, Target, of_crate};

#[path = "../hooks/rust/hooks/h3/src/sha256.rs"]
mod sha256;

/// H3 without WebAssembly: the same function, compiled for this machine, text in and text out.
///
/// # Errors
/// The input is not JSON.
pub fn compute_natively(input: &str) -> anyhow::Result<String> {
    let input: serde_json::Value = serde_json::from_str(input)?;
    let digest = sha256::sha256(input["payload"]["data"].as_str().unwrap_or_default().as_bytes());
    let request = &input["ctx"]["requestId"];
    Ok(serde_json::json!({ "decision": "allow", "digest": digest, "requestId": request }).to_string())
}

/// Crate and capabilities of each, in the order of [`crate::hooks::all`].
const CRATES: [(&str, &[&str]); 4] = [("h1", &[]), ("h2", &[]), ("h3", &[]), ("h4", &["cache"])];

/// The four bundles.
///
/// # Errors
/// Rust or its target is missing, or a crate does not build.
pub fn components() -> anyhow::Result<Vec<Vec<u8>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("hooks/rust")
        .canonicalize()?;
    CRATES
        .iter()
        .map(|(name, capabilities)| component(&root, name, capabilities))
        .collect()
}

fn component(root: &Path, name: &str, capabilities: &[&str]) -> anyhow::Result<Vec<u8>> {
    let settings = BuildSettings {
        capabilities: Some(capabilities.iter().map(|name| (*name).to_owned()).collect()),
        ..BuildSettings::default()
    };
    let hook = Hook {
        root,
        name,
        path: &format!("hooks/{name}"),
        declared: &Declared::of(&settings).map_err(anyhow::Error::msg)?,
        target: Target::default(),
        exports: None,
    };
    match of_crate(&hook, &|_| ()) {
        Ok(built) => Ok(built.component),
        Err(NotBuilt::Environment(problem)) => Err(anyhow::Error::msg(problem)),
        Err(NotBuilt::Problems(problems)) => Err(anyhow::anyhow!("{name}: {problems:?}")),
    }
}
