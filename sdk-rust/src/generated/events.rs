//! The data of each event. Made from runtime/contract/src; run UPDATE_DOCS=1 cargo nextest run --workspace documents_are

use serde::{Deserialize, Serialize};

use crate::{Factor, SessionRef, User, words::{Channel, CodePurpose, EventDelivery, FactorKind}};

/// `auth.signup`: An account was created.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Signup {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
}

/// `auth.login`: A user logged in.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Login {
    /// The user after the event.
    pub user: User,
    /// The session that the event is about.
    pub session: SessionRef,
}

/// `auth.login.failed`: A login failed. The email address is the one that the client sent; there may be no such account.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoginFailed {
    /// The email address.
    pub email: String,
    /// Why the login failed; for the project, never shown to the user.
    pub reason: String,
}

/// `auth.logout`: A user logged out.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Logout {
    /// The user after the event.
    pub user: User,
    /// The session that the event is about.
    pub session: SessionRef,
    /// The number of sessions that ended. `auth.session.revoked` has it only if a session revoked all others; then `session` is the remaining one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
}

/// `auth.token.refreshed`: A session was refreshed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TokenRefreshed {
    /// The user after the event.
    pub user: User,
    /// The session that the event is about.
    pub session: SessionRef,
}

/// `auth.password.reset.requested`: A password reset was requested, and its mail was sent.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordResetRequested {
    /// The user after the event.
    pub user: User,
    /// The email address.
    pub email: String,
}

/// `auth.password.reset.completed`: A password was reset.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordResetCompleted {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
}

/// `auth.password.changed`: A user changed their password.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordChanged {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
}

/// `auth.otp.send`: A one-time code was sent, or is about to be sent.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtpSend {
    /// How the code is sent.
    pub channel: Channel,
    /// The email address or phone number.
    pub to: String,
    /// Absent if the code is for a new account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// What the code is for.
    pub purpose: CodePurpose,
    /// Who delivers the code: a hook at `beforeOtpSend` (`hook`), the server by mail (`server`), the first script hook on this event (`event`), or the first webhook endpoint with codes included (`webhook`).
    pub delivery: EventDelivery,
    /// The webhook endpoint that delivers the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// The code; only in the copy for the receiver that delivers it, never stored with the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// `auth.otp.verified`: A one-time code was verified.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtpVerified {
    /// How the code is sent.
    pub channel: Channel,
    /// The email address or phone number.
    pub to: String,
    /// Absent if the code is for a new account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
}

/// `auth.email.verification.requested`: A verification mail was sent.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EmailVerificationRequested {
    /// The user after the event.
    pub user: User,
    /// The email address.
    pub email: String,
}

/// `auth.email.verified`: An email address was verified.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EmailVerified {
    /// The user after the event.
    pub user: User,
    /// The email address.
    pub email: String,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
}

/// `auth.user.updated`: A user was changed: by themselves, an admin or a hook.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserUpdated {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
}

/// `auth.user.deleted`: A user was deleted.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserDeleted {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
}

/// `auth.session.revoked`: Sessions were revoked: by the user from another session, by an admin, or because a refresh token was reused.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SessionRevoked {
    /// The user after the event.
    pub user: User,
    /// The session that the event is about.
    pub session: SessionRef,
    /// The number of sessions that ended. `auth.session.revoked` has it only if a session revoked all others; then `session` is the remaining one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
    /// `refresh_token_reused`, `banned` or `admin`; absent if the user revoked them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `auth.mfa.enrolled`: A second factor was enrolled or removed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MfaEnrolled {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
    /// The factor.
    pub factor: Factor,
}

/// `auth.mfa.verified`: A second factor was verified.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MfaVerified {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
    /// The kind of factor.
    pub method: FactorKind,
}

/// `auth.mfa.recovery.used`: A second factor was verified.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MfaRecoveryUsed {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
    /// The kind of factor.
    pub method: FactorKind,
}

/// `auth.mfa.removed`: A second factor was enrolled or removed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MfaRemoved {
    /// The user after the event.
    pub user: User,
    /// The session of the request, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
    /// The factor.
    pub factor: Factor,
}
