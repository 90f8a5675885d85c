//! `wit/http.wit` as a trait.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};

use super::SdkError;
use crate::{
    bindings::aerocall::hooks::{http as wire, types},
    state::{CallState, Recorded},
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
        let arguments = requests.iter().map(asked).collect();
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

/// The answers to a list of requests.
struct Answers(Vec<Result<HttpResponse, SdkError>>);

/// The record holds everything that a later run needs to ask and answer the same: placeholders stand where secrets went.
impl Recorded for Answers {
    fn record(&self) -> Json {
        self.0.iter().map(answered).collect()
    }

    fn bytes(&self, _recorded: &Json) -> usize {
        let size = |answer: &Result<HttpResponse, SdkError>| match answer {
            Ok(response) => {
                let headers = response.headers.iter().map(|(name, value)| name.len() + value.len());
                response.url.len() + response.body.len() + headers.sum::<usize>()
            }
            Err(error) => error.message.len(),
        };
        self.0.iter().map(size).sum()
    }
}

fn asked(request: &HttpRequest) -> Json {
    let mut document = json!({
        "method": request.method,
        "url": request.url,
        "headers": request.headers,
        "redirect": match request.redirect {
            Redirect::Follow => "follow",
            Redirect::Error => "error",
            Redirect::Manual => "manual",
        },
    });
    if let Some(ms) = request.timeout_ms {
        document["timeoutMs"] = ms.into();
    }
    if let Some(bytes) = &request.body {
        keep_body(&mut document, bytes);
    }
    document
}

fn answered(answer: &Result<HttpResponse, SdkError>) -> Json {
    match answer {
        Ok(response) => {
            let mut document = json!({ "status": response.status, "url": response.url, "headers": response.headers });
            keep_body(&mut document, &response.body);
            document
        }
        Err(error) => json!({ "error": error }),
    }
}

/// `body` for text, `bodyBase64` for what is none.
fn keep_body(document: &mut Json, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => document["body"] = text.into(),
        Err(_) => document["bodyBase64"] = STANDARD.encode(bytes).into(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn the_record_has_all_that_a_later_run_needs() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = HttpRequest {
            method: "POST".to_owned(),
            url: "https://api.example.com/x".to_owned(),
            headers: vec![header("authorization", "Bearer aerocall-secret-a-0")],
            body: Some(vec![0xff, 0xfe]),
            timeout_ms: Some(7),
            redirect: Redirect::Manual,
        };
        let kept = json!({
            "method": "POST", "url": "https://api.example.com/x", "redirect": "manual", "timeoutMs": 7,
            "headers": [["authorization", "Bearer aerocall-secret-a-0"]], "bodyBase64": "//4=",
        });
        assert_eq!(asked(&request), kept);
        let response = HttpResponse {
            status: 200,
            headers: vec![header("x", "y")],
            body: "é".into(),
            url: "https://api.example.com/y".to_owned(),
        };
        let answers = Answers(vec![Ok(response), Err(SdkError::new(ErrorCode::Denied, "no"))]);
        let kept = json!([
            { "status": 200, "url": "https://api.example.com/y", "headers": [["x", "y"]], "body": "é" },
            { "error": { "code": "denied", "message": "no", "retryable": false } },
        ]);
        assert_eq!(answers.record(), kept);
        assert_eq!(answers.bytes(&Json::Null), 25 + 2 + 2 + 2);
    }
}
