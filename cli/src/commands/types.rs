//! `aerocall types`: what hooks are written against, put into a project or compared with what lies there: the package
//! `@aerocall/hooks`, and the crate `aerocall-hooks` if a manifest of the project looks for it.

use std::path::{Path, PathBuf};

use aerocall_rust_build::sdk;

use crate::{Failed, sdk_types, terminal};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  aerocall types\n  aerocall types --check")]
pub(crate) struct Arguments {
    /// The project directory
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// Write nothing; fail if something is missing or out of date
    #[arg(long)]
    check: bool,
}

/// Files of one language.
struct Files {
    /// Below the project.
    directory: &'static str,
    count: usize,
    outdated: Vec<String>,
    write: fn(&Path) -> Result<(), Failed>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let root = &arguments.directory;
    if !root.is_dir() {
        return Err(Failed::Environment(format!("{} is not a directory", root.display())));
    }
    let all = files(root);
    if arguments.check && all.iter().any(|files| !files.outdated.is_empty()) {
        for files in &all {
            let missing = |name| format!("{}/{name} is missing or of another version", files.directory);
            files.outdated.iter().map(missing).for_each(terminal::say);
        }
        terminal::say("write them with `aerocall types`");
        return Err(Failed::Checked);
    }
    for files in &all {
        if !files.outdated.is_empty() {
            (files.write)(root)?;
        }
        terminal::answer(format!("{}: {} files, up to date", files.directory, files.count));
    }
    Ok(())
}

/// What the project needs: a project in Rust alone needs no types of TypeScript.
fn files(root: &Path) -> Vec<Files> {
    let is_rust = sdk::is_wanted(root);
    let mut all = Vec::new();
    if !is_rust || sdk_types::is_wanted(root) {
        all.push(Files {
            directory: sdk_types::DIRECTORY,
            count: sdk_types::count(),
            outdated: sdk_types::outdated(root),
            write: sdk_types::write,
        });
    }
    if is_rust {
        all.push(Files {
            directory: sdk::DIRECTORY,
            count: sdk::FILES.len(),
            outdated: sdk::outdated(root),
            write: |root| Ok(sdk::write(root)?),
        });
    }
    if !is_rust && !sdk_types::is_wanted(root) {
        terminal::say(format!(
            "hint: tsconfig.json does not use them yet; add \"paths\": {{ \"@aerocall/hooks\": [\"./{}/index.d.ts\"] }} \
             to its compilerOptions",
            sdk_types::DIRECTORY
        ));
    }
    all
}
