//! Requests to hosts that the hook declares and the project allows. Mirrors `wit/http.wit`.
//!
//! A status such as 404 is a response, not an error: [`Response::error_for_status`] makes an error of it.
//!
//! ```
//! use std::time::Duration;
//! use aerocall_hooks::{Result, http};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Answer {
//!     score: f64,
//! }
//!
//! fn score(ip: &str) -> Result<f64> {
//!     let request = http::get(&format!("https://risk.example/v1/{ip}")).timeout(Duration::from_millis(300));
//!     Ok(request.send()?.error_for_status()?.json::<Answer>()?.score)
//! }
//! ```

use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};

use crate::{AerocallError, ErrorCode, json, platform};

/// What happens when the response is a redirect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirect {
    /// It is followed, up to five times; each is checked like the first request.
    #[default]
    Follow,
    /// The request fails.
    Error,
    /// The redirect is the response.
    Manual,
}

/// A request.
#[derive(Clone, Debug)]
#[must_use]
pub struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) timeout_ms: Option<u32>,
    pub(crate) redirect: Redirect,
}

/// A `GET` request.
///
/// ```
/// use aerocall_hooks::{Result, http};
///
/// fn version() -> Result<String> {
///     Ok(http::get("https://api.example.com/version").send()?.text())
/// }
/// ```
pub fn get(url: &str) -> Request {
    Request::new("GET", url)
}

/// A `POST` request.
///
/// ```
/// use aerocall_hooks::{JsonObject, Result, http};
///
/// fn send(event: &JsonObject) -> Result<u16> {
///     Ok(http::post("https://api.example.com/events").json(event)?.send()?.status())
/// }
/// ```
pub fn post(url: &str) -> Request {
    Request::new("POST", url)
}

/// A `PUT` request.
pub fn put(url: &str) -> Request {
    Request::new("PUT", url)
}

/// A `DELETE` request.
pub fn delete(url: &str) -> Request {
    Request::new("DELETE", url)
}

/// Sends requests at the same time, eight at once; the responses stand in the order of the requests.
///
/// ```
/// use aerocall_hooks::http;
///
/// fn best(urls: &[&str]) -> Option<String> {
///     let answers = http::send_all(urls.iter().map(|url| http::get(url)));
///     answers.into_iter().flatten().find(http::Response::is_success).map(|answer| answer.text())
/// }
/// ```
pub fn send_all(requests: impl IntoIterator<Item = Request>) -> Vec<Result<Response, AerocallError>> {
    let requests: Vec<Request> = requests.into_iter().collect();
    if requests.is_empty() {
        return Vec::new();
    }
    platform::http_send(requests)
}

/// A text as one part of a path or a query: everything but letters, digits and `-_.~` is percent-encoded.
///
/// ```
/// use aerocall_hooks::http;
///
/// assert_eq!(http::encode("ada+news@example.com"), "ada%2Bnews%40example.com");
/// ```
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
                encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    encoded
}

impl Request {
    /// A request with any method.
    ///
    /// ```
    /// use aerocall_hooks::{Result, http::Request};
    ///
    /// fn touch(url: &str) -> Result<u16> {
    ///     Ok(Request::new("PATCH", url).send()?.status())
    /// }
    /// ```
    pub fn new(method: &str, url: &str) -> Self {
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: None,
            timeout_ms: None,
            redirect: Redirect::Follow,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends bytes or a text.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends a value as JSON.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, AerocallError> {
        let body = json::write("the body", value)?;
        Ok(self.header("content-type", "application/json").body(body))
    }

    /// The longest that the request takes. The server's own timeout (10 seconds) and the deadline of the invocation apply, too.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout_ms = Some(u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX));
        self
    }

    /// What happens when the response is a redirect.
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The values of a header, whatever the case of its name.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        values(&self.headers, name)
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// Sends it.
    ///
    /// # Errors
    /// What the SDK refuses; `timeout` and `backend_unavailable` if there is no response.
    pub fn send(self) -> Result<Response, AerocallError> {
        let answer = platform::http_send(vec![self]).pop();
        answer.unwrap_or_else(|| Err(AerocallError::new(ErrorCode::Internal, "the host gave no response")))
    }
}

fn values<'a>(headers: &'a [(String, String)], name: &str) -> impl Iterator<Item = &'a str> {
    let named = headers
        .iter()
        .filter(move |(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.as_str())
}

/// A response, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    url: String,
}

impl Response {
    pub(crate) fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>, url: String) -> Self {
        Self {
            status,
            headers,
            body,
            url,
        }
    }

    /// The status: 200, 404, …
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        values(&self.headers, name).next()
    }

    /// The URL that answered, after redirects.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    /// It is not what the hook expects.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, AerocallError> {
        serde_json::from_slice(&self.body).map_err(|error| AerocallError::of_json("the body of the response", &error))
    }

    /// The response if its status is 200 to 299.
    ///
    /// # Errors
    /// It is another one: `backend_unavailable` for 429 and 500 to 599, which may be gone later, else `denied`.
    pub fn error_for_status(self) -> Result<Self, AerocallError> {
        if self.is_success() {
            return Ok(self);
        }
        let code = match self.status {
            429 | 500..=599 => ErrorCode::BackendUnavailable,
            _ => ErrorCode::Denied,
        };
        Err(AerocallError::new(
            code,
            format!("{} answered {}", self.url, self.status),
        ))
    }
}
