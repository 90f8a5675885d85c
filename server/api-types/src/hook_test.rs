//! Hooks that are run for a test: nothing outside changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{HookError, HostCall, InvocationOutcome, LogLine, Reply};

/// What a version of a hook decides on an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookRun {
    /// The hook.
    pub hook: String,
    /// The hook point or event.
    pub point: String,
    /// Number of the version that was run; 0 for a draft.
    pub version: u32,
    /// Its digest: `sha256:…`.
    pub digest: String,
    /// The outcome.
    pub outcome: InvocationOutcome,
    /// What the hook decided, or why it failed.
    pub reply: Reply,
    /// Why it failed, with the place in the source; `null` unless it did.
    pub error: Option<HookError>,
    /// Lines that the hook wrote to its log, in order.
    pub logs: Vec<LogLine>,
    /// Number of log lines beyond the limit.
    pub logs_dropped: u32,
    /// Fuel used.
    pub fuel: u64,
    /// The most memory that the instance had, in bytes.
    pub memory_peak_bytes: u64,
    /// Wall-clock time in microseconds.
    pub duration_us: u64,
    /// Calls from the hook to the server, in order, with the given or simulated results.
    pub host_calls: Vec<HostCall>,
    /// What the hook would have changed, in order. Nothing of it happened.
    pub effects: Vec<TestEffect>,
}

/// Something that a hook would have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TestEffect {
    /// What kind of thing.
    pub kind: TestEffectKind,
    /// The host call that caused it: its place in `hostCalls`, from 1.
    pub call: u32,
    /// Whether it would have remained: effects of a hook that denies or fails are undone, except in the cache and at other
    /// hosts.
    pub remains: bool,
    /// The arguments of the call; of a mail and of a job that remain, the whole: any JSON value.
    pub detail: Value,
}

/// What a hook can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestEffectKind {
    /// A value in the cache.
    Cache,
    /// Rows of the project's tables.
    Database,
    /// A job.
    Job,
    /// A mail.
    Mail,
    /// A user.
    User,
    /// Sessions that end.
    Sessions,
    /// A request to another host, other than GET and HEAD.
    Request,
}
