//! SQLite's errors in the SDK's words.

use aerocall_runtime::host::{ErrorCode, SdkError};
use rusqlite::{Error, ErrorCode as Code};

use super::{
    super::{Statement, fault},
    connection::Connection,
    disk,
};
use crate::storage::write_fault::WriteFault;

/// The error that a hook gets for its statement on that connection.
pub(super) fn of(error: &Error, statement: &Statement, connection: &Connection) -> SdkError {
    match error {
        Error::MultipleStatement => fault::one_statement(),
        Error::NulError(_) => fault::invalid("a statement must not hold a NUL character"),
        Error::SqlInputError {
            error: cause,
            msg,
            sql,
            offset,
        } => {
            let place = usize::try_from(*offset)
                .ok()
                .and_then(|offset| sql.get(..offset))
                .map(|before| fault::place(sql, before.chars().count() + 1));
            coded(cause, msg, &place.unwrap_or_default(), statement, connection)
        }
        Error::SqliteFailure(cause, message) => {
            let message = message.clone().unwrap_or_else(|| cause.to_string());
            coded(cause, &message, "", statement, connection)
        }
        other => fault::internal("running a statement", other),
    }
}

fn coded(
    cause: &rusqlite::ffi::Error,
    message: &str,
    place: &str,
    statement: &Statement,
    connection: &Connection,
) -> SdkError {
    let text = format!("db: {message}{place}");
    match cause.code {
        Code::ConstraintViolation => SdkError::new(ErrorCode::Conflict, text),
        // A function that is not allowed is reported as a mistake of the text.
        Code::Unknown if message.starts_with("not authorized") => SdkError::new(ErrorCode::Denied, text),
        Code::AuthorizationForStatementDenied => SdkError::new(
            ErrorCode::Denied,
            format!("{text}: a hook reads and changes the rows of the project's own tables, which a migration makes"),
        ),
        Code::OperationInterrupted => fault::too_slow(statement.time),
        Code::DatabaseBusy | Code::DatabaseLocked => fault::locked(),
        Code::DiskFull => disk::full(connection),
        Code::TooBig => SdkError::new(
            ErrorCode::TooLarge,
            "db: a value, a row or the statement is too large; a value has at most 1 MiB, a statement 100,000 bytes",
        ),
        Code::TypeMismatch | Code::ParameterOutOfRange => SdkError::new(ErrorCode::InvalidArgument, text),
        Code::Unknown if message.starts_with("no such table") => SdkError::new(ErrorCode::NotFound, text),
        Code::Unknown => SdkError::new(ErrorCode::InvalidArgument, text),
        // Files that are damaged or gone, memory, and the like: never the message, it may name a file.
        _ => match WriteFault::of_sqlite(message) {
            Some(fault) => fault::refused(fault, &message),
            None => fault::internal("running a statement", &message),
        },
    }
}
