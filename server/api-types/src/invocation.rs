//! Invocations of hooks: what went in, what came out, what it cost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Object, Timestamp};

/// Which hook ran when, with which outcome, at which cost; and its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvocationRun {
    /// Its id.
    pub id: String,
    /// The request, job or event that caused it.
    pub request_id: String,
    /// The hook.
    pub hook: String,
    /// The hook point, event, queue or schedule.
    pub point: String,
    /// Number of the hook's version.
    pub version: i32,
    /// Digest of the hook's version: `sha256:…`.
    pub digest: String,
    /// Whether the reply counted.
    pub mode: InvocationMode,
    /// Id of the user that it was about; `null` if it was about none, as before a sign-up.
    pub user: Option<String>,
    /// Its outcome.
    pub outcome: InvocationOutcome,
    /// Wall-clock time in microseconds.
    pub duration_us: i64,
    /// Fuel used.
    pub fuel: i64,
    /// The most memory that the instance had, in bytes.
    pub memory_peak_bytes: i64,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Lines that the hook wrote to its log, in order.
    pub logs: Vec<LogLine>,
    /// Number of log lines beyond the limit.
    pub logs_dropped: u32,
}

/// An invocation in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invocation {
    /// What is known of every invocation.
    #[serde(flatten)]
    pub run: InvocationRun,
    /// What the client is told; `null` unless the hook refused the request.
    pub denial: Option<Denial>,
    /// Why it failed. Omitted unless it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "HookError")]
    pub error: Option<HookError>,
}

/// What a hook refuses a request with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Denial {
    /// The error code that the hook chose.
    pub code: String,
    /// The message that the hook chose.
    pub message: String,
    /// The HTTP status that the hook chose, 400 to 499.
    pub status: u16,
}

/// Invocations by their outcome over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvocationHistogram {
    /// Where the first bucket begins.
    pub from: Timestamp,
    /// Where the last bucket ends.
    pub to: Timestamp,
    /// Length of a bucket in seconds.
    pub step_seconds: u32,
    /// Whether all records of this time were counted: `false` if there are more than 50,000, of which the newest were.
    pub is_complete: bool,
    /// In order, those without an invocation included.
    pub buckets: Vec<InvocationBucket>,
}

/// The invocations of a part of the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvocationBucket {
    /// Where it begins.
    pub at: Timestamp,
    /// The request continued unchanged; or the event or job was handled.
    pub allow: u32,
    /// The hook changed its payload.
    pub patch: u32,
    /// The hook refused the request, or gave the job up.
    pub deny: u32,
    /// The hook failed.
    pub failure: u32,
}

/// An invocation with everything that went in and out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvocationDetail {
    /// What is known of every invocation.
    #[serde(flatten)]
    pub run: InvocationRun,
    /// The context that the hook got.
    pub context: InvocationContext,
    /// The payload that the hook got: any JSON value; its shape depends on the hook point or event.
    pub payload: Value,
    /// What the hook decided, or why it failed.
    pub reply: Reply,
    /// Calls from the hook to the server, in order.
    pub host_calls: Vec<HostCall>,
    /// Whether host calls had to be shortened.
    pub completeness: Completeness,
}

/// A page of invocations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvocationList {
    /// Newest first; oldest first if `after` was sent.
    pub invocations: Vec<Invocation>,
    /// What to send as `before` for the next page; `null` on the last one, and if `after` was sent.
    pub next: Option<String>,
}

/// Whether the reply of an invocation counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvocationMode {
    /// Of the live version: it counted.
    Live,
    /// Of a canary: it counted, unless it was a failure; then the live version was run for the same call.
    Canary,
    /// Of a shadow: it did not count, and nothing that it did had an effect.
    Shadow,
}

/// The result of an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvocationOutcome {
    /// The request continues unchanged; or the event or job was handled.
    Allow,
    /// The hook refused the request, or gave the job up.
    Deny,
    /// The hook changed its payload.
    Patch,
    /// The hook could not be run.
    HookUnavailable,
    /// The hook failed.
    HookFailed,
    /// The reply of the hook was not valid.
    HookBadReply,
    /// The hook used up its fuel.
    HookOutOfFuel,
    /// The hook used up its memory.
    HookOutOfMemory,
    /// The hook did not finish in time.
    HookTimeout,
}

/// What a hook decided, or why it failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reply {
    /// The request continues unchanged; or the event or job was handled.
    Allow,
    /// The hook refused the request, or gave the job up.
    Deny {
        /// The error code that the hook chose.
        code: String,
        /// The message that the hook chose.
        message: String,
        /// The HTTP status that the hook chose, 400 to 499.
        status: u16,
    },
    /// The hook changed its payload.
    Patch {
        /// The changes, as a JSON Merge Patch (RFC 7396).
        patch: Object,
    },
    /// The hook failed; its failure policy applied.
    Failure {
        /// The error code, as in `outcome`.
        code: String,
        /// What happened.
        message: String,
        /// The error in detail.
        error: Box<HookError>,
        /// The patch that the hook returned and that cannot be applied; `message` names the field. Omitted unless that is why
        /// it failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Object")]
        patch: Option<Object>,
    },
}

/// Why an invocation failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HookError {
    /// Name of the error, such as `TypeError`.
    pub name: String,
    /// Its message.
    pub message: String,
    /// The stack, one frame per line. Omitted unless the hook threw the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub stack: Option<String>,
    /// `code` of the error object. Omitted if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub code: Option<String>,
    /// The file in which it was thrown, relative to the hook project. Omitted if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub file: Option<String>,
    /// The line in the file, from 1. Omitted if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub line: Option<u32>,
    /// The column in the line, from 1. Omitted if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub column: Option<u32>,
    /// The source around it, with a mark. Omitted if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub frame: Option<String>,
}

/// A line of a hook's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogLine {
    /// Its level.
    pub level: LogLevel,
    /// The text.
    pub message: String,
}

/// The level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// `console.debug`.
    Debug,
    /// `console.log` and `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`.
    Error,
}

/// A call from a hook to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostCall {
    /// What was called, such as `cache.get`.
    pub name: String,
    /// The arguments: any JSON value; its shape depends on the call.
    pub arguments: Value,
    /// The result or the error: any JSON value; its shape depends on the call.
    pub answer: Value,
    /// Wall-clock time in microseconds.
    pub duration_us: u64,
}

/// Whether an invocation was stored completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// Everything is stored.
    Whole,
    /// Host calls were shortened to the limit.
    Cut,
}

/// The context that a hook gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvocationContext {
    /// The project.
    pub project_id: String,
    /// The environment.
    pub environment: String,
    /// The request, job or event that caused it.
    pub request_id: String,
    /// The invocation.
    pub invocation_id: String,
    /// The hook point, event, queue or schedule.
    pub hook: String,
    /// The endpoint as in the API reference, such as `POST /auth/register`; empty outside of requests.
    pub endpoint: String,
    /// When it began.
    pub time: Timestamp,
    /// Counts from 1.
    pub attempt: u32,
    /// The HTTP request; `null` for events, jobs and schedules.
    pub request: Option<ContextRequest>,
    /// The hook's version.
    pub version: ContextVersion,
}

/// The HTTP request in the context of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContextRequest {
    /// IP address of the client.
    pub ip: String,
    /// User agent, as sent.
    pub user_agent: String,
    /// HTTP method.
    pub method: String,
    /// Path.
    pub path: String,
    /// Language of the client (BCP 47).
    pub locale: String,
    /// Names, in lower case, and values of the headers that hooks can see.
    pub headers: Vec<(String, String)>,
}

/// The version of the hook in its context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContextVersion {
    /// Its number.
    pub number: u32,
}
