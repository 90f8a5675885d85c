//! Which headers of a request hooks may see. What lets somebody in (keys, tokens, cookies) is never among them, whatever
//! a setting says: hooks log what they are given.

/// The name of a header that hooks are shown, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownHeader(String);

/// Parts of names under which credentials travel, as in `Authorization`, `Cookie`, `X-Api-Key`, `X-CSRF-Token`.
const CREDENTIALS: [&str; 8] = [
    "auth",
    "cookie",
    "token",
    "secret",
    "password",
    "session",
    "signature",
    "-key",
];

impl ShownHeader {
    /// Parses a name such as `Accept-Language`.
    ///
    /// # Errors
    /// What is wrong and how to put it right.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let name = text.to_ascii_lowercase();
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(1..=64).contains(&name.len()) || !name.bytes().all(legal) {
            let problem = format!("`{text}` is not a header name");
            return Err((problem, "Write it like accept-language".to_owned()));
        }
        if CREDENTIALS.iter().any(|part| name.contains(part)) {
            let problem = format!("`{text}` can carry a key, a token or a cookie, which hooks must not see");
            return Err((problem, "Leave it out".to_owned()));
        }
        Ok(Self(name))
    }

    /// In lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_never_shown() {
        assert_eq!(
            ShownHeader::parse("Accept-Language").unwrap().as_str(),
            "accept-language"
        );
        for bad in [
            "Authorization",
            "proxy-authorization",
            "Cookie",
            "Set-Cookie2",
            "X-Aerocall-Key",
            "x-api-key",
            "X-CSRF-Token",
            "x-auth-request-email",
            "",
            "a b",
            "a:b",
            "a\r\nb",
        ] {
            assert!(ShownHeader::parse(bad).is_err(), "{bad:?}");
        }
    }
}
