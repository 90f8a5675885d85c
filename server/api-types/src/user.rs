//! A user, as everybody sees it: clients, hooks, events and webhooks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Object, Timestamp};

/// A user of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Starts with `usr_`.
    pub id: String,
    /// Unique in the environment, without regard to upper and lower case. The domain is in ASCII and lower case
    /// (`xn--bcher-kva.example`, not `bücher.example`).
    pub email: String,
    /// Whether the user has proved that the email address is theirs.
    pub email_verified: bool,
    /// Phone number in international format (E.164); absent if the user has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether the user has proved that the phone number is theirs; absent without a phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// Display name; absent if the user has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Data that the user can change.
    pub metadata: Object,
    /// Data that the user can read; only hooks and admins can change it.
    pub public_metadata: Object,
    /// When the account was created.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
}

/// The current user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurrentUser {
    /// The user that the access token belongs to.
    pub user: User,
}

/// The current user's account was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountDeleted {
    /// Always true.
    pub deleted: bool,
}
