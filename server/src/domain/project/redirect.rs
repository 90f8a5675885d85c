//! Where a project lets links and providers lead back to. A link leads only to what is on the list, compared part by part
//! after parsing: spelling, user parts and fragments cannot lead elsewhere.

use serde_json::Value;
use url::Url;

use crate::base::input::{Parsed, text};

const MAX_BYTES: usize = 2_000;

/// An address that is or may be on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RedirectUrl(Url);

impl RedirectUrl {
    /// An absolute address of http or https, or of an app's own scheme (RFC 8252, 7.1), without user or fragment.
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let text = text(value)?;
        if text.len() > MAX_BYTES {
            return Err(format!("must have at most {MAX_BYTES} bytes"));
        }
        // Browsers drop or turn these around; whoever compares texts would be misled.
        if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err("must not contain spaces, backslashes or control characters".to_owned());
        }
        let url =
            Url::parse(&text).map_err(|_| "must be an absolute URL, like https://app.example.com/done".to_owned())?;
        let forbidden = [
            "javascript",
            "data",
            "vbscript",
            "file",
            "blob",
            "about",
            "view-source",
            "filesystem",
            "ws",
            "wss",
            "ftp",
        ];
        if forbidden.contains(&url.scheme()) {
            return Err(format!("must not be a {}: URL", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not contain a user name".to_owned());
        }
        if url.fragment().is_some() {
            return Err("must not have a fragment".to_owned());
        }
        let is_web = matches!(url.scheme(), "http" | "https");
        if is_web && url.host_str().is_none_or(str::is_empty) {
            return Err("must name a host".to_owned());
        }
        if is_web && url.host_str().is_some_and(|host| host.contains('*')) {
            return Err(
                "must name one host: addresses are compared part by part, and `*` stands for nothing".to_owned(),
            );
        }
        Ok(Self(url))
    }

    /// Whether this entry of the list lets the address pass: the same scheme, host, port and path; the query is the
    /// address's own.
    pub(crate) fn allows(&self, other: &Self) -> bool {
        let (own, other) = (&self.0, &other.0);
        own.scheme() == other.scheme()
            && own.host() == other.host()
            && own.port_or_known_default() == other.port_or_known_default()
            && own.path() == other.path()
    }

    /// The address with more in its query.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut().append_pair(name, value);
        url.into()
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_on_the_list_is_led_to() {
        let parse = |text: &str| RedirectUrl::parse(Value::from(text));
        let own = parse("https://app.example.com/done").unwrap();
        for good in [
            "https://app.example.com/done",
            "https://APP.example.com:443/done?x=1",
            "https://app.example.com/a/../done",
        ] {
            assert!(own.allows(&parse(good).unwrap()), "{good}");
        }
        for other in [
            "http://app.example.com/done",
            "https://app.example.com:8443/done",
            "https://app.example.com/done/",
            "https://app.example.com/done/../else",
            "https://app.example.com.evil.io/done",
            "https://evil.io/https://app.example.com/done",
            "https://app.example.com%2eevil.io/done",
        ] {
            assert!(!parse(other).is_ok_and(|other| own.allows(&other)), "{other}");
        }
        for bad in [
            "//app.example.com/done",
            "/done",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://*.example.com/done",
            "https://*/done",
            "https://app.example.com@evil.io/done",
            "https://evil.io\\@app.example.com/done",
            "https://app.example.com/done#x",
            "https://app.example.com/\tdone",
            " https://app.example.com/done",
            "",
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert!(parse("com.example.app:/done").is_ok());
    }
}
