//! API keys of an environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What an API key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyKind {
    /// For clients; may be public.
    Publishable,
    /// For servers, and for the admin API of the environment.
    Secret,
}

/// An API key that is valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Identifies the key; it is no secret.
    pub id: String,
    /// What it may do.
    pub kind: ApiKeyKind,
    /// What it was named; may be empty.
    pub name: String,
    /// The key, if it is publishable; `null` if it is secret: only its hash is stored.
    pub key: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used, to about ten minutes; `null` if it never was.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working; `null` if it works until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// API keys that are valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiKeyList {
    /// Newest first.
    pub keys: Vec<ApiKey>,
}

/// A new API key. A secret key is returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewApiKey {
    /// Identifies the key; it is no secret.
    pub id: String,
    /// What it may do.
    pub kind: ApiKeyKind,
    /// What it was named; may be empty.
    pub name: String,
    /// The key.
    pub key: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stops working; `null` if it works until it is revoked.
    pub expires_at: Option<Timestamp>,
}
