//! `aerocall completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{Command, Failed};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall completions bash > ~/.local/share/bash-completion/completions/aerocall\n  \
    aerocall completions zsh > ~/.zfunc/_aerocall\n  \
    aerocall completions fish > ~/.config/fish/completions/aerocall.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Command::command(), "aerocall", &mut script);
    // A reader that has seen enough (`| head`) is no error.
    drop(std::io::Write::write_all(&mut std::io::stdout().lock(), &script));
    Ok(())
}
