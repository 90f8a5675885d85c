//! `aerocall inspect`: the manifest of a bundle.

use std::path::PathBuf;

use aerocall_runtime::Runtime;

use crate::{Failed, terminal};

#[derive(clap::Args)]
#[command(after_help = "Example:\n  aerocall inspect dist/signup.wasm")]
pub(crate) struct Arguments {
    /// The component
    bundle: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let bytes = std::fs::read(&arguments.bundle).map_err(|error| Failed::file(&arguments.bundle, &error))?;
    match Runtime::inspect(&bytes) {
        Ok(manifest) => terminal::answer_json(&manifest),
        Err(refused) => {
            terminal::say(format!("error[{}]: {refused}", refused.code));
            Err(Failed::Checked)
        }
    }
}
