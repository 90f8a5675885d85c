//! `wit/http.wit` as a trait.

use async_trait::async_trait;

use super::SdkError;

/// A header's value, or the secret that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// As written by the hook.
    Text(String),
    /// The name of a secret, put in by the host.
    Secret(String),
}

/// A request a hook makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, …
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// In order.
    pub headers: Vec<(String, HeaderValue)>,
    /// Raw bytes.
    pub body: Option<Vec<u8>>,
    /// For this request; the call's deadline holds as well.
    pub timeout_ms: Option<u32>,
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// In order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Raw bytes, decoded.
    pub body: Vec<u8>,
    /// The URL that answered.
    pub url: String,
}

/// Egress of one project.
#[async_trait]
pub trait Http: Send + Sync {
    /// Sends all requests at the same time; answers stand in the order of the requests.
    async fn send(&self, requests: Vec<HttpRequest>) -> Vec<Result<HttpResponse, SdkError>>;
}
