//! Checks of types by TypeScript's own compiler: a program of the operator's that is given the sources of somebody else, so it
//! runs as a build does. A process is started in an empty directory, confines itself to that directory and the compiler's own,
//! writes the sources and becomes the compiler.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    os::unix::process::CommandExt as _,
    path::{Component, Path, PathBuf},
    process::Command,
    time::Duration,
};

use aerocall_contract::errors;

use super::{BuildDiagnostic, BuildSeverity, child::directory, confine::confine_with};
use crate::{
    CompileCommand, LoadError, ProjectFile,
    artifact::internal,
    child::{self, Ended, Work},
};

/// Wall-clock time of a check.
const CHECK_TIME: Duration = Duration::from_secs(20);
/// What the compiler may say; more is cut off.
const OUTPUT_BYTES: usize = 1 << 20;
/// Problems that are kept of one check.
const MAX_PROBLEMS: usize = 200;
/// The project's settings, which the process writes itself.
const SETTINGS: &str = "tsconfig.json";

/// One error of TypeScript's compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError {
    /// `TS2322`
    pub code: String,
    /// Relative to the project; empty for errors about the project as a whole.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// May have several lines.
    pub message: String,
}

/// What the compiler is to look at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TypesRequest {
    /// The text of `tsconfig.json`.
    pub settings: String,
    /// Sources and declarations; paths are relative, with `/`.
    pub files: Vec<ProjectFile>,
}

/// Checks types in a child process: `command` with `--types` and the compiler's path.
pub(crate) async fn types_in_child(
    command: &CompileCommand,
    tsc: &Path,
    request: &TypesRequest,
) -> Result<Vec<BuildDiagnostic>, LoadError> {
    let sources = serde_json::to_vec(request).map_err(|error| internal(format!("the sources: {error}")))?;
    let directory = directory()?;
    let more = ["--types".to_owned(), tsc.to_string_lossy().into_owned()];
    let command = CompileCommand {
        program: command.program.clone(),
        arguments: command.arguments.iter().cloned().chain(more).collect(),
    };
    let work = Work {
        command: &command,
        name: "type-checking",
        directory: Some(directory.path()),
        most_bytes: OUTPUT_BYTES,
        time: CHECK_TIME,
    };
    let ended = child::run(work, &sources).await?;
    let Some(Ended {
        output,
        words,
        code: Some(code),
    }) = ended
    else {
        return Err(LoadError {
            code: errors::COMPILE_LIMIT,
            message: format!(
                "the check of the types takes more than {} s, or more memory than it may have",
                CHECK_TIME.as_secs()
            ),
        });
    };
    let output = String::from_utf8_lossy(&output);
    let errors = read_type_errors(&output);
    match (code, errors.is_empty()) {
        (0, _) | (_, false) => Ok(errors.into_iter().take(MAX_PROBLEMS).map(diagnostic).collect()),
        _ => Err(internal(format!("the check of the types failed: {words} {output}"))),
    }
}

/// The whole life of the child process. Answers the exit code; comes back only if something failed before the compiler ran.
#[must_use]
pub fn check_types_from_stdin(tsc: &Path) -> i32 {
    let Err(problem) = become_the_compiler(tsc);
    let _ = writeln!(io::stderr(), "{problem}");
    1
}

fn become_the_compiler(tsc: &Path) -> Result<std::convert::Infallible, String> {
    let directory = std::env::current_dir().map_err(|error| format!("no directory: {error}"))?;
    let beside = tsc.parent().ok_or("the compiler has no directory")?;
    confine_with(&directory, Some(beside)).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut text)
        .map_err(|error| format!("the sources: {error}"))?;
    let request: TypesRequest = serde_json::from_slice(&text).map_err(|error| format!("the sources: {error}"))?;
    lay_down(&directory, &request).map_err(|error| format!("the sources cannot be written: {error}"))?;
    let error = Command::new(tsc)
        .args(["--pretty", "false", "-p", SETTINGS])
        .env_clear()
        // It needs no more threads than it gets processors, and its heap counts against the limit of this process.
        .env("GOMEMLIMIT", "1GiB")
        .env("HOME", &directory)
        .exec();
    Err(format!("{} cannot be run: {error}", tsc.display()))
}

fn lay_down(directory: &Path, request: &TypesRequest) -> io::Result<()> {
    for ProjectFile(path, text) in &request.files {
        let path = below(directory, path).ok_or_else(|| io::Error::other(format!("{path:?} is no path")))?;
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    fs::write(directory.join(SETTINGS), &request.settings)
}

/// A path inside of the directory.
fn below(directory: &Path, path: &str) -> Option<PathBuf> {
    let inside = Path::new(path);
    let is_plain = inside.components().all(|part| matches!(part, Component::Normal(_)));
    (is_plain && !path.is_empty() && !path.contains('\0')).then(|| directory.join(inside))
}

/// Reads the compiler's output: `hooks/signup.ts(3,7): error TS2322: Type …`; further lines of a message are indented.
#[must_use]
pub fn read_type_errors(output: &str) -> Vec<TypeError> {
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

/// The compiler says where a problem begins, not where it ends.
fn diagnostic(error: TypeError) -> BuildDiagnostic {
    BuildDiagnostic {
        file: error.file,
        line: error.line,
        column: error.column,
        end_line: error.line,
        end_column: error.column,
        code: error.code,
        severity: BuildSeverity::Warning,
        message: error.message,
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_errors_with_and_without_a_place() {
        let output =
            "hooks/a (b).ts(3,7): error TS2322: Type 'x' is wrong.\n  Because: of y.\nerror TS18003: No inputs.\n";
        let errors = read_type_errors(output);
        assert_eq!(errors[0].file, "hooks/a (b).ts");
        assert_eq!(
            (errors[0].line, errors[0].column, errors[0].code.as_str()),
            (3, 7, "TS2322")
        );
        assert_eq!(errors[0].message, "Type 'x' is wrong.\n  Because: of y.");
        assert_eq!((errors[1].file.as_str(), errors[1].code.as_str()), ("", "TS18003"));
        assert_eq!(errors.len(), 2);
    }

    #[test]
    fn paths_stay_inside() {
        let directory = Path::new("/build");
        assert_eq!(below(directory, "hooks/a.ts").unwrap(), Path::new("/build/hooks/a.ts"));
        for path in ["", "/etc/passwd", "../a", "a/../../b", "./a", "a\0b"] {
            assert_eq!(below(directory, path), None, "{path:?}");
        }
    }
}
