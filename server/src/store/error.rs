//! What can go wrong in the store, as far as a flow needs to tell it apart.

use crate::error::{Error, Refusal};

/// A store call that came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Another user of the scope has the email.
    #[error("the email is taken")]
    EmailTaken,
    /// The user has gone or has another password since it was checked.
    #[error("the credentials have changed")]
    CredentialsChanged,
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

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::EmailTaken => Refusal::email_taken().into(),
            StoreError::CredentialsChanged => Refusal::invalid_credentials().into(),
            StoreError::Connection(source) => {
                tracing::error!(error = %source, "no connection to the database");
                Refusal::busy("The database is not available right now; please try again in a moment").into()
            }
            other => Error::unexpected("talking to the database", other),
        }
    }
}
