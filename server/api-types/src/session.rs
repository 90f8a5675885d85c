//! Sessions, and what a login or a sign-up leads to.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{MfaChallenge, MfaEnrollment, Object, Timestamp, User, common::read};

/// An active session, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// Starts with `ses_`.
    pub id: String,
    /// Whether it is the session of the access token.
    pub current: bool,
    /// How the user logged in: `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider.
    pub provider: String,
    /// Address of the client at the login.
    pub ip: String,
    /// `User-Agent` of the client at the login; may be empty.
    pub user_agent: String,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When its tokens were last refreshed.
    pub last_used_at: Timestamp,
    /// When it expires, unless it is refreshed before.
    pub expires_at: Timestamp,
}

/// The active sessions of the current user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionList {
    /// Newest first, at most 100.
    pub sessions: Vec<Session>,
}

/// The id of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionRef {
    /// Starts with `ses_`.
    pub id: String,
}

/// Sessions were revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevokedSessions {
    /// How many there were.
    pub revoked: u64,
}

/// A session with its user and tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionGrant {
    /// The user who is logged in.
    pub user: User,
    /// The session.
    pub session: SessionRef,
    /// The access token, a JWT.
    pub access_token: String,
    /// How the access token is sent (RFC 6750).
    pub token_type: TokenType,
    /// Lifetime of the access token in seconds.
    pub expires_in: i64,
    /// For `POST /auth/refresh`; works once.
    pub refresh_token: String,
}

/// How an access token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum TokenType {
    /// In the header `Authorization`, after `Bearer`.
    Bearer,
}

/// What a login leads to: a session, or what is missing for one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SignIn {
    /// The user is logged in.
    Session(Box<SessionGrant>),
    /// The account has a second factor.
    MfaRequired(MfaChallenge),
    /// The project requires a second factor, and the account has none.
    MfaEnrollmentRequired(MfaEnrollment),
}

impl<'de> Deserialize<'de> for SignIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        if object.contains_key("mfa") {
            return read(object).map(Self::MfaRequired);
        }
        if object.contains_key("mfa_enrollment") {
            return read(object).map(Self::MfaEnrollmentRequired);
        }
        read(object).map(Self::Session)
    }
}

/// What a sign-up leads to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SignUp {
    /// The user is logged in.
    Session(Box<SessionGrant>),
    /// The project requires a second factor.
    MfaEnrollmentRequired(MfaEnrollment),
    /// The project requires verified email addresses (status 202).
    ConfirmationRequired(ConfirmationRequired),
}

impl<'de> Deserialize<'de> for SignUp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        if object.contains_key("mfa_enrollment") {
            return read(object).map(Self::MfaEnrollmentRequired);
        }
        if object.contains_key("status") {
            return read(object).map(Self::ConfirmationRequired);
        }
        read(object).map(Self::Session)
    }
}

/// The email address must be verified before the first login. The same answer for an address that has an account already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfirmationRequired {
    /// Always `confirmation_required`.
    pub status: ConfirmationStatus,
}

/// Status of a sign-up that waits for its confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ConfirmationStatus {
    /// A mail with a link was sent.
    ConfirmationRequired,
}

impl ConfirmationRequired {
    /// The only one there is.
    pub const ANSWER: Self = Self {
        status: ConfirmationStatus::ConfirmationRequired,
    };
}
