//! Who sent a request: its address, its key, its token, what it says about itself.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::header};

use super::answer;
use crate::{
    access::{self, Admin},
    app::App,
    config::Network,
    error::{Refusal, Result},
    ids::Scope,
    request::RequestMeta,
};

const KEY: &str = "x-aerocall-key";
const MOST_USER_AGENT_CHARS: usize = 512;
const MOST_KEY_BYTES: usize = 200;

/// What flows and hooks know of the request.
pub(super) fn meta(request: &HttpRequest, app: &App) -> RequestMeta {
    let text = |name| text_header(request, name).unwrap_or_default();
    RequestMeta {
        id: answer::request_id(request),
        ip: address(request, &app.config.http.trusted_proxies),
        user_agent: text("user-agent")
            .chars()
            .filter(|c| !c.is_control())
            .take(MOST_USER_AGENT_CHARS)
            .collect(),
        method: request.method().to_string(),
        path: request.path().to_owned(),
        locale: locale(text("accept-language")),
    }
}

/// The scope of the key in `X-Aerocall-Key`.
pub(super) async fn scope(request: &HttpRequest, app: &App) -> Result<Scope> {
    let missing = || {
        Refusal::new(
            401,
            "missing_api_key",
            "Send the key of your project: X-Aerocall-Key: pk_…",
        )
    };
    let key = text_header(request, KEY)
        .filter(|key| key.len() <= MOST_KEY_BYTES)
        .ok_or_else(missing)?;
    access::scope_of_key(app, key).await
}

/// The bearer of the admin API.
pub(super) async fn admin(request: &HttpRequest, app: &App) -> Result<Admin> {
    let token = bearer(request)
        .filter(|token| token.len() <= MOST_KEY_BYTES)
        .ok_or_else(access::unauthorized)?;
    access::admin(app, token).await
}

/// The token in `Authorization: Bearer` (RFC 6750, 2.1; the scheme in any case, RFC 9110, 11.1).
pub(super) fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = text_header(request, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(super) fn text_header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// The peer; or, if the peer is a proxy of ours, the last address in `X-Forwarded-For` that is not one.
fn address(request: &HttpRequest, proxies: &[Network]) -> String {
    let Some(peer) = request.peer_addr().map(|peer| peer.ip().to_canonical()) else {
        return String::new();
    };
    let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    let mut client = peer;
    let headers: Vec<_> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|line| line.to_str().ok())
        .collect();
    let mut hops = headers.iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim);
    while trusted(client) {
        let Some(hop) = hops.next().and_then(|hop| hop.parse::<IpAddr>().ok()) else {
            break;
        };
        client = hop.to_canonical();
    }
    client.to_string()
}

/// The first tag of `Accept-Language`, or `en`.
fn locale(accept: &str) -> String {
    let tag = accept.split([',', ';']).next().unwrap_or_default().trim();
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if tag.starts_with(|c: char| c.is_ascii_alphabetic()) && tag.len() <= 35 && tag.chars().all(legal) {
        tag.to_owned()
    } else {
        "en".to_owned()
    }
}
