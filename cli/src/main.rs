//! `aerocall`: one binary for everything. Each command is a file in `commands/`.
//!
//! Exit codes: 0 ok, 1 the thing checked failed, 2 usage, 3 environment (files, network, server).

mod commands;
mod host;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(name = "aerocall", version, about = "Auth hooks in TypeScript, run as WebAssembly")]
enum Command {
    /// Build a hook into a component
    Build(commands::build::Arguments),
    /// Run a hook once, from source or from a bundle
    Run(commands::run::Arguments),
    /// Show what a bundle says about itself
    Inspect(commands::inspect::Arguments),
    /// Serve the auth API
    Serve(commands::serve::Arguments),
    /// Compile a component for this host, from standard input to standard output
    #[command(hide = true)]
    Precompile,
}

/// Why a command ended without success; the exit code says which kind.
pub(crate) enum Failed {
    /// What was checked is not right; it has been said.
    Checked,
    /// Files, network or server.
    Environment(String),
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Environment(error.to_string())
    }
}

#[expect(clippy::print_stderr, reason = "a command's errors go to standard error")]
fn main() -> ExitCode {
    let command = Command::parse();
    if let Command::Precompile = command {
        return ExitCode::from(aerocall_runtime::compile_child() as u8);
    }
    let ended = tokio::runtime::Runtime::new()
        .map_err(Failed::from)
        .and_then(|runtime| runtime.block_on(run(command)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Checked) => ExitCode::from(1),
        Err(Failed::Environment(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(3)
        }
    }
}

async fn run(command: Command) -> Result<(), Failed> {
    match command {
        Command::Build(arguments) => commands::build::run(arguments).await,
        Command::Run(arguments) => commands::run::run(arguments).await,
        Command::Inspect(arguments) => commands::inspect::run(&arguments),
        Command::Serve(arguments) => commands::serve::run(arguments).await,
        Command::Precompile => Ok(()),
    }
}
