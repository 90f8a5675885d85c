//! Mistakes in `aerocall.toml`, each with its place in the file and what to write instead. Knows where a key stands, not
//! what it may say.

use std::ops::Range;

use aerocall_compiler::diagnostics::{Diagnostic, Severity};
use aerocall_contract::names;
use toml::de::{DeTable, DeValue};

use crate::settings::FILE;

const CODE: &str = "bad-project";
/// Words of the parser, and what they mean to somebody who writes the file.
const WORDS: &[(&str, &str)] = &[
    ("expected u64", "expected a whole number, 0 or more"),
    ("expected u32", "expected a whole number, 0 or more"),
    ("expected i32", "expected a whole number from -2147483648 to 2147483647"),
    ("expected a map", "expected a table"),
    ("expected a sequence", "expected a list, such as [\"cache\"]"),
    ("wanted string or table", "expected a text in quotes"),
];
/// How messages about a name that does not exist begin; the names that do follow.
const UNKNOWN: &[&str] = &[
    "unknown field `",
    "unknown variant `",
    "unknown limit `",
    "there is no capability `",
];

/// Something wrong at a key: `["hooks", "signup", "source"]`. Where a key is missing, the place is that of the one around it.
pub(crate) fn at(text: &str, keys: &[&str], message: impl Into<String>) -> Diagnostic {
    reported(text, place(text, keys).unwrap_or(0..0), message.into())
}

/// What the parser says.
pub(crate) fn of_parser(text: &str, error: &toml::de::Error) -> Diagnostic {
    let mut message = error.message().to_owned();
    // A number beyond what any of ours has: how the parser kept it is of no interest.
    message = message.replace("` as i128", "`").replace("` as u128", "`");
    let hint = meant(&message).map(|near| format!("did you mean `{near}`?"));
    if let Some((word, plain)) = WORDS.iter().find(|(word, _)| message.ends_with(word)) {
        message = format!("{}{plain}", message.trim_end_matches(word));
    }
    let diagnostic = reported(text, error.span().unwrap_or(0..0), message);
    match hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// Bytes that are no text.
pub(crate) fn no_text(bytes: &[u8], error: std::str::Utf8Error) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes);
    let from = error.valid_up_to();
    reported(&text, from..from + 1, "the file is not UTF-8".to_owned()).hint("save it in the encoding UTF-8")
}

fn reported(text: &str, bytes: Range<usize>, message: String) -> Diagnostic {
    Diagnostic::reported(CODE, Severity::Error, message, (FILE, text), bytes)
}

/// The value at a key, or the key itself where the value is a table or a list.
fn place(text: &str, keys: &[&str]) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut found = None;
    for wanted in keys {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == wanted) else {
            break;
        };
        found = match value.get_ref() {
            DeValue::Table(inner) => {
                table = inner;
                Some(key.span())
            }
            DeValue::Array(_) => Some(key.span()),
            _ => Some(value.span()),
        };
    }
    found
}

/// The name that was meant by one that does not exist.
fn meant(message: &str) -> Option<&str> {
    let rest = UNKNOWN.iter().find_map(|start| message.strip_prefix(start))?;
    let (wrong, rest) = rest.split_once('`')?;
    let known = rest
        .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .filter(|word| !["", "expected", "one", "of", "or", "known", "limits", "there", "are"].contains(word));
    names::meant(wrong, known)
}
