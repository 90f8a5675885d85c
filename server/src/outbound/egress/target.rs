//! Which URLs may be asked: http and https, a port that is no other protocol's, and no literal address that may not be
//! connected to. Names are checked where they are resolved.

use std::net::IpAddr;

use url::{Host, Url};

use super::{EgressError, address};
use crate::base::config::Network;

const MAX_URL_BYTES: usize = 8 << 10;

/// Ports of protocols that can be made to read a request as their own (WHATWG Fetch, "bad port"), mail among them.
const REFUSED_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// The URL, read as browsers read it (WHATWG URL): every spelling of an address is the address.
pub(super) fn parse(text: &str) -> Result<Url, EgressError> {
    if text.len() > MAX_URL_BYTES {
        return Err(EgressError::Invalid(format!(
            "the URL has {} bytes, the limit is {MAX_URL_BYTES}",
            text.len()
        )));
    }
    Url::parse(text).map_err(|error| EgressError::Invalid(format!("the URL cannot be read: {error}")))
}

/// Whether the URL keeps to the rules for all senders.
pub(super) fn check(url: &Url, excepted: &[Network]) -> Result<(), EgressError> {
    if !matches!(url.scheme(), "http" | "https") {
        let problem = format!("{}: is not allowed; use http: or https:", url.scheme());
        return Err(EgressError::Refused(problem));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let problem = "a user name or password in the URL is not allowed; send an Authorization header";
        return Err(EgressError::Refused(problem.to_owned()));
    }
    let port = url.port_or_known_default().unwrap_or(0);
    if REFUSED_PORTS.contains(&port) {
        return Err(EgressError::Refused(format!(
            "port {port} belongs to another protocol and is not allowed"
        )));
    }
    let Some(host) = url.host() else {
        return Err(EgressError::Invalid("the URL has no host".to_owned()));
    };
    check_literal(&host, excepted)
}

/// Refuses a literal address that may not be connected to.
fn check_literal(host: &Host<&str>, excepted: &[Network]) -> Result<(), EgressError> {
    match literal(host) {
        Some(address) if !address::admitted(address, excepted) => Err(EgressError::not_public(&host.to_string())),
        _ => Ok(()),
    }
}

/// The address that a host is written as.
pub(super) fn literal(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Ipv4(address) => Some((*address).into()),
        Host::Ipv6(address) => Some((*address).into()),
        Host::Domain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_only_its_ports() {
        let code = |text: &str| parse(text).and_then(|url| check(&url, &[])).err();
        for fine in [
            "https://example.com/",
            "http://example.com:8080/x?y#z",
            "https://[2606:4700::1111]/",
            "http://example.com.:3000/",
        ] {
            assert_eq!(code(fine), None, "{fine}");
        }
        for refused in [
            "file:///etc/passwd",
            "ftp://example.com/",
            "gopher://example.com/",
            "data:text/plain,x",
            "javascript:1",
            "unix:/run/docker.sock",
            "http://a@example.com/",
            "http://a:b@example.com/",
            "http://:b@example.com/",
            "https://example.com:25/",
            "https://example.com:465/",
            "https://example.com:587/",
            "https://example.com:22/",
            "https://example.com:0/",
            "https://example.com:6667/",
        ] {
            assert!(matches!(code(refused), Some(EgressError::Refused(_))), "{refused}");
        }
        for invalid in [
            "",
            "/x",
            "//example.com",
            "http://",
            "https://:80/",
            "http://a b/",
            "https://exa%00mple.com/",
        ] {
            assert!(matches!(code(invalid), Some(EgressError::Invalid(_))), "{invalid}");
        }
        assert!(matches!(
            code(&format!("https://example.com/{}", "x".repeat(9_000))),
            Some(EgressError::Invalid(_))
        ));
    }
}
