//! Who calls, where and when: the first argument of every hook. Mirrors `context` in `wit/types.wit`.

use std::ops::Deref;

use crate::Timestamp;

/// Information about the invocation, besides its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// The project the hook belongs to.
    pub project_id: String,
    /// `production`, `development`, …
    pub environment: String,
    /// The request being answered; the client sees it in `x-request-id`.
    pub request_id: String,
    /// Id of this invocation.
    pub invocation_id: String,
    /// The hook point or event: `beforeSignup`, `auth.signup`, `queue.mails`.
    pub hook: String,
    /// As in the API reference, `POST /auth/register`; empty for events.
    pub endpoint: String,
    /// When the invocation began.
    pub time: Timestamp,
    /// 1 for the first attempt; failed handlers of events are retried.
    pub attempt: u32,
    /// The version of the hook that is running.
    pub version: VersionInfo,
}

/// The context of a hook at a hook point, which always has a request. It has all that a [`Context`] has.
///
/// ```
/// use aerocall_hooks::{before_signup, RequestContext, log};
///
/// #[before_signup]
/// fn note(context: &RequestContext, payload: before_signup::Payload) {
///     log::info!("{}: sign-up of {} from {}", context.request_id, payload.user.email, context.request.ip);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestContext {
    pub(crate) context: Context,
    /// The HTTP request behind the flow.
    pub request: RequestInfo,
}

impl Deref for RequestContext {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.context
    }
}

/// The HTTP request that a flow is answering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestInfo {
    /// IP address of the client, according to the server's proxy settings.
    pub ip: String,
    /// The header `user-agent`, or nothing.
    pub user_agent: String,
    /// `POST`
    pub method: String,
    /// `/auth/register`
    pub path: String,
    /// BCP 47, from `accept-language`; `en` when the client names none.
    pub locale: String,
    /// The request headers that hooks may see; names in lower case.
    pub headers: Vec<(String, String)>,
}

impl RequestInfo {
    /// The first value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let named = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}

/// Which version of a hook is running.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionInfo {
    /// 1, 2, 3 … in order of upload; 0 when the bundle is not deployed.
    pub number: u32,
    /// `sha256:` and 64 hex digits.
    pub digest: String,
}
