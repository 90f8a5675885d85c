//! `wit/http.wit` as a trait.

use async_trait::async_trait;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeStruct as _};

use super::{Cost, SdkError};
use crate::{
    bindings::aerocall::hooks::{http as wire, types},
    record::{self, Base64},
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

impl Redirect {
    fn as_str(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Error => "error",
            Self::Manual => "manual",
        }
    }
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
        let asked = self.asked(requests.cost(), &requests);
        let answers = self
            .capability("http.send", asked, http, |http| async move {
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

impl Cost for Answers {
    fn held(&self) -> u64 {
        self.0.held()
    }
}

/// The record holds everything that a later run needs to ask and answer the same: placeholders stand where secrets went.
impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|answer| match answer {
            Ok(response) => Answered::Response(response),
            Err(error) => Answered::Error { error },
        }))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answered<'a> {
    Response(&'a HttpResponse),
    Error { error: &'a SdkError },
}

/// The same, read again.
impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Recorded>::deserialize(deserializer)?;
        let answers = list.into_iter().map(Recorded::answer);
        Ok(Self(answers.collect::<Result<_, _>>().map_err(D::Error::custom)?))
    }
}

/// A response, or the error in its place.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Recorded {
    status: Option<u16>,
    url: Option<String>,
    headers: Option<Vec<(String, String)>>,
    body: Option<String>,
    body_base64: Option<String>,
    error: Option<SdkError>,
}

impl Recorded {
    fn answer(self) -> Result<Result<HttpResponse, SdkError>, String> {
        if let Some(error) = self.error {
            return Ok(Err(error));
        }
        let body = match (self.body, self.body_base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(text)) => record::from_base64(&text).map_err(|error| error.to_string())?,
            _ => return Err("a response has one body".to_owned()),
        };
        match (self.status, self.url, self.headers) {
            (Some(status), Some(url), Some(headers)) => Ok(Ok(HttpResponse {
                status,
                headers,
                body,
                url,
            })),
            _ => Err("a response has a status, headers and a URL".to_owned()),
        }
    }
}

impl Serialize for HttpRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("request", 6)?;
        document.serialize_field("method", &self.method)?;
        document.serialize_field("url", &self.url)?;
        document.serialize_field("headers", &self.headers)?;
        document.serialize_field("redirect", self.redirect.as_str())?;
        if let Some(ms) = self.timeout_ms {
            document.serialize_field("timeoutMs", &ms)?;
        }
        if let Some(bytes) = &self.body {
            write_body::<S>(&mut document, bytes)?;
        }
        document.end()
    }
}

impl Serialize for HttpResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("response", 4)?;
        document.serialize_field("status", &self.status)?;
        document.serialize_field("url", &self.url)?;
        document.serialize_field("headers", &self.headers)?;
        write_body::<S>(&mut document, &self.body)?;
        document.end()
    }
}

/// `body` for text, `bodyBase64` for what is none.
fn write_body<S: Serializer>(document: &mut S::SerializeStruct, bytes: &[u8]) -> Result<(), S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => document.serialize_field("body", text),
        Err(_) => document.serialize_field("bodyBase64", &Base64(bytes)),
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
    use serde_json::{json, to_value};

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
        assert_eq!(to_value(&request).unwrap(), kept);
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
        assert_eq!(to_value(&answers).unwrap(), kept);
        let again: Answers = serde_json::from_value(kept.clone()).unwrap();
        assert_eq!(again.0, answers.0);
    }
}
