//! Migrations of a hook project: files of SQL with a name, applied once, in the order of their names.

use aerocall_runtime::host::SdkError;

/// A migration as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Migration {
    /// The file's name without ending: `[a-z0-9][a-z0-9_-]{0,99}`.
    pub(crate) name: String,
    /// Statements with `;` between them.
    pub(crate) sql: String,
}

/// A migration that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) name: String,
    /// `sha256:…` over the SQL.
    pub(crate) digest: String,
    pub(crate) applied_ms: i64,
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrationFault {
    /// A migration cannot be applied: whose, where and why, for its author.
    #[error("{name}: {problem}")]
    Refused { name: String, problem: String },
    /// One that was applied has changed since, or comes before one that was applied.
    #[error("{name}: {problem}")]
    Rewritten { name: String, problem: String },
    /// The database cannot be used right now.
    #[error(transparent)]
    Database(#[from] SdkError),
}
