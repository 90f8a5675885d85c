//! Errors: what the SDK refuses ([`AerocallError`]), and what a hook ends with ([`Error`]), into which `?` turns every error. Mirrors
//! `error` and `exception` in `wit/types.wit`.

use std::{any::type_name, error::Error as StdError, fmt, panic::Location};

use crate::Denial;

/// Longest stack, in bytes; the host cuts it there, too.
const STACK_BYTES: usize = 8 << 10;

/// What a hook returns that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error codes of the SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The capability exists but is not offered here.
    Unavailable,
    /// The hook does not declare the capability.
    CapabilityNotDeclared,
    /// A rule does not permit it: a host, a secret for a host, a statement.
    Denied,
    /// An argument is out of range, or is not what it should be.
    InvalidArgument,
    /// A user, table, secret or template does not exist.
    NotFound,
    /// A violated constraint; a conflict with another transaction; a cached value that is not a number.
    Conflict,
    /// A key, value, message or response exceeds its size limit.
    TooLarge,
    /// A limit of this invocation or of the project is exceeded; the message names it.
    LimitExceeded,
    /// A statement or a request took too long.
    Timeout,
    /// The service behind it is not available.
    BackendUnavailable,
    /// An unexpected error; the server's log has the details.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: &[Self] = &[
        Self::Unavailable,
        Self::CapabilityNotDeclared,
        Self::Denied,
        Self::InvalidArgument,
        Self::NotFound,
        Self::Conflict,
        Self::TooLarge,
        Self::LimitExceeded,
        Self::Timeout,
        Self::BackendUnavailable,
        Self::Internal,
    ];

    /// As it is written in every language: `limit_exceeded`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::CapabilityNotDeclared => "capability_not_declared",
            Self::Denied => "denied",
            Self::InvalidArgument => "invalid_argument",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::LimitExceeded => "limit_exceeded",
            Self::Timeout => "timeout",
            Self::BackendUnavailable => "backend_unavailable",
            Self::Internal => "internal",
        }
    }
}

/// It is the source of its [`AerocallError`], so that an author's own error that shows that one as itself has its code.
impl StdError for ErrorCode {}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a call of the SDK fails with.
///
/// ```
/// use aerocall_hooks::{ErrorCode, Result, cache, log};
///
/// fn note(key: &str) -> Result<()> {
///     match cache::set(key, &true, None) {
///         Err(error) if error.code == ErrorCode::BackendUnavailable => log::warn!("not kept: {error}"),
///         other => other?,
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct AerocallError {
    /// What kind of error it is.
    #[source]
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// Whether the same call may succeed later unchanged.
    pub retryable: bool,
}

impl AerocallError {
    /// An error, as a double in a test answers it.
    ///
    /// ```
    /// use aerocall_hooks::{AerocallError, ErrorCode};
    ///
    /// let error = AerocallError::new(ErrorCode::Timeout, "the statement took longer than 1,000 ms");
    /// assert_eq!(error.to_string(), "the statement took longer than 1,000 ms");
    /// ```
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retryable: code == ErrorCode::BackendUnavailable,
        }
    }

    /// A value that cannot be written as JSON, or is not what the hook expects.
    pub(crate) fn of_json(what: &str, error: &serde_json::Error) -> Self {
        Self::new(ErrorCode::InvalidArgument, format!("{what}: {error}"))
    }
}

/// What a hook ends with instead of a reply: a denial, or a failure (`hook_failed`), for which the failure policy decides.
///
/// `?` makes it of every error, with the place of the `?`. The failure has the code of the [`AerocallError`] that it is or that
/// caused it.
///
/// ```
/// use aerocall_hooks::{Error, Result};
///
/// fn number(text: &str) -> Result<u32> {
///     if text.is_empty() {
///         return Err(Error::msg("there is no number"));
///     }
///     Ok(text.parse()?)
/// }
/// assert_eq!(number("").unwrap_err().to_string(), "there is no number");
/// assert_eq!(number("x").unwrap_err().to_string(), "invalid digit found in string");
/// ```
pub struct Error(Box<Inner>);

#[derive(Debug)]
enum Inner {
    Denied(Denial),
    Failed(Exception),
}

/// A failure as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exception {
    /// The type of the error: `AerocallError`, `ParseIntError`, `Error`.
    pub name: String,
    /// For people.
    pub message: String,
    /// The place, as `    at src/lib.rs:12:9`, then the causes.
    pub stack: String,
    /// The code of the [`AerocallError`] behind it.
    pub code: Option<String>,
}

impl Exception {
    pub(crate) fn new(name: &str, message: String, place: Option<&Location<'_>>) -> Self {
        Self {
            name: name.to_owned(),
            message,
            stack: place.map(frame).unwrap_or_default(),
            code: None,
        }
    }

    fn of<E: StdError + 'static>(error: &E, place: &Location<'_>) -> Self {
        let mut exception = Self::new(short_name::<E>(), error.to_string(), Some(place));
        let mut cause = error.source();
        while let Some(error) = cause {
            match error.downcast_ref::<ErrorCode>() {
                Some(code) => exception.code = Some(code.as_str().to_owned()),
                None if exception.stack.len() < STACK_BYTES => {
                    exception.stack.push_str("\n  [cause]: ");
                    exception.stack.push_str(&error.to_string());
                }
                None => {}
            }
            cause = error.source();
        }
        exception
            .stack
            .truncate(exception.stack.floor_char_boundary(STACK_BYTES));
        exception
    }
}

/// A line of a stack.
pub(crate) fn frame(place: &Location<'_>) -> String {
    format!("    at {}:{}:{}", place.file(), place.line(), place.column())
}

/// `core::num::error::ParseIntError` without its path and its parameters.
fn short_name<E>() -> &'static str {
    let name = type_name::<E>();
    let name = name.split('<').next().unwrap_or(name);
    name.rsplit("::").next().unwrap_or(name)
}

impl Error {
    /// A failure with a message, and the place of this call.
    #[track_caller]
    pub fn msg(message: impl fmt::Display) -> Self {
        let place = Location::caller();
        Self::failed(Exception::new("Error", message.to_string(), Some(place)))
    }

    pub(crate) fn failed(exception: Exception) -> Self {
        Self(Box::new(Inner::Failed(exception)))
    }

    /// The denial, if it is one.
    #[must_use]
    pub fn denial(&self) -> Option<&Denial> {
        match &*self.0 {
            Inner::Denied(denial) => Some(denial),
            Inner::Failed(_) => None,
        }
    }

    /// The failure, if it is one.
    #[must_use]
    pub fn exception(&self) -> Option<&Exception> {
        match &*self.0 {
            Inner::Denied(_) => None,
            Inner::Failed(exception) => Some(exception),
        }
    }

    pub(crate) fn into_parts(self) -> std::result::Result<Denial, Exception> {
        match *self.0 {
            Inner::Denied(denial) => Ok(denial),
            Inner::Failed(exception) => Err(exception),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.0 {
            Inner::Denied(denial) => &denial.message,
            Inner::Failed(exception) => &exception.message,
        })
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: StdError + 'static> From<E> for Error {
    #[track_caller]
    fn from(error: E) -> Self {
        let any: &(dyn StdError + 'static) = &error;
        match any.downcast_ref::<Denial>() {
            Some(denial) => Self(Box::new(Inner::Denied(denial.clone()))),
            None => Self::failed(Exception::of(&error, Location::caller())),
        }
    }
}

/// Returns a failure with a message: `bail!("the CRM answers {status}")`.
///
/// ```
/// use aerocall_hooks::{Result, bail};
///
/// fn check(status: u16) -> Result<()> {
///     if status >= 500 {
///         bail!("the CRM answers {status}");
///     }
///     Ok(())
/// }
/// assert_eq!(check(503).unwrap_err().to_string(), "the CRM answers 503");
/// ```
#[macro_export]
macro_rules! bail {
    ($($message:tt)*) => {
        return ::core::result::Result::Err($crate::Error::msg(::core::format_args!($($message)*)))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the row was not kept")]
    struct NotKept(#[source] AerocallError);

    const LINE: u32 = line!() + 3;

    fn keeps() -> Result<()> {
        Err(NotKept(AerocallError::new(ErrorCode::Conflict, "the id exists")))?;
        Ok(())
    }

    #[test]
    fn the_question_mark_keeps_name_place_cause_and_code() {
        let error = keeps().unwrap_err();
        let exception = error.exception().unwrap();
        assert_eq!(
            (exception.name.as_str(), exception.code.as_deref()),
            ("NotKept", Some("conflict"))
        );
        assert_eq!(exception.message, "the row was not kept");
        let place = format!("    at {}:{LINE}:", file!());
        assert!(exception.stack.starts_with(&place), "{} {place}", exception.stack);
        assert!(
            exception.stack.ends_with("\n  [cause]: the id exists"),
            "{}",
            exception.stack
        );
    }

    #[test]
    fn a_stack_has_an_end() {
        let long = NotKept(AerocallError::new(ErrorCode::Internal, "ü".repeat(STACK_BYTES)));
        let error = Error::from(long);
        let stack = &error.exception().unwrap().stack;
        assert!(
            stack.len() <= STACK_BYTES && stack.len() > STACK_BYTES - 2,
            "{}",
            stack.len()
        );
    }

    #[test]
    fn a_denial_stays_one() {
        let error = Error::from(Denial::new("closed", "Sign-up is closed"));
        assert_eq!(error.denial().unwrap().code, "closed");
        assert_eq!(error.exception(), None);
    }
}
