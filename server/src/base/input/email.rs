//! Email addresses: read once, where they come in, into the one form that is kept, compared, shown to hooks and sent to.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::{Parsed, domain, fields::text, letters};

const MAX_CHARS: usize = 254;
/// RFC 5321 as corrected by erratum 1690.
const MAX_SENT_BYTES: usize = 254;
/// RFC 5321, 4.5.3.1.1.
const MAX_LOCAL_BYTES: usize = 64;
/// What a word of a local part has besides letters and digits (RFC 5322, 3.2.3).
const SIGNS: &str = "!#$%&'*+/=?^_`{|}~-";

/// An address.
///
/// - Domain: in ASCII, lower case, mapped by UTS 46 ([`domain::to_ascii`]), so that every spelling of it is one.
/// - Local part: as it was written, NFC. Letters, digits and marks of every script (RFC 6532), `.` anywhere, and the signs
///   of RFC 5322; presentations of other characters, such as `ａ`, are refused, because they look like another mailbox.
/// - Accounts are distinguished by [`Email::normal`].
///
/// Addresses that a browser accepts and no mail server would understand as they are (`a..b@example.com`) are sent to in
/// quotes: [`Email::mailbox`].
#[derive(Clone, Debug)]
pub(crate) struct Email {
    written: String,
    normal: String,
    /// What was typed, as [`Email::normal`] was before domains were mapped: finds accounts from then.
    before: String,
}

/// Two spellings of one address are one.
impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Email {}

impl Email {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let typed: String = text(value)?.trim().nfc().collect();
        if typed.chars().count() > MAX_CHARS {
            return Err(format!("must have at most {MAX_CHARS} characters"));
        }
        if typed.chars().any(char::is_control) {
            return Err("must not contain control characters".to_owned());
        }
        let (local, domain) = typed.rsplit_once('@').ok_or_else(unlike)?;
        check_local(local)?;
        let domain = domain::to_ascii(domain)
            .ok_or("must have the name of a domain after the @, like example.com; it is not an IP address")?;
        let email = Self {
            written: format!("{local}@{domain}"),
            normal: format!("{}@{domain}", folded(local)),
            before: folded(&typed),
        };
        let (local, domain) = email.mailbox();
        if local.len() > MAX_LOCAL_BYTES {
            return Err(format!("must have at most {MAX_LOCAL_BYTES} bytes before the @"));
        }
        if local.len() + 1 + domain.len() > MAX_SENT_BYTES {
            return Err(format!("must have at most {MAX_SENT_BYTES} bytes as it is sent"));
        }
        Ok(email)
    }

    /// The address of an account that is looked for. Accounts of earlier versions may have one that is refused today
    /// (`ada@10.0.0.1`), and are found by it all the same.
    pub(crate) fn of_account(value: Value) -> Parsed<Self> {
        let typed = value.as_str().map(|text| text.trim().nfc().collect::<String>());
        Self::parse(value).or_else(|problem| typed.and_then(Self::earlier).ok_or(problem))
    }

    /// An address of the store. Earlier versions kept some that are refused today.
    pub(crate) fn stored(text: &str) -> Self {
        Self::parse(Value::from(text)).unwrap_or_else(|_| Self::unmapped(text.to_owned()))
    }

    /// As earlier versions read it: the rule of the HTML standard (4.10.5.1.5) with letters and digits of every script.
    fn earlier(typed: String) -> Option<Self> {
        let (local, domain) = typed.rsplit_once('@')?;
        let is_local = |c: char| c.is_alphanumeric() || c == '.' || SIGNS.contains(c);
        let is_label = |label: &str| {
            let legal = |c: char| c.is_alphanumeric() || c == '-';
            (1..=63).contains(&label.len())
                && label.chars().all(legal)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let fits = typed.len() <= MAX_SENT_BYTES
            && (1..=MAX_LOCAL_BYTES).contains(&local.len())
            && local.chars().all(is_local)
            && domain.split('.').all(is_label);
        fits.then(|| Self::unmapped(typed))
    }

    fn unmapped(written: String) -> Self {
        let normal = folded(&written);
        Self {
            before: normal.clone(),
            written,
            normal,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.written
    }

    /// Equal for all spellings of one account: lower case, NFC, the domain in ASCII.
    pub(crate) fn normal(&self) -> &str {
        &self.normal
    }

    /// What `email_normal` of the account may be. An account that was made with another spelling of an address that
    /// somebody else has is found by its own spelling, which is therefore the first.
    pub(crate) fn keys(&self) -> [&str; 2] {
        [&self.before, &self.normal]
    }

    /// As people read it: the domain with its own letters.
    pub(crate) fn readable(&self) -> String {
        match self.written.rsplit_once('@') {
            Some((local, domain)) => format!("{local}@{}", domain::to_unicode(domain)),
            None => self.written.clone(),
        }
    }

    /// Local part and domain as a mail server understands them: a local part that is no row of words with dots between
    /// them is in quotes (RFC 5321, 4.1.2).
    pub(crate) fn mailbox(&self) -> (String, &str) {
        let (local, domain) = self.written.rsplit_once('@').unwrap_or_default();
        let local = match local.split('.').any(str::is_empty) {
            true => format!("\"{local}\""),
            false => local.to_owned(),
        };
        (local, domain)
    }

    /// Whether only mail servers with SMTPUTF8 (RFC 6531) can send to it.
    pub(crate) fn needs_smtputf8(&self) -> bool {
        !self.written.is_ascii()
    }
}

fn check_local(local: &str) -> Parsed<()> {
    if local.is_empty() {
        return Err(unlike());
    }
    let mut before = None;
    for c in local.chars() {
        let is_legal = match c.is_ascii() {
            true => c.is_ascii_alphanumeric() || c == '.' || SIGNS.contains(c),
            false => letters::is_letter(c),
        };
        if !is_legal {
            return Err(unlike());
        }
        if letters::is_presentation(c) {
            return Err(format!(
                "must not contain {c}, which stands for other characters, before the @"
            ));
        }
        let on_a_letter = before.is_some_and(letters::is_letter);
        if unicode_normalization::char::is_combining_mark(c) && !on_a_letter {
            return Err("must not contain a mark without its letter".to_owned());
        }
        before = Some(c);
    }
    letters::problem(local).map_or(Ok(()), |problem| Err(problem.to_owned()))
}

/// Lower-casing can leave NFC, so it is normalised after it.
fn folded(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

fn unlike() -> String {
    "must be an email address, like ada@example.com".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parsed<Email> {
        Email::parse(Value::from(text))
    }

    #[test]
    fn what_can_be_mailed_is_an_address_and_nothing_else() {
        for good in [
            "ada@example.com",
            "a+b@x.io",
            "o'neil@example.co.uk",
            " Ada@Example.com ",
            "jürgen@müller.de",
            "ई-मेल-परीक्षण@सार्वभौमिक-स्वीकृति-परीक्षण.संगठन",
            "สำราญ@example.co.th",
            "пользователь@пример.рф",
            "用户@例え.jp",
            "taro..yamada@docomo.example",
            ".ada.@example.com",
            "ada@localhost",
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
            "a\u{202e}b@c.d",
            "a\u{ad}b@c.d",
            "a\n@b.c",
            "\u{301}a@b.c",
            "a.\u{301}b@b.c",
            "ａｄａ@b.c",
            "ﬁ@b.c",
            "a\u{3164}@b.c",
            "\"a b\"@c.d",
            "\"a\"@c.d",
            "a(b)@c.d",
            "ada@127.0.0.1",
            "ada@[127.0.0.1]",
            "ada@xn--a",
            "ada＠b.c",
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert!(parse(&format!("{}@x.com", "a".repeat(65))).is_err());
        assert!(
            parse(&format!("{}..@x.com", "a".repeat(61))).is_err(),
            "with quotes, 65 bytes"
        );
        assert!(
            parse(&format!("a@{}.com", "ü".repeat(60))).is_err(),
            "as it is sent, too long a label"
        );
        assert!(
            parse(&format!("a@{}example", "ü.".repeat(40))).is_err(),
            "as it is sent, too long"
        );
    }

    #[test]
    fn spellings_of_one_mailbox_are_one_address() {
        for (one, other) in [
            ("jane@bücher.example", "jane@xn--bcher-kva.example"),
            ("jane@ｍａｉｌｉｎａｔｏｒ.com", "jane@mailinator.com"),
            ("A\u{308}@X.DE", "ä@x.de"),
            ("jane@BÜCHER.example", "JANE@bücher.example"),
        ] {
            let (one, other) = (parse(one).unwrap(), parse(other).unwrap());
            assert_eq!(one.normal(), other.normal());
        }
        let email = parse("Jane@Bücher.Example").unwrap();
        assert_eq!(
            (email.as_str(), email.normal(), email.readable().as_str()),
            (
                "Jane@xn--bcher-kva.example",
                "jane@xn--bcher-kva.example",
                "Jane@bücher.example"
            )
        );
        let dots = parse("taro..yamada@docomo.example").unwrap();
        assert_eq!(dots.mailbox(), ("\"taro..yamada\"".to_owned(), "docomo.example"));
        assert!(parse("ई@x.com").unwrap().needs_smtputf8() && !email.needs_smtputf8());
    }

    #[test]
    fn accounts_of_earlier_versions_are_found_by_what_they_were_made_with() {
        let given = |text: &str| Email::of_account(Value::from(text));
        assert_eq!(given("Ada@10.0.0.1").unwrap().keys(), ["ada@10.0.0.1", "ada@10.0.0.1"]);
        let typed = given("Jane@Bücher.example").unwrap();
        assert_eq!(typed.keys(), ["jane@bücher.example", "jane@xn--bcher-kva.example"]);
        for bad in ["ada", "a b@c.d", "a\u{0}@c.d", "a@b..c"] {
            assert!(given(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Email::stored("Ada@10.0.0.1").as_str(), "Ada@10.0.0.1");
        assert_eq!(Email::stored("Ada@EXAMPLE.com").as_str(), "Ada@example.com");
    }
}
