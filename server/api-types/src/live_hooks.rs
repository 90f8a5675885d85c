//! What is live in an environment: its hooks, their states and limits.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EffectiveLimits, RunningRollout};

/// The live deployment of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LiveHooks {
    /// Number of the live deployment; `null` if nothing has been deployed.
    pub number: Option<i32>,
    /// The enabled hooks of every hook point, in the order in which they run.
    pub points: BTreeMap<String, Vec<PointHook>>,
    /// The hooks one by one, in the order in which they run.
    pub hooks: Vec<LiveHook>,
}

/// A hook at a hook point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PointHook {
    /// The hook.
    pub name: String,
    /// Number of the live version.
    pub number: u32,
    /// Digest of the live version: `sha256:…`.
    pub digest: String,
    /// What happens to the request when the hook fails.
    pub failure_policy: FailurePolicy,
}

/// A hook of the live deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LiveHook {
    /// The hook.
    pub name: String,
    /// Number of the live version.
    pub number: u32,
    /// Digest of the live version: `sha256:…`.
    pub digest: String,
    /// Whether it is run.
    pub state: HookState,
    /// The rollout of another version that goes on; `null` if there is none.
    pub rollout: Option<RunningRollout>,
    /// Its circuit breaker, on the node that answers.
    pub breaker: BreakerState,
    /// Hook points that the bundle has a hook for.
    pub hooks: Vec<String>,
    /// Events and queues that it handles.
    pub events: Vec<String>,
    /// Cron patterns in UTC by name of the schedule.
    pub schedules: BTreeMap<String, String>,
    /// Capabilities that the bundle declares: `cache`, `http:api.example.com`.
    pub capabilities: Vec<String>,
    /// What one invocation can use: the lowest of the limits of bundle, deployment, project and server.
    pub limits: EffectiveLimits,
    /// Hook points and events of the bundle that this server does not know.
    pub not_run: Vec<String>,
    /// Why the version cannot be run. Omitted if it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub problem: Option<String>,
}

/// Whether a deployed hook is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookState {
    /// It is run.
    Enabled,
    /// It is not run.
    Disabled,
}

/// What a failure of a hook means for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailurePolicy {
    /// The request continues.
    Open,
    /// The request is refused.
    Closed,
}

/// The state of a circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BreakerState {
    /// The hook is run.
    Closed,
    /// The hook failed too often and is not run for a while.
    Open,
    /// One invocation finds out whether the hook works again.
    HalfOpen,
    /// The deployment has switched the circuit breaker off.
    Off,
}
