//! Rust on this machine: found, its version, and whether it can build for WebAssembly. It is never installed from here; what is
//! missing is named with the line that installs it.

use std::{
    fmt,
    io::ErrorKind,
    path::Path,
    process::{Command, Output},
    str::FromStr,
};

use crate::{NotBuilt, Result};

/// The line that installs Rust.
const INSTALL: &str = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

/// What crates are built for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Nothing but the hooks world: the smallest bundles.
    #[default]
    Unknown,
    /// With WASI 0.2, for crates that ask the standard library for time, random numbers or output.
    Wasip2,
}

impl Target {
    const ALL: [Self; 2] = [Self::Unknown, Self::Wasip2];

    /// As Rust calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "wasm32-unknown-unknown",
            Self::Wasip2 => "wasm32-wasip2",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        let found = Self::ALL.into_iter().find(|target| target.name() == name);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(" and ");
            format!("hooks are not built for `{name}`; there are {known}")
        })
    }
}

/// The version of Rust that builds in a directory, if it can build for the target.
pub(crate) fn find(directory: &Path, target: Target) -> Result<String> {
    let rustc = |arguments: &[&str]| run(rustc(), directory, arguments);
    let version = text(&rustc(&["--version"])?)?;
    let libraries = text(&rustc(&["--print", "target-libdir", "--target", target.name()])?)?;
    match has_core(Path::new(&libraries)) {
        true => Ok(version),
        false => Err(NotBuilt::Environment(format!(
            "{version} cannot build for {target} yet: install the target\n  rustup target add {target}"
        ))),
    }
}

/// The program `rustc`, as cargo chooses it.
fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// Runs a program of Rust; if there is none, says how to get it.
pub(crate) fn run(mut program: Command, directory: &Path, arguments: &[&str]) -> Result<Output> {
    let name = program.get_program().to_string_lossy().into_owned();
    let output = program.args(arguments).current_dir(directory).output();
    output.map_err(|error| not_started(&name, &error))
}

/// Why a program of Rust was not started.
pub(crate) fn not_started(name: &str, error: &std::io::Error) -> NotBuilt {
    NotBuilt::Environment(match error.kind() {
        ErrorKind::NotFound => format!(
            "Rust is not installed (there is no `{name}` on the PATH), and hooks in Rust are built with it\n  {INSTALL}\n  rustup target add {}",
            Target::default()
        ),
        _ => format!("`{name}` cannot be started: {error}"),
    })
}

/// The line that a program printed.
fn text(output: &Output) -> Result<String> {
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(NotBuilt::Environment(format!(
            "`rustc` does not work here: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))),
    }
}

/// Whether the libraries of a target are there.
fn has_core(libraries: &Path) -> bool {
    let entries = std::fs::read_dir(libraries).into_iter().flatten().flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.any(|name| name.starts_with("libcore-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_have_the_names_of_rust() {
        for target in Target::ALL {
            assert_eq!(target.name().parse(), Ok(target));
        }
        let problem = "wasm32-wasip1".parse::<Target>().unwrap_err();
        assert!(
            problem.contains("wasm32-wasip1") && problem.contains("wasm32-wasip2"),
            "{problem}"
        );
    }
}
