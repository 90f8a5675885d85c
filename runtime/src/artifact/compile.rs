//! Compilation of what a user uploaded, in a child process with limits: wasmtime does not promise that compiling a
//! hostile module ends soon or in little memory.

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use tokio::io::AsyncWriteExt;

use crate::{
    LoadError,
    engine::{Purpose, engine},
};

/// Address space of the child. Cranelift needs about 200 MiB for the largest honest bundle seen.
const CHILD_MEMORY_BYTES: u64 = 2 << 30;
/// Processor time of the child.
const CHILD_CPU_SECONDS: u64 = 20;
/// Wall-clock time of the child.
const CHILD_TIME: Duration = Duration::from_secs(30);
/// Largest artefact the child may answer with.
const ARTIFACT_BYTES: usize = 128 << 20;

/// A program that calls [`compile_child`] when it is started with these arguments.
#[derive(Clone, Debug)]
pub struct CompileCommand {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// Compiles a component in a child process.
pub(crate) async fn compile_in_child(command: &CompileCommand, component: &[u8]) -> Result<Vec<u8>, LoadError> {
    let mut child = tokio::process::Command::new(&command.program)
        .args(&command.arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| internal(format!("the compiler process could not be started: {error}")))?;
    let mut input = child
        .stdin
        .take()
        .ok_or_else(|| internal("the compiler process has no input".into()))?;
    let feed = async move {
        // A child that died early closes the pipe; its exit status says why.
        let _ = input.write_all(component).await;
        drop(input);
    };
    let finished = async { tokio::join!(feed, child.wait_with_output()).1 };
    let output = tokio::time::timeout(CHILD_TIME, finished)
        .await
        .map_err(|_| over_limit())?
        .map_err(|error| internal(format!("the compiler process could not be read: {error}")))?;
    match output.status.code() {
        Some(0) if output.stdout.len() <= ARTIFACT_BYTES => Ok(output.stdout),
        Some(EXIT_INVALID) => Err(LoadError {
            code: "invalid_wasm",
            message: last_words(&output.stderr),
        }),
        Some(0) | None => Err(over_limit()),
        Some(_) => Err(LoadError {
            code: "compile_failed",
            message: last_words(&output.stderr),
        }),
    }
}

/// Exit code for a component that is not valid.
const EXIT_INVALID: i32 = 3;

/// The child's whole life: limits itself, reads a component from standard input, writes the artefact to standard
/// output. Answers the exit code.
#[must_use]
pub fn compile_child() -> i32 {
    limit_self();
    let mut component = Vec::new();
    if std::io::stdin().lock().read_to_end(&mut component).is_err() {
        return 1;
    }
    let compiled = engine(Purpose::Workshop).and_then(|engine| engine.precompile_component(&component));
    match compiled {
        Ok(artifact) => i32::from(std::io::stdout().lock().write_all(&artifact).is_err()),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "the component is not valid: {error:#}");
            EXIT_INVALID
        }
    }
}

fn limit_self() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        (Resource::As, CHILD_MEMORY_BYTES),
        (Resource::Cpu, CHILD_CPU_SECONDS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
    ];
    for (resource, most) in limits {
        // Lowering one's own limit is always allowed; the parent's clock holds in any case.
        let _ = setrlimit(
            resource,
            Rlimit {
                current: Some(most),
                maximum: Some(most),
            },
        );
    }
}

fn over_limit() -> LoadError {
    LoadError {
        code: "compile_limit",
        message: format!(
            "the component takes more than {CHILD_CPU_SECONDS} s or {CHILD_MEMORY_BYTES} bytes to compile: make it smaller"
        ),
    }
}

fn internal(message: String) -> LoadError {
    LoadError {
        code: "internal",
        message,
    }
}

fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let short: String = text.trim().chars().take(2000).collect();
    if short.is_empty() {
        "the compiler process gave no reason".into()
    } else {
        short
    }
}
