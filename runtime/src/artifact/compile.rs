//! Compilation of what a user uploaded, in a child process with limits: wasmtime does not promise that compiling a
//! hostile module ends soon or in little memory.

use std::{
    io::{Read, Write},
    path::PathBuf,
    time::Duration,
};

use aerocall_contract::errors;

use crate::{
    LoadError,
    child::{self, Ended, Work},
    engine::{Purpose, engine},
};

/// Address space of the child. Cranelift needs about 200 MiB for the largest honest bundle seen.
const CHILD_MEMORY_BYTES: u64 = 2 << 30;
/// Processor time of the child.
const CHILD_CPU_SECONDS: u64 = 20;
/// Wall-clock time of the child.
const CHILD_TIME: Duration = Duration::from_secs(30);
/// The most that an artefact may be larger than its component, and what each may have besides: an image of memory
/// ([`crate::engine::DENSE_IMAGE_BYTES`]) and the frame around it. Honest ones have at most three times their component.
const ARTIFACT_TIMES: usize = 8;
const ARTIFACT_BASE_BYTES: usize = 6 << 20;
/// Largest artefact of any component.
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
    let most_bytes = most_bytes(component.len());
    let work = Work {
        command,
        name: "compiler",
        directory: None,
        most_bytes,
        time: CHILD_TIME,
    };
    let Ended { output, words, code } = child::run(work, component).await?.ok_or_else(over_limit)?;
    match code {
        Some(0) if output.len() <= most_bytes => Ok(output),
        // It was cut off while it wrote.
        Some(_) if output.len() > most_bytes => Err(too_much_code(most_bytes)),
        Some(EXIT_INVALID) => Err(LoadError {
            code: errors::INVALID_WASM,
            message: words,
        }),
        Some(0) | None => Err(over_limit()),
        Some(_) => Err(LoadError {
            code: errors::COMPILE_FAILED,
            message: words,
        }),
    }
}

/// Largest artefact of a component of so many bytes.
fn most_bytes(component_bytes: usize) -> usize {
    let times = component_bytes.saturating_mul(ARTIFACT_TIMES);
    times.saturating_add(ARTIFACT_BASE_BYTES).min(ARTIFACT_BYTES)
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

fn too_much_code(most_bytes: usize) -> LoadError {
    LoadError {
        code: errors::COMPILE_LIMIT,
        message: format!(
            "the compiled component has more than {most_bytes} bytes, which is too much for its size: avoid data far apart in memory"
        ),
    }
}

fn over_limit() -> LoadError {
    LoadError {
        code: errors::COMPILE_LIMIT,
        message: format!(
            "the component takes more than {CHILD_CPU_SECONDS} s or {CHILD_MEMORY_BYTES} bytes to compile: make it smaller"
        ),
    }
}

pub(crate) fn internal(message: String) -> LoadError {
    LoadError {
        code: errors::INTERNAL_ERROR,
        message,
    }
}

pub(crate) fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let short: String = text.trim().chars().take(2000).collect();
    if short.is_empty() {
        "the compiler process gave no reason".into()
    } else {
        short
    }
}
