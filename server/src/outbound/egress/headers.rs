//! Which headers a sender may set. What frames the message or speaks for the connection is this server's own: a wrong
//! length or a second host would make two servers read two requests where one was sent.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use super::EgressError;

const MAX_HEADERS: usize = 100;
const MAX_BYTES: usize = 32 << 10;

/// Left out without a word, because libraries set them by habit and the right value is sent anyway.
const DROPPED: [&str; 5] = [
    "accept-encoding",
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
];

/// Refused: they would change what is sent or to whom. `Host` is refused as well unless it repeats the URL's.
const REFUSED: [&str; 8] = [
    "expect",
    "http2-settings",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-host",
];

/// Parts of names under which credentials travel, as in `Authorization`, `Cookie`, `X-Api-Key`.
const CREDENTIALS: [&str; 7] = ["auth", "cookie", "token", "secret", "password", "signature", "-key"];

/// The headers with the names in lower case and without those that are dropped.
pub(super) fn check(headers: Vec<(String, String)>, url: &Url) -> Result<Vec<(String, String)>, EgressError> {
    if headers.len() > MAX_HEADERS {
        let problem = format!("{} headers are too many, the limit is {MAX_HEADERS}", headers.len());
        return Err(EgressError::Invalid(problem));
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > MAX_BYTES {
        let problem = format!("the headers have {bytes} bytes, the limit is {MAX_BYTES}");
        return Err(EgressError::Invalid(problem));
    }
    let mut checked = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        if name.eq_ignore_ascii_case("host") && is_host_of(url, &value) {
            continue;
        }
        let name = one_name(&name)?;
        if !DROPPED.contains(&name.as_str()) {
            checked.push((name, value));
        }
    }
    Ok(checked)
}

/// Whether a `Host` header says what is sent anyway: libraries for signed requests set it.
fn is_host_of(url: &Url, value: &str) -> bool {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return false;
    };
    let named = value.trim();
    (url.port().is_none() && named.eq_ignore_ascii_case(host)) || named.eq_ignore_ascii_case(&format!("{host}:{port}"))
}

fn one_name(name: &str) -> Result<String, EgressError> {
    let Ok(legal) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(EgressError::Invalid(format!("{name:?} is not a header name")));
    };
    let name = legal.as_str();
    let proxy = name.starts_with("proxy-") && name != "proxy-connection";
    if name == "host" {
        let problem = "the header host is not the host of the URL, to which the request goes; leave it out";
        return Err(EgressError::Invalid(problem.to_owned()));
    }
    if proxy || REFUSED.contains(&name) {
        return Err(EgressError::Invalid(format!(
            "the header {name} is set by the host; leave it out"
        )));
    }
    Ok(name.to_owned())
}

/// The headers as the library takes them. A value that would end its line is refused, and never repeated: it may hold a
/// secret.
pub(super) fn build(headers: &[(String, Zeroizing<String>)]) -> Result<HeaderMap, EgressError> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let illegal = || EgressError::Invalid(format!("the value of the header {name} contains a control character"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| illegal())?;
        let mut value = HeaderValue::from_str(value)
            .or_else(|_| HeaderValue::from_bytes(value.as_bytes()))
            .map_err(|_| illegal())?;
        value.set_sensitive(true);
        map.append(name, value);
    }
    Ok(map)
}

/// Whether a header may hold what lets somebody in: it does not follow a redirect to another origin.
pub(super) fn is_credential(name: &str) -> bool {
    CREDENTIALS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(url: &str, name: &str, value: &str) -> Result<Vec<(String, String)>, EgressError> {
        check(vec![(name.to_owned(), value.to_owned())], &url.parse().unwrap())
    }

    fn one(name: &str, value: &str) -> Result<Vec<(String, String)>, EgressError> {
        to("https://api.example/", name, value)
    }

    #[test]
    fn framing_belongs_to_the_host() {
        for refused in [
            "Host",
            "transfer-encoding",
            "TE",
            "Trailer",
            "Upgrade",
            "Expect",
            "Proxy-Authorization",
            "proxy-anything",
            "Via",
            "HTTP2-Settings",
            "X-Forwarded-Host",
            "",
            "a b",
            "a:b",
            "a\r\nb",
            ":authority",
            "é",
        ] {
            assert!(matches!(one(refused, "x"), Err(EgressError::Invalid(_))), "{refused:?}");
        }
        for dropped in [
            "Content-Length",
            "Connection",
            "Accept-Encoding",
            "Keep-Alive",
            "Proxy-Connection",
        ] {
            assert_eq!(one(dropped, "x").unwrap(), [], "{dropped}");
        }
        assert_eq!(
            one("X-Api-Key", "x").unwrap(),
            [("x-api-key".to_owned(), "x".to_owned())]
        );
        let many = vec![("a".to_owned(), String::new()); 101];
        assert!(check(many, &"https://api.example/".parse().unwrap()).is_err());
        assert!(one("a", &"x".repeat(33 << 10)).is_err());
    }

    #[test]
    fn a_host_header_may_only_repeat_the_url() {
        for (url, host, is_same) in [
            ("https://api.example/x", "api.example", true),
            ("https://api.example/x", " API.example\t", true),
            ("https://api.example/x", "api.example:443", true),
            ("https://api.example:443/", "api.example", true),
            ("http://api.example/", "api.example:80", true),
            ("http://api.example:8080/", "api.example:8080", true),
            ("https://[2001:db8::1]:9/", "[2001:db8::1]:9", true),
            ("https://bücher.example/", "xn--bcher-kva.example", true),
            ("https://api.example/x", "", false),
            ("https://api.example/x", "other.example", false),
            ("https://api.example/x", "api.example.", false),
            ("https://api.example/x", "api.example:80", false),
            ("https://api.example/x", "api.example, other.example", false),
            ("https://api.example/x", "api.example\r\nx: y", false),
            ("https://api.example/x", "user@api.example", false),
            ("http://api.example:8080/", "api.example", false),
        ] {
            match to(url, "Host", host) {
                Ok(kept) => assert!(is_same && kept.is_empty(), "{url} {host:?}"),
                Err(error) => assert!(
                    !is_same && matches!(error, EgressError::Invalid(_)),
                    "{url} {host:?} {error:?}"
                ),
            }
        }
        let both =
            [("host", "api.example"), ("Host", "other.example")].map(|(name, host)| (name.to_owned(), host.to_owned()));
        assert!(check(both.into(), &"https://api.example/".parse().unwrap()).is_err());
    }

    #[test]
    fn a_value_cannot_end_its_line() {
        let built = |value: &str| build(&[("a".to_owned(), Zeroizing::new(value.to_owned()))]);
        for bad in ["a\r\nb: c", "a\nb", "a\rb", "a\0b", "\u{7f}", "a\u{b}b"] {
            let Err(EgressError::Invalid(text)) = built(bad) else {
                panic!("{bad:?}");
            };
            assert!(!text.contains(bad), "{text}");
        }
        for fine in ["", "a b", "a\tb", "ü"] {
            assert!(built(fine).is_ok(), "{fine:?}");
        }
    }
}
