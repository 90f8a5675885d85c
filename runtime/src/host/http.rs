//! `wit/http.wit` as a trait.

use async_trait::async_trait;
use serde_json::json;

use super::SdkError;
use crate::{
    bindings::aerocall::hooks::{http as wire, types},
    state::CallState,
};

/// What happens when the answer is a redirect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirect {
    /// Goes there, if it is as allowed as the first address.
    #[default]
    Follow,
    /// Is an error.
    Error,
    /// Is the answer.
    Manual,
}

/// A request a hook makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, …
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// In order; secrets are placeholders.
    pub headers: Vec<(String, String)>,
    /// Raw bytes.
    pub body: Option<Vec<u8>>,
    /// For this request; the call's deadline holds as well.
    pub timeout_ms: Option<u32>,
    /// What happens when the answer is a redirect.
    pub redirect: Redirect,
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

impl wire::Host for CallState {
    async fn send(
        &mut self,
        requests: Vec<wire::Request>,
    ) -> wasmtime::Result<Vec<Result<wire::Response, types::Error>>> {
        let http = self.host.http.clone();
        let requests: Vec<HttpRequest> = requests.into_iter().map(Into::into).collect();
        let count = requests.len();
        let arguments = json!(
            requests
                .iter()
                .map(|request| json!([request.method, request.url]))
                .collect::<Vec<_>>()
        );
        let answers = self
            .capability("http.send", arguments, http, |http| async move {
                Ok(Answers(http.send(requests).await))
            })
            .await?;
        Ok(match answers {
            Ok(Answers(list)) => list
                .into_iter()
                .map(|answer| answer.map(Into::into).map_err(Into::into))
                .collect(),
            Err(error) => vec![Err(error); count],
        })
    }
}

/// The answers as the record keeps them: status and size, not bodies.
struct Answers(Vec<Result<HttpResponse, SdkError>>);

impl serde::Serialize for Answers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = |answer: &Result<HttpResponse, SdkError>| match answer {
            Ok(response) => json!({ "status": response.status, "bytes": response.body.len() }),
            Err(error) => json!({ "error": error }),
        };
        serializer.collect_seq(self.0.iter().map(line))
    }
}

impl From<wire::Request> for HttpRequest {
    fn from(request: wire::Request) -> Self {
        Self {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body,
            timeout_ms: request.timeout_ms,
            redirect: match request.redirect {
                wire::Redirect::Follow => Redirect::Follow,
                wire::Redirect::Error => Redirect::Error,
                wire::Redirect::Manual => Redirect::Manual,
            },
        }
    }
}

impl From<HttpResponse> for wire::Response {
    fn from(response: HttpResponse) -> Self {
        Self {
            status: response.status,
            headers: response.headers,
            body: response.body,
            url: response.url,
        }
    }
}
