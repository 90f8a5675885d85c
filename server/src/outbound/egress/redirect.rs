//! Where an answer leads (WHATWG Fetch, "HTTP-redirect fetch"), and what of a request goes along. Decides nothing about
//! whether the next URL may be asked.

use reqwest::{Method, StatusCode, header::LOCATION};
use url::Url;

use super::{EgressError, headers};

/// A request on its way.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
}

/// The URL that a redirect names; `None` for an answer that is none.
pub(super) fn location(from: &Url, response: &reqwest::Response) -> Result<Option<Url>, EgressError> {
    let redirects = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    if !redirects.contains(&response.status()) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else {
        return Ok(None);
    };
    let location = String::from_utf8_lossy(location.as_bytes());
    let unreadable = || EgressError::Refused(format!("{} redirects to a URL that cannot be read", named(from)));
    from.join(&location).map(Some).map_err(|_| unreadable())
}

/// The request to the next URL. Only GET and HEAD survive a 303, POST becomes GET after a 301 or 302 as browsers do it,
/// and what lets somebody in stays with its origin. `secret` says which headers were filled with secrets.
pub(super) fn next(hop: Hop, status: StatusCode, to: Url, secret: &[String]) -> Result<Hop, EgressError> {
    if hop.url.scheme() == "https" && to.scheme() == "http" {
        return Err(EgressError::Refused(format!(
            "{} redirects from https to http, which is not allowed",
            named(&hop.url)
        )));
    }
    let Hop {
        mut method,
        url,
        mut headers,
        mut body,
    } = hop;
    let posted = method == Method::POST && matches!(status.as_u16(), 301 | 302);
    let other = status == StatusCode::SEE_OTHER && method != Method::GET && method != Method::HEAD;
    if posted || other {
        method = Method::GET;
        body = None;
        headers.retain(|(name, _)| !name.starts_with("content-"));
    }
    if url.origin() != to.origin() {
        headers.retain(|(name, _)| !headers::is_credential(name) && !secret.contains(name));
    }
    Ok(Hop {
        method,
        url: to,
        headers,
        body,
    })
}

/// The host of a URL, for messages.
pub(super) fn named(url: &Url) -> &str {
    url.host_str().unwrap_or("the host")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(method: Method, url: &str) -> Hop {
        let header = |name: &str| (name.to_owned(), "x".to_owned());
        Hop {
            method,
            url: url.parse().unwrap(),
            headers: [
                "accept",
                "authorization",
                "cookie",
                "x-api-key",
                "x-filled",
                "content-type",
            ]
            .map(header)
            .to_vec(),
            body: Some(b"x".to_vec()),
        }
    }

    fn names(hop: &Hop) -> Vec<&str> {
        hop.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn methods_and_bodies_change_as_browsers_change_them() {
        let after = |method: Method, status: u16| {
            let status = StatusCode::from_u16(status).unwrap();
            let to = "https://a.example/2".parse().unwrap();
            let next = next(hop(method, "https://a.example/1"), status, to, &[]).unwrap();
            (next.method.to_string(), next.body.is_some())
        };
        assert_eq!(after(Method::POST, 301), ("GET".to_owned(), false));
        assert_eq!(after(Method::POST, 302), ("GET".to_owned(), false));
        assert_eq!(after(Method::PUT, 302), ("PUT".to_owned(), true));
        assert_eq!(after(Method::PUT, 303), ("GET".to_owned(), false));
        assert_eq!(after(Method::HEAD, 303), ("HEAD".to_owned(), true));
        assert_eq!(after(Method::POST, 307), ("POST".to_owned(), true));
        assert_eq!(after(Method::DELETE, 308), ("DELETE".to_owned(), true));
    }

    #[test]
    fn credentials_stay_with_their_origin() {
        let filled = ["x-filled".to_owned()];
        let to = |url: &str| {
            let to = url.parse().unwrap();
            next(hop(Method::GET, "https://a.example/1"), StatusCode::FOUND, to, &filled)
        };
        let same = to("https://a.example/2").unwrap();
        assert_eq!(names(&same).len(), 6);
        for other in [
            "https://b.example/",
            "https://a.example:8443/",
            "https://sub.a.example/",
        ] {
            assert_eq!(names(&to(other).unwrap()), ["accept", "content-type"], "{other}");
        }
        assert!(matches!(to("http://a.example/"), Err(EgressError::Refused(_))));
    }
}
