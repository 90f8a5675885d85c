//! What was sent: read up to a limit, then parsed. Refuses before reading whatever the headers already give away.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::{BytesMut, Payload},
};
use aerocall_contract::errors;
use aerocall_contract::json::{self, JsonProblem};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::client::text_header;
use crate::base::error::{Problem, Refusal, Result};

/// The most that a body may have and take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    pub(crate) bytes: usize,
    /// From when it is first asked for to its last byte, however fast its bytes follow each other.
    pub(crate) time: Duration,
}

/// The JSON object in the body.
pub(crate) async fn json(request: &HttpRequest, payload: Payload, most: Most) -> Result<Map<String, Value>> {
    require_type(request, "application/json")?;
    let bytes = read(request, payload, most).await?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| malformed(format!("is not valid UTF-8 at byte {}", error.valid_up_to())))?;
    match json::read(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(malformed("must be a JSON object".to_owned()).into()),
        Err(JsonProblem::Syntax(error)) => Err(malformed(format!(
            "is not JSON at line {}, column {}",
            error.line(),
            error.column()
        ))
        .into()),
        Err(problem) => Err(malformed(problem.to_string()).into()),
    }
}

/// The fields of a form; the last value of a name counts.
pub(crate) async fn form(request: &HttpRequest, payload: Payload, most: Most) -> Result<Map<String, Value>> {
    require_type(request, "application/x-www-form-urlencoded")?;
    let bytes = read(request, payload, most).await?;
    let pairs = url::form_urlencoded::parse(&bytes);
    Ok(pairs
        .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
        .collect())
}

/// The component in the body.
pub(crate) async fn wasm(request: &HttpRequest, payload: Payload, most: Most) -> Result<Vec<u8>> {
    require_type(request, "application/wasm")?;
    Ok(read(request, payload, most).await?.to_vec())
}

/// Whether the body says that it is JSON.
pub(crate) fn is_json(request: &HttpRequest) -> bool {
    let sent = text_header(request, CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Whether the request says nothing of a body.
pub(crate) fn is_nothing(request: &HttpRequest) -> bool {
    !request.headers().contains_key(CONTENT_TYPE)
}

fn require_type(request: &HttpRequest, wanted: &'static str) -> Result<()> {
    let sent = text_header(request, CONTENT_TYPE.as_str()).unwrap_or_default();
    let mut parts = sent.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let is_utf8 = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    };
    let coding = text_header(request, CONTENT_ENCODING.as_str()).unwrap_or("identity");
    let (field, problem) = if !essence.eq_ignore_ascii_case(wanted) || !parts.all(is_utf8) {
        ("content-type", format!("must be {wanted}, in UTF-8"))
    } else if !coding.trim().eq_ignore_ascii_case("identity") {
        // RFC 9110, 8.4: what cannot be decoded is no JSON, but is not broken either.
        (
            "content-encoding",
            "must be left out: bodies are not compressed".to_owned(),
        )
    } else {
        return Ok(());
    };
    let refusal = Refusal::new(errors::UNSUPPORTED_MEDIA_TYPE, format!("Send the body as {wanted}"));
    let problem = Problem {
        field: field.to_owned(),
        problem,
    };
    Err(Refusal {
        details: vec![problem],
        ..refusal
    }
    .into())
}

async fn read(request: &HttpRequest, payload: Payload, most: Most) -> Result<BytesMut> {
    let late = || {
        let problem = Problem {
            field: "body".to_owned(),
            problem: format!("must arrive within {} seconds", most.time.as_secs()),
        };
        Refusal {
            details: vec![problem],
            ..Refusal::new(errors::BODY_TIMEOUT, "The body did not arrive in time")
        }
    };
    let read = tokio::time::timeout(most.time, all(request, payload, most.bytes));
    read.await.unwrap_or_else(|_| Err(late().into()))
}

async fn all(request: &HttpRequest, mut payload: Payload, most_bytes: usize) -> Result<BytesMut> {
    let too_large = || Refusal::body_too_large(most_bytes);
    let announced = text_header(request, CONTENT_LENGTH.as_str()).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most_bytes) {
        return Err(too_large().into());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| malformed("ended too early".to_owned()))?;
        if body.len() + chunk.len() > most_bytes {
            return Err(too_large().into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn malformed(problem: String) -> Refusal {
    let details = vec![Problem {
        field: "body".to_owned(),
        problem,
    }];
    Refusal {
        details,
        ..Refusal::new(errors::MALFORMED_BODY, "The body cannot be read; see details")
    }
}
