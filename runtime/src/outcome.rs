//! What a call came to: the reply or the reason there is none, and what it cost. Plain data, no engine types.

use std::time::Duration;

use aerocall_contract::errors::{self, Code};
use serde::{Deserialize, Serialize};

/// One finished call of one hook.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The decision, or why there is none.
    pub outcome: Outcome,
    /// Log lines in the order they were written, within the budget.
    pub logs: Vec<LogLine>,
    /// Lines the budget swallowed.
    pub logs_dropped: u32,
    /// Fuel used. The same hook, engine and input use the same fuel on every run.
    pub fuel: u64,
    /// The most linear memory the instance held.
    pub memory_peak_bytes: u64,
    /// Wall-clock time from instantiation to the last drop.
    pub duration: Duration,
    /// The host calls, with their results.
    pub records: Records,
}

/// Everything that came into a call from outside besides its context and payload: enough to run it again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Calls from the guest to the host, in order, without log, clock and randomness.
    pub calls: Vec<HostCall>,
    /// What the clock said, in milliseconds since 1970, in order.
    pub clock_ms: Vec<f64>,
    /// All randomness of the call comes from this seed (ChaCha20). Whoever has it can tell what the hook drew.
    pub seed: [u8; 32],
    /// Whether nothing had to be left out.
    pub completeness: Completeness,
}

/// Whether records hold everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// Everything; the call can be run again.
    #[default]
    Whole,
    /// Something was cut or left out.
    Cut,
}

/// The decision of a hook, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The request goes on unchanged.
    Allow,
    /// The request stops; the client gets the reason.
    Deny(Denial),
    /// The payload changes; always a JSON object.
    Patch(serde_json::Map<String, serde_json::Value>),
    /// No decision: the failure policy of the hook applies.
    Failed(Failure),
}

impl Outcome {
    /// The outcome as a JSON document: `{ "kind": "allow" | "deny" | "patch" | "failure", … }`, as `aerocall run --json`
    /// and the records of calls have it.
    #[must_use]
    pub fn document(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Allow => json!({ "kind": "allow" }),
            Self::Deny(denial) => {
                json!({ "kind": "deny", "code": denial.code, "message": denial.message, "status": denial.status })
            }
            Self::Patch(patch) => json!({ "kind": "patch", "patch": patch }),
            Self::Failed(failure) => {
                let error = match failure {
                    Failure::Threw(exception) => json!(exception),
                    other => json!({ "name": "Error", "message": other.to_string() }),
                };
                let mut document = json!({
                    "kind": "failure", "code": failure.code().name, "message": failure.to_string(), "error": error,
                });
                if let Failure::RefusedPatch { patch, .. } = failure {
                    document["patch"] = json!(patch);
                }
                document
            }
        }
    }
}

impl Outcome {
    /// The text of [`Outcome::document`]; a patch is not copied for it.
    #[must_use]
    pub fn json(&self) -> String {
        match self {
            Self::Patch(patch) => match serde_json::to_string(patch) {
                Ok(patch) => format!(r#"{{"kind":"patch","patch":{patch}}}"#),
                Err(_) => self.document().to_string(),
            },
            other => other.document().to_string(),
        }
    }
}

/// The hook's own words for the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// Machine readable, `[a-z0-9_.-]{1,64}`; `hook_denied` when the hook named none.
    pub code: String,
    /// At most 500 characters.
    pub message: String,
    /// 400 to 499; 403 when the hook named none.
    pub status: u16,
}

/// Why a call has no decision.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The bundle does not export the hook that was called.
    #[error("the bundle has no hook `{0}`")]
    UnknownHook(String),
    /// An exception nobody caught.
    #[error("{0}")]
    Threw(Box<Exception>),
    /// The reply is not of an allowed shape.
    #[error("{}", bad_reply(path, expected, got))]
    BadReply {
        /// The field, e.g. `deny.status`; empty for the reply itself.
        path: String,
        /// What would have been right.
        expected: String,
        /// What came instead.
        got: String,
    },
    /// The payload is larger than the limit; the hook was not started.
    #[error("the payload has {bytes} bytes, the limit is {limit}")]
    PayloadTooLarge {
        /// UTF-8 bytes of the payload.
        bytes: u64,
        /// `Limits::payload_bytes`.
        limit: u64,
    },
    /// The hook waits for a promise that nothing can settle any more.
    #[error("the hook waits for a promise that never settles")]
    NeverSettles,
    /// `Limits::fuel` is used up.
    #[error("the hook used up its fuel of {limit} units{at}")]
    OutOfFuel {
        /// `Limits::fuel`.
        limit: u64,
        /// Where: `, in `check``; empty if functions have no names.
        at: String,
    },
    /// `Limits::memory_bytes` is used up.
    #[error("the hook needs more memory than its limit of {limit} bytes{at}")]
    OutOfMemory {
        /// `Limits::memory_bytes`.
        limit: u64,
        /// As in `OutOfFuel`.
        at: String,
    },
    /// `Limits::deadline_ms` has passed.
    #[error("the hook did not finish within {limit_ms} ms")]
    TimedOut {
        /// `Limits::deadline_ms`.
        limit_ms: u64,
    },
    /// The guest broke a rule of the machine (a wasm trap that is none of the above).
    #[error("the hook crashed: {0}")]
    Trapped(String),
    /// The guest ended its process in place of a reply (WASI's `exit`).
    #[error("the hook called exit({0}): return a reply instead")]
    Exited(u8),
    /// No instance could be had; the host is at its limit.
    #[error("the hook cannot be run now: {0}")]
    Unavailable(String),
    /// The patch cannot be applied. Reported by the embedder, who alone knows what a payload means.
    #[error("`{field}` of the patch {problem}")]
    RefusedPatch {
        /// The field, e.g. `user.email`.
        field: String,
        /// What is wrong with it: `must be …`.
        problem: String,
        /// All of it, as the hook returned it.
        patch: serde_json::Map<String, serde_json::Value>,
    },
    /// The hook decided, but what it did could not be kept. Told by the embedder.
    #[error("the effects of the hook could not be kept: {0}")]
    NotKept(String),
}

impl Failure {
    /// The stable error code that clients, records and tests see.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::UnknownHook(_) | Self::Unavailable(_) => errors::HOOK_UNAVAILABLE,
            Self::Threw(_)
            | Self::NeverSettles
            | Self::Trapped(_)
            | Self::Exited(_)
            | Self::PayloadTooLarge { .. }
            | Self::NotKept(_) => errors::HOOK_FAILED,
            Self::BadReply { .. } | Self::RefusedPatch { .. } => errors::HOOK_BAD_REPLY,
            Self::OutOfFuel { .. } => errors::HOOK_OUT_OF_FUEL,
            Self::OutOfMemory { .. } => errors::HOOK_OUT_OF_MEMORY,
            Self::TimedOut { .. } => errors::HOOK_TIMEOUT,
        }
    }
}

fn bad_reply(path: &str, expected: &str, got: &str) -> String {
    let field = if path.is_empty() {
        "the reply".to_owned()
    } else {
        format!("`{path}` of the reply")
    };
    format!("{field} must be {expected}, got {got}")
}

/// An uncaught exception, mapped to the author's source where the bundle carries a source map.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    /// `TypeError`, …
    pub name: String,
    /// The message as thrown.
    pub message: String,
    /// Frames, one a line, in source positions; then causes and properties, as `console.error` shows them.
    pub stack: String,
    /// `code` of the error object, when it has a text one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where it was thrown, in the author's files.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The lines around it, with a caret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.message)?;
        match &self.position {
            Some(at) => write!(f, " at {}:{}:{}", at.file, at.line, at.column),
            None => Ok(()),
        }
    }
}

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Relative to the hook project.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

/// How loud a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// `console.debug`
    Debug,
    /// `console.log`, `console.info`
    Info,
    /// `console.warn`
    Warn,
    /// `console.error`
    Error,
}

/// One line of the hook's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// How loud.
    pub level: LogLevel,
    /// The text.
    pub message: String,
}

/// One call from the guest to a capability.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HostCall {
    /// `cache.get`, `db.query`, …
    pub name: String,
    /// The arguments.
    pub arguments: JsonText,
    /// The answer, or the error.
    pub answer: JsonText,
    /// Wall-clock time in microseconds.
    pub duration_us: u64,
}

/// A JSON document as the text it was written as: what is kept of a call takes no more memory than its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(Box<str>);

impl JsonText {
    /// `text` has to be JSON.
    pub(crate) fn new(text: String) -> Self {
        Self(text.into_boxed_str())
    }

    /// The document that is this string.
    pub(crate) fn of_string(text: &str) -> Self {
        Self::new(serde_json::Value::from(text).to_string())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document, read.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Serialize for JsonText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &serde_json::value::RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}
