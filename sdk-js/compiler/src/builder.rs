//! A build for somebody else: the whole life of the process that a server starts for it. What it is to build comes on standard
//! input, the bundle goes to standard output, and by then the process sees nothing of the file system but the directory that it
//! was started in.

use std::{
    fs, io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use aerocall_runtime::{BuildDiagnostic, BuildReply, BuildRequest, BuildSeverity, confine, read_request, write_reply};

use crate::{
    Compiler, Declared, EngineName, Packaging, Source,
    diagnostics::{Diagnostic, Severity, codes},
    source::normalized,
};

/// Tells a process that was started anew from the first one.
const AGAIN: &str = "AEROCALL_BUILDER_AGAIN";

/// Reads a request, builds, and writes the reply. `cache_dir`: where compiled engines are kept. Answers the exit code.
#[must_use]
pub fn build_from_stdin(cache_dir: &Path) -> i32 {
    match run(cache_dir) {
        Ok(()) => 0,
        Err(problem) => {
            use io::Write as _;
            let _ = writeln!(io::stderr(), "{problem}");
            1
        }
    }
}

fn run(cache_dir: &Path) -> Result<(), String> {
    let directory = std::env::current_dir().map_err(|error| format!("no directory to build in: {error}"))?;
    // Before anything of what somebody else wrote is read.
    let compiler = Compiler::open(EngineName::default(), cache_dir).map_err(|error| error.to_string())?;
    if has_threads() && std::env::var_os(AGAIN).is_none() {
        // The engine was compiled just now, by threads which are still there and would not be confined.
        return Err(started_again());
    }
    confine(&directory).map_err(|error| error.to_string())?;
    let request = read_request(io::stdin().lock()).map_err(|error| format!("the request cannot be read: {error}"))?;
    lay_down(&directory, &request).map_err(|error| format!("the sources cannot be written: {error}"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build();
    let runtime = runtime.map_err(|error| format!("no threads to build with: {error}"))?;
    let (reply, component) = runtime.block_on(build(&compiler, &directory, &request));
    write_reply(io::stdout().lock(), &reply, &component).map_err(|error| format!("the reply: {error}"))
}

/// Replaces this process by a new one of the same program; comes back only if that failed.
fn started_again() -> String {
    let error = match std::env::current_exe() {
        Ok(program) => Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(AGAIN, "1")
            .exec(),
        Err(error) => error,
    };
    format!("the program could not be started again: {error}")
}

fn has_threads() -> bool {
    fs::read_dir("/proc/self/task").is_ok_and(|threads| threads.count() > 1)
}

/// Writes the files below the directory. A path that leaves it is refused.
fn lay_down(directory: &Path, request: &BuildRequest) -> io::Result<()> {
    for file in &request.files {
        let path = below(directory, &file.0).ok_or_else(|| io::Error::other(format!("{:?} is no path", file.0)))?;
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &file.1)?;
    }
    Ok(())
}

fn below(directory: &Path, path: &str) -> Option<PathBuf> {
    let is_plain = !path.starts_with('/') && !path.contains(['\0', '\\']);
    let inside = normalized(path).filter(|inside| is_plain && inside == path && !inside.is_empty())?;
    Some(directory.join(inside))
}

async fn build(compiler: &Compiler, directory: &Path, request: &BuildRequest) -> (BuildReply, Vec<u8>) {
    let refused = |problems: Vec<Diagnostic>| {
        let reply = BuildReply {
            diagnostics: problems.into_iter().map(diagnostic).collect(),
            manifest: None,
            summary: None,
        };
        (reply, Vec::new())
    };
    let declared = match Declared::of(&request.settings) {
        Ok(declared) => declared,
        Err(problem) => {
            let message = format!("the settings of the draft: {problem}");
            return refused(vec![Diagnostic::about_file(codes::BAD_CONFIG, message, &request.entry)]);
        }
    };
    let source = match Source::confined(directory, &request.entry) {
        Ok(source) => source,
        Err(problem) => return refused(vec![problem]),
    };
    match compiler.compile_with(&source, Packaging::Shared, &declared).await {
        Ok(built) => {
            let reply = BuildReply {
                diagnostics: built.warnings.into_iter().map(diagnostic).collect(),
                manifest: Some(built.manifest),
                summary: built.summary,
            };
            (reply, built.component)
        }
        Err(problems) => refused(problems),
    }
}

fn diagnostic(problem: Diagnostic) -> BuildDiagnostic {
    BuildDiagnostic {
        file: problem.file,
        line: problem.line,
        column: problem.column,
        end_line: problem.end_line,
        end_column: problem.end_column,
        code: problem.code.to_string(),
        severity: match problem.severity {
            Severity::Error => BuildSeverity::Error,
            Severity::Warning => BuildSeverity::Warning,
        },
        message: problem.message,
        hint: problem.hint.map(String::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_below_the_directory_alone() {
        let directory = Path::new("/tmp/x");
        assert_eq!(below(directory, "hooks/a.ts"), Some(PathBuf::from("/tmp/x/hooks/a.ts")));
        for path in [
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a/./b",
            "",
            "a\\b",
            "a\0",
            "a//b",
            "a/",
        ] {
            assert_eq!(below(directory, path), None, "{path:?}");
        }
    }
}
