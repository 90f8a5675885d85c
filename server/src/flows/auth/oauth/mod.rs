//! Social login, in three requests: to the provider, back from it, and the code that is exchanged for a session.
//!
//! Two things bind the trip to who began it. A cookie of the first request must come with the second one: both are navigations
//! of one browser to this server, whatever origin the app has, so a link that somebody else prepared ends here. And an app that
//! sends `code_challenge` must show its `code_verifier` in the third request, so that the code in its address is nothing to
//! whoever else sees it, or slips one in. Nonce and PKCE verifier towards the provider are made from the state and the master
//! key, and so are kept nowhere.

mod authorize;
mod callback;
mod link;
mod token;

use aerocall_contract::errors;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub(crate) use authorize::Authorize;
pub(crate) use callback::{CALLBACK_FORM, Callback};
pub(crate) use link::{BeginLink, Link};
pub(crate) use token::Exchange;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Problem, Refusal, Result},
        ids::{Scope, Slug},
        input::{Parsed, text},
    },
    outbound::oidc::{OidcError, Verified},
};

/// What is read of a provider's answer.
pub(crate) const KNOWN: [&str; 4] = ["state", "code", "error", "iss"];

/// Of a state and of what is in it.
const MAX_STATE_BYTES: usize = 300;

/// Where a browser is sent.
#[derive(Debug)]
pub(crate) struct Leads {
    pub(crate) location: String,
    pub(crate) cookie: BrowserCookie,
}

/// What the browser keeps between the first request and the second.
#[derive(Debug)]
pub(crate) struct BrowserCookie {
    pub(crate) name: String,
    /// Empty: forget it.
    pub(crate) value: String,
    pub(crate) life_s: i64,
}

impl BrowserCookie {
    /// For the navigation back from another site (Lax), for nothing else, and never for scripts (RFC 6265bis, 5.6).
    pub(crate) fn line(&self, public_url: &str) -> String {
        let Self { name, value, life_s } = self;
        let secure = match public_url.starts_with("https://") {
            true => "; Secure",
            false => "",
        };
        format!("{name}={value}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// What is kept on the way to the provider.
#[derive(Serialize, Deserialize)]
struct Trip {
    provider: String,
    redirect: String,
    /// The fingerprint of the cookie.
    browser: String,
    /// Of the app, for the third request.
    challenge: Option<String>,
    /// The user whose account gets the identity, if it is not for a login.
    #[serde(default)]
    link: Option<String>,
}

/// What is kept on the way to the session.
#[derive(Clone, Serialize, Deserialize)]
struct Grant {
    provider: String,
    subject: String,
    email: Option<String>,
    verified: Verified,
    name: Option<String>,
    challenge: Option<String>,
    #[serde(default)]
    link: Option<String>,
}

/// Where a provider sends people back to; from the configuration alone.
fn callback_url(app: &App) -> String {
    format!("{}/auth/oauth/callback", app.config.public_url)
}

/// The callback with these in its query.
pub(crate) fn callback_with<'a>(app: &App, query: impl Iterator<Item = (&'a String, &'a str)>) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(query);
    format!("{}?{}", callback_url(app), text.finish())
}

/// Which project a state is of. Whether it is one is decided by whoever takes it there.
pub(crate) fn scope_of_state(state: &str) -> Option<Scope> {
    if state.len() > MAX_STATE_BYTES {
        return None;
    }
    let mut parts = state.splitn(3, '.');
    let project = Slug::parse(parts.next()?).ok()?;
    let environment = Slug::parse(parts.next()?).ok()?;
    parts.next()?;
    Some(Scope { project, environment })
}

/// Of each trip its own, so that two tabs do not mix theirs up.
pub(crate) fn cookie_name(state: &str) -> String {
    format!("aerocall_oauth_{}", &secret::fingerprint(state)[..16])
}

/// A secret of the trip, the same on the way there and back.
fn of_trip(app: &App, purpose: &str, state: &str) -> String {
    URL_SAFE_NO_PAD.encode(app.master.mac(purpose, &[state]))
}

fn nonce(app: &App, state: &str) -> String {
    of_trip(app, "oidc nonce", state)
}

fn verifier(app: &App, state: &str) -> String {
    of_trip(app, "oidc pkce", state)
}

/// `S256` of RFC 7636, 4.2.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// A challenge or a verifier (RFC 7636, 4.1).
fn pkce(least: usize, most: usize) -> impl Fn(Value) -> Parsed<String> {
    move |value| {
        let text = text(value)?;
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        match (least..=most).contains(&text.len()) && text.bytes().all(legal) {
            true => Ok(text),
            false if least == most => Err(format!(
                "must be {least} of A-Z, a-z, 0-9, - and _: the SHA-256 of the verifier as base64url"
            )),
            false => Err(format!("must be {least} to {most} of A-Z, a-z, 0-9, -, ., _ and ~")),
        }
    }
}

fn opaque(value: Value) -> Parsed<String> {
    let text = text(value)?;
    match text.len() <= 4_000 {
        true => Ok(text),
        false => Err("must have at most 4000 bytes".to_owned()),
    }
}

fn stored<T: for<'a> Deserialize<'a>>(data: &str) -> Result<T> {
    serde_json::from_str(data).map_err(|error| Error::unexpected("reading a one-time token", error))
}

/// For the log; what a client may know is in [`refusal`].
fn failed(scope: &Scope, provider: &str, error: &OidcError) {
    tracing::warn!(%scope, provider, error = %error, "a login with an identity provider failed");
}

fn unknown() -> Refusal {
    let problem = Problem {
        field: "provider".to_owned(),
        problem: "is not one of the project's identity providers".to_owned(),
    };
    Refusal {
        details: vec![problem],
        ..Refusal::not_found()
    }
}

/// For the client: whether the same may succeed later.
fn refusal(error: &OidcError) -> Refusal {
    if let OidcError::Misconfigured(_) = error {
        return Refusal::new(
            errors::PROVIDER_MISCONFIGURED,
            "The project's settings of this identity provider do not fit the provider; an admin of the project has to correct them",
        );
    }
    Refusal {
        retry_after: Some(5),
        ..Refusal::new(
            errors::PROVIDER_UNAVAILABLE,
            "The identity provider cannot be asked right now; please try again in a moment",
        )
    }
}
