//! The two ways a request fails: it is refused, and the client learns why; or something unexpected happened, and the
//! client learns an id that the log explains. Knows no HTTP library; `http::error` turns this into answers.

use std::borrow::Cow;

pub(crate) use aerocall_api_types::Problem;
use aerocall_contract::errors::{self, Code};

/// The result of every step of a flow.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why a request has no answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// For the client.
    Refused(Box<Refusal>),
    /// For the log.
    Unexpected(Unexpected),
}

/// The answer to a client whose request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status, 400 to 599.
    pub(crate) status: u16,
    /// Stable, for programs.
    pub(crate) code: Cow<'static, str>,
    /// For people.
    pub(crate) message: Cow<'static, str>,
    /// The hook that decided or failed.
    pub(crate) hook: Option<String>,
    /// Field by field.
    pub(crate) details: Vec<Problem>,
    /// Seconds after which the same request may succeed.
    pub(crate) retry_after: Option<u32>,
    /// Both sides, where what was expected is not what is there.
    pub(crate) conflict: Option<Box<serde_json::Value>>,
}

/// Something that should not happen. The client never sees the text.
#[derive(Debug, thiserror::Error)]
#[error("{doing}")]
pub(crate) struct Unexpected {
    /// What the server was doing.
    pub(crate) doing: &'static str,
    /// What went wrong.
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
}

impl Error {
    pub(crate) fn unexpected(doing: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unexpected(Unexpected {
            doing,
            source: source.into(),
        })
    }
}

impl Error {
    /// In words, for the log and for those who run the server.
    pub(crate) fn described(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.message.clone().into_owned(),
            Self::Unexpected(error) => chain(error),
        }
    }

    /// Whether it is the refusal with this code.
    pub(crate) fn is_refusal(&self, code: Code) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == code.name)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl Refusal {
    pub(crate) fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status: code.status,
            code: code.name.into(),
            message: message.into(),
            hook: None,
            details: Vec::new(),
            retry_after: None,
            conflict: None,
        }
    }

    /// Fields of the body or the query are not as they must be.
    pub(crate) fn invalid_input(details: Vec<Problem>) -> Self {
        Self {
            details,
            ..Self::new(errors::INVALID_INPUT, "Some fields are invalid; see details")
        }
    }

    /// One field is not as it must be.
    pub(crate) fn invalid_field(field: &str, problem: impl Into<String>) -> Self {
        Self::invalid_input(vec![Problem {
            field: field.to_owned(),
            problem: problem.into(),
        }])
    }

    /// A body has more bytes than one of its kind may have.
    pub(crate) fn body_too_large(most_bytes: usize) -> Self {
        let problem = Problem {
            field: "body".to_owned(),
            problem: format!("must have at most {most_bytes} bytes"),
        };
        Self {
            details: vec![problem],
            ..Self::new(errors::BODY_TOO_LARGE, "The body is too large")
        }
    }

    /// Nothing there, or nothing that this caller may know of.
    pub(crate) fn not_found() -> Self {
        Self::new(errors::NOT_FOUND, "Not found")
    }

    /// One answer for an unknown user, a wrong password and an account that may not log in.
    pub(crate) fn invalid_credentials() -> Self {
        Self::new(errors::INVALID_CREDENTIALS, "The email or the password is wrong")
    }

    /// One answer for every way in which a token can be no good.
    pub(crate) fn invalid_token() -> Self {
        Self::new(
            errors::INVALID_TOKEN,
            "The access token is missing, expired, revoked, or belongs to another project",
        )
    }

    /// One answer for every way in which a refresh token can be no good.
    pub(crate) fn invalid_refresh_token() -> Self {
        Self::new(
            errors::INVALID_REFRESH_TOKEN,
            "The refresh token is wrong or was already used, or its session has ended; log in again",
        )
    }

    pub(crate) fn email_taken() -> Self {
        Self::new(errors::EMAIL_TAKEN, "An account with this email address already exists")
    }

    pub(crate) fn phone_taken() -> Self {
        Self::new(errors::PHONE_TAKEN, "An account with this phone number already exists")
    }

    /// The account's owner proved who they are, and may not come in.
    pub(crate) fn account_banned() -> Self {
        Self::new(errors::ACCOUNT_BANNED, "This account has been banned")
    }

    pub(crate) fn email_unverified() -> Self {
        Self::new(
            errors::EMAIL_UNVERIFIED,
            "Verify the email address first: open the link in the verification mail",
        )
    }

    /// A second factor must be shown; flows that can, answer with a challenge instead.
    pub(crate) fn mfa_required() -> Self {
        Self::new(errors::MFA_REQUIRED, "A second factor is required")
    }

    /// One answer for every way in which a one-time token or code can be no good.
    pub(crate) fn invalid_code() -> Self {
        Self::new(
            errors::INVALID_CODE,
            "The code or link is wrong, was already used, or has expired; request a new one",
        )
    }

    /// The session is good, but the last proof of who uses it is too old for this.
    pub(crate) fn recent_login_required() -> Self {
        Self::new(errors::RECENT_LOGIN_REQUIRED, "Log in again to do this")
    }

    /// The project does not offer this.
    pub(crate) fn not_enabled(what: &'static str) -> Self {
        Self::new(errors::NOT_ENABLED, format!("{what} is disabled in this project"))
    }

    /// Too many requests of a kind. `seconds`: when the next one may come.
    pub(crate) fn rate_limited(seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds.max(1)),
            ..Self::new(errors::RATE_LIMITED, "Too many requests; try again later")
        }
    }

    /// There are as many things of a kind as there may be.
    pub(crate) fn limit_reached(message: String) -> Self {
        Self::new(errors::LIMIT_REACHED, message)
    }

    /// The server is full; the same request may succeed in a moment.
    pub(crate) fn busy(message: &'static str) -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(errors::BUSY, message)
        }
    }
}

/// An error with all of its sources, for the log and for people who start the server.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(error.source(), |error| error.source());
    sources.fold(error.to_string(), |text, source| format!("{text}: {source}"))
}
