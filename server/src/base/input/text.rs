//! Short texts: names, phone numbers, what a client says about itself.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Parsed,
    fields::{kind, text},
    metadata,
};

/// What somebody is called: 1 to 200 characters on one line, NFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonName(String);

impl PersonName {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let name: String = text(value)?.trim().nfc().collect();
        line(&name, 200)?;
        Ok(Self(name))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A telephone number in the form of ITU-T E.164, e.g. `+4930123456`. Spaces and hyphens are taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone(String);

impl Phone {
    pub(crate) fn parse(value: Value) -> Parsed<Self> {
        let phone: String = text(value)?
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '(' | ')'))
            .collect();
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

/// What somebody looks for, written as names and addresses are kept.
pub(crate) fn sought(text: &str) -> String {
    text.trim().nfc().collect()
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
