//! Accounts at identity providers that are linked to a user.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// An account at an identity provider that the user can log in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Name of the identity provider in the project's settings.
    pub provider: String,
    /// Email address of the account at the provider; absent if the provider gave none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When it was last used to log in or to link.
    pub last_used_at: Timestamp,
}

/// The identities of the current user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IdentityList {
    /// Oldest first.
    pub identities: Vec<Identity>,
}

/// A token that starts linking an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkToken {
    /// For `GET /auth/oauth/{provider}/authorize`, as `link`; works once.
    pub token: String,
    /// Lifetime in seconds.
    pub expires_in: i64,
}
