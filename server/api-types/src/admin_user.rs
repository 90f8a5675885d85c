//! Users as admins see them, and everything that is stored about one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AuditEntry, Object, Timestamp};

/// A user as admins see them: their profile, and what decides whether they can log in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminUser {
    /// Identifies the user.
    pub id: String,
    /// Identifies the account.
    pub email: String,
    /// Whether the email address is verified.
    pub email_verified: bool,
    /// Phone number with country code; absent if there is none, as in the user that hooks and events contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether the phone number is verified; absent if there is no phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// Display name; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Data that the user can read and change.
    pub metadata: Object,
    /// Data that the user can read but not change.
    pub public_metadata: Object,
    /// When the account was created.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
    /// How the account was created: `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// Whether the user can log in with a password.
    pub has_password: bool,
    /// When the user last logged in; `null` if never.
    pub last_login_at: Option<Timestamp>,
    /// Whether the user is banned now.
    pub banned: bool,
    /// When the ban ends; `null` if the user is not banned, or without end.
    pub banned_until: Option<Timestamp>,
    /// The note of the admin who banned the user.
    pub ban_reason: Option<String>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserEnvelope {
    /// The user.
    pub user: AdminUser,
}

/// A page of the users of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserList {
    /// Newest first.
    pub users: Vec<AdminUser>,
    /// Send it as `before` to get the next page; `null` on the last page.
    pub next: Option<String>,
}

/// An active session of a user, as admins see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserSession {
    /// Identifies the session.
    pub id: String,
    /// How the user logged in: `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// How the user proved who they are (RFC 8176), such as `pwd` and `mfa`.
    pub methods: Vec<String>,
    /// What the client said about itself.
    pub client: Object,
    /// IP address of the login.
    pub ip: String,
    /// User agent of the login; may be empty.
    pub user_agent: String,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When the session was last refreshed.
    pub last_used_at: Timestamp,
    /// When it expires, unless it is refreshed before.
    pub expires_at: Timestamp,
}

/// The active sessions of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserSessionList {
    /// Newest first, at most 100.
    pub sessions: Vec<UserSession>,
}

/// The second factors of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserFactorList {
    /// Oldest first.
    pub factors: Vec<ExportedFactor>,
    /// How many recovery codes the user has not used.
    pub recovery_codes_left: u64,
}

/// The accounts at identity providers that a user can log in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserIdentityList {
    /// Oldest first.
    pub identities: Vec<ExportedIdentity>,
}

/// Everything that is stored about a user, except password hashes, secrets and tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserExport {
    /// The user.
    pub user: AdminUser,
    /// Their sessions, newest first.
    pub sessions: Vec<ExportedSession>,
    /// Their accounts at identity providers.
    pub identities: Vec<ExportedIdentity>,
    /// Their second factors.
    pub factors: Vec<ExportedFactor>,
    /// Events about them.
    pub events: Vec<ExportedEvent>,
    /// Entries of the audit log about them or by them.
    pub audit: Vec<AuditEntry>,
}

/// A session of the user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedSession {
    /// Identifies the session.
    pub id: String,
    /// How the user logged in: `password`, `otp`, `magic_link`, or the name of an identity provider.
    pub provider: String,
    /// What the client said about itself.
    pub client: Object,
    /// IP address of the login.
    pub ip: String,
    /// User agent of the login.
    pub user_agent: String,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When the session was last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked; `null` if it was not.
    pub revoked_at: Option<Timestamp>,
}

/// An account at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedIdentity {
    /// Name of the identity provider in the project.
    pub provider: String,
    /// Identifies the account at the provider.
    pub subject: String,
    /// Email address of the account at the provider.
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When it was last used to log in.
    pub last_used_at: Timestamp,
}

/// A second factor, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportedFactor {
    /// Identifies the factor.
    pub id: String,
    /// What it is.
    pub kind: ExportedFactorKind,
    /// Name that the user gave it.
    pub name: Option<String>,
    /// Whether it is confirmed.
    pub state: ExportedFactorState,
    /// When its enrollment began.
    pub created_at: Timestamp,
    /// When it was confirmed; `null` if it was not.
    pub verified_at: Option<Timestamp>,
}

/// What a second factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportedFactorKind {
    /// An authenticator app (RFC 6238).
    Totp,
}

/// Whether a second factor is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportedFactorState {
    /// Its enrollment has begun.
    Pending,
    /// It is required at every login.
    Verified,
}

/// An event about the user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExportedEvent {
    /// Identifies the event.
    pub id: String,
    /// Its type, such as `auth.signup`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of the structure of `data`.
    pub version: i32,
    /// When it happened.
    pub time: Timestamp,
    /// Who caused it: `user:…`, `hook:…`, `admin:…`, `key:…` or `anonymous`.
    pub actor: String,
    /// What happened, by the type; see `docs/events.schema.json`.
    pub data: Object,
}
