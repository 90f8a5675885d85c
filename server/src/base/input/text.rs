//! Short texts: names, phone numbers, what a client says about itself.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Email, Parsed,
    fields::{kind, text},
    letters, metadata,
};

/// What somebody is called: 1 to 200 characters of any script on one line, NFC, with nothing invisible in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonName(String);

impl PersonName {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let name: String = text(value)?.trim().nfc().collect();
        line(&name, 200)?;
        letters::problem(&name).map_or(Ok(()), |problem| Err(problem.to_owned()))?;
        Ok(Self(name))
    }

    /// What the store kept. Earlier versions kept some that are refused today.
    pub(crate) fn stored(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A telephone number in the form of ITU-T E.164, e.g. `+4930123456`. Digits of every script are read; what people and address
/// books write between them is taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone(String);

impl Phone {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let typed = text(value)?;
        let phone: String = typed.chars().filter(|c| !is_between_digits(*c)).map(in_ascii).collect();
        let digits = phone.strip_prefix('+').unwrap_or_default();
        let legal =
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if legal {
            Ok(Self(phone))
        } else {
            Err("must be a number with its country code, like +4930123456".to_owned())
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Spaces, hyphens, dots, slashes, parentheses, and the marks by which address books keep a number from left to right.
fn is_between_digits(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' | '\u{200e}' | '\u{200f}' | '\u{202f}' | '\u{3000}'
    ) || matches!(c, '\u{2000}'..='\u{200a}' | '\u{2010}'..='\u{2015}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A digit, or the plus, of another script.
fn in_ascii(c: char) -> char {
    /// The zeros of the scripts that people dial in: the other nine digits follow each of them.
    const ZEROS: [u32; 18] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
        0x1040, 0x17e0, 0xff10,
    ];
    if c == '\u{ff0b}' {
        return '+';
    }
    let offset = |zero: &u32| u32::from(c).checked_sub(*zero).filter(|offset| *offset < 10);
    let digit = ZEROS.iter().find_map(offset);
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}

/// What somebody looks for, written as names and addresses are kept: a whole address in the one spelling of its domain.
pub(crate) fn sought(text: &str) -> String {
    match Email::parse(Value::from(text)) {
        Ok(email) => email.as_str().to_owned(),
        Err(_) => text.trim().nfc().collect(),
    }
}

/// A parser of text on one line, 1 to `most` characters.
pub(crate) fn short_text(most: usize) -> impl Fn(Value) -> Parsed<String> {
    move |value| {
        let text = text(value)?;
        line(&text, most)?;
        Ok(text)
    }
}

/// `client.data`: any object of at most 4 KiB.
pub(crate) fn client_data(value: Value) -> Parsed<Map<String, Value>> {
    match value {
        Value::Object(object) => {
            metadata::within(&object, 4 << 10)?;
            Ok(object)
        }
        other => Err(format!("must be an object, is {}", kind(&other))),
    }
}

/// One line: no control characters, and none of those that turn the direction of the text around (they make a name
/// look like another one in a list).
fn line(text: &str, most: usize) -> Parsed<()> {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{200b}' | '\u{feff}')
    };
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.chars().count() > most {
        return Err(format!("must have at most {most} characters"));
    }
    if text.contains(hidden) {
        return Err("must not contain control characters".to_owned());
    }
    Ok(())
}
