//! The user and what belongs to one, as hooks and events see them, and what hooks may change.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{AerocallError, JsonObject, Timestamp, platform};

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct User {
    /// `usr_…`
    pub id: String,
    /// The domain is in ASCII and lower case: `jane@xn--bcher-kva.example`.
    pub email: String,
    /// Whether the user has proved that the address is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// E.164: `+4915112345678`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether the user has proved that the number is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// 1 to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Data that the user can read and change.
    pub metadata: JsonObject,
    /// Data that the user can read but not change.
    pub public_metadata: JsonObject,
    /// When the user signed up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the user last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// A user who is not stored yet and has no id.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct NewUser {
    /// The domain is in ASCII and lower case: `jane@xn--bcher-kva.example`.
    pub email: String,
    /// Whether the user has proved that the address is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// E.164: `+4915112345678`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether the user has proved that the number is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// 1 to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Data that the user can read and change.
    pub metadata: JsonObject,
    /// Data that the user can read but not change.
    pub public_metadata: JsonObject,
    /// When the user signed up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the user last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// Information that the client sends about itself.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Client {
    /// Which program it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whatever the program sends to the project's hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<JsonObject>,
}

/// A session by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct SessionRef {
    /// `ses_…`
    pub id: String,
}

/// A second factor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Factor {
    /// `mfa_…`
    pub id: String,
    /// `totp`
    #[serde(rename = "type")]
    pub kind: String,
}

/// Handle to the password that the client sent: it can be verified, but not read.
///
/// ```
/// use aerocall_hooks::{Context, Denial, Result, before_signup, context::RequestContext};
///
/// fn check(payload: &before_signup::Payload) -> Result<()> {
///     if let Some(password) = &payload.password
///         && password.strength()? < 3
///     {
///         return Err(Denial::new("weak_password", "Please choose a longer password").status(422).into());
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Password {
    handle: u32,
}

impl Password {
    /// Whether it is the password of this user; at most three times per invocation.
    ///
    /// # Errors
    /// What the SDK refuses. The hook has to declare `auth`.
    pub fn verify(&self, user_id: &str) -> Result<bool, AerocallError> {
        platform::auth_password_verify(self.handle, user_id)
    }

    /// 0 (easily guessed) to 4.
    ///
    /// # Errors
    /// What the SDK refuses. The hook has to declare `auth`.
    pub fn strength(&self) -> Result<u8, AerocallError> {
        platform::auth_password_strength(self.handle)
    }
}

/// Reads `null` as `Some(None)`, since what is absent is not read at all.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Changes of a user. Metadata is merged (RFC 7396): `null` removes a member.
///
/// ```
/// use aerocall_hooks::UserPatch;
/// use serde_json::json;
///
/// let patch = UserPatch::new().email("ada@example.com").remove_name().metadata(json!({ "source": "web" }));
/// assert_eq!(patch.email.as_deref(), Some("ada@example.com"));
/// assert_eq!(patch.name, Some(None));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct UserPatch {
    /// Another email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Another phone number; `Some(None)`: none any more.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub phone: Option<Option<String>>,
    /// Another name; `Some(None)`: none any more.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub name: Option<Option<String>>,
    /// Changes of the data that the user can read and change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// Changes of the data that the user can read but not change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_metadata: Option<Value>,
}

impl UserPatch {
    /// No change yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Another email address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Another phone number, as in E.164.
    #[must_use]
    pub fn phone(mut self, phone: impl Into<String>) -> Self {
        self.phone = Some(Some(phone.into()));
        self
    }

    /// No phone number any more.
    #[must_use]
    pub fn remove_phone(mut self) -> Self {
        self.phone = Some(None);
        self
    }

    /// Another name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(Some(name.into()));
        self
    }

    /// No name any more.
    #[must_use]
    pub fn remove_name(mut self) -> Self {
        self.name = Some(None);
        self
    }

    /// Changes of the metadata: an object.
    #[must_use]
    pub fn metadata(mut self, changes: impl Into<Value>) -> Self {
        self.metadata = Some(changes.into());
        self
    }

    /// Changes of the public metadata: an object.
    #[must_use]
    pub fn public_metadata(mut self, changes: impl Into<Value>) -> Self {
        self.public_metadata = Some(changes.into());
        self
    }
}

/// Changes of a user where only their metadata can be changed.
///
/// ```
/// use aerocall_hooks::{MetadataPatch, after_login};
/// use serde_json::json;
///
/// let reply = after_login::Reply::patch(MetadataPatch::new().public_metadata(json!({ "greeted": true })));
/// assert_ne!(reply, after_login::Reply::allow());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MetadataPatch {
    /// Changes of the data that the user can read and change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// Changes of the data that the user can read but not change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_metadata: Option<Value>,
}

impl MetadataPatch {
    /// No change yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes of the metadata: an object.
    #[must_use]
    pub fn metadata(mut self, changes: impl Into<Value>) -> Self {
        self.metadata = Some(changes.into());
        self
    }

    /// Changes of the public metadata: an object.
    #[must_use]
    pub fn public_metadata(mut self, changes: impl Into<Value>) -> Self {
        self.public_metadata = Some(changes.into());
        self
    }
}
