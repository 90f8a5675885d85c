//! What hooks get at hook points. Made from runtime/contract/src; run UPDATE_DOCS=1 cargo nextest run --workspace documents_are

use serde::{Deserialize, Serialize};

use crate::{Client, JsonObject, NewUser, Password, SessionRef, User, UserPatch, words::{Channel, Delivery, FactorKind}};

/// Signing up, before the user is kept.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignupPayload {
    /// The user as they will be kept.
    pub user: NewUser,
    /// Absent when the user signs up without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// The user exists; the password is gone.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignedUpPayload {
    /// The user.
    pub user: User,
    /// `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// Logging in: the credentials were right, the session does not exist yet.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoginPayload {
    /// The user.
    pub user: User,
    /// Absent when the user logs in without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// The session exists.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoggedInPayload {
    /// The user.
    pub user: User,
    /// `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// An access token is about to be signed, or was.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TokenIssuePayload {
    /// The user.
    pub user: User,
    /// `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// The session, when it exists already: on a refresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
    /// The project's own claims, beside those of the server (`sub`, `exp`, …).
    pub claims: JsonObject,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A session and its user.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SessionPayload {
    /// The user.
    pub user: User,
    /// `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// The session.
    pub session: SessionRef,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// Somebody asks for a link that resets a password. Answered the same whether or not there is such a user.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordResetRequestPayload {
    /// The address.
    pub email: String,
    /// Absent when nobody has that address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A password is about to be replaced.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordPayload {
    /// The user.
    pub user: User,
    /// The new one; gone once it is kept.
    pub password: Password,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A user and nothing else.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserPayload {
    /// The user.
    pub user: User,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A code is about to be sent. Whoever asks is answered the same whether or not there is somebody to send it to.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtpSendPayload {
    /// Absent when nobody has that address or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Which way the code goes.
    pub channel: Channel,
    /// The address or number that the code goes to.
    pub to: String,
    /// For a hook that delivers it; absent when it goes to nobody. It is kept nowhere, not in records of calls either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Who delivers: `server` (by mail, or through the first script hook on `auth.otp.send`), `hook` (one before this has), `none` (there is no such account: nothing may be sent).
    pub delivery: Delivery,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A code was sent, or would have been.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtpSentPayload {
    /// Absent when nobody has that address or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Which way the code goes.
    pub channel: Channel,
    /// The address or number that the code goes to.
    pub to: String,
    /// Who delivers.
    pub delivery: Delivery,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A one-time code was right.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtpPayload {
    /// Absent when nobody has that address or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Which way the code goes.
    pub channel: Channel,
    /// The address or number that the code goes to.
    pub to: String,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// An address is confirmed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EmailVerifyPayload {
    /// The user.
    pub user: User,
    /// The address.
    pub email: String,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A user changes.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserUpdatePayload {
    /// As the user will be.
    pub user: User,
    /// What was asked for.
    pub changes: UserPatch,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}

/// A second factor is checked.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MfaVerifyPayload {
    /// The user.
    pub user: User,
    /// Which kind.
    pub method: FactorKind,
    /// What the client says about itself; an empty object if nothing.
    #[serde(default)]
    pub client: Client,
}
