//! What can go wrong in the store, as far as a flow needs to tell it apart.

use aerocall_contract::errors;
use diesel::result::{DatabaseErrorKind, Error as DatabaseError};

use crate::{
    base::error::{Error, Refusal},
    storage::write_fault::WriteFault,
};

/// A store call that came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Another user of the scope has the email.
    #[error("the email is taken")]
    EmailTaken,
    /// Another user of the scope has verified the phone number.
    #[error("the phone number is taken")]
    PhoneTaken,
    /// The account may not get a session.
    #[error("the account is refused: {0:?}")]
    AccountRefused(AccountRefusal),
    /// The user has gone or has another password since it was checked.
    #[error("the credentials have changed")]
    CredentialsChanged,
    /// The user was deleted in the meantime.
    #[error("the user has gone")]
    UserGone,
    /// What a change was made from has changed in the meantime.
    #[error("the user has changed")]
    UserChanged,
    /// A refresh token was used that had been used before.
    #[error("a refresh token was used again")]
    TokenReused,
    /// A one-time token or code is not there any more, or is not what it was taken for.
    #[error("the code is spent")]
    CodeSpent,
    /// The job was given to another worker in the meantime.
    #[error("the lease of the job was lost")]
    LeaseLost,
    /// Something unexpected.
    #[error("the database refused")]
    Database(#[from] diesel::result::Error),
    /// Another transaction changed the same rows at the same time, and this one was undone: it can be done again.
    #[error("another transaction changed the same rows at the same time")]
    Conflict(#[source] diesel::result::Error),
    /// The database answers and takes no changes.
    #[error("the database {}", .0.words())]
    Refuses(WriteFault, #[source] Option<diesel::result::Error>),
    /// No connection within the time allowed.
    #[error("no connection to the database")]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The file cannot be opened or migrated.
    #[error("the database cannot be set up")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Rows do not fit together or do not read as what was written.
    #[error("the database is inconsistent: {0}")]
    Inconsistent(&'static str),
    /// The blocking thread died.
    #[error("the database thread failed")]
    Thread(#[from] tokio::task::JoinError),
}

/// Why an account gets no session although its owner has proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountRefusal {
    /// Banned by an admin.
    Banned,
    /// The project wants addresses to be confirmed, and this one is not.
    EmailUnverified,
    /// There is a second factor, or there has to be one, and it was not shown.
    MfaRequired,
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::EmailTaken => Refusal::email_taken().into(),
            StoreError::PhoneTaken => Refusal::phone_taken().into(),
            StoreError::AccountRefused(AccountRefusal::Banned) => Refusal::account_banned().into(),
            StoreError::AccountRefused(AccountRefusal::EmailUnverified) => Refusal::email_unverified().into(),
            StoreError::AccountRefused(AccountRefusal::MfaRequired) => Refusal::mfa_required().into(),
            StoreError::TokenReused => Refusal::invalid_refresh_token().into(),
            StoreError::CredentialsChanged => Refusal::invalid_credentials().into(),
            StoreError::UserGone => Refusal::not_found().into(),
            StoreError::UserChanged => Refusal::new(
                errors::USER_CHANGED,
                "The user was changed by somebody else at the same time; try again",
            )
            .into(),
            StoreError::CodeSpent => Refusal::invalid_code().into(),
            StoreError::Connection(source) => {
                tracing::error!(error = %source, "no connection to the database");
                Refusal::busy("The database is not available right now; please try again in a moment").into()
            }
            StoreError::Conflict(source) => {
                tracing::warn!(error = %source, "a request was undone, because another one changed the same rows at the same time");
                Refusal {
                    retry_after: Some(1),
                    ..Refusal::busy(
                        "Another request changed the same data at the same time; please try again in a moment",
                    )
                }
                .into()
            }
            // The log has it already: once, not for each request.
            StoreError::Refuses(fault, _) => Refusal {
                retry_after: Some(match fault {
                    WriteFault::Locked => 1,
                    _ => 5,
                }),
                ..Refusal::busy("The database does not accept changes right now; please try again in a moment")
            }
            .into(),
            other => Error::unexpected("talking to the database", other),
        }
    }
}

impl StoreError {
    /// The same, as a conflict or a refusal of the database where it is one. `known`: what its statement said.
    pub(super) fn classified(self, known: Known) -> Self {
        let is_conflict = known.is_conflict || self.is_conflict();
        match (self.fault().or(known.fault), self) {
            (_, Self::Database(error)) if is_conflict => Self::Conflict(error),
            (Some(fault), Self::Database(error)) => Self::Refuses(fault, Some(error)),
            (_, other) => other,
        }
    }

    /// What is known by it, should undoing the transaction hide it.
    pub(super) fn known(&self) -> Known {
        Known {
            fault: self.fault(),
            is_conflict: self.is_conflict(),
        }
    }

    fn is_conflict(&self) -> bool {
        match self {
            Self::Database(error) => is_conflict(error),
            Self::Conflict(_) => true,
            _ => false,
        }
    }

    /// What keeps the database from taking changes, if that is what this says.
    pub(super) fn fault(&self) -> Option<WriteFault> {
        match self {
            Self::Database(error) => fault(error),
            Self::Refuses(fault, _) => Some(*fault),
            _ => None,
        }
    }
}

/// What a statement said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    fault: Option<WriteFault>,
    is_conflict: bool,
}

/// PostgreSQL undid the transaction, because it and another one waited for each other (40P01) or changed the same rows (40001).
/// Nothing is wrong with the database. Diesel has a kind for the second alone.
fn is_conflict(error: &DatabaseError) -> bool {
    match error {
        DatabaseError::DatabaseError(DatabaseErrorKind::SerializationFailure, details) => {
            // A standby cancels what reads when the primary has changed it; there is nothing to be written.
            !details.message().contains("conflict with recovery")
        }
        DatabaseError::DatabaseError(DatabaseErrorKind::Unknown, details) => {
            details.message().starts_with("deadlock detected")
        }
        DatabaseError::RollbackErrorOnCommit { commit_error, .. } => is_conflict(commit_error),
        _ => false,
    }
}

/// Diesel has no kinds for them, and neither the codes of SQLite nor those of PostgreSQL.
fn fault(error: &DatabaseError) -> Option<WriteFault> {
    match error {
        DatabaseError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _) => Some(WriteFault::ReadOnly),
        DatabaseError::DatabaseError(DatabaseErrorKind::Unknown, details) => {
            WriteFault::of_sqlite(details.message()).or_else(|| WriteFault::of_postgres(details.message()))
        }
        DatabaseError::RollbackErrorOnCommit { commit_error, .. } => fault(commit_error),
        _ => None,
    }
}
