//! Recorded invocations that are run again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{HostCall, InvocationOutcome, LogLine, Reply};

/// What came of an invocation that was run again with recorded answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplayResult {
    /// The invocation.
    pub invocation: String,
    /// How both runs compare.
    pub verdict: ReplayVerdict,
    /// Why nothing can be said; `null` unless the verdict is `unknown`.
    pub reason: Option<ReplayReason>,
    /// Where the hook asked something else than when it was recorded; `null` unless the verdict is `diverged`.
    pub diverges_at: Option<ReplayDivergence>,
    /// The version that was run; `null` if none could be.
    pub target: Option<ReplayTarget>,
    /// What was recorded; `null` if there is no record any more.
    pub recorded: Option<ReplaySide>,
    /// What came of it now; `null` if the verdict is `diverged` or `unknown`.
    pub replayed: Option<ReplaySide>,
    /// Log lines of the new run, as far as it came.
    pub logs: Vec<LogLine>,
    /// Host calls of the new run, as far as it came, with the recorded results.
    pub host_calls: Vec<HostCall>,
}

/// How a replay compares with the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayVerdict {
    /// The same reply, the same host calls and the same fuel.
    Identical,
    /// The same kind of decision; the reply, the host calls or the fuel differ.
    SameDecision,
    /// Another decision.
    Changed,
    /// The hook asked something that it had not asked: the record has no answer.
    Diverged,
    /// Nothing can be said: `reason`.
    Unknown,
}

/// Why a recorded invocation cannot be run again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayReason {
    /// The reason.
    pub code: ReplayReasonCode,
    /// The reason in words.
    pub message: String,
}

/// A reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayReasonCode {
    /// The record was deleted: it was too old, or the project had too many.
    Expired,
    /// A one-time code was taken out of the record.
    Redacted,
    /// The record exceeded its size limit, and its end is missing.
    Cut,
    /// The invocation ended at its deadline, which depends on the machine.
    TimedOut,
    /// The invocation could not be started.
    NotRun,
    /// The hook decided, but its effects could not be stored.
    NotKept,
    /// The recorded version was deleted.
    VersionDeleted,
    /// The version has no hook of this name.
    NoSuchPoint,
    /// The record was written by another version of the server.
    Unreadable,
}

/// The version that is run again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayTarget {
    /// Its number; 0 for a draft.
    pub version: u32,
    /// Its digest: `sha256:…`.
    pub digest: String,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplaySide {
    /// The outcome.
    pub outcome: InvocationOutcome,
    /// What the hook decided, or why it failed.
    pub reply: Reply,
    /// Fuel used.
    pub fuel: u64,
}

/// The first host call that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayDivergence {
    /// Which host call, from 1.
    pub call: u32,
    /// The recorded one; `null` if there was no further one.
    pub expected: Option<ReplayQuestion>,
    /// What the hook asked instead.
    pub found: ReplayQuestion,
}

/// A host call without its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayQuestion {
    /// What was called, such as `cache.get`.
    pub name: String,
    /// The arguments: any JSON value.
    pub arguments: Value,
}

/// Everything that an invocation got from outside, to run it again on another machine. Texts are JSON to the byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    /// The invocation.
    pub invocation: String,
    /// The hook.
    pub hook: String,
    /// The hook point or event.
    pub point: String,
    /// Number of the version that ran.
    pub version: u32,
    /// Its digest: `sha256:…`.
    pub digest: String,
    /// The context, as JSON text.
    pub context: String,
    /// The payload, as JSON text.
    pub payload: String,
    /// The reply, as JSON text.
    pub reply: String,
    /// The outcome.
    pub outcome: InvocationOutcome,
    /// Fuel used.
    pub fuel: u64,
    /// The host calls, in order.
    pub calls: Vec<RecordingCall>,
    /// Readings of the clock, in milliseconds since 1970, in order.
    pub clock_ms: Vec<f64>,
    /// What all randomness of the invocation follows from: 64 hexadecimal digits. Whoever has it knows what the hook drew.
    pub seed: String,
}

/// A recorded host call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordingCall {
    /// What was called, such as `cache.get`.
    pub name: String,
    /// The arguments, as JSON text.
    pub arguments: String,
    /// The result or the error, as JSON text.
    pub answer: String,
}
