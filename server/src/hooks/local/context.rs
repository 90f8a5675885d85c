//! The context of a local call: defaults that look like a real request, and what a document changes of them.

use std::collections::BTreeMap;

use aerocall_contract::{HookPoint, Step};
use aerocall_runtime::{Context, RequestInfo};
use serde::{Deserialize, Deserializer};

use crate::base::clock;

/// What a document may say about the context: the names that a hook sees it under.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ContextDocument {
    project_id: Option<String>,
    environment: Option<String>,
    request_id: Option<String>,
    invocation_id: Option<String>,
    /// What is called is said elsewhere; it may stand here because recorded contexts have it.
    #[serde(rename = "hook")]
    _hook: Option<String>,
    endpoint: Option<String>,
    #[serde(deserialize_with = "moment")]
    time: Option<u64>,
    attempt: Option<u32>,
    request: Option<RequestDocument>,
    version: VersionDocument,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct RequestDocument {
    ip: Option<String>,
    user_agent: Option<String>,
    method: Option<String>,
    path: Option<String>,
    locale: Option<String>,
    headers: Headers,
}

/// As hooks see them, or as records of invocations have them.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "headers are an object of names and values, or a list of pairs"
)]
enum Headers {
    Named(BTreeMap<String, String>),
    Listed(Vec<(String, String)>),
}

impl Default for Headers {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl Headers {
    fn listed(self) -> Vec<(String, String)> {
        let pairs = match self {
            Self::Named(named) => named.into_iter().collect(),
            Self::Listed(pairs) => pairs,
        };
        let lower = |(name, value): (String, String)| (name.to_lowercase(), value);
        pairs.into_iter().map(lower).collect()
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct VersionDocument {
    number: u32,
    /// Always that of the bundle; here because recorded contexts have it.
    #[serde(rename = "digest")]
    _digest: Option<String>,
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wanted = || serde::de::Error::custom(format!("{text:?} is not a time such as 2026-01-31T12:00:00Z"));
    let at = clock::parse_iso(&text).and_then(|ms| u64::try_from(ms).ok());
    at.map(Some).ok_or_else(wanted)
}

impl ContextDocument {
    /// The context of a call. `now_ms`: when it is made, unless the document says.
    #[must_use]
    pub fn context(&self, hook: &str, now_ms: u64) -> Context {
        let or = |given: &Option<String>, otherwise: &str| given.clone().unwrap_or_else(|| otherwise.to_owned());
        let (method, path) = endpoint_of(hook);
        let request = (!hook.contains('.') || self.request.is_some()).then(|| self.request(method, path));
        let endpoint = match &request {
            Some(request) if !hook.contains('.') => format!("{} {}", request.method, request.path),
            _ => String::new(),
        };
        Context {
            project_id: or(&self.project_id, "local"),
            environment: or(&self.environment, "development"),
            request_id: or(&self.request_id, "req_local"),
            invocation_id: or(&self.invocation_id, "inv_local"),
            hook: hook.to_owned(),
            endpoint: or(&self.endpoint, &endpoint),
            time_ms: self.time.unwrap_or(now_ms),
            attempt: self.attempt.unwrap_or(1),
            request,
            version_number: self.version.number,
        }
    }

    fn request(&self, method: &str, path: &str) -> RequestInfo {
        let given = self.request.clone().unwrap_or_default();
        let or = |given: Option<String>, otherwise: &str| given.unwrap_or_else(|| otherwise.to_owned());
        RequestInfo {
            ip: or(given.ip, "127.0.0.1"),
            user_agent: or(given.user_agent, "aerocall-cli"),
            method: or(given.method, method),
            path: or(given.path, path),
            locale: or(given.locale, "en"),
            headers: given.headers.listed(),
        }
    }
}

/// Where the requests of a hook point arrive; those of a name that is none, at the login.
fn endpoint_of(hook: &str) -> (&'static str, &'static str) {
    HookPoint::named(hook)
        .map_or(Step::Login, |point| point.step)
        .endpoint()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(hook: &str, json: &str) -> Result<Context, String> {
        let document: ContextDocument = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Ok(document.context(hook, 5))
    }

    #[test]
    fn what_is_given_is_laid_over_the_defaults() {
        let given = context(
            "beforeSignup",
            r#"{"time":"2026-01-31T12:00:00Z","request":{"ip":"203.0.113.9","headers":{"X-Tenant":"a"}}}"#,
        )
        .unwrap();
        assert_eq!(given.time_ms, 1_769_860_800_000);
        assert_eq!(given.endpoint, "POST /auth/register");
        let request = given.request.unwrap();
        assert_eq!((request.ip.as_str(), request.locale.as_str()), ("203.0.113.9", "en"));
        assert_eq!(request.headers, [("x-tenant".to_owned(), "a".to_owned())]);
        let event = context("auth.signup", "{}").unwrap();
        assert!(event.request.is_none() && event.endpoint.is_empty() && event.time_ms == 5);
    }

    #[test]
    fn headers_are_read_as_hooks_see_them_and_as_they_are_recorded() {
        let listed = r#"{"request":{"headers":[["X-Tenant","a"],["origin","b"]]}}"#;
        let request = context("beforeSignup", listed).unwrap().request.unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(request.headers, [pair("x-tenant", "a"), pair("origin", "b")]);
        let problem = context("beforeSignup", r#"{"request":{"headers":"x"}}"#).unwrap_err();
        assert!(problem.contains("a list of pairs"), "{problem}");
    }

    #[test]
    fn unknown_fields_are_named() {
        assert!(
            context("beforeLogin", r#"{"reqest":{}}"#)
                .unwrap_err()
                .contains("`reqest`")
        );
        assert!(
            context("beforeLogin", r#"{"request":{"IP":"x"}}"#)
                .unwrap_err()
                .contains("`IP`")
        );
        assert!(
            context("beforeLogin", r#"{"time":"yesterday"}"#)
                .unwrap_err()
                .contains("yesterday")
        );
    }
}
