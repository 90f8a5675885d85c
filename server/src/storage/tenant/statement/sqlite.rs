//! SQLite's SQL as tokens, and where its first statement ends. What a statement may do is SQLite's authorizer's to say; this
//! is for what happens before anybody is asked.

use aerocall_runtime::host::SdkError;

use super::{
    super::fault,
    lexer::{Placed, Token},
    weight,
};

/// The text up to the first `;` outside of strings, names and comments, if nothing but `;`, blanks and comments follows.
/// SQLite tells one statement from two by itself, but by a call within a call for each `;`.
pub(in crate::storage::tenant) fn first_statement(sql: &str) -> Result<&str, SdkError> {
    let tokens = tokens(sql);
    let is_end = |placed: &Placed| placed.token == Token::Semicolon;
    let end = tokens.iter().position(is_end).unwrap_or(tokens.len());
    if end == 0 || !tokens[end..].iter().all(is_end) {
        return Err(fault::one_statement());
    }
    Ok(tokens.get(end).map_or(sql, |placed| &sql[..placed.at]))
}

/// Refuses text of which a statement would grow past what one may take.
pub(in crate::storage::tenant) fn check_weight(sql: &str) -> Result<(), SdkError> {
    tokens(sql)
        .split(|placed| placed.token == Token::Semicolon)
        .try_for_each(weight::check)
}

/// Refuses views and triggers (name and text of each) of which one would grow too large.
pub(in crate::storage::tenant) fn check_schema(objects: &[(String, String)]) -> Result<(), SdkError> {
    let read: Vec<(&str, Vec<Placed>)> = objects.iter().map(|(name, sql)| (name.as_str(), tokens(sql))).collect();
    let parts: Vec<(&str, &[Placed])> = read.iter().map(|(name, tokens)| (*name, tokens.as_slice())).collect();
    weight::check_views(&parts)
}

/// Tokens; what does not end goes to the end of the text, as SQLite has it for comments and refuses it for the rest.
fn tokens(sql: &str) -> Vec<Placed> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (length, token) = match rest {
            [b'-', b'-', ..] => (until(rest, b"\n"), None),
            [b'/', b'*', ..] => (2 + until(&rest[2..], b"*/"), None),
            [b' ' | b'\t' | b'\n' | b'\r' | b'\x0c', ..] => (1, None),
            [quote @ (b'\'' | b'"' | b'`'), ..] => {
                let length = 1 + until(&rest[1..], &[*quote]);
                // A string may be a name where only a name fits.
                (length, Some(Token::Quoted(inside(sql, at, length))))
            }
            [b'[', ..] => {
                let length = 1 + until(&rest[1..], b"]");
                (length, Some(Token::Quoted(inside(sql, at, length))))
            }
            [first, ..] if in_name(*first) => {
                let length = rest.iter().take_while(|byte| in_name(**byte)).count();
                (length, Some(Token::Word(sql[at..at + length].to_ascii_lowercase())))
            }
            [b';', ..] => (1, Some(Token::Semicolon)),
            [other, ..] => (1, Some(Token::Symbol(char::from(*other)))),
            [] => break,
        };
        tokens.extend(token.map(|token| Placed { token, at }));
        at += length;
    }
    tokens
}

/// What stands between quotes, folded as SQLite folds names.
fn inside(sql: &str, at: usize, length: usize) -> String {
    sql.get(at + 1..(at + length).saturating_sub(1))
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Numbers are words here; that changes nothing.
fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}

/// Bytes up to and with `mark`, or all.
fn until(bytes: &[u8], mark: &[u8]) -> usize {
    bytes
        .windows(mark.len())
        .position(|window| window == mark)
        .map_or(bytes.len(), |at| at + mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_first_statement_is_found() {
        assert_eq!(first_statement("a ';' b; ; -- c\n/* ; */ ;").unwrap(), "a ';' b");
        assert_eq!(first_statement("\"a;b\" [c;d] `e;f`").unwrap(), "\"a;b\" [c;d] `e;f`");
        for sql in ["a; b", ";a", "", " ; ", "-- a"] {
            assert!(first_statement(sql).is_err(), "{sql}");
        }
        assert!(first_statement(&format!("a{}", ";".repeat(90_000))).is_ok());
    }

    #[test]
    fn views_on_views_are_weighed_together() {
        let view = |name: &str, sql: &str| (name.to_owned(), format!("CREATE VIEW {name} AS {sql}"));
        let mut views = vec![view("v0", "SELECT 1 FROM t")];
        for level in 1..5 {
            let twice = format!("SELECT * FROM v{0}, V{0}", level - 1);
            views.push(view(&format!("v{level}"), &twice));
        }
        assert!(check_schema(&views).is_ok());
        views.push(view("v5", "SELECT * FROM [v4], `v4`, \"v4\", 'v4'"));
        assert!(check_schema(&views).is_err());
        let circle = [view("a", "SELECT * FROM b"), view("b", "SELECT * FROM a")];
        assert!(check_schema(&circle).is_ok(), "SQLite refuses it by itself");
    }
}
