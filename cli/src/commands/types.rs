//! `aerocall types`: the types of `@aerocall/hooks`, written into a project or compared with what lies there.

use std::path::PathBuf;

use crate::{Failed, sdk_types, terminal};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  aerocall types\n  aerocall types --check")]
pub(crate) struct Arguments {
    /// The project directory
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// Write nothing; fail if the types are missing or out of date
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    if !arguments.directory.is_dir() {
        let message = format!("{} is not a directory", arguments.directory.display());
        return Err(Failed::Environment(message));
    }
    let outdated = sdk_types::outdated(&arguments.directory);
    if arguments.check && !outdated.is_empty() {
        for name in &outdated {
            terminal::say(format!(
                "{}/{name} is missing or of another version",
                sdk_types::DIRECTORY
            ));
        }
        terminal::say("write them with `aerocall types`");
        return Err(Failed::Checked);
    }
    if !outdated.is_empty() {
        sdk_types::write(&arguments.directory)?;
    }
    if !sdk_types::is_wanted(&arguments.directory) {
        terminal::say(format!(
            "hint: tsconfig.json does not use them yet; add \"paths\": {{ \"@aerocall/hooks\": [\"./{}/index.d.ts\"] }} \
             to its compilerOptions",
            sdk_types::DIRECTORY
        ));
    }
    terminal::answer(format!(
        "{}: {} files, up to date",
        sdk_types::DIRECTORY,
        sdk_types::FILES.len()
    ));
    Ok(())
}
