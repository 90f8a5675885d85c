//! How tests send a request over HTTP: a refusal is an answer. Shared by the test programs of several crates.
#![allow(dead_code, reason = "not every test program uses all of it")]

use std::time::Duration;

use serde_json::Value;

/// What takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A stream of events has more bytes than what it says.
const MAX_BODY_BYTES: u64 = 256 << 20;

/// A response, read to the end.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Response {
    /// The document of the body.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }
}

/// A client whose connections are kept as long as it is.
pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .timeout_global(Some(PATIENCE));
    config.build().into()
}

/// Sends a request on a connection of its own; an empty body is none.
///
/// # Errors
/// There is no answer.
pub(crate) fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, ureq::Error> {
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = match body {
        b"" => agent().run(request.body(())?)?,
        body => agent().run(request.body(body)?)?,
    };
    Ok(Response {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response
            .body_mut()
            .with_config()
            .limit(MAX_BODY_BYTES)
            .read_to_string()?,
    })
}
