//! The cookie of a session of the admin API, and what a request with one has to show besides: a browser sends the cookie by
//! itself, also when a page of somebody else makes it send the request.

use actix_web::{
    HttpRequest,
    http::header::{COOKIE, HOST, HeaderValue, InvalidHeaderValue, ORIGIN},
};
use aerocall_contract::errors;

use super::client::{MAX_KEY_BYTES, text_header};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::session_cookie::CookieChange,
    security::person::{self, Person},
};

/// Of this host alone, over HTTPS alone (RFC 6265bis, 4.1.3.2). Browsers take localhost for HTTPS.
pub(crate) const COOKIE_NAME: &str = "__Host-aerocall_admin";
/// Where the CSRF token is sent.
pub(crate) const CSRF_HEADER: &str = "x-csrf-token";

const FETCH_SITE: &str = "sec-fetch-site";

/// The secret of the session in the cookie.
pub(crate) fn cookie(request: &HttpRequest) -> Option<String> {
    let lines = request.headers().get_all(COOKIE).filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| value.to_owned())
        .filter(|value| value.len() <= MAX_KEY_BYTES)
}

/// The header `Set-Cookie` of a change; none if there is none.
pub(crate) fn set_cookie(change: &CookieChange) -> std::result::Result<Option<HeaderValue>, InvalidHeaderValue> {
    let attributes = "Path=/; HttpOnly; Secure; SameSite=Strict";
    let line = match change {
        CookieChange::Kept => return Ok(None),
        CookieChange::Set { secret, life_s } => format!("{COOKIE_NAME}={secret}; Max-Age={life_s}; {attributes}"),
        CookieChange::Cleared => format!("{COOKIE_NAME}=; Max-Age=0; {attributes}"),
    };
    HeaderValue::from_str(&line).map(Some)
}

/// Refuses a request that changes something, unless a page of this server sent it and knows the session's CSRF token.
pub(crate) fn require_own_page(request: &HttpRequest, app: &App, person: &Person) -> Result<()> {
    if request.method().is_safe() {
        return Ok(());
    }
    let is_named = text_header(request, FETCH_SITE).is_some() || text_header(request, ORIGIN.as_str()).is_some();
    if !is_named {
        return Err(
            refused("It lacks the headers Sec-Fetch-Site and Origin, by which browsers say who sends it").into(),
        );
    }
    refuse_other_sites(request, app)?;
    let sent = text_header(request, CSRF_HEADER).unwrap_or_default();
    match person::is_csrf_token(&app.master, &person.session()?.id, sent) {
        true => Ok(()),
        false => Err(refused("The header X-CSRF-Token lacks the session's token: GET /admin/api/v1/session").into()),
    }
}

/// Refuses a request of a browser whose page is of another site. Programs say nothing of a site.
pub(crate) fn refuse_other_sites(request: &HttpRequest, app: &App) -> Result<()> {
    if text_header(request, FETCH_SITE).is_some_and(|site| site != "same-origin") {
        return Err(refused("A page of another site sent it").into());
    }
    let Some(origin) = request.headers().get(ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or_default();
    let host = text_header(request, HOST.as_str()).unwrap_or_default();
    let is_host = |origin: &str| {
        let (scheme, named) = origin.split_once("://").unwrap_or_default();
        matches!(scheme, "https" | "http") && !host.is_empty() && named.eq_ignore_ascii_case(host)
    };
    match origin == app.config.public_url || is_host(origin) {
        true => Ok(()),
        false => Err(refused("A page of another site sent it").into()),
    }
}

fn refused(why: &'static str) -> Refusal {
    Refusal::new(errors::CSRF_REFUSED, why)
}
