//! What hooks are called for, and what they are called with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{FailurePolicy, Object};

/// Everything that hooks are called for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookPointList {
    /// The hook points, in the order of the documentation.
    pub points: Vec<HookPointDescription>,
    /// The events, queues and schedules that script hooks handle.
    pub events: Vec<HookEventDescription>,
}

/// A hook point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookPointDescription {
    /// Its name, as hooks export it.
    pub name: String,
    /// Before or after the commit of its step.
    pub phase: HookPhase,
    /// When hooks run there.
    pub when: String,
    /// The endpoint where that usually happens, such as `POST /auth/register`.
    pub endpoint: String,
    /// JSON Schema (2020-12) of the payload.
    pub payload_schema: Object,
    /// JSON Schema (2020-12) of what a hook can return.
    pub reply_schema: Object,
    /// Paths of the members of the payload that a hook can change.
    pub may_change: Vec<String>,
    /// What happens to the request when a hook fails, unless the deployment says otherwise.
    pub default_failure_policy: FailurePolicy,
    /// Payloads that fit the schema.
    pub samples: Vec<InputSample>,
}

/// An event that script hooks handle. Of a queue and of a schedule the last part of the name is an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookEventDescription {
    /// Its name, as handlers are exported.
    pub name: String,
    /// When it happens.
    pub when: String,
    /// JSON Schema (2020-12) of the event.
    pub input_schema: Object,
    /// Events that fit the schema.
    pub samples: Vec<InputSample>,
}

/// Whether a hook point lies before or after the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookPhase {
    /// A hook can deny the request and change what is stored.
    Before,
    /// The change is stored; a hook cannot undo it.
    After,
}

/// Something that a hook can be called with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputSample {
    /// What is special about it.
    pub name: String,
    /// The payload or the event: any JSON value that fits the schema.
    pub input: Value,
}
