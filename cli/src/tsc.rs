//! TypeScript's own compiler, for the types of a project: found, run, its output read. It is never installed from here.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

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
    let errors = read(&text);
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

/// `hooks/signup.ts(3,7): error TS2322: Type …`; lines that go on with a message are indented.
fn read(output: &str) -> Vec<TypeError> {
    let mut errors: Vec<TypeError> = Vec::new();
    for line in output.lines() {
        match error_of(line) {
            Some(error) => errors.push(error),
            None if line.starts_with(' ') => {
                if let Some(last) = errors.last_mut() {
                    last.message = format!("{}\n{line}", last.message);
                }
            }
            None => {}
        }
    }
    errors
}

fn error_of(line: &str) -> Option<TypeError> {
    let (place, rest) = match line.strip_prefix("error ") {
        Some(rest) => ("", rest),
        None => line.split_once(": error ")?,
    };
    let (code, message) = rest.split_once(": ")?;
    let (file, position) = place
        .strip_suffix(')')
        .and_then(|place| place.rsplit_once('('))
        .unwrap_or((place, "1,1"));
    let (line, column) = position.split_once(',')?;
    code.starts_with("TS").then_some(())?;
    Some(TypeError {
        code: code.to_owned(),
        file: file.to_owned(),
        line: line.parse().ok()?,
        column: column.parse().ok()?,
        message: message.to_owned(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_errors_with_and_without_a_place() {
        let output =
            "hooks/a (b).ts(3,7): error TS2322: Type 'x' is wrong.\n  Because: of y.\nerror TS18003: No inputs.\n";
        let errors = read(output);
        assert_eq!(errors[0].file, "hooks/a (b).ts");
        assert_eq!(
            (errors[0].line, errors[0].column, errors[0].code.as_str()),
            (3, 7, "TS2322")
        );
        assert_eq!(errors[0].message, "Type 'x' is wrong.\n  Because: of y.");
        assert_eq!((errors[1].file.as_str(), errors[1].code.as_str()), ("", "TS18003"));
        assert_eq!(errors.len(), 2);
    }
}
