//! JSON that clients and hooks send. Whatever is kept of it is read again, by this server and by programs in other languages, so
//! what some of them cannot read is refused where it comes in: numbers that no 64-bit floating-point number can be, and more
//! levels than readers follow. One rule for bodies, patches, messages, cached values and data of mails.
//!
//! Whether `serde_json` itself refuses such a number depends on a feature that any crate of the build may turn on.

use serde::de::IgnoredAny;
use serde_json::Value;

/// Arrays and objects inside one another; `serde_json` reads no more.
pub const MAX_LEVELS: usize = 127;

/// Values of a document that is read into memory, where the smallest takes about fifty bytes.
pub const MAX_VALUES: usize = 1 << 16;

/// Why a document is refused.
#[derive(Debug)]
pub enum JsonProblem {
    /// It is not JSON.
    Syntax(serde_json::Error),
    /// The first number that is too large.
    Number(String),
    /// More than [`MAX_LEVELS`].
    Levels,
    /// More than [`MAX_VALUES`].
    Values,
}

impl std::fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "is not JSON: {error}"),
            Self::Number(number) => write!(
                f,
                "has the number {number}, which a 64-bit floating-point number cannot hold"
            ),
            Self::Levels => write!(f, "has more than {MAX_LEVELS} levels"),
            Self::Values => write!(f, "has more than {MAX_VALUES} values"),
        }
    }
}

impl std::error::Error for JsonProblem {}

/// A document that is used here.
///
/// # Errors
/// It is not JSON, some readers cannot read it, or it has more than [`MAX_VALUES`].
pub fn read(text: &str) -> Result<Value, JsonProblem> {
    // First, so that a document that is too large is never in memory as a whole.
    if scan(text)? > MAX_VALUES {
        return Err(JsonProblem::Values);
    }
    serde_json::from_str(text).map_err(JsonProblem::Syntax)
}

/// A document that is kept as the text it is.
///
/// # Errors
/// It is not JSON, or some readers cannot read it.
pub fn check(text: &str) -> Result<(), JsonProblem> {
    serde_json::from_str::<IgnoredAny>(text).map_err(JsonProblem::Syntax)?;
    scan(text).map(drop)
}

/// Checks numbers and levels; answers about how many values there are.
fn scan(text: &str) -> Result<usize, JsonProblem> {
    let (mut level, mut values) = (0_usize, 1_usize);
    for token in tokens(text) {
        match token {
            Token::Text(_) => {}
            Token::Number(number) if number.parse::<f64>().is_ok_and(|number| !number.is_finite()) => {
                return Err(JsonProblem::Number(shortened(number)));
            }
            Token::Number(_) => {}
            Token::Rest(rest) => {
                for byte in rest.bytes() {
                    match byte {
                        b'[' | b'{' => {
                            level += 1;
                            values += 1;
                        }
                        b']' | b'}' => level = level.saturating_sub(1),
                        b',' => values += 1,
                        _ => {}
                    }
                    if level > MAX_LEVELS {
                        return Err(JsonProblem::Levels);
                    }
                }
            }
        }
    }
    Ok(values)
}

/// Numbers can be as long as a document.
fn shortened(number: &str) -> String {
    const MAX_DIGITS: usize = 40;
    match number.get(..MAX_DIGITS) {
        Some(start) if number.len() > MAX_DIGITS => format!("{start}…"),
        _ => number.to_owned(),
    }
}

/// A piece of a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'t> {
    /// A string or a name, with its quotes and escapes.
    Text(&'t str),
    /// A number.
    Number(&'t str),
    /// What stands between those: brackets, commas, blanks, `true`.
    Rest(&'t str),
}

/// The pieces of a JSON text; together they are the text.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = *rest.as_bytes().first()?;
        let length = match first {
            b'"' => text_length(rest),
            byte if begins_number(byte) => rest.bytes().take_while(|byte| in_number(*byte)).count(),
            _ => rest
                .bytes()
                .take_while(|byte| *byte != b'"' && !begins_number(*byte))
                .count(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(match first {
            b'"' => Token::Text(piece),
            byte if begins_number(byte) => Token::Number(piece),
            _ => Token::Rest(piece),
        })
    })
}

/// With both quotes; to the end if there is no second one.
fn text_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn begins_number(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'-'
}

fn in_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_some_reader_cannot_read_is_refused_wherever_it_stands() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let digits = format!("1{}", "0".repeat(400));
        for (text, problem) in [
            ("1e9999".to_owned(), "1e9999"),
            ("-1E+309".to_owned(), "-1E+309"),
            (r#"{"a":[{"b":"\"1","c":1e400}]}"#.to_owned(), "1e400"),
            (digits, "0…"),
            (nested(128), "levels"),
            (nested(100_000), "levels"),
            ("{".to_owned(), "not JSON"),
            ("[1e5,]".to_owned(), "not JSON"),
            ("\"a".to_owned(), "not JSON"),
        ] {
            for came in [read(&text).map(drop), check(&text)] {
                let message = came.unwrap_err().to_string();
                assert!(message.contains(problem), "{text:.40}: {message}");
            }
        }
        for text in [
            "1e308",
            r#""1e9999""#,
            r#"{"1e9999":"\\"}"#,
            "[1,-0.5e-400,1E2]",
            &nested(127),
            "null",
            "\"\\u0031e999\"",
        ] {
            assert!(read(text).is_ok() && check(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_document_of_too_many_values_is_kept_as_text_only() {
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert!(matches!(read(&many), Err(JsonProblem::Values)));
        assert!(check(&many).is_ok());
    }

    #[test]
    fn the_pieces_are_the_text() {
        let text = r#" {"a\\\"b": [-1.5e+3, true, "x,1", {}], "c":2}"#;
        let pieces: String = tokens(text)
            .map(|token| match token {
                Token::Text(piece) | Token::Number(piece) | Token::Rest(piece) => piece,
            })
            .collect();
        assert_eq!(pieces, text);
        let numbers = tokens(text).filter(|token| matches!(token, Token::Number(_)));
        assert_eq!(
            numbers.collect::<Vec<_>>(),
            [Token::Number("-1.5e+3"), Token::Number("2")]
        );
    }
}
