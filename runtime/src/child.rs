//! A process that does one piece of work: it is fed through its standard input, its output is read up to a limit, and it is ended
//! when its time is up. It gets no environment.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    CompileCommand, LoadError,
    artifact::{internal, last_words},
};

/// What the child may say about why it failed.
const LAST_WORDS_BYTES: usize = 64 << 10;

/// The work of a process, and what it may take.
pub(crate) struct Work<'a> {
    pub(crate) command: &'a CompileCommand,
    /// What errors call the process, such as "compiler".
    pub(crate) name: &'static str,
    /// Where it runs; where this process does, if there is none.
    pub(crate) directory: Option<&'a Path>,
    /// The most of its output that counts; one byte more is read, to know that there is more.
    pub(crate) most_bytes: usize,
    /// Wall-clock time.
    pub(crate) time: Duration,
}

/// How a process ended.
pub(crate) struct Ended {
    pub(crate) output: Vec<u8>,
    /// Why it failed, in its own words.
    pub(crate) words: String,
    /// Its exit code; `None` if a signal ended it: a limit of the kernel, or memory that it could not have.
    pub(crate) code: Option<i32>,
}

/// Starts the process, feeds it and waits for its end. `None`: its time was up.
pub(crate) async fn run(work: Work<'_>, input: &[u8]) -> Result<Option<Ended>, LoadError> {
    let name = work.name;
    let mut command = tokio::process::Command::new(&work.command.program);
    if let Some(directory) = work.directory {
        command.current_dir(directory);
    }
    let mut child = command
        .args(&work.command.arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| internal(format!("the {name} process could not be started: {error}")))?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(internal(format!("the {name} process has no pipes")));
    };
    let feed = async move {
        // A child that ended early closes the pipe; its exit status says why.
        let _ = stdin.write_all(input).await;
        drop(stdin);
    };
    let finished = async {
        let (output, words) = (at_most(stdout, work.most_bytes + 1), at_most(stderr, LAST_WORDS_BYTES));
        let (_, output, words, status) = tokio::join!(feed, output, words, child.wait());
        std::io::Result::Ok((output?, words?, status?))
    };
    let Ok(finished) = tokio::time::timeout(work.time, finished).await else {
        return Ok(None);
    };
    let (output, words, status) =
        finished.map_err(|error| internal(format!("the {name} process could not be read: {error}")))?;
    Ok(Some(Ended {
        output,
        words: last_words(&words),
        code: status.code(),
    }))
}

/// Reads a pipe up to a limit. The pipe is closed then, so that a child which has more to say ends.
async fn at_most(pipe: impl AsyncRead + Unpin, most_bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(most_bytes as u64).read_to_end(&mut bytes).await?;
    Ok(bytes)
}
