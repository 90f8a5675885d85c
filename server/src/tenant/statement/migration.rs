//! What a migration may send to PostgreSQL: statements that make, change and drop tables and what belongs to them.

use aerocall_runtime::host::SdkError;

use super::{
    super::fault,
    forbidden,
    lexer::{Placed, Token, tokens},
    reader::named,
};

/// What may be made, changed and dropped.
const KINDS: [&str; 5] = ["table", "index", "view", "sequence", "domain"];

/// Words that may stand between `CREATE` and the kind.
const BETWEEN: [&str; 3] = ["unique", "or", "replace"];

/// Statements that change rows, and remarks.
const OTHERS: [&str; 4] = ["insert", "update", "delete", "comment"];

/// Words of statements that reach past the project's schema: owners, places on disk, other servers.
const NEVER: [&str; 5] = ["owner", "tablespace", "temp", "temporary", "server"];

/// The statements of a migration in order, or which of them (from 1) is refused and why.
pub(in crate::tenant) fn read_migration(sql: &str) -> Result<Vec<&str>, (usize, SdkError)> {
    let tokens = tokens(sql).map_err(|error| (1, error))?;
    let mut statements = Vec::new();
    for part in tokens.split_inclusive(|placed| placed.token == Token::Semicolon) {
        let (body, end) = match part.split_last() {
            Some((last, body)) if last.token == Token::Semicolon => (body, last.at),
            _ => (part, sql.len()),
        };
        let Some(first) = body.first() else { continue };
        check(sql, body).map_err(|error| (statements.len() + 1, error))?;
        statements.push(&sql[first.at..end]);
    }
    Ok(statements)
}

fn check(sql: &str, tokens: &[Placed]) -> Result<(), SdkError> {
    let words: Vec<&str> = tokens
        .iter()
        .map_while(|placed| match &placed.token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    let known = match words.split_first() {
        Some((&"create", rest)) => rest
            .iter()
            .find(|word| !BETWEEN.contains(word))
            .is_some_and(|kind| KINDS.contains(kind)),
        Some((&("alter" | "drop"), rest)) => rest.first().is_some_and(|kind| KINDS.contains(kind)),
        Some((first, _)) => OTHERS.contains(first),
        None => false,
    };
    if !known {
        return Err(fault::denied(&unknown(&words)));
    }
    if let Some((name, at)) = forbidden::find(tokens) {
        return Err(named(sql, name, at));
    }
    let never = tokens.iter().find_map(|placed| match &placed.token {
        Token::Word(word) if NEVER.contains(&word.as_str()) => Some((word.as_str(), placed.at)),
        _ => None,
    });
    match never {
        Some((name, at)) => Err(named(sql, name, at)),
        None => Ok(()),
    }
}

fn unknown(words: &[&str]) -> String {
    let shown: String = words.iter().take(2).flat_map(|word| [*word, " "]).collect();
    let shown: String = shown.trim().to_uppercase().chars().take(60).collect();
    let hint = match words {
        ["create", "type", ..] => "; for a list of values use text with CHECK (column IN (…))",
        _ => "",
    };
    format!(
        "a migration does not start a statement with `{shown}`{hint}; it may CREATE, ALTER and DROP tables, indexes, views, \
         sequences and domains, COMMENT ON, INSERT, UPDATE and DELETE"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_split_where_they_end() {
        let sql =
            "create table t (a text default ';'); -- ;\n;create unique index on t (a);\ninsert into t values (';')";
        let statements = read_migration(sql).unwrap();
        assert_eq!(statements.len(), 3);
        assert_eq!(statements[0], "create table t (a text default ';')");
    }

    #[test]
    fn anything_else_is_refused_with_its_number() {
        for sql in [
            "create function f() returns int language sql as 'select 1'",
            "create extension dblink",
            "grant all on t to public",
            "alter table t owner to postgres",
            "set role postgres",
            "do $$ begin end $$",
            "create temp table t (a int)",
            "copy t from program 'true'",
            "drop table _aerocall_migrations",
            "create type t as enum ('a')",
            "alter role postgres superuser",
            "create or replace function f() returns int language sql as ''",
            "create trigger t after insert on t execute function f()",
        ] {
            let (number, _) = read_migration(&format!("create table a (b int); {sql}")).unwrap_err();
            assert_eq!(number, 2, "{sql}");
        }
    }
}
