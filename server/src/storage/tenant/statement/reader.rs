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

/// A statement that may be sent. Only the judgement of a text makes one, and nothing changes it afterwards: what the
/// database gets is what was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::storage::tenant) struct Read {
    sql: String,
    effect: Effect,
}

impl Read {
    /// With `$1` for parameters.
    pub(in crate::storage::tenant) fn sql(&self) -> &str {
        &self.sql
    }

    pub(in crate::storage::tenant) fn effect(&self) -> Effect {
        self.effect
    }

    /// What a test sends that takes the reader away.
    pub(in crate::storage::tenant) fn unjudged(sql: &str) -> Self {
        Self {
            sql: sql.to_owned(),
            effect: Effect::Reads,
        }
    }
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
    let written = tokens(sql)?;
    let (written, end) = one_statement(sql, &written)?;
    judge(numbered(&sql[..end], written, params), params)
}

/// Reads a text as it will be sent. Whatever was read of it while it was made does not count.
fn judge(sql: String, params: usize) -> Result<Read, SdkError> {
    let tokens = tokens(&sql)?;
    check_first(&tokens)?;
    if let Some(refused) = forbidden::find(&sql, &tokens) {
        return Err(named(&sql, refused.name, refused.at, refused.why));
    }
    weight::check(&tokens)?;
    let highest = highest_parameter(&tokens);
    if highest != params {
        return Err(fault::parameter_count(highest, params));
    }
    let writes = tokens
        .iter()
        .any(|placed| matches!(&placed.token, Token::Word(word) if WRITES.contains(&word.as_str())));
    Ok(Read {
        sql,
        effect: if writes { Effect::Writes } else { Effect::Reads },
    })
}

/// The refusal of a name.
pub(super) fn named(sql: &str, name: &str, at: usize, why: &str) -> SdkError {
    let place = fault::place(sql, sql[..at].chars().count() + 1);
    fault::denied(&format!("`{name}` is not for hooks{place}: {why}"))
}

/// The one statement before all `;`, and where it ends.
fn one_statement<'t>(sql: &str, tokens: &'t [Placed]) -> Result<(&'t [Placed], usize), SdkError> {
    let is_end = |placed: &Placed| placed.token == Token::Semicolon;
    let end = tokens.iter().position(is_end).unwrap_or(tokens.len());
    if end == 0 || !tokens[end..].iter().all(is_end) {
        return Err(fault::one_statement());
    }
    Ok((&tokens[..end], tokens.get(end).map_or(sql.len(), |placed| placed.at)))
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
/// With blanks around, so that no number becomes a part of what it stands beside.
fn numbered(sql: &str, tokens: &[Placed], params: usize) -> String {
    if params == 0 || highest_parameter(tokens) > 0 {
        return sql.to_owned();
    }
    let (mut numbered, mut copied) = (String::with_capacity(sql.len() + 16), 0);
    let questions = tokens.iter().filter(|placed| placed.token == Token::Question);
    for (count, placed) in (1..).zip(questions) {
        numbered.push_str(&sql[copied..placed.at]);
        // Writing to a string does not fail.
        let _ = write!(numbered, " ${count} ");
        copied = placed.at + 1;
    }
    numbered.push_str(&sql[copied..]);
    numbered
}

/// 0 where there is none.
fn highest_parameter(tokens: &[Placed]) -> usize {
    let number = |placed: &Placed| match placed.token {
        Token::Parameter(number) => Some(number),
        _ => None,
    };
    tokens.iter().filter_map(number).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use aerocall_runtime::host::ErrorCode;

    use super::*;

    #[test]
    fn parameters_get_numbers_and_operators_stay() {
        let sql = |sql: &str, params| read_statement(sql, params).unwrap().sql;
        assert_eq!(sql("select ?, '?',?; ;", 2), "select  $1 , '?', $2 ");
        assert_eq!(sql("select $2, $1 where a ? 'b'", 2), "select $2, $1 where a ? 'b'");
        assert_eq!(sql("select a ? 'b';", 0), "select a ? 'b'");
        assert_eq!(sql("select ';'", 0), "select ';'");
        for (text, params) in [("select ?", 2), ("select $3", 2), ("select ?, ?", 1), ("select 1", 1)] {
            let error = read_statement(text, params).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidArgument, "{text}");
        }
    }

    #[test]
    fn what_writes_is_distinguished_from_what_reads() {
        let effect = |sql| read_statement(sql, 0).unwrap().effect;
        assert_eq!(effect("(select 1) union select 2"), Effect::Reads);
        assert_eq!(
            effect("with a as (delete from t returning *) select * from a"),
            Effect::Writes
        );
        assert_eq!(effect("insert into t values (1)"), Effect::Writes);
    }

    #[test]
    fn what_is_judged_is_what_is_sent() {
        let sent = read_statement("select 1 as a?b", 1).unwrap().sql;
        assert_eq!(sent, "select 1 as a $1 b");
        // With the number right behind the name, `$b$` would be the rest of it, and the string behind it code.
        let hidden = "select 1 as a?$b$, $1::text, current_user::text --$b$";
        assert_eq!(
            read_statement(hidden, 1).unwrap().sql,
            "select 1 as a $1 $b$, $1::text, current_user::text --$b$"
        );
        let inside = read_statement("select ?1, current_user", 1).unwrap_err();
        assert_eq!(inside.code, ErrorCode::Denied);
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
