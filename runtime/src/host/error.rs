//! The one error every capability answers with; hooks see it as `AerocallError`.

use serde::{Deserialize, Serialize};

/// Stable codes, the same as `error-code` in `wit/types.wit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The host does not offer the capability here.
    Unavailable,
    /// The bundle did not declare it.
    CapabilityNotDeclared,
    /// Refused by a rule.
    Denied,
    /// An argument is not of the right kind or range.
    InvalidArgument,
    /// Nothing by that name.
    NotFound,
    /// Something else got there first.
    Conflict,
    /// A value is over its size limit.
    TooLarge,
    /// A budget is used up.
    LimitExceeded,
    /// The back end took too long.
    Timeout,
    /// The back end cannot be reached.
    BackendUnavailable,
    /// Unexpected; the log of the host knows more.
    Internal,
}

/// A refused or failed capability call. The message is for the hook's author and names nothing of other projects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct SdkError {
    /// What kind.
    pub code: ErrorCode,
    /// For the author: what, where, how to put it right.
    pub message: String,
    /// Whether the same call may succeed later without a change.
    pub retryable: bool,
}

impl SdkError {
    /// An error that a retry will not mend.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retryable: false,
        }
    }

    /// The answer of a capability that this host does not offer.
    #[must_use]
    pub fn unavailable(capability: &str) -> Self {
        Self::new(
            ErrorCode::Unavailable,
            format!("Aerocall.{capability} is not available here"),
        )
    }
}
