//! Second factors: the tokens between the two halves of a login, authenticator apps, recovery codes.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Object, SessionGrant, Timestamp, common::read};

/// The login is not complete: a second factor is required. Send the token to `POST /auth/mfa/verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MfaChallenge {
    /// The challenge.
    pub mfa: ChallengeToken,
}

/// A token for `POST /auth/mfa/verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ChallengeToken {
    /// Is sent together with the second factor.
    pub token: String,
    /// What can be sent as the second factor.
    pub methods: Vec<MfaMethod>,
    /// Lifetime in seconds.
    pub expires_in: i64,
}

/// What can be sent as a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MfaMethod {
    /// A code from an authenticator app (RFC 6238), as `code`.
    Totp,
    /// A recovery code, as `recovery_code`.
    RecoveryCode,
}

/// The login is not complete: a second factor must be enrolled. Send the token to `POST /auth/mfa/enroll`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MfaEnrollment {
    /// The enrollment.
    pub mfa_enrollment: EnrollmentToken,
}

/// A token for `POST /auth/mfa/enroll` and `POST /auth/mfa/enroll/confirm`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct EnrollmentToken {
    /// Is sent instead of an access token.
    pub token: String,
    /// What can be enrolled.
    pub methods: Vec<FactorType>,
    /// Lifetime in seconds.
    pub expires_in: i64,
}

/// A second factor, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Factor {
    /// Starts with `mfa_`.
    pub id: String,
    /// What kind of factor it is.
    pub r#type: FactorType,
    /// Chosen by the user; absent if they chose none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is used.
    pub status: FactorStatus,
    /// When the enrollment was started.
    pub created_at: Timestamp,
    /// When it was confirmed; absent while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Timestamp>,
}

/// A kind of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorType {
    /// An authenticator app (RFC 6238).
    Totp,
}

/// Whether a second factor is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorStatus {
    /// Not confirmed, and not yet used.
    Pending,
    /// Every login of the account asks for it.
    Verified,
}

/// The second factors of the current user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactorList {
    /// At most five.
    pub factors: Vec<Factor>,
    /// How many recovery codes are unused.
    pub recovery_codes_left: u64,
}

/// A factor that waits for its confirmation, with its secret, which is returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactorEnrollment {
    /// For `POST /auth/mfa/enroll/confirm`.
    pub factor_id: String,
    /// The secret for the authenticator app, in base32.
    pub secret: String,
    /// The same as an `otpauth` URL, for a QR code.
    pub otpauth_url: String,
}

/// Recovery codes, which are returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryCodes {
    /// Ten codes, each usable once instead of a code from the app.
    pub recovery_codes: Vec<String>,
}

/// What the confirmation of a factor leads to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum FactorConfirmation {
    /// The factor was enrolled during a login, which is complete now.
    Session(Box<EnrolledSession>),
    /// The factor was enrolled by a user who was logged in.
    RecoveryCodes(RecoveryCodes),
}

impl<'de> Deserialize<'de> for FactorConfirmation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        match object.contains_key("session") {
            true => read(object).map(Self::Session),
            false => read(object).map(Self::RecoveryCodes),
        }
    }
}

/// A session with its user and tokens, and the recovery codes of the factor that was enrolled for it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EnrolledSession {
    /// Ten codes, each usable once instead of a code from the app.
    pub recovery_codes: Vec<String>,
    /// The session.
    #[serde(flatten)]
    pub session: SessionGrant,
}

impl<'de> Deserialize<'de> for EnrolledSession {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        let RecoveryCodes { recovery_codes } = read(object.clone())?;
        let session = read(object)?;
        Ok(Self {
            recovery_codes,
            session,
        })
    }
}
