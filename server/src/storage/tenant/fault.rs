//! The errors that both databases answer hooks with, in the same words. None of them names another tenant, a file, a role
//! or a host.

use std::time::Duration;

use aerocall_runtime::host::{ErrorCode, SdkError};

use crate::storage::write_fault::WriteFault;

/// The statement took too long by itself; it would again.
pub(super) fn too_slow(time: Duration) -> SdkError {
    let message = format!(
        "db: the statement took longer than {} ms and was stopped; read less, or add an index",
        time.as_millis()
    );
    SdkError::new(ErrorCode::Timeout, message)
}

/// Others hold what the statement needs.
pub(super) fn locked() -> SdkError {
    SdkError {
        retryable: true,
        ..SdkError::new(
            ErrorCode::Timeout,
            "db: other requests are writing and did not finish in time; try again",
        )
    }
}

pub(super) fn too_many_rows(most: u32) -> SdkError {
    let message = format!("db: the statement returns more than {most} rows; add a LIMIT");
    SdkError::new(ErrorCode::LimitExceeded, message)
}

pub(super) fn too_many_bytes(most: u64) -> SdkError {
    let message = format!("db: the statement returns more than {most} bytes; select fewer columns or rows");
    SdkError::new(ErrorCode::LimitExceeded, message)
}

/// The quota.
pub(super) fn full(most: u64) -> SdkError {
    let message = format!(
        "db: the database has reached its maximum size of {most} bytes; delete rows, or ask the operator for more"
    );
    SdkError::new(ErrorCode::LimitExceeded, message)
}

/// A request that is tried has a copy, which is made while somebody waits.
pub(super) fn too_large_to_copy(bytes: u64, most: u64) -> SdkError {
    let message = format!(
        "db: the project's database has {bytes} bytes, and a dry-run copies at most {most}; try the request in an environment with less data"
    );
    SdkError::new(ErrorCode::LimitExceeded, message)
}

/// Refused by a rule.
pub(super) fn denied(what: &str) -> SdkError {
    SdkError::new(ErrorCode::Denied, format!("db: {what}"))
}

pub(super) fn invalid(what: impl std::fmt::Display) -> SdkError {
    SdkError::new(ErrorCode::InvalidArgument, format!("db: {what}"))
}

pub(super) fn one_statement() -> SdkError {
    invalid("only one statement per call; use Aerocall.db.transaction for several")
}

pub(super) fn in_a_transaction() -> SdkError {
    invalid("there is a transaction")
}

/// An admin's statement, which is for looking.
pub(super) fn reads_only() -> SdkError {
    denied("the statement writes; only statements that read can be run here")
}

pub(super) fn parameter_count(wanted: usize, got: usize) -> SdkError {
    invalid(format!("the statement has {wanted} parameters and got {got} values"))
}

/// All connections are taken.
pub(super) fn busy() -> SdkError {
    away("db: all connections to the database are in use; try again")
}

/// The database cannot be reached.
pub(super) fn unreachable() -> SdkError {
    away("db: the database is not available right now; try again")
}

/// The database takes no changes, which is nobody's quota. The log has the reason, the hook does not.
pub(super) fn refused(fault: WriteFault, cause: &dyn std::fmt::Display) -> SdkError {
    let reason = fault.label();
    tracing::error!(reason, %cause, fix = fault.fix(), "a project's database {}", fault.words());
    away("db: the database does not accept changes right now; try again")
}

/// The connection went away while the commit was being answered.
pub(super) fn unknown_commit() -> SdkError {
    let message = "db: the connection broke during the commit; it is unknown whether the commit succeeded";
    SdkError::new(ErrorCode::BackendUnavailable, message)
}

fn away(message: &str) -> SdkError {
    SdkError {
        retryable: true,
        ..SdkError::new(ErrorCode::BackendUnavailable, message)
    }
}

/// Something that should not happen: the log has it, the hook does not.
pub(super) fn internal(doing: &'static str, error: &dyn std::fmt::Display) -> SdkError {
    tracing::error!(doing, error = %error, "tenant database");
    SdkError::new(ErrorCode::Internal, "db: an unexpected error occurred")
}

/// The line of `sql` in which a character stands, and its place, for messages. `at`: in characters, from 1.
pub(super) fn place(sql: &str, at: usize) -> String {
    const MAX_LINE_CHARS: usize = 120;
    let before: String = sql.chars().take(at.saturating_sub(1)).collect();
    let line = before.matches('\n').count();
    let text = sql.lines().nth(line).unwrap_or_default();
    let shown: String = text.trim().chars().take(MAX_LINE_CHARS).collect();
    format!(" at character {at} (line {}: {shown})", line + 1)
}
