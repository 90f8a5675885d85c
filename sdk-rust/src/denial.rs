//! A hook's own decision to refuse a request. Mirrors `denial` in `wit/types.wit`.

/// The decision to refuse a request, as the client gets it.
///
/// As an error it ends the hook from anywhere, and a handler of a job gives the job up.
///
/// ```
/// use aerocall_hooks::{Denial, Result};
///
/// fn domain_of(email: &str) -> Result<&str> {
///     let (_, domain) = email.rsplit_once('@').ok_or(Denial::new("no_domain", "This is no address").status(422))?;
///     Ok(domain)
/// }
/// assert!(domain_of("ada").is_err_and(|error| error.denial().is_some()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct Denial {
    /// Machine readable, 1 to 64 of `a-z`, `0-9`, `_`, `.` and `-`.
    pub code: String,
    /// For people, at most 500 characters.
    pub message: String,
    /// HTTP status, 400 to 499.
    pub status: u16,
}

impl Denial {
    /// A denial with the status 403.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            status: 403,
        }
    }

    /// With another status, 400 to 499.
    ///
    /// ```
    /// use aerocall_hooks::Denial;
    ///
    /// assert_eq!(Denial::new("too_many", "Please try again later").status(429).status, 429);
    /// ```
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

/// Returns a denial: code, message and, if it is not 403, the status.
///
/// ```
/// use aerocall_hooks::{Result, deny};
///
/// fn check(age: u8) -> Result<()> {
///     if age < 16 {
///         deny!("too_young", "You must be 16 to sign up", 422);
///     }
///     Ok(())
/// }
/// assert_eq!(check(15).unwrap_err().denial().unwrap().status, 422);
/// ```
#[macro_export]
macro_rules! deny {
    ($code:expr, $message:expr $(,)?) => {
        return ::core::result::Result::Err(::core::convert::Into::into($crate::Denial::new($code, $message)))
    };
    ($code:expr, $message:expr, $status:expr $(,)?) => {
        return ::core::result::Result::Err(::core::convert::Into::into(
            $crate::Denial::new($code, $message).status($status),
        ))
    };
}
