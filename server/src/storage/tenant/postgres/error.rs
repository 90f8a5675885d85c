//! PostgreSQL's errors in the SDK's words. Details and hints are left out: they may show what a tenant may not see.

use std::time::Duration;

use aerocall_runtime::host::{ErrorCode, SdkError};
use tokio_postgres::{
    Error,
    error::{DbError, ErrorPosition, SqlState},
};

use super::{super::fault, connector::ConnectError};
use crate::storage::write_fault::WriteFault;

/// The error that a hook gets for its statement. `sql`: as it was sent, which is what the position counts in.
pub(super) fn of(error: &Error, sql: &str, time: Duration) -> SdkError {
    match error.as_db_error() {
        Some(error) => of_database(error, sql, time),
        None if error.is_closed() || is_socket(error) => fault::unreachable(),
        None => fault::internal("running a statement", &crate::base::error::chain(error)),
    }
}

/// An error of a statement of our own.
pub(super) fn of_ours(doing: &'static str, error: &Error) -> SdkError {
    match error.as_db_error() {
        None if error.is_closed() || is_socket(error) => fault::unreachable(),
        Some(error) if is_going_down(error.code()) => fault::unreachable(),
        Some(details) if let Some(refused) = write_fault(details) => {
            fault::refused(refused, &crate::base::error::chain(error))
        }
        _ => fault::internal(doing, &crate::base::error::chain(error)),
    }
}

/// No connection.
pub(super) fn connecting(error: &ConnectError) -> SdkError {
    tracing::warn!(
        error = crate::base::error::chain(error),
        "connecting to the tenants' database"
    );
    match error {
        // Those of the role, or of the cluster: they are taken, not away.
        ConnectError::Refused(error) if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) => fault::busy(),
        _ => fault::unreachable(),
    }
}

/// Whether the statement only failed because nothing may be written outside of a transaction of ours.
pub(super) fn is_read_only(error: &Error) -> bool {
    error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION)
}

fn is_socket(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// Whether the database takes no changes from anybody.
pub(super) fn write_fault(error: &DbError) -> Option<WriteFault> {
    // A standby says so with the code of what it does not support.
    let is_standby = error.message().ends_with("during recovery");
    is_standby
        .then_some(WriteFault::ReadOnly)
        .or_else(|| WriteFault::of_code(error.code().code()))
}

/// The same of a hook's own statement: it may wait for another request, and write where hooks may only read.
fn write_fault_of_statement(error: &DbError) -> Option<WriteFault> {
    let is_own = matches!(
        *error.code(),
        SqlState::LOCK_NOT_AVAILABLE | SqlState::T_R_DEADLOCK_DETECTED | SqlState::READ_ONLY_SQL_TRANSACTION
    );
    write_fault(error).filter(|_| !is_own)
}

/// The server is stopped, starting, or ended this connection.
fn is_going_down(code: &SqlState) -> bool {
    code.code().starts_with("57P") || code.code().starts_with("08") || *code == SqlState::TOO_MANY_CONNECTIONS
}

fn of_database(error: &DbError, sql: &str, time: Duration) -> SdkError {
    let code = error.code();
    match code {
        _ if is_going_down(code) && *code != SqlState::PROTOCOL_VIOLATION => fault::unreachable(),
        &SqlState::QUERY_CANCELED => fault::too_slow(time),
        // A full disk is not what the statement needed, and not the project's quota.
        _ if let Some(refused) = write_fault_of_statement(error) => fault::refused(refused, &error.message()),
        &SqlState::LOCK_NOT_AVAILABLE => fault::locked(),
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => SdkError {
            retryable: true,
            ..SdkError::new(
                ErrorCode::Conflict,
                "db: another request changed the same rows at the same time; try again",
            )
        },
        &SqlState::UNDEFINED_TABLE => sdk_error(ErrorCode::NotFound, error, sql),
        &SqlState::INSUFFICIENT_PRIVILEGE if is_type_lookup(error) => fault::invalid(
            "the answer has a column whose type hooks have no value for, such as a whole row or a list of rows; select its \
             columns one by one, or cast it to text",
        ),
        &SqlState::INSUFFICIENT_PRIVILEGE | &SqlState::READ_ONLY_SQL_TRANSACTION => {
            sdk_error(ErrorCode::Denied, error, sql)
        }
        _ => match &code.code()[..2] {
            "23" => conflict(error),
            "22" | "42" | "0A" | "21" | "2F" | "08" | "3F" | "44" | "25" => {
                sdk_error(ErrorCode::InvalidArgument, error, sql)
            }
            "54" => sdk_error(ErrorCode::TooLarge, error, sql),
            "53" => SdkError::new(
                ErrorCode::LimitExceeded,
                "db: the statement needs more memory or space than it may have; read or sort less",
            ),
            _ => fault::internal("running a statement", &crate::base::error::chain(error)),
        },
    }
}

/// The library looks up types that are not built in, which hooks may not.
fn is_type_lookup(error: &DbError) -> bool {
    ["pg_type", "pg_range", "pg_namespace"]
        .iter()
        .any(|table| error.message().ends_with(table))
}

fn sdk_error(code: ErrorCode, error: &DbError, sql: &str) -> SdkError {
    let place = match error.position() {
        Some(ErrorPosition::Original(at)) => fault::place(sql, *at as usize),
        _ => String::new(),
    };
    SdkError::new(code, format!("db: {}{place}", error.message()))
}

fn conflict(error: &DbError) -> SdkError {
    let message = match error.constraint() {
        // The message names it already.
        Some(name) if !error.message().contains(name) => format!("db: {} ({name})", error.message()),
        _ => format!("db: {}", error.message()),
    };
    SdkError::new(ErrorCode::Conflict, message)
}
