//! A login with one provider: the address to send people to, the code that is exchanged for tokens, and who they are for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use futures_util::future::join_all;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use super::{
    claims::{Claims, Expected},
    jws::JwsError,
    metadata::{Metadata, SecretIn},
    outward::{self, Response},
    provider::{Provider, Providers},
};
use crate::{base::error::Problem, outbound::egress::Egress};

/// What a provider says about itself is asked for again after so long, or when its keys do not fit.
const KEPT: Duration = Duration::from_secs(600);
const MAX_KEPT: usize = 1_000;
/// How long an admin waits for providers that are new in the settings.
const INQUIRY: Duration = Duration::from_secs(5);
/// Of what a token endpoint says is wrong.
const MAX_ERROR_CHARS: usize = 60;

/// The providers of all projects, asked through the one way out.
pub(crate) struct Oidc {
    egress: Arc<Egress>,
    kept: Mutex<HashMap<String, (Instant, Arc<Metadata>)>>,
}

/// One trip to a provider.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) provider: &'a Provider,
    /// Where the provider sends people back to.
    pub(crate) callback: &'a str,
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    /// Of PKCE (RFC 7636): 43 characters.
    pub(crate) verifier: &'a str,
}

/// What came back from a provider through the browser.
#[derive(Clone, Copy)]
pub(crate) struct Returned<'a> {
    pub(crate) code: &'a str,
    /// Who says so (RFC 9207); not every provider does.
    pub(crate) issuer: Option<&'a str>,
}

/// Who a provider says it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Never given to another account of the provider.
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) verified: Verified,
    pub(crate) name: Option<String>,
}

/// Whether the provider vouches for the email.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verified {
    Yes,
    /// It says no, or nothing.
    No,
}

/// Why there is no identity. The texts are for the log and for admins; they hold no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// The same may succeed later.
    #[error("the provider cannot be asked: {0}")]
    Unavailable(String),
    /// Until somebody changes the project's settings, it fails every time.
    #[error("{0}")]
    Misconfigured(String),
    #[error("the provider's response is refused: {0}")]
    Refused(String),
}

/// What was found out about providers that are about to be stored.
#[derive(Debug, Default)]
pub(crate) struct Inquiry {
    /// They could not be used to log in.
    pub(crate) problems: Vec<Problem>,
    /// They did not answer, so nobody knows.
    pub(crate) warnings: Vec<Problem>,
}

/// What a code is exchanged for, as far as it is used.
struct Tokens {
    id: String,
    access: Option<String>,
}

impl Oidc {
    pub(crate) fn new(egress: Arc<Egress>) -> Self {
        Self {
            egress,
            kept: Mutex::default(),
        }
    }

    /// What is wrong with addresses of these providers, by field: a request to them would be refused.
    pub(crate) fn problems(&self, providers: &Providers) -> Vec<Problem> {
        let problem = |(index, provider): (usize, &Provider)| {
            let refused = outward::check(&self.egress, &provider.issuer).err()?;
            Some(of_issuer(index, refused.to_string()))
        };
        providers.all().iter().enumerate().filter_map(problem).collect()
    }

    /// Asks the providers whose issuer is not one of those before, all at once, who they are.
    pub(crate) async fn inquire(&self, providers: &Providers, before: &Providers) -> Inquiry {
        let is_known = |issuer: &str| before.all().iter().any(|provider| provider.issuer == issuer);
        let asked = providers.all().iter().enumerate();
        let asked = asked.filter(|(_, provider)| !is_known(&provider.issuer));
        let asked = asked.map(|(index, provider)| async move {
            let late = || OidcError::Unavailable(format!("no complete response within {} s", INQUIRY.as_secs()));
            let about = tokio::time::timeout(INQUIRY, self.ask(provider)).await;
            (index, about.unwrap_or_else(|_| Err(late())).err())
        });
        let mut found = Inquiry::default();
        for (index, error) in join_all(asked).await {
            match error {
                None => {}
                Some(OidcError::Misconfigured(problem)) => found.problems.push(of_issuer(index, problem)),
                Some(error) => found.warnings.push(of_issuer(index, error.to_string())),
            }
        }
        found
    }

    /// Where to send somebody.
    pub(crate) async fn authorize_url(&self, ask: Ask<'_>) -> Result<String, OidcError> {
        let about = self.about(ask.provider).await?;
        Ok(address(&about, ask))
    }

    /// Who came back.
    pub(crate) async fn identity(&self, ask: Ask<'_>, returned: Returned<'_>) -> Result<Identity, OidcError> {
        let mut about = self.about(ask.provider).await?;
        match returned.issuer {
            Some(issuer) if !about.issuer.may_say(issuer) => {
                return Err(OidcError::Refused("another identity provider sent it (iss)".to_owned()));
            }
            None if about.names_itself => {
                let problem = "the response has no `iss`, which this identity provider always sends (RFC 9207)";
                return Err(OidcError::Refused(problem.to_owned()));
            }
            _ => {}
        }
        let tokens = self.exchange(&about, ask, returned.code).await?;
        let mut signed = about.keys.open(&tokens.id);
        if let Err(JwsError::NoKey) = signed {
            // Signed with a key that is newer than what is kept, or by somebody else.
            about = self.ask(ask.provider).await?;
            signed = about.keys.open(&tokens.id);
        }
        let refused = |problem: String| OidcError::Refused(format!("the ID token: {problem}"));
        let signed = signed.map_err(|error| refused(error.to_string()))?;
        let hash = tokens.access.as_deref().and_then(|token| signed.hash_of(token));
        let issued_by = signed.payload.get("iss").and_then(Value::as_str);
        if !about.issuer.has_key(signed.key_issuer(), issued_by) {
            return Err(refused("its key is for another issuer".to_owned()));
        }
        let claims = Claims::new(signed.payload);
        let expected = Expected {
            issuer: &about.issuer,
            client_id: &ask.provider.client_id,
            nonce: ask.nonce,
            returns_nonce: ask.provider.dialect().returns_nonce(),
            now_s: now_s(),
        };
        let checked = claims.check(&expected);
        let checked = checked.and_then(|()| claims.check_access_token(hash.as_deref()));
        checked.map_err(|problem| refused(problem.to_owned()))?;
        let identity = claims.identity(&about.issuer);
        let identity = identity.map_err(|problem| refused(problem.to_owned()))?;
        self.completed(&about, &tokens, &claims, identity).await
    }

    async fn exchange(&self, about: &Metadata, ask: Ask<'_>, code: &str) -> Result<Tokens, OidcError> {
        let (authorization, form) = token_request(about, ask, code);
        let response = outward::post(&self.egress, &about.token, authorization, form).await?;
        tokens(&response)
    }

    /// With what the userinfo endpoint says of the email: many providers keep it, or that it is verified, out of the ID token
    /// (OpenID Connect Core, 5.4).
    async fn completed(
        &self,
        about: &Metadata,
        tokens: &Tokens,
        claims: &Claims,
        mut identity: Identity,
    ) -> Result<Identity, OidcError> {
        let (Some(address), Some(token)) = (&about.userinfo, &tokens.access) else {
            return Ok(identity);
        };
        if identity.email.is_some() && claims.has_verified() {
            return Ok(identity);
        }
        let response = outward::get(&self.egress, address, Some(token)).await;
        let more = match response.and_then(|response| userinfo(about, &response)) {
            Ok(Some(more)) => more,
            Ok(None) => return Ok(identity),
            // What is missing is not worth a login.
            Err(_) if identity.email.is_some() => return Ok(identity),
            Err(error) => return Err(error),
        };
        // Otherwise it could be somebody else's (OpenID Connect Core, 5.3.2).
        if more.own_subject().is_none() || more.own_subject() != claims.own_subject() {
            return Err(OidcError::Refused(
                "the userinfo endpoint's sub is another one".to_owned(),
            ));
        }
        if identity.email.is_none() || identity.email.as_deref() == more.email() {
            identity.email = more.email().map(str::to_owned);
            identity.verified = more.verified(&about.issuer);
        }
        identity.name = identity.name.or_else(|| more.name().map(str::to_owned));
        Ok(identity)
    }

    /// What the provider says about itself, and its keys.
    async fn about(&self, provider: &Provider) -> Result<Arc<Metadata>, OidcError> {
        if let Some((at, about)) = self.all().get(&provider.issuer)
            && at.elapsed() < KEPT
        {
            return Ok(Arc::clone(about));
        }
        self.ask(provider).await
    }

    /// The same, asked for now.
    async fn ask(&self, provider: &Provider) -> Result<Arc<Metadata>, OidcError> {
        self.all().remove(&provider.issuer);
        let about = Arc::new(Metadata::of(&self.egress, &provider.issuer).await?);
        let mut all = self.all();
        if all.len() >= MAX_KEPT {
            all.retain(|_, (at, _)| at.elapsed() < KEPT);
        }
        if all.len() < MAX_KEPT {
            all.insert(provider.issuer.clone(), (Instant::now(), Arc::clone(&about)));
        }
        Ok(about)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, (Instant, Arc<Metadata>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where to send somebody (OpenID Connect Core, 3.1.2.1; RFC 7636, 4.3).
pub(super) fn address(about: &Metadata, ask: Ask<'_>) -> String {
    let provider = ask.provider;
    let scopes = std::iter::once("openid").chain(provider.scopes.iter().map(String::as_str));
    let scopes: Vec<&str> = scopes.collect();
    let mut url = about.authorization.clone();
    url.set_fragment(None);
    let mut query = url.query_pairs_mut();
    query.append_pair("response_type", "code");
    query.append_pair("client_id", &provider.client_id);
    query.append_pair("state", ask.state).append_pair("nonce", ask.nonce);
    query.append_pair("redirect_uri", ask.callback);
    query.append_pair("scope", &scopes.join(" "));
    if about.takes_pkce {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(ask.verifier.as_bytes()));
        query.append_pair("code_challenge", &challenge);
        query.append_pair("code_challenge_method", "S256");
    }
    query.extend_pairs(provider.dialect().parameters());
    drop(query);
    url.into()
}

/// What the token endpoint is sent (OpenID Connect Core, 3.1.3.1): the header `Authorization`, if it has one, and the form.
fn token_request(about: &Metadata, ask: Ask<'_>, code: &str) -> (Option<String>, String) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code");
    form.append_pair("code", code).append_pair("redirect_uri", ask.callback);
    if about.takes_pkce {
        form.append_pair("code_verifier", ask.verifier);
    }
    let (id, secret) = (&ask.provider.client_id, &ask.provider.client_secret);
    let authorization = match about.secret_in {
        SecretIn::Header => Some(basic(id, secret)),
        SecretIn::Body => {
            form.append_pair("client_id", id).append_pair("client_secret", secret);
            None
        }
    };
    (authorization, form.finish())
}

/// `Authorization` of a client: both parts are encoded first (RFC 6749, 2.3.1).
fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(id), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}

/// A response of the token endpoint. Some providers report an error with status 200.
fn tokens(response: &Response) -> Result<Tokens, OidcError> {
    let said = response.object().unwrap_or_default();
    let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
    match text("id_token").filter(|_| response.is_success()) {
        Some(id) => Ok(Tokens {
            id,
            access: text("access_token"),
        }),
        None if response.status >= 500 => {
            let problem = format!("its token endpoint responds with status {}", response.status);
            Err(OidcError::Unavailable(problem))
        }
        None => Err(OidcError::Refused(refusal(response.status, &said))),
    }
}

/// What a token endpoint says instead of tokens: its error code and nothing else, since the rest may quote what was sent.
fn refusal(status: u16, said: &Map<String, Value>) -> String {
    let code = said.get("error").and_then(Value::as_str).unwrap_or_default();
    let is_code = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let code: String = code.chars().filter(is_code).take(MAX_ERROR_CHARS).collect();
    match code.is_empty() {
        true => format!("the token endpoint responds with status {status} and without an ID token"),
        false => format!("the token endpoint responds with status {status} and the error {code}"),
    }
}

/// What the userinfo endpoint says, signed or not (OpenID Connect Core, 5.3.2). `None`: it says nothing about this account.
fn userinfo(about: &Metadata, response: &Response) -> Result<Option<Claims>, OidcError> {
    let refused = |problem: &str| OidcError::Refused(format!("the userinfo endpoint's response {problem}"));
    match response.status {
        200 => {}
        500.. | 429 => {
            let problem = format!("its userinfo endpoint responds with status {}", response.status);
            return Err(OidcError::Unavailable(problem));
        }
        _ => return Ok(None),
    }
    if let Some(said) = response.object() {
        return Ok(Some(Claims::new(said)));
    }
    let token = response.text().ok_or_else(|| refused("cannot be read"))?;
    let signed = about.keys.open(token.trim());
    let signed = signed.map_err(|_| refused("is neither JSON nor signed by the provider"))?;
    Ok(Some(Claims::new(signed.payload)))
}

fn of_issuer(index: usize, problem: String) -> Problem {
    Problem {
        field: format!("providers[{index}].issuer"),
        problem,
    }
}

fn now_s() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64())
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
