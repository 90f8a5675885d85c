//! Admin tokens, of the server and of projects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Permission, Timestamp};

/// An admin token that is valid, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminToken {
    /// As in the audit log.
    pub id: String,
    /// What it was named.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Permission>,
    /// The only environment that it opens; `null` if it opens all.
    pub environment: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used, to about ten minutes; `null` if it never was.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working; `null` if it works until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// Admin tokens that are valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdminTokenList {
    /// Newest first.
    pub tokens: Vec<AdminToken>,
}

/// A new admin token. The token is returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAdminToken {
    /// As in the audit log.
    pub id: String,
    /// What it was named.
    pub name: String,
    /// The token, for `Authorization: Bearer`. Only its hash is stored.
    pub token: String,
    /// What it may do.
    pub scopes: Vec<Permission>,
    /// The only environment that it opens; `null` if it opens all.
    pub environment: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stops working; `null` if it works until it is revoked.
    pub expires_at: Option<Timestamp>,
}
