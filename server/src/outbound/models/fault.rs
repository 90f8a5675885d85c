//! Why a model did not answer, in words for the person who asked. What the model's server says is repeated up to a limit, and never
//! with the key.

use aerocall_contract::errors;
use serde_json::Value;

use super::ModelKey;
use crate::{
    base::{
        error::{Error, Refusal},
        input::Visible,
    },
    outbound::egress::EgressError,
};

/// The most that is repeated of what somebody else's server says.
const MAX_SAID_CHARS: usize = 300;
/// The longest time that is repeated of a server that asks for patience.
const MAX_RETRY_SECONDS: u32 = 3_600;

/// A question without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ModelFault {
    /// No connection, or the server of the model fails.
    Unreachable(String),
    /// The server of the model does not take the request, or the model declines to answer.
    Refused(String),
    /// Too many requests, as its server sees it.
    RateLimited { said: String, retry_after: Option<u32> },
    /// The answer was not complete in time.
    Timeout(String),
    /// What came is no answer.
    Invalid(String),
}

impl ModelFault {
    /// Of an answer with an HTTP status that says so.
    pub(super) fn of_status(status: u16, retry_after: Option<&str>, said: String) -> Self {
        let said = match said.is_empty() {
            true => format!("status {status}"),
            false => format!("status {status}: {said}"),
        };
        match status {
            429 => Self::RateLimited {
                said,
                retry_after: retry_after.and_then(|text| text.trim().parse().ok()),
            },
            408 | 504 => Self::Timeout(said),
            300..=499 => Self::Refused(said),
            _ => Self::Unreachable(said),
        }
    }

    /// Of an error among the events of an answer that had begun well.
    pub(super) fn of_event(kind: &str, said: String) -> Self {
        match kind {
            "rate_limit_error" | "rate_limit_exceeded" => Self::RateLimited {
                said,
                retry_after: None,
            },
            "timeout_error" => Self::Timeout(said),
            "overloaded_error" | "api_error" | "server_error" => Self::Unreachable(said),
            _ => Self::Refused(said),
        }
    }
}

impl From<EgressError> for ModelFault {
    fn from(error: EgressError) -> Self {
        match error {
            EgressError::Refused(problem) if problem.contains("public internet") => Self::Unreachable(format!(
                "{problem}, unless whoever runs this server names the network in `assistant.allow_private`"
            )),
            EgressError::Timeout(problem) => Self::Timeout(problem),
            EgressError::TooLarge(problem) => Self::Invalid(problem),
            EgressError::Refused(problem)
            | EgressError::Invalid(problem)
            | EgressError::Budget(problem)
            | EgressError::Unreachable(problem) => Self::Unreachable(problem),
        }
    }
}

impl From<ModelFault> for Refusal {
    fn from(fault: ModelFault) -> Self {
        match fault {
            ModelFault::Unreachable(said) => Self::new(
                errors::MODEL_UNREACHABLE,
                format!("The model's server did not answer: {said}"),
            ),
            ModelFault::Refused(said) => Self::new(errors::MODEL_REFUSED, format!("The model refuses: {said}")),
            ModelFault::RateLimited { said, retry_after } => Self {
                retry_after: retry_after.map(|seconds| seconds.clamp(1, MAX_RETRY_SECONDS)),
                ..Self::new(
                    errors::MODEL_RATE_LIMITED,
                    format!("The model's server gets too many requests: {said}"),
                )
            },
            ModelFault::Timeout(said) => Self::new(
                errors::MODEL_TIMEOUT,
                format!("The model did not answer in time: {said}"),
            ),
            ModelFault::Invalid(said) => Self::new(
                errors::MODEL_ANSWER_INVALID,
                format!("What the model's server answered cannot be used: {said}"),
            ),
        }
    }
}

impl From<ModelFault> for Error {
    fn from(fault: ModelFault) -> Self {
        Refusal::from(fault).into()
    }
}

/// What a body of an error says, without the key.
pub(super) fn said_in(body: &[u8], key: Option<&ModelKey>) -> String {
    let text = String::from_utf8_lossy(body);
    let document: Option<Value> = serde_json::from_str(&text).ok();
    let message = document.as_ref().and_then(|document| {
        let of_error = document["error"]["message"].as_str().or(document["error"].as_str());
        of_error
            .or(document["message"].as_str())
            .or(document["detail"].as_str())
    });
    shown(message.unwrap_or(&text), key)
}

/// The beginning of a text of somebody else's server, on one line, without the key.
pub(super) fn shown(text: &str, key: Option<&ModelKey>) -> String {
    let visible = Visible::of(text).text;
    let without_key = match key {
        Some(key) => visible.replace(key.reveal(), "[key]"),
        None => visible,
    };
    let words: Vec<&str> = without_key.split_whitespace().collect();
    words.join(" ").chars().take(MAX_SAID_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_short_visible_and_without_the_key() {
        let key = ModelKey::new("sk-hunter2-hunter2".to_owned());
        for (body, expected) in [
            (
                r#"{"error":{"message":"Incorrect key: sk-hunter2-hunter2."}}"#,
                "Incorrect key: [key].",
            ),
            (r#"{"error":"no such model"}"#, "no such model"),
            (r#"{"detail":"a\nb\u200bc"}"#, "a bc"),
            ("<html>  Bad\r\n gateway", "<html> Bad gateway"),
            ("", ""),
        ] {
            assert_eq!(said_in(body.as_bytes(), Some(&key)), expected);
        }
        assert_eq!(said_in("x".repeat(10_000).as_bytes(), None).len(), MAX_SAID_CHARS);
        assert_eq!(said_in(&[0xff, b'a'], None), "\u{fffd}a");
    }

    #[test]
    fn every_status_is_one_of_the_faults() {
        let code = |status| Refusal::from(ModelFault::of_status(status, Some("7"), String::new()));
        for (status, expected) in [
            (401, "model_refused"),
            (404, "model_refused"),
            (400, "model_refused"),
            (302, "model_refused"),
            (429, "model_rate_limited"),
            (408, "model_timeout"),
            (500, "model_unreachable"),
            (529, "model_unreachable"),
        ] {
            assert_eq!(code(status).code, expected, "{status}");
        }
        assert_eq!(code(429).retry_after, Some(7));
    }
}
