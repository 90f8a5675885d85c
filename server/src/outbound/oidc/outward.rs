//! Requests to a provider, through the one way out: its address comes from a project, and what is discovered from there comes
//! from whoever answers.

use serde_json::{Map, Value};
use url::{Host, Url};

use super::client::OidcError;
use crate::outbound::egress::{Egress, EgressError, Following, Outgoing, Request, Rules};

/// Documents, keys and tokens of providers are a few KiB.
const MAX_BYTES: u64 = 1 << 20;

/// What may be asked for.
struct ProviderRules;

impl Rules for ProviderRules {
    /// TLS is what the trust in a provider's keys rests on; without it only to this machine, and only where the settings
    /// except it from what is refused.
    fn admit(&self, url: &Url) -> Result<(), EgressError> {
        let is_here = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        match url.scheme() == "https" || is_here {
            true => Ok(()),
            false => Err(EgressError::Refused("identity providers must use https".to_owned())),
        }
    }

    fn fill(&self, _: &Url, outgoing: Outgoing) -> Result<Outgoing, EgressError> {
        Ok(outgoing)
    }

    fn most_bytes(&self) -> u64 {
        MAX_BYTES
    }

    fn received(&self, _: usize) -> Result<(), EgressError> {
        Ok(())
    }
}

/// A response, whatever its media type says: some providers serve JSON as something else.
pub(super) struct Response {
    pub(super) status: u16,
    body: Vec<u8>,
}

impl Response {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as a JSON object.
    pub(super) fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

/// Whether a provider may be asked there at all; a name is looked up only when it is.
pub(super) fn check(egress: &Egress, url: &str) -> Result<(), EgressError> {
    ProviderRules.admit(&egress.check(url)?)
}

/// `bearer`: an access token (RFC 6750, 2.1).
pub(super) async fn get(egress: &Egress, url: &str, bearer: Option<&str>) -> Result<Response, OidcError> {
    let authorization = bearer.map(|token| format!("Bearer {token}"));
    send(egress, "GET", url, authorization, None).await
}

/// A form.
pub(super) async fn post(
    egress: &Egress,
    url: &str,
    authorization: Option<String>,
    form: String,
) -> Result<Response, OidcError> {
    send(egress, "POST", url, authorization, Some(form)).await
}

/// One request. A redirect is an error: nothing that a provider answers leads elsewhere with a secret.
async fn send(
    egress: &Egress,
    method: &str,
    url: &str,
    authorization: Option<String>,
    form: Option<String>,
) -> Result<Response, OidcError> {
    let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
    headers.extend(authorization.map(|value| ("authorization".to_owned(), value)));
    if form.is_some() {
        let form_type = "application/x-www-form-urlencoded";
        headers.push(("content-type".to_owned(), form_type.to_owned()));
    }
    let request = Request {
        method: method.to_owned(),
        url: url.to_owned(),
        headers,
        body: form.map(String::into_bytes),
        timeout: None,
        following: Following::Error,
    };
    let answer = egress.send(request, &ProviderRules).await;
    let answer = answer.map_err(|error| OidcError::Unavailable(error.to_string()))?;
    Ok(Response {
        status: answer.status,
        body: answer.body,
    })
}
