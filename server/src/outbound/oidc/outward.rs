//! The library's requests, sent through the one way out: a provider's address comes from a project, and what is discovered
//! from there comes from whoever answers.

use openidconnect::{HttpRequest, HttpResponse, http};
use url::{Host, Url};

use crate::outbound::egress::{Egress, EgressError, Following, Outgoing, Request, Rules};

/// Documents, keys and tokens of providers are a few KiB.
const MAX_BYTES: u64 = 1 << 20;

/// What the library may ask for.
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

/// Whether the library may ask there at all; a name is looked up only when it does.
pub(super) fn check(egress: &Egress, url: &str) -> Result<(), EgressError> {
    ProviderRules.admit(&egress.check(url)?)
}

/// One request. A redirect is an error: nothing that a provider answers leads elsewhere with a secret.
pub(super) async fn send(egress: &Egress, request: HttpRequest) -> Result<HttpResponse, EgressError> {
    let invalid = |_| EgressError::Invalid("a header is no text".to_owned());
    let (head, body) = request.into_parts();
    let mut headers = Vec::with_capacity(head.headers.len());
    for (name, value) in &head.headers {
        headers.push((name.to_string(), value.to_str().map_err(invalid)?.to_owned()));
    }
    let request = Request {
        method: head.method.to_string(),
        url: head.uri.to_string(),
        headers,
        body: (!body.is_empty()).then_some(body),
        timeout: None,
        following: Following::Error,
    };
    let answer = egress.send(request, &ProviderRules).await?;
    let unreadable = |_| EgressError::Unreachable("the response cannot be read".to_owned());
    let mut response = http::Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(answer.body).map_err(unreadable)
}
