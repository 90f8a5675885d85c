//! Why a request did not leave or has no answer. The texts are for whoever wrote the request: they never name the address
//! that a name led to.

/// A request without an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EgressError {
    /// A rule forbids it.
    #[error("{0}")]
    Refused(String),
    /// The request is not one that can be sent.
    #[error("{0}")]
    Invalid(String),
    /// The sender has used up what it may.
    #[error("{0}")]
    Budget(String),
    /// The answer, or a part of it, is larger than the sender takes.
    #[error("{0}")]
    TooLarge(String),
    /// No complete answer in time.
    #[error("{0}")]
    Timeout(String),
    /// No connection, or the answer is no HTTP.
    #[error("{0}")]
    Unreachable(String),
}

impl EgressError {
    /// The host leads, or is, an address outside of the public internet.
    pub(super) fn not_public(host: &str) -> Self {
        Self::Refused(format!(
            "{host} is not on the public internet; requests do not go to private, local or reserved addresses"
        ))
    }
}
