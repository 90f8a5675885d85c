//! Patterns of hosts, as `http` is granted for them: `api.example.com`, `api.example.com:8443`, `*.example.com`, `*`.
//! Knows how they are written and which covers which, not who grants them. What a pattern lets through is decided by the
//! server, which reads the same patterns by the same rules.

use url::{Host, Url};

/// Reads a pattern and gives it as manifests have it: in lower case, international names in their ASCII form.
///
/// # Errors
/// What is wrong with it and, where that is clear, what was meant.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let wrong = |why: &str| Err(format!("`{text}` is not a host: {why}"));
    match text {
        "" => return wrong("it is empty"),
        "*" => return Ok(text.to_owned()),
        _ => {}
    }
    if let Some(host) = host_of_url(text) {
        return wrong(&format!("write only the host, `{host}`"));
    }
    let (stars, name) = match text.strip_prefix("*.") {
        Some(name) => ("*.", name),
        None => ("", text),
    };
    if name.contains('*') {
        return wrong("a star must stand alone or replace the first labels, as in `*.example.com`");
    }
    if name.contains(['/', '?', '#', '@', '\\', '%']) || name.contains(char::is_whitespace) {
        return wrong("a host has no path, no user and no spaces");
    }
    let Ok(url) = Url::parse(&format!("none://{name}")) else {
        return wrong("write a name such as `api.example.com`, with a port as `api.example.com:8443`");
    };
    // Parsed twice: only the web's own schemes bring names into their one form, and they drop their own ports.
    let Some(host) = host_in_one_form(name) else {
        return wrong("write a name such as `api.example.com`, with a port as `api.example.com:8443`");
    };
    match (stars, url.port()) {
        ("*.", _) if is_address(&host) => wrong("an IP address has no subdomains"),
        (_, Some(0)) => wrong("there is no port 0"),
        (_, Some(port)) => Ok(format!("{stars}{host}:{port}")),
        (_, None) => Ok(format!("{stars}{host}")),
    }
}

/// The host of an address, with its port unless that is one of the web's own.
pub(super) fn of_url(url: &Url) -> Option<String> {
    let host = matches!(url.scheme(), "http" | "https")
        .then(|| url.host_str())
        .flatten()?;
    let host = host.strip_suffix('.').unwrap_or(host);
    let port = url.port().filter(|port| !matches!(port, 80 | 443));
    Some(port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Whether everything that `narrow` stands for is in `wide`. Both are patterns as [`parse`] gives them. One without a
/// port stands for the ports of http and https.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    let ((wide_name, wide_port), (narrow_name, narrow_port)) = (split(wide), split(narrow));
    let ports = match (wide_port, narrow_port) {
        (None, port) => port.is_none_or(is_of_the_web),
        (some, port) => some == port,
    };
    wide == "*" || (ports && names_cover(wide_name, narrow_name))
}

/// Whether a request to a host, named as [`of_url`] does, may go where `pattern` allows. A port that is not named is one
/// of the web's, and then the pattern may name either.
pub(super) fn serves(pattern: &str, host: &str) -> bool {
    let ((name, port), (host_name, host_port)) = (split(pattern), split(host));
    let is_either = host_port.is_none() && port.is_some_and(is_of_the_web);
    covers(pattern, host) || (is_either && names_cover(name, host_name))
}

fn is_of_the_web(port: &str) -> bool {
    matches!(port, "80" | "443")
}

fn names_cover(wide: &str, narrow: &str) -> bool {
    match wide.strip_prefix("*.") {
        _ if wide == narrow => true,
        Some(above) => narrow
            .strip_prefix("*.")
            .unwrap_or(narrow)
            .strip_suffix(above)
            .is_some_and(|below| below.ends_with('.')),
        None => false,
    }
}

/// Name and port; the colons of an IPv6 address stand in brackets.
fn split(pattern: &str) -> (&str, Option<&str>) {
    match pattern.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (pattern, None),
    }
}

fn host_of_url(text: &str) -> Option<String> {
    let is_url = text.contains("://");
    is_url
        .then(|| Url::parse(text).ok().as_ref().and_then(of_url))
        .flatten()
}

fn host_in_one_form(name: &str) -> Option<String> {
    let url = Url::parse(&format!("https://{name}/")).ok()?;
    let host = url.host_str()?;
    Some(host.strip_suffix('.').unwrap_or(host).to_owned()).filter(|host| !host.is_empty())
}

fn is_address(host: &str) -> bool {
    !matches!(Host::parse(host), Ok(Host::Domain(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_one_form() {
        for (text, pattern) in [
            ("API.Crm.example", "api.crm.example"),
            ("api.crm.example:8443", "api.crm.example:8443"),
            ("api.crm.example:443", "api.crm.example:443"),
            ("*.stripe.com", "*.stripe.com"),
            ("*", "*"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            ("[::1]:3000", "[::1]:3000"),
            ("*.a.b:8443", "*.a.b:8443"),
            ("api.example.com.", "api.example.com"),
        ] {
            assert_eq!(parse(text), Ok(pattern.to_owned()));
        }
    }

    #[test]
    fn an_invalid_pattern_is_reported_with_its_remedy() {
        for (text, says) in [
            ("https://api.example.com/v1", "`api.example.com`"),
            ("", "empty"),
            ("a.*.com", "star"),
            ("*stripe.com", "star"),
            ("*:80", "star"),
            ("*.10.0.0.1", "address"),
            ("api.example.com/v1", "no path"),
            ("user@example.com", "no user"),
            ("api example", "no spaces"),
            ("api.example.com:0", "port 0"),
            ("api.example.com:99999", "with a port as"),
            (".", "write a name"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(problem.contains(says), "{text}: {problem}");
        }
    }

    #[test]
    fn wide_patterns_cover_narrow_ones() {
        for (wide, narrow) in [
            ("*", "a.b"),
            ("*", "*.b"),
            ("*.b.c", "a.b.c"),
            ("*.b.c", "x.a.b.c:80"),
            ("*.c", "*.b.c"),
            ("a.b", "a.b:443"),
            ("*.b:8443", "a.b:8443"),
            ("*", "a.b:8443"),
            ("[::1]", "[::1]:80"),
        ] {
            assert!(covers(wide, narrow), "{wide} {narrow}");
            assert!(wide == narrow || !covers(narrow, wide), "{narrow} {wide}");
        }
        for (wide, narrow) in [
            ("*.b.c", "b.c"),
            ("*.b.c", "ab.c"),
            ("a.b:80", "a.b:81"),
            ("*.b.c", "xb.c"),
            ("a.b", "*"),
            ("a.b", "a.b:8443"),
            ("*.b", "a.b:8443"),
            ("a.b:443", "a.b"),
        ] {
            assert!(!covers(wide, narrow), "{wide} {narrow}");
        }
        assert!(serves("a.b:443", "a.b") && !serves("a.b:8443", "a.b") && !serves("*.b", "a.b:8443"));
    }
}
