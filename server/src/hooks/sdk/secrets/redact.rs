//! Takes secrets out of what comes back from other hosts: a server that echoes a request must not show a hook what it may
//! only use. A value is found as it is, and as JSON, URLs, hex and base64 write it, wherever in a base64 text it begins.

use aerocall_contract::json::{self, Token};
use aho_corasick::{AhoCorasick, MatchKind};
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::base::crypto::secret;

/// Shorter values would be found where nobody wrote them.
const FEWEST_BYTES: usize = 6;

/// What is looked for, and what is written instead.
pub(crate) struct Redactor {
    pub(super) search: Option<AhoCorasick>,
    pub(super) marks: Vec<String>,
}

/// The text without the secrets is longer than it may be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Redactor {
    pub(super) fn new<'a>(secrets: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let (mut forms, mut marks) = (Vec::new(), Vec::new());
        for (name, value) in secrets.filter(|(_, value)| value.len() >= FEWEST_BYTES) {
            for form in forms_of(value) {
                forms.push(form);
                marks.push(format!("[secret {name}]"));
            }
        }
        // Without a search nothing is let through: see `bytes`.
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(forms.iter().map(|form| form.as_slice()))
            .ok();
        Self { search, marks }
    }

    /// Of a one-time code.
    pub(crate) fn of_code(code: &str) -> Self {
        Self::new([("code", code.as_bytes())].into_iter())
    }

    /// A JSON text without the secrets, numbers that read as one included. Piece by piece: read as a whole it would take many
    /// times its size.
    pub(crate) fn json(&self, document: &str) -> String {
        let mut cleaned = String::with_capacity(document.len());
        for token in json::tokens(document) {
            let (written, text) = match token {
                Token::Rest(piece) => {
                    cleaned.push_str(piece);
                    continue;
                }
                Token::Number(piece) => (piece, piece.to_owned()),
                Token::Text(piece) => (piece, serde_json::from_str(piece).unwrap_or_default()),
            };
            match self.text(text.clone()) {
                clean if clean == text => cleaned.push_str(written),
                clean => cleaned.push_str(&Value::from(clean).to_string()),
            }
        }
        cleaned
    }

    /// The bytes without the secrets, at most so many.
    pub(crate) fn bytes(&self, bytes: Vec<u8>, most: usize) -> Result<Vec<u8>, TooLong> {
        let search = self.search.as_ref().ok_or(TooLong)?;
        if self.marks.is_empty() || !search.is_match(&bytes) {
            return Ok(bytes);
        }
        let mut clean = Vec::with_capacity(bytes.len());
        search.replace_all_with_bytes(&bytes, &mut clean, |found, _, clean| {
            clean.extend_from_slice(self.marks[found.pattern().as_usize()].as_bytes());
            clean.len() <= most
        });
        if clean.len() > most {
            return Err(TooLong);
        }
        Ok(clean)
    }

    /// The text without the secrets.
    pub(crate) fn text(&self, text: String) -> String {
        let most = usize::MAX;
        match self.bytes(text.into_bytes(), most) {
            Ok(clean) => String::from_utf8_lossy(&clean).into_owned(),
            Err(TooLong) => String::new(),
        }
    }
}

fn forms_of(value: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let text = String::from_utf8_lossy(value);
    let json = serde_json::to_string(&text).unwrap_or_default();
    let form: String = form_urlencoded::byte_serialize(value).collect();
    let hex = secret::hex(value);
    let mut forms = vec![
        value.to_vec(),
        inside_quotes(&json).as_bytes().to_vec(),
        percent(value, |byte| format!("%{byte:02X}")).into_bytes(),
        percent(value, |byte| format!("%{byte:02x}")).into_bytes(),
        form.into_bytes(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    for before in 0..3 {
        forms.push(base64_inside(&STANDARD_NO_PAD, value, before));
        forms.push(base64_inside(&URL_SAFE_NO_PAD, value, before));
    }
    forms.sort();
    forms.dedup();
    forms.retain(|form| form.len() >= FEWEST_BYTES);
    forms.into_iter().map(Zeroizing::new).collect()
}

fn inside_quotes(json: &str) -> &str {
    json.strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'))
        .unwrap_or(json)
}

/// `encodeURIComponent`, with the digits of the escapes in either case.
fn percent(value: &[u8], escape: impl Fn(u8) -> String) -> String {
    let one = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
            char::from(*byte).to_string()
        }
        other => escape(*other),
    };
    value.iter().map(one).collect()
}

/// The characters of a base64 text that depend on the value alone when so many bytes (modulo 3) stand before it.
fn base64_inside(alphabet: &impl base64::Engine, value: &[u8], before: usize) -> Vec<u8> {
    let padded = [vec![0; before], value.to_vec()].concat();
    let encoded = alphabet.encode(Zeroizing::new(padded).as_slice());
    let first = (before * 8).div_ceil(6);
    let last = (before + value.len()) * 8 / 6;
    encoded.as_bytes()[first..last].to_vec()
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    const VALUE: &str = "s3Cr\"t/va+ue?é";

    fn clean(text: &str) -> String {
        let redactor = Redactor::new([("key", VALUE.as_bytes()), ("short", b"abc")].into_iter());
        String::from_utf8(redactor.bytes(text.as_bytes().to_vec(), 1 << 20).unwrap()).unwrap()
    }

    #[test]
    fn every_way_of_writing_it_is_found() {
        assert_eq!(clean(&format!("a {VALUE} b {VALUE}")), "a [secret key] b [secret key]");
        assert_eq!(
            clean(&serde_json::json!({ "echo": VALUE }).to_string()),
            r#"{"echo":"[secret key]"}"#
        );
        assert_eq!(clean("q=s3Cr%22t%2Fva%2Bue%3F%C3%A9&x"), "q=[secret key]&x");
        assert_eq!(clean("q=s3Cr%22t%2fva%2bue%3f%c3%a9&x"), "q=[secret key]&x");
        for before in ["", "a", "ab", "abc", "user:"] {
            for after in ["", "x", "xy", "xyz"] {
                let encoded = STANDARD.encode(format!("{before}{VALUE}{after}"));
                assert!(clean(&encoded).contains("[secret key]"), "{before} {after} {encoded}");
            }
        }
        assert_eq!(clean(&secret::hex(VALUE.as_bytes())), "[secret key]");
    }

    #[test]
    fn a_document_stays_one_and_loses_the_secret_wherever_it_stands() {
        let redactor = Redactor::of_code("123456");
        let document = r#"{"a": ["123456", 123456, 1234567, "\u00312\u003356", true], "123456": {"b\n": -1.5}}"#;
        let clean = redactor.json(document);
        assert_eq!(
            clean,
            r#"{"a": ["[secret code]", "[secret code]", "[secret code]7", "\u00312\u003356", true], "[secret code]": {"b\n": -1.5}}"#
        );
        let escaped = r#"["\u0031\u00323456"]"#;
        assert_eq!(redactor.json(escaped), r#"["[secret code]"]"#);
        assert_eq!(redactor.json(r#"{"n":[]}"#), r#"{"n":[]}"#);
    }

    #[test]
    fn nothing_else_is_touched_and_nothing_grows_without_end() {
        assert_eq!(clean("abc s3Cr"), "abc s3Cr");
        let redactor = Redactor::new([("a", b"aaaaaa".as_slice())].into_iter());
        assert_eq!(redactor.bytes(b"aaaaaa".repeat(1_000), 6_000), Err(TooLong));
        assert_eq!(
            Redactor::new(std::iter::empty()).bytes(vec![0xff, 0], 2),
            Ok(vec![0xff, 0])
        );
    }
}
