//! `Aerocall.http` and `fetch`: which hosts this hook may reach, how often and how much, and secrets that are put in where
//! a request leaves (`wit/http.wit`). How requests leave is `egress`.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use aerocall_runtime::{
    Limits,
    host::{Cost as _, ErrorCode, Http, HttpRequest, HttpResponse, MAX_ANSWER_BYTES, Redirect, SdkError},
};
use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};
use tokio::sync::OnceCell;
use url::Url;
use zeroize::Zeroizing;

use super::{budget::Budget, secrets::CallSecrets};
use crate::{
    base::{
        ids::Scope,
        input::{HostList, HostPattern, host_of},
        trace,
    },
    outbound::egress::{Answer, Egress, EgressError, Following, Outgoing, Request, Rules, values},
    storage::store::{Setting, SettingName, Store},
};

/// Requests of one call on their way at the same time; the others of a list wait.
const AT_ONCE: usize = 8;

/// A larger body is searched for secrets by a thread that may take its time.
const QUICKLY_SEARCHED: usize = 256 << 10;

/// `Aerocall.http` of one call.
pub(crate) struct ScopedHttp {
    egress: Arc<Egress>,
    store: Store,
    scope: Scope,
    secrets: Arc<CallSecrets>,
    /// What the bundle declared; `None` is every host that the project allows.
    declared: Option<HostList>,
    /// What the project allows; read when the first request leaves. Empty: the project has no list.
    project: OnceCell<HostList>,
    limits: Limits,
    requests: Budget,
    bytes_left: AtomicU64,
}

impl ScopedHttp {
    /// `declared`: [`aerocall_runtime::Manifest::parts`] of `http`.
    pub(crate) fn new(
        egress: Arc<Egress>,
        store: Store,
        scope: &Scope,
        secrets: Arc<CallSecrets>,
        declared: Option<Vec<&str>>,
        limits: &Limits,
    ) -> Self {
        // A part that is no host allows none.
        let hosts = |parts: Vec<&str>| {
            parts
                .into_iter()
                .filter_map(|part| HostPattern::read(part).ok())
                .collect()
        };
        Self {
            egress,
            store,
            scope: scope.clone(),
            secrets,
            declared: declared.map(hosts),
            project: OnceCell::new(),
            requests: Budget::new(limits.http_requests),
            bytes_left: AtomicU64::new(limits.host_bytes),
            limits: limits.clone(),
        }
    }

    /// `together`: what all responses of one list may still cost, since they are handed over as one answer.
    async fn one(&self, request: HttpRequest, together: &AtomicU64) -> Result<HttpResponse, SdkError> {
        self.spend_request()?;
        self.refuse_secret_in_url(&request.url)?;
        let project = self.project_hosts().await?;
        let rules = CallRules {
            call: self,
            project,
            together,
        };
        let answer = self.egress.send(outward(request), &rules).await;
        let received = answer.as_ref().map_or(0, |answer| answer.body.len() as u64);
        let response = self.redacted(answer).await?;
        spend(together, response.cost().saturating_sub(received))
            .map_err(|_| SdkError::new(ErrorCode::LimitExceeded, format!("http: {}", too_much_at_once())))?;
        Ok(response)
    }

    fn spend_request(&self) -> Result<(), SdkError> {
        self.requests.spend().map_err(|most| {
            let message = format!("http: an invocation can send at most {most} requests (limit httpRequests)");
            SdkError::new(ErrorCode::LimitExceeded, message)
        })
    }

    /// Addresses end up in logs on both sides.
    fn refuse_secret_in_url(&self, url: &str) -> Result<(), SdkError> {
        match self.secrets.named_in(url) {
            None => Ok(()),
            Some(name) => {
                let message = format!("http: the secret {name} can be sent in a header or in the body, not in the URL");
                Err(SdkError::new(ErrorCode::Denied, message))
            }
        }
    }

    async fn project_hosts(&self) -> Result<&HostList, SdkError> {
        let read = async || {
            let scope = self.scope.clone();
            let kept = self
                .store
                .read(move |tx| tx.setting(&scope, SettingName::HttpHosts))
                .await;
            match kept {
                Ok(None) => Ok(HostList::default()),
                Ok(Some(Setting::Open(text))) => HostList::stored(&text).map_err(|_| internal()),
                Ok(Some(Setting::Sealed(_))) => Err(internal()),
                Err(error) => {
                    tracing::error!(scope = %self.scope, error = %error, "reading a project's hosts");
                    Err(retryable(
                        ErrorCode::BackendUnavailable,
                        "http: the settings are not available right now",
                    ))
                }
            }
        };
        self.project.get_or_try_init(read).await
    }

    /// What comes back, without the secrets that went out.
    async fn redacted(&self, answer: Result<Answer, EgressError>) -> Result<HttpResponse, SdkError> {
        let redactor = self.secrets.redactor();
        let answer = answer.map_err(|error| sdk_error(error, |text| redactor.text(text)))?;
        let most = usize::try_from(self.limits.http_response_bytes).unwrap_or(usize::MAX);
        let line = |(name, value): (String, String)| {
            let clean = values::with_bytes(&value, |bytes| redactor.bytes(bytes, usize::MAX));
            // Without a search nothing is known to be clean.
            (name, clean.unwrap_or_default())
        };
        let headers = answer.headers.into_iter().map(line).collect();
        let (url, body) = (redactor.text(answer.url), answer.body);
        let cleaned = match body.len() > QUICKLY_SEARCHED {
            true => tokio::task::spawn_blocking(move || redactor.bytes(body, most)).await,
            false => Ok(redactor.bytes(body, most)),
        };
        let cleaned = cleaned.map_err(|error| {
            tracing::error!(%error, "taking secrets out of a response");
            internal()
        })?;
        Ok(HttpResponse {
            status: answer.status,
            headers,
            url,
            body: cleaned.map_err(|_| {
                let message =
                    "http: the response contains a secret so often that it is too large once the secret is replaced";
                SdkError::new(ErrorCode::TooLarge, message)
            })?,
        })
    }
}

#[async_trait]
impl Http for ScopedHttp {
    async fn send(&self, requests: Vec<HttpRequest>) -> Vec<Result<HttpResponse, SdkError>> {
        let together = AtomicU64::new(MAX_ANSWER_BYTES);
        let sending = requests.into_iter().map(|request| self.one(request, &together));
        stream::iter(sending).buffered(AT_ONCE).collect().await
    }
}

/// The rules of this call, for every URL on the way.
struct CallRules<'a> {
    call: &'a ScopedHttp,
    project: &'a HostList,
    together: &'a AtomicU64,
}

impl Rules for CallRules<'_> {
    fn admit(&self, url: &Url) -> Result<(), EgressError> {
        let host = host_of(url);
        match &self.call.declared {
            Some(declared) if !declared.covers(url) => return Err(undeclared(&host)),
            None if self.project.is_empty() => return Err(undeclared(&host)),
            _ => {}
        }
        if self.project.is_empty() || self.project.covers(url) {
            return Ok(());
        }
        let scope = &self.call.scope;
        Err(EgressError::Refused(format!(
            "this project does not allow requests to {host}; an admin allows it with PUT \
             /admin/api/v1/projects/{}/environments/{}/settings/http and \"hosts\": [\"{host}\", …]",
            scope.project, scope.environment
        )))
    }

    fn fill(&self, url: &Url, outgoing: Outgoing) -> Result<Outgoing, EgressError> {
        let secrets = &self.call.secrets;
        let refused = |error| EgressError::Refused(secrets.refusal(&error, url));
        let mut headers = outgoing.headers;
        for (name, value) in &mut headers {
            if let Some(filled) = secrets.fill(url, value.as_bytes()).map_err(refused)? {
                let text = String::from_utf8(filled.to_vec());
                let illegal = |_| EgressError::Invalid(format!("the header {name} cannot contain this secret"));
                *value = Zeroizing::new(text.map_err(illegal)?);
            }
        }
        let body = match outgoing.body {
            Some(body) => Some(match secrets.fill(url, &body).map_err(refused)? {
                Some(filled) => filled.to_vec(),
                None => body,
            }),
            None => None,
        };
        Ok(Outgoing { headers, body })
    }

    fn most_bytes(&self) -> u64 {
        self.call.limits.http_response_bytes
    }

    fn received(&self, bytes: usize) -> Result<(), EgressError> {
        spend(self.together, bytes as u64).map_err(|_| EgressError::Budget(too_much_at_once()))?;
        spend(&self.call.bytes_left, bytes as u64).map_err(|_| {
            EgressError::Budget(format!(
                "an invocation can receive at most {} bytes (limit hostBytes)",
                self.call.limits.host_bytes
            ))
        })
    }
}

/// `Err`: there is not so much left.
fn spend(left: &AtomicU64, bytes: u64) -> Result<(), u64> {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes))
        .map(drop)
}

fn too_much_at_once() -> String {
    format!("the responses of one call can have at most {MAX_ANSWER_BYTES} bytes together; send fewer requests at once")
}

fn undeclared(host: &str) -> EgressError {
    EgressError::Refused(format!(
        "this hook may not reach {host}; add `capabilities: {{ http: [\"{host}\"] }}` to its `export const config`"
    ))
}

/// Whoever is asked learns which trace it is a part of, unless the hook has said so itself.
fn outward(mut request: HttpRequest) -> Request {
    const TRACE: &str = "traceparent";
    let has_trace = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(TRACE));
    if let Some(parent) = trace::traces()
        .filter(|_| !has_trace)
        .and_then(|traces| traces.current())
    {
        request.headers.push((TRACE.to_owned(), parent));
    }
    Request {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: request.body,
        timeout: request.timeout_ms.map(|ms| std::time::Duration::from_millis(ms.into())),
        following: match request.redirect {
            Redirect::Follow => Following::Follow,
            Redirect::Error => Following::Error,
            Redirect::Manual => Following::Manual,
        },
    }
}

fn sdk_error(error: EgressError, clean: impl Fn(String) -> String) -> SdkError {
    let message = clean(format!("http: {error}"));
    match error {
        EgressError::Refused(_) => SdkError::new(ErrorCode::Denied, message),
        EgressError::Invalid(_) => SdkError::new(ErrorCode::InvalidArgument, message),
        EgressError::Budget(_) => SdkError::new(ErrorCode::LimitExceeded, message),
        EgressError::TooLarge(_) => SdkError::new(ErrorCode::TooLarge, message),
        EgressError::Timeout(_) => retryable(ErrorCode::Timeout, message),
        EgressError::Unreachable(_) => retryable(ErrorCode::BackendUnavailable, message),
    }
}

fn retryable(code: ErrorCode, message: impl Into<String>) -> SdkError {
    SdkError {
        retryable: true,
        ..SdkError::new(code, message)
    }
}

fn internal() -> SdkError {
    SdkError::new(ErrorCode::Internal, "http: an unexpected error occurred")
}

#[cfg(test)]
mod tests;
