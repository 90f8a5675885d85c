//! What a hook may send to PostgreSQL: one statement that reads or changes rows, without names of the system in it.

use std::fmt::Write as _;

use aerocall_runtime::host::SdkError;

use super::{
    super::fault,
    forbidden,
    lexer::{Placed, Token, tokens},
    weight,
};

/// What a statement may be, by its first word.
const FIRST: [&str; 8] = [
    "select", "values", "table", "with", "insert", "update", "delete", "merge",
];

/// Words that change rows, wherever they stand: a `WITH` may hold one.
const WRITES: [&str; 4] = ["insert", "update", "delete", "merge"];

/// A statement's length; the limit that SQLite has, too.
const MAX_BYTES: usize = 100_000;

/// As in SQLite.
const MAX_PARAMETERS: usize = 999;

/// What a statement does, as far as its text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::storage::tenant) enum Effect {
    Reads,
    Writes,
}

/// A statement that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::storage::tenant) struct Read {
    /// With `$1` for parameters.
    pub(in crate::storage::tenant) sql: String,
    pub(in crate::storage::tenant) effect: Effect,
}

/// Checks a hook's statement and its number of parameters.
pub(in crate::storage::tenant) fn read_statement(sql: &str, params: usize) -> Result<Read, SdkError> {
    if sql.len() > MAX_BYTES {
        let message = format!("db: a statement has at most {MAX_BYTES} bytes");
        return Err(SdkError::new(aerocall_runtime::host::ErrorCode::TooLarge, message));
    }
    if params > MAX_PARAMETERS {
        return Err(fault::invalid(format!(
            "a statement has at most {MAX_PARAMETERS} parameters"
        )));
    }
    let mut tokens = tokens(sql)?;
    cut_end(&mut tokens)?;
    check_first(&tokens)?;
    if let Some((name, at)) = forbidden::find(&tokens) {
        return Err(named(sql, name, at));
    }
    weight::check(&tokens)?;
    let writes = tokens
        .iter()
        .any(|placed| matches!(&placed.token, Token::Word(word) if WRITES.contains(&word.as_str())));
    Ok(Read {
        sql: numbered(sql, &tokens, params)?,
        effect: if writes { Effect::Writes } else { Effect::Reads },
    })
}

/// The refusal of a name.
pub(super) fn named(sql: &str, name: &str, at: usize) -> SdkError {
    let place = fault::place(sql, sql[..at].chars().count() + 1);
    fault::denied(&format!(
        "`{name}` is not for hooks{place}: a hook reads and changes the rows of the project's own tables, which a migration makes"
    ))
}

/// One statement, however many `;` stand behind it.
fn cut_end(tokens: &mut Vec<Placed>) -> Result<(), SdkError> {
    let end = tokens
        .iter()
        .position(|placed| placed.token == Token::Semicolon)
        .unwrap_or(tokens.len());
    let one = end > 0 && tokens[end..].iter().all(|placed| placed.token == Token::Semicolon);
    tokens.truncate(end);
    if one { Ok(()) } else { Err(fault::one_statement()) }
}

/// Parentheses may stand around a whole query.
fn check_first(tokens: &[Placed]) -> Result<(), SdkError> {
    let first = tokens.iter().find(|placed| placed.token != Token::Symbol('('));
    match first.map(|placed| &placed.token) {
        Some(Token::Word(word)) if FIRST.contains(&word.as_str()) => Ok(()),
        Some(Token::Word(word)) => {
            let shown: String = word.chars().take(40).collect();
            Err(fault::denied(&format!(
                "a statement starts with SELECT, WITH, VALUES, TABLE, INSERT, UPDATE, DELETE or MERGE, not with {}; tables \
                 are made by migrations",
                shown.to_uppercase()
            )))
        }
        _ => Err(fault::one_statement()),
    }
}

/// `?` as `$1`, `$2`, …, unless the statement numbers its parameters itself or has none: then `?` is an operator of JSON.
fn numbered(sql: &str, tokens: &[Placed], params: usize) -> Result<String, SdkError> {
    let highest = tokens.iter().filter_map(|placed| match placed.token {
        Token::Parameter(number) => Some(number),
        _ => None,
    });
    let end = tokens.last().map_or(sql.len(), |last| end_of(sql, last));
    match highest.max() {
        Some(highest) if highest == params => return Ok(sql[..end].to_owned()),
        Some(highest) => return Err(fault::parameter_count(highest, params)),
        None if params == 0 => return Ok(sql[..end].to_owned()),
        None => {}
    }
    let (mut numbered, mut copied, mut count) = (String::with_capacity(sql.len() + 16), 0, 0);
    for placed in tokens.iter().filter(|placed| placed.token == Token::Question) {
        count += 1;
        numbered.push_str(&sql[copied..placed.at]);
        // Writing to a string does not fail.
        let _ = write!(numbered, "${count}");
        copied = placed.at + 1;
    }
    if count != params {
        return Err(fault::parameter_count(count, params));
    }
    numbered.push_str(&sql[copied..end]);
    Ok(numbered)
}

/// The end of the text, or of what stands before the first `;`.
fn end_of(sql: &str, last: &Placed) -> usize {
    let behind = &sql[last.at..];
    // The last token may hold a `;` itself, so the end is looked for among what the lexer takes for ends.
    match super::lexer::tokens(behind) {
        Ok(rest) => rest
            .iter()
            .find(|placed| placed.token == Token::Semicolon)
            .map_or(sql.len(), |placed| last.at + placed.at),
        Err(_) => sql.len(),
    }
}

#[cfg(test)]
mod tests {
    use aerocall_runtime::host::ErrorCode;

    use super::*;

    #[test]
    fn parameters_get_numbers_and_operators_stay() {
        let sql = |sql: &str, params| read_statement(sql, params).unwrap().sql;
        assert_eq!(sql("select ? , '?', ? ; ;", 2), "select $1 , '?', $2 ");
        assert_eq!(sql("select $2, $1 where a ? 'b'", 2), "select $2, $1 where a ? 'b'");
        assert_eq!(sql("select a ? 'b';", 0), "select a ? 'b'");
        assert_eq!(sql("select ';'", 0), "select ';'");
        for (text, params) in [("select ?", 2), ("select $3", 2), ("select ?, ?", 1), ("select 1", 1)] {
            let error = read_statement(text, params).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidArgument, "{text}");
        }
    }

    #[test]
    fn what_writes_is_told_from_what_reads() {
        let effect = |sql| read_statement(sql, 0).unwrap().effect;
        assert_eq!(effect("(select 1) union select 2"), Effect::Reads);
        assert_eq!(
            effect("with a as (delete from t returning *) select * from a"),
            Effect::Writes
        );
        assert_eq!(effect("insert into t values (1)"), Effect::Writes);
    }

    #[test]
    fn names_of_the_system_are_refused_and_columns_are_not() {
        for sql in [
            "select version()",
            "select PG_SLEEP(1)",
            "select \"pg_sleep\"(1)",
            "select 1::regclass",
            "select current_user",
            "table information_schema.tables",
        ] {
            assert_eq!(read_statement(sql, 0).unwrap_err().code, ErrorCode::Denied, "{sql}");
        }
        for sql in ["select version, t.user, 1 as user from t", "select 'pg_sleep(1)'"] {
            read_statement(sql, 0).unwrap();
        }
    }
}
