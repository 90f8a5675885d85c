//! Deployments and the migrations that are applied before them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Difference, FailurePolicy, HookState, LiveHooks, Timestamp};

/// A deployment. Deployments are immutable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// Its id.
    pub id: String,
    /// Counts from 1 per environment; the highest number is live.
    pub number: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it: `admin:<id>`, `key:<project>/<environment>` or `server`.
    pub created_by: String,
    /// What whoever made it said of it; `null` if nothing.
    pub message: Option<String>,
    /// Why it was made although a gate had failed; `null` if none had.
    pub forced_reason: Option<String>,
}

/// A deployment with its hooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentDetail {
    /// The deployment.
    #[serde(flatten)]
    pub deployment: Deployment,
    /// Whether all of its versions are still there. If not, it cannot be rolled back to as a whole.
    pub complete: bool,
    /// Its hooks, in the order in which they run.
    pub hooks: Vec<DeployedHook>,
}

/// A hook of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeployedHook {
    /// The hook.
    pub name: String,
    /// Number of its version.
    pub number: i32,
    /// Digest of its version: `sha256:…`.
    pub digest: String,
    /// Whether it is run.
    pub state: HookState,
    /// What happens to the request when it fails; `null`: the default of the hook point.
    pub failure_policy: Option<FailurePolicy>,
}

/// What a deployment would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentPlan {
    /// Number of the deployment that is live now, 0 if there is none: what to send as `expect`.
    pub expect: i32,
    /// Hook by hook; hooks that are kept as they are and not listed are left out.
    pub changes: Vec<PlannedChange>,
    /// Capabilities that any of the hooks gets or loses.
    pub capabilities: Difference,
    /// What was looked at.
    pub gates: Vec<Gate>,
}

/// What a deployment would change of one hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedChange {
    /// The hook.
    pub hook: String,
    /// What would become of it.
    pub change: ChangeKind,
    /// What is live; `null` if it is not live.
    pub before: Option<PlannedVersion>,
    /// What would be live; `null` if it would be live no longer.
    pub after: Option<PlannedVersion>,
    /// Capabilities that it gets or loses.
    pub capabilities: Difference,
    /// Hook points, events and queues that it gets or loses.
    pub points: Difference,
}

/// What would become of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is not live, and would be.
    Added,
    /// Another version, state or failure policy would be live.
    Changed,
    /// It is live as it is sent.
    Unchanged,
    /// It would be live no longer.
    Removed,
}

/// A version of a hook as it is live, or would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedVersion {
    /// Number of the version.
    pub number: i32,
    /// Its digest: `sha256:…`.
    pub digest: String,
    /// Whether it is run.
    pub state: HookState,
    /// What happens to the request when it fails; `null`: the default of the hook point.
    pub failure_policy: Option<FailurePolicy>,
}

/// Something that is looked at before a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// What was looked at.
    pub name: GateName,
    /// What was found.
    pub state: GateState,
    /// What exactly; `null` if there is nothing to say.
    pub detail: Option<String>,
}

/// What is looked at before a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateName {
    /// Whether every version loads, and gets the limits that it asks for. That it loads cannot be forced.
    Build,
    /// Whether no version began before what is live.
    Base,
    /// Whether types were checked.
    Types,
    /// Which capabilities hooks get.
    Capabilities,
    /// Whether the environment has the secrets that hooks name.
    Secrets,
    /// Whether the test cases of the hooks pass whose version changes.
    Cases,
    /// What backtests said of versions that are to take the place of others.
    Backtest,
    /// Which rollouts end.
    Rollouts,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    /// Nothing is wrong.
    Passed,
    /// Something to look at; the deployment is made.
    Warning,
    /// The deployment is refused, unless it is forced.
    Failed,
    /// Nobody has looked.
    NotChecked,
}

/// The last deployments of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentList {
    /// Newest first, at most 100.
    pub deployments: Vec<Deployment>,
}

/// A new deployment, and what is live with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentResult {
    /// The deployment.
    pub deployment: Deployment,
    /// Names of the migrations that were applied for it, in order.
    pub migrations: Vec<String>,
    /// Secrets that the hooks declare and the environment does not have. The hooks are live; what uses such a secret fails until
    /// it is set.
    pub missing_secrets: Vec<MissingSecret>,
    /// What is live.
    #[serde(flatten)]
    pub live: LiveHooks,
}

/// A secret that a hook declares and the environment does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissingSecret {
    /// The hook.
    pub hook: String,
    /// Name of the secret.
    pub secret: String,
}

/// What is live after a hook was enabled or disabled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HookStateResult {
    /// The deployment that was made. Omitted if the hook had that state already.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Deployment")]
    pub deployment: Option<Deployment>,
    /// What is live.
    #[serde(flatten)]
    pub live: LiveHooks,
}

/// An applied migration of the project's own database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// Name of the file without ending.
    pub name: String,
    /// SHA-256 of the SQL: `sha256:…`.
    pub digest: String,
    /// When it was applied.
    pub applied_at: Timestamp,
}

/// The applied migrations of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MigrationList {
    /// In the order in which they were applied.
    pub migrations: Vec<Migration>,
}
