//! What the program that builds gets and answers: a request as JSON on its standard input; on its standard output the reply
//! as one line of JSON, and after it the bundle.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::summary::Summary;
use crate::{
    Manifest,
    bundled::{BuildSettings, ProjectFile},
};

/// What is to be built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildRequest {
    /// The file that the hook is, one of `files`.
    pub entry: String,
    /// The project's files and those of its packages. Paths are relative, with `/`, and do not leave the project.
    pub files: Vec<ProjectFile>,
    /// What the project's settings say.
    pub settings: BuildSettings,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildOutput {
    /// What is wrong, and what the author should know.
    pub diagnostics: Vec<BuildDiagnostic>,
    /// The bundle with its manifest, if it could be built.
    pub bundle: Option<(Vec<u8>, Manifest)>,
    /// What the hook does, as its code says; `None` if it could not be built.
    pub summary: Option<Summary>,
}

/// The line before the bundle.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildReply {
    /// What is wrong, and what the author should know.
    pub diagnostics: Vec<BuildDiagnostic>,
    /// As in the bundle; `None` if there is none.
    pub manifest: Option<Manifest>,
    /// What the hook does; `None` if there is no bundle.
    pub summary: Option<Summary>,
}

/// A problem at a place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildDiagnostic {
    /// The file, relative to the project.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
    /// Line on which the place ends.
    pub end_line: u32,
    /// Column after the last character of the place.
    pub end_column: u32,
    /// What kind of problem: stable.
    pub code: String,
    /// Whether it stops the build.
    pub severity: BuildSeverity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BuildSeverity {
    /// The hook cannot be built.
    Error,
    /// The hook is built, but may not do what its author expects.
    Warning,
}

/// Reads a request to its end.
///
/// # Errors
/// It cannot be read, or is none.
pub fn read_request(mut from: impl Read) -> io::Result<BuildRequest> {
    let mut text = Vec::new();
    from.read_to_end(&mut text)?;
    serde_json::from_slice(&text).map_err(io::Error::other)
}

/// Writes a reply with its bundle; `component` is empty if there is none.
///
/// # Errors
/// It cannot be written.
pub fn write_reply(mut to: impl Write, reply: &BuildReply, component: &[u8]) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply).map_err(io::Error::other)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.write_all(component)?;
    to.flush()
}

/// Reads what the program has written.
pub(super) fn read_output(mut bytes: Vec<u8>) -> Option<BuildOutput> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let reply: BuildReply = serde_json::from_slice(&bytes[..end]).ok()?;
    let component = bytes.split_off(end + 1);
    Some(BuildOutput {
        diagnostics: reply.diagnostics,
        bundle: reply.manifest.map(|manifest| (component, manifest)),
        summary: reply.summary,
    })
}
