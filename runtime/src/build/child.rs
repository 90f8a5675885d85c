//! The process that builds: started in an empty directory without environment, fed, waited for, and ended when its time is up.

use std::{process::Stdio, time::Duration};

use aerocall_contract::errors;

use super::protocol::{BuildOutput, BuildRequest, read_output};
use crate::{
    CompileCommand, LoadError,
    artifact::{BUNDLE_BYTES, at_most, internal, last_words},
};

/// Wall-clock time of a build; its processor time and memory are limited by [`super::confine`].
const BUILD_TIME: Duration = Duration::from_secs(30);
/// What diagnostics may take besides the bundle.
const REPLY_BYTES: usize = 4 << 20;
/// What the child may say about why it failed.
const LAST_WORDS_BYTES: usize = 64 << 10;

/// Builds in a child process.
pub(crate) async fn build_in_child(command: &CompileCommand, request: &BuildRequest) -> Result<BuildOutput, LoadError> {
    let sources = serde_json::to_vec(request).map_err(|error| internal(format!("the sources: {error}")))?;
    let directory = tempfile::Builder::new().prefix("aerocall-build-").tempdir();
    let directory = directory.map_err(|error| internal(format!("no directory for a build: {error}")))?;
    let mut child = tokio::process::Command::new(&command.program)
        .args(&command.arguments)
        .current_dir(directory.path())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| internal(format!("the building process could not be started: {error}")))?;
    let (Some(mut input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(internal("the building process has no pipes".into()));
    };
    let feed = async move {
        // A child that ended early closes the pipe; its exit status says why.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut input, &sources).await;
        drop(input);
    };
    let most_bytes = BUNDLE_BYTES + REPLY_BYTES;
    let finished = async {
        let (output, words) = (at_most(output, most_bytes + 1), at_most(errors, LAST_WORDS_BYTES));
        let (_, output, words, status) = tokio::join!(feed, output, words, child.wait());
        std::io::Result::Ok((output?, words?, status?))
    };
    let (output, words, status) = tokio::time::timeout(BUILD_TIME, finished)
        .await
        .map_err(|_| over_limit())?
        .map_err(|error| internal(format!("the building process could not be read: {error}")))?;
    match status.code() {
        // A signal: a limit of the kernel, or memory that it could not have.
        None => Err(over_limit()),
        Some(0) if output.len() > most_bytes => Err(LoadError {
            code: errors::TOO_LARGE,
            message: format!("the bundle has more than {BUNDLE_BYTES} bytes"),
        }),
        Some(0) => read_output(output).ok_or_else(|| internal("the building process answered nothing to read".into())),
        Some(_) => Err(internal(format!("the building process failed: {}", last_words(&words)))),
    }
}

fn over_limit() -> LoadError {
    LoadError {
        code: errors::COMPILE_LIMIT,
        message: format!(
            "the build takes more than {} s, or more memory than a build may have: bundle less code",
            BUILD_TIME.as_secs()
        ),
    }
}
