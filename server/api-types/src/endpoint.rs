//! Endpoints of the auth API with the hooks that an environment runs at them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{FailurePolicy, HookState, RunningRollout};

/// Every endpoint of the auth API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointList {
    /// In the order of the API reference.
    pub endpoints: Vec<EndpointWithHooks>,
}

/// An endpoint of the auth API with its hook points and events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointWithHooks {
    /// HTTP method.
    pub method: String,
    /// Path, with variable parts in braces.
    pub path: String,
    /// What it does, in one line.
    pub summary: String,
    /// Its hook points, in the order in which they are reached.
    pub hooks: Vec<EndpointPoint>,
    /// Events that it can emit.
    pub events: Vec<EndpointEvent>,
}

/// A hook point of an endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointPoint {
    /// The hook point.
    pub point: String,
    /// Whether hooks run there.
    pub status: PlaceStatus,
    /// The hooks that are deployed for it, in the order in which they run.
    pub hooks: Vec<EndpointHook>,
}

/// An event of an endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointEvent {
    /// Type of the event.
    pub name: String,
    /// Whether script hooks handle it.
    pub status: PlaceStatus,
    /// The script hooks that are deployed for it.
    pub hooks: Vec<EndpointHook>,
}

/// Whether hooks run at a hook point or for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceStatus {
    /// At least one hook is enabled.
    Enabled,
    /// There are hooks, and all are disabled.
    Disabled,
    /// There is no hook.
    None,
}

/// A hook that is deployed for a hook point or an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointHook {
    /// The hook.
    pub name: String,
    /// Number of the live version.
    pub version: u32,
    /// Whether it is run.
    pub status: HookState,
    /// The rollout of another version that goes on; `null` if there is none.
    pub rollout: Option<RunningRollout>,
    /// What happens to the request when the hook fails. Omitted for events, which are handled after the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "FailurePolicy")]
    pub failure_policy: Option<FailurePolicy>,
}
