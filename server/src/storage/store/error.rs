//! What can go wrong in the store, as far as a flow needs to tell it apart.

use crate::base::error::{Error, Refusal};

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
                409,
                "user_changed",
                "The user was changed by somebody else at the same time; try again",
            )
            .into(),
            StoreError::CodeSpent => Refusal::invalid_code().into(),
            StoreError::Connection(source) => {
                tracing::error!(error = %source, "no connection to the database");
                Refusal::busy("The database is not available right now; please try again in a moment").into()
            }
            other => Error::unexpected("talking to the database", other),
        }
    }
}
