//! Requests of the auth API that are tried: what each step did, and what would have changed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{HostCall, LogLine, Reply, Timestamp};

/// A request of the auth API that was tried, from its first step to its effects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriedRequest {
    /// Its id, which is its request id: `Aerocall` hooks see it as `context.requestId`.
    pub id: String,
    /// How it was tried.
    pub mode: TryMode,
    /// Number of the deployment whose hooks ran; 0 if there is none.
    pub deployment: i32,
    /// What was sent, with passwords, tokens and codes left out.
    pub request: TriedMessage,
    /// What a client would have been answered, or was. The tokens of a dry-run work nowhere; those of a live one are left out.
    pub response: TriedResponse,
    /// Every step in the order in which they began.
    pub steps: Vec<TryStep>,
    /// What changed where the request ran, in order.
    pub effects: Vec<TryEffect>,
    /// Number of effects beyond the limit of the list.
    pub effects_dropped: u32,
    /// What would be run or sent afterwards because of these effects. Nothing of it was in a dry-run.
    pub would_run: Vec<TryFollowUp>,
    /// Whether nothing has changed: true of every dry-run.
    pub changed_nothing: bool,
}

/// How a request is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TryMode {
    /// On copies: nothing is changed and nothing is sent.
    #[serde(rename = "dry-run")]
    DryRun,
    /// In the environment itself, with a user that is marked as one of a test.
    #[serde(rename = "live")]
    Live,
}

/// A request as it was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriedMessage {
    /// HTTP method.
    pub method: String,
    /// Path with its query.
    pub path: String,
    /// Headers by name, in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body: any JSON value; `null` if there was none.
    pub body: Value,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriedResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers by name, in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body: any JSON value; `null` if there was none.
    pub body: Value,
}

/// A step of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TryStep {
    /// What kind of step.
    pub kind: TryStepKind,
    /// The endpoint, the hook point, or `commit`.
    pub name: String,
    /// The hook that ran. Omitted unless the step is one of a hook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub hook: Option<String>,
    /// Number of its version; 0 for a draft. Omitted unless the step is one of a hook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub version: Option<u32>,
    /// `done` or `refused`; of a hook its outcome, such as `allow` or `hook_timeout`; of the response its status.
    pub outcome: String,
    /// When it began.
    pub at: Timestamp,
    /// Microseconds since the request began.
    pub offset_us: u64,
    /// Wall-clock time in microseconds.
    pub duration_us: u64,
    /// Fuel used. Omitted unless a hook was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub fuel: Option<u64>,
    /// What the hook decided, or why it failed. Omitted unless a hook was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Reply")]
    pub reply: Option<Reply>,
    /// Lines that the hook wrote to its log, in order; empty for other steps.
    pub logs: Vec<LogLine>,
    /// Calls from the hook to the server, in order; empty for other steps.
    pub host_calls: Vec<HostCall>,
}

/// Kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TryStepKind {
    /// The request itself: all other steps are in it.
    Request,
    /// A hook point, with or without hooks.
    Point,
    /// A hook at the point before it in the list.
    Hook,
    /// The transaction that makes what was decided real.
    Commit,
}

/// Something that changed where the request ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TryEffect {
    /// What kind of thing.
    pub kind: TryEffectKind,
    /// What happened to it.
    pub operation: TryOperation,
    /// The table of the server, or the SDK call of a hook, such as `cache.set`.
    pub name: String,
    /// The hook that did it; `null` if the server did, or did it for a hook in its transaction.
    pub hook: Option<String>,
    /// Whether it remained at the end: what a hook did that failed, or in a request that was refused, is undone.
    pub remains: bool,
    /// What was there: any JSON value; of a change, the columns that changed. `null` if nothing was.
    pub before: Value,
    /// What is there now: any JSON value; of an SDK call, its arguments. `null` if nothing is.
    pub after: Value,
}

/// Kinds of effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TryEffectKind {
    /// A user.
    User,
    /// A session or a refresh token.
    Session,
    /// A one-time token or code.
    Token,
    /// A linked identity.
    Identity,
    /// A second factor or a recovery code.
    Factor,
    /// A mail that would be sent.
    Mail,
    /// A message for a queue.
    Job,
    /// An event.
    Event,
    /// A line of the audit log.
    Audit,
    /// A row of another table of the server.
    Other,
    /// A value in the cache.
    Cache,
    /// Rows of the project's own tables.
    Database,
    /// A request to another host.
    Request,
}

/// What happened to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TryOperation {
    /// It is new.
    Insert,
    /// It was changed.
    Update,
    /// It is gone.
    Delete,
    /// An SDK call that changes something.
    Call,
}

/// Something that an effect leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TryFollowUp {
    /// Who.
    pub kind: TryFollowUpKind,
    /// The script hook, or the URL of the webhook endpoint.
    pub name: String,
    /// The type of the event, or `queue.<name>`.
    pub cause: String,
}

/// What effects lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TryFollowUpKind {
    /// A script hook runs.
    ScriptHook,
    /// A webhook endpoint gets a delivery.
    Webhook,
}
