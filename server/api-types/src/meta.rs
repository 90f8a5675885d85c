//! What a server is and can do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EffectiveLimits, Permission, Timestamp};

/// What the server is and can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerMeta {
    /// Version of the program.
    pub version: String,
    /// The time on the server.
    pub now: Timestamp,
    /// The JavaScript engines that bundles can share.
    pub engines: Vec<ServerEngine>,
    /// What it can do.
    pub features: ServerFeatures,
    /// How much may be sent and is kept.
    pub limits: ServerLimits,
    /// Every permission that a token can have.
    pub permissions: Vec<Permission>,
    /// Every action that the audit log knows.
    pub audit_actions: Vec<String>,
}

/// A JavaScript engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerEngine {
    /// Its name.
    pub name: String,
    /// What bundles name it by: `sha256:…`.
    pub digest: String,
}

/// What a server can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerFeatures {
    /// Whether it checks the types of sources. An editor does with what `…/types` answers.
    pub types: bool,
    /// Whether mails of projects without a mail server are captured instead of sent.
    pub mail_capture: bool,
    /// Whether it has a model for the assistant of projects that set none of their own.
    pub assistant: bool,
}

/// How much may be sent and is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerLimits {
    /// Bytes of a JSON body.
    pub json_body_bytes: u64,
    /// Bytes of a bundle, and of a draft with what is sent around it.
    pub bundle_bytes: u64,
    /// Seconds for which invocations are kept.
    pub records_keep_seconds: u64,
    /// Invocations that are kept of one project.
    pub records_most_per_project: u64,
    /// Seconds for which events are kept.
    pub events_keep_seconds: u64,
    /// The most that an invocation may use, whatever a hook or a project asks for.
    pub invocation: EffectiveLimits,
}
