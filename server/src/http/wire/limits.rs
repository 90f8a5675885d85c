//! Limits at the edge: checked before anything of the body is read, and shown in headers
//! (draft-ietf-httpapi-ratelimit-headers-10).

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::header::{HeaderName, HeaderValue},
};

use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    domain::project::RateRules,
    flows::steps::endpoint::Rate,
    security::limits::Quota,
};

pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
pub(super) const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Counts the request for its environment and, if it checks or makes a secret, for its address.
pub(crate) async fn check(
    request: &HttpRequest,
    app: &App,
    scope: &Scope,
    rules: &RateRules,
    rate: Rate,
    ip: &str,
) -> Result<()> {
    if rate == Rate::Secret
        && let Some(quota) = app.limits.address(scope, rules, ip).await
    {
        request.extensions_mut().insert(quota);
        quota.check()?;
    }
    // Last, so that what one address may not ask anyway does not use up what all have.
    Ok(app.limits.project(scope, rules).await?)
}

/// The headers that say what its address has left.
pub(crate) fn set_headers(request: &HttpRequest, answer: &mut HttpResponse) {
    let Some(quota) = request.extensions().get::<Quota>().copied() else {
        return;
    };
    let Quota {
        name,
        most,
        window_s,
        resets_s,
        ..
    } = quota;
    let policy = format!("\"{name}\";q={most};w={window_s}");
    let limit = format!("\"{name}\";r={};t={resets_s}", quota.left());
    for (header, text) in [(POLICY, policy), (LIMIT, limit)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            answer.headers_mut().insert(header, value);
        }
    }
}
