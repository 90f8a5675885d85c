//! Secrets of an environment. A value goes in and never comes out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A secret without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Secret {
    /// Unique in the environment.
    pub name: String,
    /// Hosts that requests of hooks may send the value to.
    pub hosts: Vec<String>,
    /// When it was first set.
    pub created_at: Timestamp,
    /// When its value or hosts were last replaced.
    pub updated_at: Timestamp,
    /// Who replaced them, as the audit log names them; `null` if it is not known.
    pub updated_by: Option<String>,
    /// Live hooks whose manifests name it; a hook that has the right to all secrets is not among them.
    pub used_by: Vec<SecretUse>,
}

/// A live hook that uses a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecretUse {
    /// Its name.
    pub hook: String,
    /// Number of its version.
    pub version: u32,
}

/// The secrets of an environment, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecretList {
    /// By name.
    pub secrets: Vec<Secret>,
}
