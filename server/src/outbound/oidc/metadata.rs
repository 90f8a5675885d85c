//! What a provider says about itself (OpenID Connect Discovery, 3 and 4): where it is asked, and its keys. Members that are not
//! used may be anything.

use serde_json::{Map, Value};
use url::Url;

use super::{
    client::OidcError,
    dialect::Dialect,
    issuer::Issuer,
    jws::Keys,
    outward::{self, Response},
};
use crate::outbound::egress::Egress;

/// Below the issuer.
pub(super) const DOCUMENT: &str = "/.well-known/openid-configuration";

const NAMES_ITSELF: &str = "authorization_response_iss_parameter_supported";

/// A provider, as far as it is used.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) issuer: Issuer,
    /// Where people are sent.
    pub(super) authorization: Url,
    pub(super) token: String,
    pub(super) userinfo: Option<String>,
    /// How the client's secret is sent.
    pub(super) secret_in: SecretIn,
    pub(super) takes_pkce: bool,
    /// Whether each of its responses through the browser says who sent it (RFC 9207, 2.3).
    pub(super) names_itself: bool,
    pub(super) keys: Keys,
}

/// Where the client's secret goes in a request to the token endpoint (RFC 6749, 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretIn {
    /// `client_secret_basic`
    Header,
    /// `client_secret_post`
    Body,
}

impl Metadata {
    /// Asks the provider with this issuer.
    pub(super) async fn of(egress: &Egress, issuer: &str) -> Result<Self, OidcError> {
        let address = format!("{}{DOCUMENT}", issuer.strip_suffix('/').unwrap_or(issuer));
        let document = object("discovery document", outward::get(egress, &address, None).await?)?;
        let read = Self::read(issuer, &document)?;
        let keys_at = endpoint(&document, "jwks_uri")?;
        let set = object("key set", outward::get(egress, keys_at.as_str(), None).await?)?;
        let unreadable = || OidcError::Unavailable("its key set has no list of keys".to_owned());
        Ok(Self {
            keys: Keys::read(&set).ok_or_else(unreadable)?,
            ..read
        })
    }

    /// What the document says, without the keys.
    pub(super) fn read(wanted: &str, document: &Map<String, Value>) -> Result<Self, OidcError> {
        let said = document.get("issuer").and_then(Value::as_str);
        let said = said.ok_or_else(|| OidcError::Unavailable("its discovery document has no issuer".to_owned()))?;
        let dialect = Dialect::of(wanted);
        Ok(Self {
            issuer: Issuer::agreed(wanted, said).map_err(OidcError::Misconfigured)?,
            authorization: endpoint(document, "authorization_endpoint")?,
            token: endpoint(document, "token_endpoint")?.into(),
            userinfo: endpoint(document, "userinfo_endpoint").ok().map(Url::into),
            secret_in: secret_in(document, dialect),
            takes_pkce: dialect.takes_pkce()
                && lists(document, "code_challenge_methods_supported", "S256") != Some(false),
            names_itself: document.get(NAMES_ITSELF) == Some(&Value::Bool(true)),
            keys: Keys::default(),
        })
    }
}

/// A response that has to be a JSON object.
fn object(what: &str, response: Response) -> Result<Map<String, Value>, OidcError> {
    if response.status != 200 {
        let problem = format!(
            "it responds to the request for its {what} with status {}",
            response.status
        );
        return Err(OidcError::Unavailable(problem));
    }
    let unreadable = || OidcError::Unavailable(format!("its {what} is not a JSON object"));
    response.object().ok_or_else(unreadable)
}

fn endpoint(document: &Map<String, Value>, name: &str) -> Result<Url, OidcError> {
    let missing = || {
        let problem = format!(
            "the discovery document of the provider has no {name}, so nobody can log in with it through OpenID Connect and an authorization code"
        );
        OidcError::Misconfigured(problem)
    };
    let text = document
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    let url = Url::parse(text.ok_or_else(missing)?).ok();
    let url = url.filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    url.ok_or_else(|| OidcError::Unavailable(format!("its {name} is not a URL that begins with https")))
}

/// Basic is what holds where a provider does not say (Discovery 1.0, 3).
fn secret_in(document: &Map<String, Value>, dialect: Dialect) -> SecretIn {
    let takes = |method: &str| lists(document, "token_endpoint_auth_methods_supported", method) == Some(true);
    let wants_post = takes("client_secret_post") && !takes("client_secret_basic");
    match wants_post || dialect.wants_secret_in_body() {
        true => SecretIn::Body,
        false => SecretIn::Header,
    }
}

/// Whether a list of the document has an entry; `None`: there is no such list.
fn lists(document: &Map<String, Value>, name: &str, entry: &str) -> Option<bool> {
    let list = document.get(name)?.as_array()?;
    Some(list.iter().any(|value| value.as_str() == Some(entry)))
}
