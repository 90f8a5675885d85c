//! Other hosts, as a test case gives their answers. Nothing leaves the machine: a request that no answer is given for is
//! refused, and so is one that the hook did not declare the host of.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aerocall_contract::Capability;
use aerocall_runtime::{
    ErrorCode, Manifest, SdkError,
    host::{Http, HttpRequest, HttpResponse},
};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;

use url::Url;

use super::given_secrets::Approved;
use crate::{
    base::input::{HostList, HostPattern, Parsed, host_of},
    hooks::sdk::with_secret_names,
};

/// A request and what comes of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    request: Expected,
    #[serde(flatten)]
    outcome: Outcome,
}

/// What a request must be. What is left out does not matter, except the method.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default = "get")]
    method: String,
    url: String,
    /// Secrets stand there as `[secret NAME]`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A text as it is; anything else as JSON.
    #[serde(default)]
    body: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Response(Response),
    Error(Silence),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Response {
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A text as it is; anything else as JSON.
    #[serde(default)]
    body: Option<Value>,
}

/// Ways of getting no answer.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Silence {
    Timeout,
    BackendUnavailable,
}

fn get() -> String {
    "GET".to_owned()
}

fn ok() -> u16 {
    200
}

/// The answers of one call.
pub(super) struct GivenHttp {
    left: Left,
    /// What the bundle declares; `None`: every host.
    declared: Option<HostList>,
    approved: Arc<Approved>,
    /// What is said of a request without an answer: the case lacks one, or nothing leaves.
    lacks: Lacks,
}

/// Each is taken by the first request that it fits.
type Left = Arc<Mutex<Vec<Option<Exchange>>>>;

#[derive(Clone, Copy, Debug)]
enum Lacks {
    Case,
    Try,
}

/// Responses that all hooks of a request that is tried share.
pub(crate) struct GivenHosts {
    left: Left,
    approved: Arc<Approved>,
}

/// Of one request that is tried.
const MAX_EXCHANGES: usize = 50;

impl GivenHosts {
    /// None: every request is refused.
    pub(crate) fn none() -> Self {
        Self {
            left: Arc::default(),
            approved: Arc::new(Approved::anywhere()),
        }
    }

    /// As a client gives them.
    pub(crate) fn read(value: Value) -> Parsed<Self> {
        let exchanges: Vec<Exchange> =
            serde_json::from_value(value).map_err(|error| format!("is not as described: {error}"))?;
        match exchanges.len() <= MAX_EXCHANGES {
            true => Ok(Self {
                left: Arc::new(Mutex::new(exchanges.into_iter().map(Some).collect())),
                ..Self::none()
            }),
            false => Err(format!("must have at most {MAX_EXCHANGES} entries")),
        }
    }

    /// With the hosts that secrets are approved for, by their names.
    pub(crate) fn with_secrets(self, hosts: impl IntoIterator<Item = (String, HostList)>) -> Self {
        Self {
            approved: Arc::new(Approved::of_scope(hosts.into_iter().collect())),
            ..self
        }
    }

    /// For a call of a hook.
    pub(crate) fn declared_by(&self, manifest: &Manifest) -> Arc<dyn Http> {
        let declared = manifest.parts(Capability::Http).map(|parts| {
            let patterns = parts.into_iter().filter_map(|part| HostPattern::read(part).ok());
            patterns.collect()
        });
        Arc::new(GivenHttp {
            left: Arc::clone(&self.left),
            declared,
            approved: Arc::clone(&self.approved),
            lacks: Lacks::Try,
        })
    }
}

impl GivenHttp {
    pub(super) fn new(exchanges: Vec<Exchange>, declared: Option<HostList>, approved: Approved) -> Self {
        Self {
            left: Arc::new(Mutex::new(exchanges.into_iter().map(Some).collect())),
            declared,
            approved: Arc::new(approved),
            lacks: Lacks::Case,
        }
    }

    pub(super) fn not_asked_for(&self) -> Vec<String> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let left = left
            .iter()
            .enumerate()
            .filter_map(|(index, left)| Some((index, left.as_ref()?)));
        left.map(|(index, Exchange { request, .. })| {
            format!(
                "given.http[{index}]: the hook did not request {} {}",
                request.method, request.url
            )
        })
        .collect()
    }

    fn answer(&self, request: HttpRequest) -> Result<HttpResponse, SdkError> {
        let denied = |message: String| SdkError::new(ErrorCode::Denied, message);
        let url = Url::parse(&request.url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| denied(format!("{} is not an http or https URL", request.url)))?;
        if self.declared.as_ref().is_some_and(|declared| !declared.covers(&url)) {
            return Err(denied(format!(
                "this hook does not declare `http:{}`; add it to its capabilities",
                host_of(&url)
            )));
        }
        self.approved.check(&url, &request)?;
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |exchange: &Option<Exchange>| exchange.as_ref().is_some_and(|one| fits(&one.request, &request));
        let found = left.iter().position(fits).and_then(|index| left[index].take());
        match found.map(|exchange| exchange.outcome) {
            Some(Outcome::Response(response)) => Ok(response.of(request.url)),
            Some(Outcome::Error(silence)) => Err(silence.error()),
            None => Err(denied(match self.lacks {
                Lacks::Case => format!(
                    "the test case has no response to {} {}: add one to `given.http`",
                    request.method, request.url
                ),
                Lacks::Try => format!(
                    "a dry-run sends nothing: give a response to {} {} in `http`",
                    request.method, request.url
                ),
            })),
        }
    }
}

/// Whether the request is the expected one; secrets stand there by their names.
fn fits(expected: &Expected, request: &HttpRequest) -> bool {
    let has = |(name, value): (&String, &String)| {
        let mut headers = request.headers.iter();
        headers.any(|(given, text)| given.eq_ignore_ascii_case(name) && with_secret_names(text) == *value)
    };
    let body = || with_secret_names(&String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()));
    let is_body = |wanted: &Value| match wanted {
        Value::String(text) => body() == *text,
        json => serde_json::from_str::<Value>(&body()).is_ok_and(|body| body == *json),
    };
    expected.method == request.method
        && expected.url == request.url
        && expected.headers.iter().all(has)
        && expected.body.as_ref().is_none_or(is_body)
}

#[async_trait]
impl Http for GivenHttp {
    async fn send(&self, requests: Vec<HttpRequest>) -> Vec<Result<HttpResponse, SdkError>> {
        requests.into_iter().map(|request| self.answer(request)).collect()
    }
}

impl Response {
    fn of(self, url: String) -> HttpResponse {
        let lower = |(name, value): (String, String)| (name.to_lowercase(), value);
        let mut headers: Vec<(String, String)> = self.headers.into_iter().map(lower).collect();
        let body = match self.body {
            None => Vec::new(),
            Some(Value::String(text)) => text.into_bytes(),
            Some(json) => {
                if !headers.iter().any(|(name, _)| name == "content-type") {
                    headers.push(("content-type".to_owned(), "application/json".to_owned()));
                }
                json.to_string().into_bytes()
            }
        };
        HttpResponse {
            status: self.status,
            headers,
            body,
            url,
        }
    }
}

impl Silence {
    fn error(self) -> SdkError {
        let (code, message) = match self {
            Self::Timeout => (ErrorCode::Timeout, "the request took too long"),
            Self::BackendUnavailable => (ErrorCode::BackendUnavailable, "the host does not respond"),
        };
        SdkError {
            retryable: true,
            ..SdkError::new(code, message)
        }
    }
}
