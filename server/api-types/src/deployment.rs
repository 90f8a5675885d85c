//! Deployments and the migrations that are applied before them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{LiveHooks, Timestamp};

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
}

/// The last deployments of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentList {
    /// Newest first, at most 100.
    pub deployments: Vec<Deployment>,
}

/// A new deployment, and what is live with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
