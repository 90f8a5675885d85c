//! Email addresses.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::{Parsed, fields::text};

/// An address as it was written (NFC, trimmed), and the form that tells accounts apart.
///
/// The rule is the one of the HTML standard (section 4.10.5.1.5, what browsers accept), with letters and digits of
/// every script allowed (RFC 6531), at most 254 bytes (RFC 5321 as corrected by erratum 1690) and 64 before the `@`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email {
    written: String,
    normal: String,
}

impl Email {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let written: String = text(value)?.trim().nfc().collect();
        if written.len() > 254 {
            return Err("must have at most 254 bytes".to_owned());
        }
        if written.chars().any(char::is_control) {
            return Err("must not contain control characters".to_owned());
        }
        let (local, domain) = written.rsplit_once('@').ok_or_else(unlike)?;
        if !is_local(local) || !domain.split('.').all(is_label) {
            return Err(unlike());
        }
        // Lower-casing can leave NFC, so it is normalised after it.
        let normal = written.to_lowercase().nfc().collect();
        Ok(Self { written, normal })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.written
    }

    /// Equal for two spellings of one account: lower case, NFC.
    pub(crate) fn normal(&self) -> &str {
        &self.normal
    }
}

fn is_local(local: &str) -> bool {
    let legal = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    (1..=64).contains(&local.len()) && local.chars().all(legal)
}

fn is_label(label: &str) -> bool {
    let legal = |c: char| c.is_alphanumeric() || c == '-';
    (1..=63).contains(&label.len()) && label.chars().all(legal) && !label.starts_with('-') && !label.ends_with('-')
}

fn unlike() -> String {
    "must be an email address, like ada@example.com".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let parse = |text: &str| Email::parse(Value::from(text));
        for good in [
            "ada@example.com",
            "a+b@x.io",
            "o'neil@example.co.uk",
            " Ada@Example.com ",
            "jürgen@müller.de",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@x.com",
            "a@",
            "a@b..c",
            "a@-b.c",
            "a b@c.d",
            "a@b@c.d",
            "a\u{200b}b@c.d",
            "a\n@b.c",
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert!(parse(&format!("{}@x.com", "a".repeat(65))).is_err());
        assert_eq!(
            parse("A\u{308}@X.DE").unwrap().normal(),
            parse("ä@x.de").unwrap().normal()
        );
    }
}
