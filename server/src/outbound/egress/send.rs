//! The one function through which requests leave: check, resolve, connect, and the same again for every redirect, all of
//! it before one deadline.

use std::{net::IpAddr, sync::Arc, time::Duration};

use reqwest::{Client, Method, Response, header::CONTENT_LENGTH};
use tokio::time::Instant;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::{
    Answer, EgressError, Following, Incoming, Outgoing, Request, Resolver, Rules, address, body, client, headers,
    redirect::{self, Hop, named},
    resolve::{Checked, RefusedName, UnknownName},
    target,
};
use crate::base::{config::EgressConfig, error::Result as Setup};

/// The way out.
pub(crate) struct Egress {
    client: Client,
    checked: Checked,
    config: EgressConfig,
    reach: Reach,
}

/// What may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    All,
    /// What changes nothing elsewhere (RFC 9110, 9.2.1).
    Reads,
}

impl Egress {
    /// # Errors
    /// The HTTP library cannot be set up.
    pub(crate) fn new(config: &EgressConfig, resolver: Arc<dyn Resolver>) -> Setup<Self> {
        let checked = Checked {
            resolver,
            excepted: config.private_networks.clone().into(),
            #[cfg(test)]
            weakened: super::testing::Weakened::No,
        };
        Self::with(config, checked)
    }

    pub(super) fn with(config: &EgressConfig, checked: Checked) -> Setup<Self> {
        Ok(Self {
            client: client::client(config, &checked)?,
            checked,
            config: config.clone(),
            reach: Reach::All,
        })
    }

    /// The same way out for requests that are tried: only what asks for something leaves.
    pub(crate) fn reading(&self) -> Self {
        Self {
            client: self.client.clone(),
            checked: self.checked.clone(),
            config: self.config.clone(),
            reach: Reach::Reads,
        }
    }

    /// Sends the request and reads the answer to its end.
    pub(crate) async fn send(&self, request: Request, rules: &dyn Rules) -> Result<Answer, EgressError> {
        let (hop, following, limit) = self.first(request, rules)?;
        let late = late(&hop.url, limit);
        let answer = async { body::read(self.follow(hop, following, rules).await?, rules).await };
        tokio::time::timeout(limit, answer)
            .await
            .unwrap_or(Err(EgressError::Timeout(late)))
    }

    /// Sends the request and answers with what arrives, as it arrives: the same checks, and one deadline over the whole of it.
    pub(crate) async fn open<R: Rules>(&self, request: Request, rules: R) -> Result<Incoming<R>, EgressError> {
        let (hop, following, limit) = self.first(request, &rules)?;
        let late = late(&hop.url, limit);
        let ends = Instant::now() + limit;
        let response = tokio::time::timeout_at(ends, self.follow(hop, following, &rules))
            .await
            .unwrap_or_else(|_| Err(EgressError::Timeout(late.clone())))?;
        Incoming::new(response, rules, ends, late)
    }

    /// The first URL, what a redirect is, and the time for everything.
    fn first(&self, request: Request, rules: &dyn Rules) -> Result<(Hop, Following, Duration), EgressError> {
        let most = rules.timeout().unwrap_or(self.config.request);
        let limit = request.timeout.map_or(most, |timeout| timeout.min(most));
        let url = target::parse(&request.url)?;
        if self.reach == Reach::Reads && !matches!(request.method.as_str(), "GET" | "HEAD") {
            let refused = format!("a dry-run sends no {} to {}", request.method, named(&url));
            return Err(EgressError::Refused(refused));
        }
        let hop = Hop {
            method: method(&request.method)?,
            headers: headers::check(request.headers, &url)?,
            url,
            body: request.body,
        };
        Ok((hop, request.following, limit))
    }

    /// Whether a request to this URL could leave at all; a name is looked up only when one does.
    pub(crate) fn check(&self, url: &str) -> Result<Url, EgressError> {
        let url = target::parse(url)?;
        target::check(&url, &self.checked.excepted)?;
        Ok(url)
    }

    /// Addresses of a host that may be connected to, for protocols other than HTTP.
    pub(crate) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, EgressError> {
        let unknown = || EgressError::Unreachable(format!("the host {host} cannot be resolved"));
        let parsed = Host::parse(host).map_err(|_| unknown())?;
        let literal = match &parsed {
            Host::Ipv4(address) => Some(IpAddr::from(*address)),
            Host::Ipv6(address) => Some(IpAddr::from(*address)),
            Host::Domain(_) => None,
        };
        match literal {
            Some(address) if address::admitted(address, &self.checked.excepted) => Ok(vec![address]),
            Some(_) => Err(EgressError::not_public(host)),
            None => {
                self.checked
                    .addresses(&parsed.to_string())
                    .await
                    .map_err(|error| match error.is::<RefusedName>() {
                        true => EgressError::not_public(host),
                        false => unknown(),
                    })
            }
        }
    }

    /// The answer of the last URL, of which the head is read.
    async fn follow(&self, mut hop: Hop, following: Following, rules: &dyn Rules) -> Result<Response, EgressError> {
        let first = named(&hop.url).to_owned();
        for redirects in 0..=self.config.redirects {
            self.admit(&hop.url, redirects, rules)?;
            let (response, secret) = self.exchange(&hop, rules).await?;
            if following == Following::Manual {
                return Ok(response);
            }
            let Some(to) = redirect::location(&hop.url, &response)? else {
                return Ok(response);
            };
            if following == Following::Error {
                let problem = format!("{first} responds with a redirect, and `redirect` is \"error\"");
                return Err(EgressError::Refused(problem));
            }
            hop = redirect::next(hop, response.status(), to, &secret)?;
        }
        let most = self.config.redirects;
        Err(EgressError::Refused(format!(
            "{first} redirects more than {most} times"
        )))
    }

    /// Every URL on the way is checked like the first.
    fn admit(&self, url: &Url, redirects: u32, rules: &dyn Rules) -> Result<(), EgressError> {
        #[cfg(test)]
        if self.checked.weakened.skips(redirects) {
            return rules.admit(url);
        }
        target::check(url, &self.checked.excepted).map_err(|error| match (error, redirects) {
            (EgressError::Refused(problem), 1..) => EgressError::Refused(format!("after a redirect: {problem}")),
            (error, _) => error,
        })?;
        rules.admit(url)
    }

    /// One request and the head of its answer; and the names of the headers that hold secrets.
    async fn exchange(&self, hop: &Hop, rules: &dyn Rules) -> Result<(Response, Vec<String>), EgressError> {
        let plain = |(name, value): &(String, String)| (name.clone(), Zeroizing::new(value.clone()));
        let outgoing = Outgoing {
            headers: hop.headers.iter().map(plain).collect(),
            body: hop.body.clone(),
        };
        let filled = rules.fill(&hop.url, outgoing)?;
        let differs = |((name, before), (_, after)): (&(String, String), &(String, Zeroizing<String>))| {
            (before.as_str() != after.as_str()).then(|| name.clone())
        };
        let secret = hop.headers.iter().zip(&filled.headers).filter_map(differs).collect();
        let mut request = self
            .client
            .request(hop.method.clone(), hop.url.clone())
            .headers(headers::build(&filled.headers)?);
        let expects_body = [Method::POST, Method::PUT, Method::PATCH].contains(&hop.method);
        match filled.body {
            Some(body) if !body.is_empty() => request = request.body(body),
            // RFC 9110, 8.6: servers may answer 411 where nothing says how long the body is.
            _ if expects_body => request = request.header(CONTENT_LENGTH, 0),
            _ => {}
        }
        let response = request.send().await.map_err(|error| failure(&hop.url, &error))?;
        Ok((response, secret))
    }
}

fn late(url: &Url, limit: Duration) -> String {
    format!(
        "{} did not respond completely within {} ms",
        named(url),
        limit.as_millis()
    )
}

/// The method, in the case that servers expect; those that ask for a tunnel or an echo are refused (WHATWG Fetch,
/// "forbidden method").
fn method(text: &str) -> Result<Method, EgressError> {
    let upper = text.to_ascii_uppercase();
    if ["CONNECT", "TRACE", "TRACK"].contains(&upper.as_str()) {
        return Err(EgressError::Refused(format!("the method {upper} is not allowed")));
    }
    let known = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"].contains(&upper.as_str());
    let text = if known { &upper } else { text };
    Some(text)
        .filter(|text| text.len() <= 32)
        .and_then(|text| Method::from_bytes(text.as_bytes()).ok())
        .ok_or_else(|| EgressError::Invalid("the method is not an HTTP method such as GET".to_owned()))
}

/// What the library says, in our words: its own may name the address.
pub(super) fn failure(url: &Url, error: &reqwest::Error) -> EgressError {
    let host = named(url);
    if let Some(refused) = find(error, |cause| {
        cause.is::<RefusedName>().then(|| EgressError::not_public(host))
    }) {
        return refused;
    }
    if find(error, |cause| cause.is::<UnknownName>().then_some(())).is_some() {
        return EgressError::Unreachable(format!("the host {host} cannot be resolved"));
    }
    let tls = find(error, |cause| {
        cause.downcast_ref::<rustls::Error>().map(ToString::to_string)
    });
    if let Some(problem) = tls {
        return EgressError::Unreachable(format!("no secure connection to {host}: {problem}"));
    }
    let too_large = find(error, |cause| {
        (cause.to_string() == "message head is too large").then_some(())
    });
    if too_large.is_some() {
        return EgressError::TooLarge(format!("the response headers of {host} are too large"));
    }
    if error.is_timeout() {
        return EgressError::Timeout(format!("no connection to {host} in time"));
    }
    if error.is_connect() {
        return EgressError::Unreachable(format!("no connection to {host}"));
    }
    if error.is_builder() {
        return EgressError::Invalid("the request cannot be sent as it is".to_owned());
    }
    EgressError::Unreachable(format!("{host} closed the connection, or its response cannot be read"))
}

/// The first cause that is what is looked for. An `io::Error` hides the one inside of it from `source`.
fn find<T>(
    error: &(dyn std::error::Error + 'static),
    wanted: impl Fn(&(dyn std::error::Error + 'static)) -> Option<T>,
) -> Option<T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = wanted(cause) {
            return Some(found);
        }
        let inside = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match inside {
            Some(inside) => Some(inside),
            None => cause.source(),
        };
    }
    None
}
