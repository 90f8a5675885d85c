//! `aerocall new`: a hook project that checks, tests, builds and runs as it is.

use std::path::{Path, PathBuf};

use aerocall_rust_build::sdk;
use clap::ValueEnum;

use crate::{Failed, sdk_types, terminal};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  aerocall new my-hooks && cd my-hooks && aerocall test\n  aerocall new my-hooks --lang rust"
)]
pub(crate) struct Arguments {
    /// Directory of the new project; must be empty or not exist
    directory: PathBuf,
    /// The language of its first hook; others can be added beside it
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// What the first hook is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Language {
    #[default]
    Typescript,
    Rust,
}

macro_rules! template {
    ($($path:literal from $file:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../template/", $file)))),*]
    };
}

/// The files of a new project in TypeScript. `{{project}}` is its name.
const TYPESCRIPT: &[(&str, &str)] = template![
    "aerocall.toml" from "aerocall.toml",
    "hooks/signup.ts" from "hooks/signup.ts",
    "tests/signup.json" from "tests/signup.json",
    "tsconfig.json" from "tsconfig.json",
    "package.json" from "package.json",
    "README.md" from "README.md",
    ".gitignore" from "gitignore",
];

/// The same in Rust. What is called `Cargo.toml` here would be a crate of this repository.
const RUST: &[(&str, &str)] = template![
    "aerocall.toml" from "aerocall.toml",
    "Cargo.toml" from "rust/workspace.toml",
    "hooks/signup/Cargo.toml" from "rust/package.toml",
    "hooks/signup/src/lib.rs" from "rust/lib.rs",
    "tests/signup.json" from "tests/signup.json",
    "README.md" from "rust/README.md",
    ".gitignore" from "rust/gitignore",
];

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let directory = &arguments.directory;
    std::fs::create_dir_all(directory).map_err(|error| Failed::file(directory, &error))?;
    let mut entries = std::fs::read_dir(directory).map_err(|error| Failed::file(directory, &error))?;
    if entries.next().is_some() {
        let message = format!("{} is not empty: name an empty or new directory", directory.display());
        return Err(Failed::Usage(message));
    }
    let name = project_name(&directory.canonicalize()?);
    let template = match arguments.lang {
        Language::Typescript => TYPESCRIPT,
        Language::Rust => RUST,
    };
    for (path, text) in template {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Failed::file(parent, &error))?;
        }
        std::fs::write(&path, text.replace("{{project}}", &name)).map_err(|error| Failed::file(&path, &error))?;
    }
    match arguments.lang {
        Language::Typescript => sdk_types::write(directory)?,
        Language::Rust => sdk::write(directory)?,
    }
    terminal::answer(format!("created {}", directory.display()));
    terminal::answer(format!(
        "\n  cd {}\n  aerocall check\n  aerocall test",
        directory.display()
    ));
    terminal::answer(match arguments.lang {
        Language::Typescript => "\nEditors find the types without installing anything.",
        Language::Rust => "\nHooks in Rust are built with cargo: rustup target add wasm32-unknown-unknown",
    });
    Ok(())
}

/// The directory's name as a project's id: `[a-z0-9][a-z0-9-]{0,62}`.
fn project_name(directory: &Path) -> String {
    let name = directory
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let legal = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = name.chars().map(legal).collect();
    let name: String = name.trim_matches('-').chars().take(63).collect();
    if name.is_empty() { "hooks".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_directory_gives_a_legal_name() {
        for (directory, name) in [
            ("/a/My Hooks", "my-hooks"),
            ("/", "hooks"),
            ("/a/--", "hooks"),
            ("/a/Übung_1", "bung-1"),
        ] {
            assert_eq!(project_name(Path::new(directory)), name);
        }
    }
}
