//! `aerocall inspect`: the manifest of a bundle.

use std::path::PathBuf;

use aerocall_runtime::Runtime;

use crate::Failed;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The component
    bundle: PathBuf,
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer goes to standard output, refusals to the other"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let bytes = std::fs::read(&arguments.bundle)
        .map_err(|error| Failed::Environment(format!("{}: {error}", arguments.bundle.display())))?;
    match Runtime::inspect(&bytes) {
        Ok(manifest) => println!("{}", serde_json::to_string_pretty(&manifest)?),
        Err(refused) => {
            eprintln!("{}: {refused}", refused.code);
            return Err(Failed::Checked);
        }
    }
    Ok(())
}
