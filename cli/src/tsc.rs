//! TypeScript's own compiler, for the types of a project: found, run, its output read. It is never installed from here.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use aerocall_runtime::read_type_errors;
use serde::Serialize;

use crate::{Failed, sdk_types};

/// How the check of types went.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "status", rename_all = "camelCase")]
pub(crate) enum Types {
    /// Nothing is wrong.
    Ok { version: String },
    /// There are errors.
    Failed { version: String, errors: Vec<TypeError> },
    /// They were not looked at, and why.
    Skipped { reason: String },
}

/// One error of `tsc`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TypeError {
    /// `TS2322`
    code: String,
    /// Relative to the project; empty for errors about the project as a whole.
    file: String,
    line: u32,
    column: u32,
    message: String,
}

impl From<aerocall_runtime::TypeError> for TypeError {
    fn from(error: aerocall_runtime::TypeError) -> Self {
        let aerocall_runtime::TypeError {
            code,
            file,
            line,
            column,
            message,
        } = error;
        Self {
            code,
            file,
            line,
            column,
            message,
        }
    }
}

/// Checks the types of the project.
pub(crate) fn check(root: &Path) -> Result<Types, Failed> {
    if !root.join("tsconfig.json").exists() {
        let reason = "the project has no tsconfig.json; `aerocall new` writes one".to_owned();
        return Ok(Types::Skipped { reason });
    }
    let Some(tsc) = find(root) else {
        let reason = "TypeScript is not installed: npm i -D typescript".to_owned();
        return Ok(Types::Skipped { reason });
    };
    if sdk_types::is_wanted(root) {
        sdk_types::write(root)?;
    }
    let version = Command::new(&tsc).arg("--version").current_dir(root).output()?;
    let version = String::from_utf8_lossy(&version.stdout).trim().replace("Version ", "");
    let output = Command::new(&tsc)
        .args(["--noEmit", "--pretty", "false", "-p", "tsconfig.json"])
        .current_dir(root)
        .output()
        .map_err(|error| Failed::file(&tsc, &error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors: Vec<TypeError> = read_type_errors(&text).into_iter().map(TypeError::from).collect();
    if output.status.success() && errors.is_empty() {
        return Ok(Types::Ok { version });
    }
    if errors.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failed::Environment(format!("{} failed: {text}{said}", tsc.display())));
    }
    Ok(Types::Failed { version, errors })
}

/// Installed in the project or a directory above it, else on the path.
fn find(root: &Path) -> Option<PathBuf> {
    let installed = root
        .ancestors()
        .map(|directory| directory.join("node_modules/.bin/tsc"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path)
        .map(|directory| directory.join("tsc"))
        .collect();
    installed.chain(on_path).find(|tsc| tsc.is_file())
}

impl std::fmt::Display for TypeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "error[{}]: {}", self.code, self.message)?;
        match self.file.is_empty() {
            true => Ok(()),
            false => write!(f, "\n  --> {}:{}:{}", self.file, self.line, self.column),
        }
    }
}
