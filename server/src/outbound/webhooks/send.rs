//! One attempt: a POST with its signatures, and what came back before the deadline, the body included. Leaves through the
//! one way out, so no address that is not public is reached, and no redirect is followed.

use std::time::{Duration, Instant};

use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use url::Url;

use super::{EndpointSecret, sign};
use crate::{
    base::error::Result,
    outbound::egress::{Egress, EgressError, Following, Outgoing, Overflow, Request, Rules, values},
};

/// What is kept of an answer.
const MAX_ANSWER_BYTES: u64 = 4 << 10;
const MAX_HEADERS: usize = 40;
const MAX_HEADER_CHARS: usize = 500;
/// Of the receiver's own sessions, which are nobody's business here.
const HIDDEN_HEADERS: [&str; 2] = ["set-cookie", "set-cookie2"];

/// As every message says it.
pub(crate) const USER_AGENT: &str = concat!("Aerocall-Webhooks/", env!("CARGO_PKG_VERSION"));

/// A message on its way.
pub(crate) struct Message<'a> {
    pub(crate) url: &'a str,
    /// The event's: the same at every attempt and for every endpoint.
    pub(crate) id: &'a str,
    pub(crate) body: &'a str,
    pub(crate) time_ms: i64,
    pub(crate) timeout: Duration,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) took: Duration,
    /// Without one there was no complete answer, and `error` says why.
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    /// The first ones, with the beginnings of their values.
    pub(crate) headers: Vec<(String, String)>,
    /// The beginning of it.
    pub(crate) text: Option<String>,
    /// What the receiver asks for.
    pub(crate) retry_after: Option<Duration>,
}

impl Reply {
    /// It has the message.
    pub(crate) fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// It wants no more of them (RFC 9110, 15.5.11).
    pub(crate) fn is_gone(&self) -> bool {
        self.status == Some(410)
    }
}

/// Sends the message once.
///
/// # Errors
/// It cannot be signed; what the receiver does is no error.
pub(crate) async fn post(egress: &Egress, message: &Message<'_>, secrets: &[EndpointSecret]) -> Result<Reply> {
    let time_s = message.time_ms / 1_000;
    let signatures = sign::signatures(secrets, message.id, time_s, message.body)?;
    let header = |name: &str, value: String| (name.to_owned(), value);
    let request = Request {
        method: "POST".to_owned(),
        url: message.url.to_owned(),
        headers: vec![
            header("content-type", "application/json".to_owned()),
            header("user-agent", USER_AGENT.to_owned()),
            header("webhook-id", message.id.to_owned()),
            header("webhook-timestamp", time_s.to_string()),
            header("webhook-signature", signatures),
        ],
        body: Some(message.body.as_bytes().to_vec()),
        timeout: None,
        following: Following::Manual,
    };
    let begun = Instant::now();
    let answer = egress
        .send(
            request,
            &Receiver {
                timeout: message.timeout,
            },
        )
        .await;
    let took = begun.elapsed();
    Ok(match answer {
        Ok(answer) => Reply {
            took,
            status: Some(answer.status),
            error: (300..400)
                .contains(&answer.status)
                .then(|| "the receiver responded with a redirect; webhooks do not follow redirects".to_owned()),
            headers: shown(&answer.headers),
            text: Some(String::from_utf8_lossy(&answer.body).replace('\0', "\u{fffd}")),
            retry_after: header_of(&answer.headers, "retry-after")
                .and_then(|text| retry_after(text, message.time_ms / 1_000)),
        },
        Err(error) => Reply {
            took,
            status: None,
            error: Some(error.to_string()),
            headers: Vec::new(),
            text: None,
            retry_after: None,
        },
    })
}

fn shown(headers: &[(String, String)]) -> Vec<(String, String)> {
    let cut = |text: &str| {
        values::readable(text)
            .chars()
            .take(MAX_HEADER_CHARS)
            .collect::<String>()
            .replace('\0', "\u{fffd}")
    };
    let kept = headers.iter().take(MAX_HEADERS);
    kept.map(|(name, value)| match HIDDEN_HEADERS.contains(&name.as_str()) {
        true => (cut(name), "[hidden]".to_owned()),
        false => (cut(name), cut(value)),
    })
    .collect()
}

fn header_of<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.as_str())
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(text: &str, now_s: i64) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = OffsetDateTime::parse(text.trim(), &Rfc2822).ok()?;
    u64::try_from(date.unix_timestamp() - now_s)
        .ok()
        .map(Duration::from_secs)
}

/// What every receiver gets and no more.
struct Receiver {
    timeout: Duration,
}

impl Rules for Receiver {
    fn admit(&self, _: &Url) -> std::result::Result<(), EgressError> {
        Ok(())
    }

    fn fill(&self, _: &Url, outgoing: Outgoing) -> std::result::Result<Outgoing, EgressError> {
        Ok(outgoing)
    }

    fn most_bytes(&self) -> u64 {
        MAX_ANSWER_BYTES
    }

    fn received(&self, _: usize) -> std::result::Result<(), EgressError> {
        Ok(())
    }

    fn overflow(&self) -> Overflow {
        Overflow::Cut
    }

    fn timeout(&self) -> Option<Duration> {
        Some(self.timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now_s = 1_445_412_420;
        assert_eq!(retry_after("120", now_s), Some(Duration::from_secs(120)));
        let date = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(retry_after(date, now_s), Some(Duration::from_secs(60)));
        assert_eq!(retry_after(date, now_s + 3_600), None, "that is over");
        assert_eq!(retry_after("soon", now_s), None);
        assert_eq!(retry_after("-1", now_s), None);
    }
}
