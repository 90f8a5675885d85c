//! Projects, their environments and API keys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Unique on the server.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Names of the environments, sorted.
    pub environments: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// An environment of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// The id of its project.
    pub project: String,
    /// Unique in the project; it never changes.
    pub name: String,
    /// For people; the name until it is set.
    pub display_name: String,
    /// When it was created.
    pub created_at: Timestamp,
}

/// The projects that the caller can see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProjectList {
    /// By id.
    pub projects: Vec<Project>,
}

/// The API keys of a new environment. The secret key is returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProjectKeys {
    /// The project.
    pub project_id: String,
    /// The environment that the keys are for.
    pub environment: String,
    /// For clients; may be public.
    pub publishable_key: String,
    /// For servers, and for the admin API of the environment. Only its hash is stored.
    pub secret_key: String,
}
