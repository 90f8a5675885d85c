//! Hosts as lists name them: `api.example.com`, `*.example.com`, `localhost:3000`, `*`.

use std::fmt;

use serde_json::Value;
use url::{Host, Url};

use super::{
    Parsed,
    fields::{kind, text},
};

const MAX_BYTES: usize = 253 + 6;

/// One entry of a list of hosts. Without a port it means the ports of http and https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostPattern {
    name: Name,
    port: Option<u16>,
}

/// A list of hosts without repetitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HostList(Vec<HostPattern>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    /// `*`
    Any,
    /// `*.example.com`: every name below, not the name itself.
    Below(String),
    /// As a URL has it: lower case, punycode, addresses in their one spelling.
    Exactly(String),
}

impl HostPattern {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        Self::read(&text(value)?)
    }

    /// Parses text, such as the part of a capability.
    pub(crate) fn read(text: &str) -> Parsed<Self> {
        if text.len() > MAX_BYTES {
            return Err(format!("must have at most {MAX_BYTES} bytes"));
        }
        if text == "*" {
            return Ok(Self {
                name: Name::Any,
                port: None,
            });
        }
        let (host, port) = split(text)?;
        let name = match host.strip_prefix("*.") {
            Some(parent) => Name::Below(domain(parent)?),
            None => Name::Exactly(domain(host)?),
        };
        Ok(Self { name, port })
    }

    /// Whether it means every host.
    pub(crate) fn is_any(&self) -> bool {
        self.name == Name::Any
    }

    /// Whether the URL is of a host that the pattern means.
    pub(crate) fn covers(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.strip_suffix('.').unwrap_or(host);
        let port = url.port_or_known_default();
        let port_fits = match self.port {
            Some(own) => port == Some(own),
            None => self.is_any() || matches!(port, Some(80 | 443)),
        };
        port_fits
            && match &self.name {
                Name::Any => true,
                Name::Exactly(name) => name == host,
                Name::Below(parent) => host
                    .strip_suffix(parent.as_str())
                    .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Name::Any => f.write_str("*")?,
            Name::Below(parent) => write!(f, "*.{parent}")?,
            Name::Exactly(name) => f.write_str(name)?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl HostList {
    /// At most so many entries.
    pub(crate) fn parse(most: usize) -> impl Fn(Value) -> Parsed<Self> {
        move |value| {
            let Value::Array(items) = value else {
                return Err(format!("must be an array of hosts, is {}", kind(&value)));
            };
            if items.len() > most {
                return Err(format!("must have at most {most} entries"));
            }
            let mut list = Vec::with_capacity(items.len());
            for (index, item) in items.into_iter().enumerate() {
                let pattern = HostPattern::parse(item).map_err(|problem| format!("entry {index} {problem}"))?;
                if !list.contains(&pattern) {
                    list.push(pattern);
                }
            }
            Ok(Self(list))
        }
    }

    /// What the store kept. It was checked when it was written.
    pub(crate) fn stored(text: &str) -> Parsed<Self> {
        let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Self::parse(usize::MAX)(value)
    }

    /// The patterns as texts.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    pub(crate) fn to_json(&self) -> Value {
        self.0.iter().map(ToString::to_string).collect()
    }

    pub(crate) fn covers(&self, url: &Url) -> bool {
        self.0.iter().any(|pattern| pattern.covers(url))
    }

    pub(crate) fn has_any(&self) -> bool {
        self.0.iter().any(HostPattern::is_any)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<HostPattern> for HostList {
    fn from_iter<I: IntoIterator<Item = HostPattern>>(patterns: I) -> Self {
        Self(patterns.into_iter().collect())
    }
}

/// The entry that would allow the URL.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_suffix('.').unwrap_or(host);
    match url.port() {
        Some(port) if !matches!(port, 80 | 443) => format!("{host}:{port}"),
        _ => host.to_owned(),
    }
}

fn split(text: &str) -> Parsed<(&str, Option<u16>)> {
    let (host, port) = match text.rsplit_once(':') {
        // The colons inside of `[::1]` are no port's.
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => return Ok((text, None)),
    };
    let number = port.parse().ok().filter(|number| *number > 0);
    let number = number.filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()));
    number.map(|number| (host, Some(number))).ok_or_else(unlike)
}

fn domain(text: &str) -> Parsed<String> {
    if text.is_empty() || text.contains(['*', '/', '@', '?', '#', '\\', '%']) || text.starts_with('.') {
        return Err(unlike());
    }
    let host = Host::parse(text).map_err(|_| unlike())?.to_string();
    Ok(host.strip_suffix('.').map_or(host.clone(), str::to_owned))
}

fn unlike() -> String {
    "must be a host, like api.example.com, *.example.com or localhost:3000".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_they_say_and_no_more() {
        let covers = |pattern: &str, url: &str| HostPattern::read(pattern).unwrap().covers(&url.parse().unwrap());
        for (pattern, url) in [
            ("api.example.com", "https://api.example.com/x"),
            ("API.Example.com", "http://api.example.com./"),
            ("*.example.com", "https://a.b.example.com/"),
            ("localhost:3000", "http://localhost:3000/"),
            ("[::1]:80", "http://[0:0::1]/"),
            ("[::1]", "http://[::1]/"),
            ("127.0.0.1", "http://2130706433/"),
            ("bücher.example", "https://xn--bcher-kva.example/"),
            ("*", "http://anything:8080/"),
        ] {
            assert!(covers(pattern, url), "{pattern} {url}");
        }
        for (pattern, url) in [
            ("example.com", "https://api.example.com/"),
            ("*.example.com", "https://example.com/"),
            ("*.example.com", "https://.example.com/"),
            ("*.example.com", "https://evilexample.com/"),
            ("*.example.com", "https://example.com.evil.test/"),
            ("api.example.com", "https://api.example.com:8443/"),
            ("api.example.com:8443", "https://api.example.com/"),
            ("api.example.com", "https://api.example.com.evil.test/"),
            ("api.example.com", "https://evil.test/?api.example.com"),
        ] {
            assert!(!covers(pattern, url), "{pattern} {url}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for bad in [
            "",
            " ",
            "*.",
            "**",
            "*example.com",
            "a.*.com",
            "https://a.com",
            "a.com/",
            "a@b.com",
            "a.com:",
            "a.com:0",
            "a.com:99999",
            "a.com:+80",
            ".com",
            "a b",
            "[::1",
            "%61.com",
        ] {
            assert!(HostPattern::read(bad).is_err(), "{bad:?}");
        }
        assert_eq!(
            HostPattern::read("*.Bücher.example:99").unwrap().to_string(),
            "*.xn--bcher-kva.example:99"
        );
    }
}
