//! `aerocall build`: source to component.

use std::path::PathBuf;

use aerocall_compiler::{EngineName, Packaging};

use crate::{Failed, host};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The hook's file
    file: PathBuf,
    /// Where the component goes [default: dist/<name>.wasm]
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// The JS engine
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
    /// Put the engine inside, for hosts that do not have it
    #[arg(long)]
    standalone: bool,
}

#[expect(clippy::print_stdout, reason = "the answer goes to standard output")]
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let source = host::source(&arguments.file)?;
    let packaging = if arguments.standalone {
        Packaging::Standalone
    } else {
        Packaging::Shared
    };
    let built = host::build(&host::compiler(arguments.engine)?, &source, packaging).await?;
    let output = arguments
        .output
        .unwrap_or_else(|| PathBuf::from(format!("dist/{}.wasm", source.name())));
    if let Some(directory) = output.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(&output, &built.component)?;
    let points: Vec<&str> = built
        .manifest
        .hooks
        .iter()
        .chain(&built.manifest.events)
        .map(String::as_str)
        .collect();
    println!(
        "{} ({} KiB): {}",
        output.display(),
        built.component.len() / 1024,
        points.join(", ")
    );
    Ok(())
}
