//! Who sent a request: its address, its key, its token, what it says about itself.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::header};
use aerocall_contract::errors;
use serde_json::{Map, Value};

use super::{answer, forwarded, session, trace};
use crate::{
    app::App,
    base::{
        config::{Network, ShownHeader},
        error::{Refusal, Result},
        ids::Scope,
        request::{RequestMeta, StepLog},
    },
    security::access::{self, Admin},
};

const KEY: &str = "x-aerocall-key";
const MAX_USER_AGENT_CHARS: usize = 512;
const MAX_HEADER_BYTES: usize = 1_024;
const MAX_TAG_BYTES: usize = 100;
pub(crate) const MAX_KEY_BYTES: usize = 200;

/// What flows and hooks know of the request.
pub(crate) fn meta(request: &HttpRequest, app: &App) -> RequestMeta {
    let text = |name| text_header(request, name).unwrap_or_default();
    RequestMeta {
        id: answer::request_id(request),
        ip: address(request, &app.config.http.trusted_proxies),
        user_agent: text("user-agent")
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_USER_AGENT_CHARS)
            .collect(),
        method: request.method().to_string(),
        path: request.path().to_owned(),
        locale: locale(text("accept-language")),
        headers: shown_headers(request, &app.config.hooks.shown_headers),
        if_match: text_header(request, header::IF_MATCH.as_str())
            .filter(|tag| tag.len() <= MAX_TAG_BYTES)
            .map(|tag| tag.trim().to_owned()),
        hooks: trace::hooks(request),
        steps: StepLog::default(),
    }
}

/// The headers hooks may see. Lines of one name are joined (RFC 9110, 5.3); what is not plain text or too long is left
/// out, since half a value may mean something else.
fn shown_headers(request: &HttpRequest, shown: &[ShownHeader]) -> Vec<(String, String)> {
    let joined = |header: &ShownHeader| {
        let lines = request.headers().get_all(header.as_str());
        let lines: Vec<&str> = lines.map(|line| line.to_str().ok()).collect::<Option<_>>()?;
        let value = lines.join(", ");
        let fits = !lines.is_empty() && value.len() <= MAX_HEADER_BYTES;
        fits.then(|| (header.as_str().to_owned(), value))
    };
    shown.iter().filter_map(joined).collect()
}

/// The scope of the key in `X-Aerocall-Key`.
pub(crate) async fn scope(request: &HttpRequest, app: &App) -> Result<Scope> {
    let missing = || {
        Refusal::new(
            errors::MISSING_API_KEY,
            "Send the key of your project: X-Aerocall-Key: pk_…",
        )
    };
    let key = text_header(request, KEY)
        .filter(|key| key.len() <= MAX_KEY_BYTES)
        .ok_or_else(missing)?;
    let scope = app.access.scope_of_key(key).await?;
    trace::in_scope(request, &scope);
    Ok(scope)
}

/// What a caller of the admin API is known by.
#[derive(Clone)]
pub(crate) enum Credential {
    /// A token or a secret key.
    Bearer(String),
    /// The cookie of a session.
    Session(String),
}

impl Credential {
    /// What was sent. With an `Authorization` no cookie counts.
    pub(crate) fn of(request: &HttpRequest) -> Result<Self> {
        let sent = match request.headers().contains_key(header::AUTHORIZATION) {
            true => bearer(request)
                .filter(|token| token.len() <= MAX_KEY_BYTES)
                .map(|token| Self::Bearer(token.to_owned())),
            false => session::cookie(request).map(Self::Session),
        };
        Ok(sent.ok_or_else(access::unauthorized)?)
    }

    /// Who that is, now.
    pub(crate) async fn admin(&self, app: &App) -> Result<Admin> {
        match self {
            Self::Bearer(token) => app.access.admin(token).await,
            Self::Session(cookie) => app.access.by_session(cookie).await,
        }
    }
}

/// Who calls the admin API.
pub(crate) async fn admin(request: &HttpRequest, app: &App) -> Result<Admin> {
    let credential = Credential::of(request)?;
    let admin = credential.admin(app).await?;
    if let (Credential::Session(_), Some(person)) = (&credential, admin.person()) {
        session::require_own_page(request, app, person)?;
    }
    Ok(admin)
}

/// The environment of the path, if the bearer may see it.
pub(crate) async fn admin_scope(request: &HttpRequest, app: &App, project: &str, environment: &str) -> Result<Scope> {
    let scope = admin(request, app)
        .await?
        .scope(&app.store, project, environment)
        .await?;
    trace::in_scope(request, &scope);
    Ok(scope)
}

/// The parameters of the query, in their order.
pub(crate) fn query_pairs(request: &HttpRequest) -> impl Iterator<Item = (String, String)> {
    let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    pairs.map(|(name, value)| (name.into_owned(), value.into_owned()))
}

/// The query as an object of texts; the last value of a name counts.
pub(crate) fn query(request: &HttpRequest) -> Map<String, Value> {
    query_pairs(request)
        .map(|(name, value)| (name, Value::from(value)))
        .collect()
}

/// The token in `Authorization: Bearer` (RFC 6750, 2.1; the scheme in any case, RFC 9110, 11.1).
pub(crate) fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = text_header(request, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(crate) fn text_header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Who is at the other end, for what an address alone may open.
pub(crate) enum Peer {
    /// The client itself.
    Direct(IpAddr),
    /// A client that a trusted proxy vouches for.
    Vouched(IpAddr),
    /// Somebody behind a proxy that is not trusted.
    Unknown,
}

pub(crate) fn peer(request: &HttpRequest, proxies: &[Network]) -> Peer {
    let Some(peer) = request.peer_addr().map(|peer| peer.ip().to_canonical()) else {
        return Peer::Unknown;
    };
    if proxies.iter().any(|proxy| proxy.contains(peer)) {
        let client = forwarded::client(peer, request.headers(), proxies);
        return match client.is_known {
            true => Peer::Vouched(client.address),
            false => Peer::Unknown,
        };
    }
    let of_proxies = [forwarded::X_FORWARDED_FOR, forwarded::FORWARDED, "via", "x-real-ip"];
    match of_proxies.iter().any(|name| request.headers().contains_key(*name)) {
        true => Peer::Unknown,
        false => Peer::Direct(peer),
    }
}

/// The address that counts as the client's: the peer, or whom trusted proxies name.
fn address(request: &HttpRequest, proxies: &[Network]) -> String {
    let Some(peer) = request.peer_addr().map(|peer| peer.ip().to_canonical()) else {
        return String::new();
    };
    forwarded::client(peer, request.headers(), proxies).address.to_string()
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

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn what_nobody_vouches_for_opens_nothing() {
        let proxies = [Network::parse("10.0.0.0/8").unwrap()];
        let seen = |from: &str, name: &str, line: &str| {
            let request = TestRequest::default()
                .peer_addr(format!("{from}:1").parse().unwrap())
                .insert_header((name, line))
                .to_http_request();
            match peer(&request, &proxies) {
                Peer::Direct(address) => format!("direct {address}"),
                Peer::Vouched(address) => format!("vouched {address}"),
                Peer::Unknown => "unknown".to_owned(),
            }
        };
        for (from, name, line, who) in [
            ("9.9.9.9", "accept", "*/*", "direct 9.9.9.9"),
            ("9.9.9.9", "x-forwarded-for", "127.0.0.1", "unknown"),
            ("9.9.9.9", "forwarded", "for=127.0.0.1", "unknown"),
            ("10.0.0.1", "accept", "*/*", "vouched 10.0.0.1"),
            ("10.0.0.1", "x-forwarded-for", "127.0.0.1:80", "vouched 127.0.0.1"),
            ("10.0.0.1", "x-forwarded-for", "127.0.0.1, unknown", "unknown"),
            ("10.0.0.1", "forwarded", "for=\"127.0.0.1", "unknown"),
        ] {
            assert_eq!(seen(from, name, line), who, "{from}, {name}: {line}");
        }
    }

    #[test]
    fn a_locale_is_a_tag_or_english() {
        assert_eq!(locale("de-CH, de;q=0.9"), "de-CH");
        for odd in ["", "*", "x\u{7f}", "-de", "<b>"] {
            assert_eq!(locale(odd), "en");
        }
    }
}
