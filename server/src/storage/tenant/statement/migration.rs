//! What a migration may send to PostgreSQL: statements that make, change and drop tables and what belongs to them.

use aerocall_runtime::host::SdkError;

use super::{
    super::fault,
    forbidden,
    lexer::{Placed, Token, tokens},
    reader::named,
    weight,
};

/// What may be made, changed and dropped.
const KINDS: [&str; 5] = ["table", "index", "view", "sequence", "domain"];

/// Words that may stand between `CREATE` and the kind.
const BETWEEN: [&str; 3] = ["unique", "or", "replace"];

/// Statements that change rows, and remarks.
const OTHERS: [&str; 4] = ["insert", "update", "delete", "comment"];

/// Words of statements that reach past the project's schema: owners, places on disk, other servers.
const NEVER: [&str; 5] = ["owner", "tablespace", "temp", "temporary", "server"];
const NOT_ITS_OWN: &str = "a migration makes, changes and drops what is in the project's own schema";

/// A statement of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::storage::tenant) struct Part<'a> {
    pub(in crate::storage::tenant) sql: &'a str,
    /// The view that it makes.
    pub(in crate::storage::tenant) view: Option<String>,
}

/// The statements of a migration in order, or which of them (from 1) is refused and why. `views`: that were ever made in
/// the schema; what this one makes is added.
pub(in crate::storage::tenant) fn read_migration<'a>(
    sql: &'a str,
    views: &mut Vec<String>,
) -> Result<Vec<Part<'a>>, (usize, SdkError)> {
    let whole = tokens(sql).map_err(|error| (1, error))?;
    let mut parts = Vec::new();
    for part in whole.split_inclusive(|placed| placed.token == Token::Semicolon) {
        let (body, end) = match part.split_last() {
            Some((last, body)) if last.token == Token::Semicolon => (body, last.at),
            _ => (part, sql.len()),
        };
        let Some(first) = body.first() else { continue };
        let part = judge(&sql[first.at..end], views).map_err(|error| (parts.len() + 1, error))?;
        views.extend(part.view.clone());
        parts.push(part);
    }
    Ok(parts)
}

/// Reads a statement as it will be sent, apart from those around it.
fn judge<'a>(sql: &'a str, views: &[String]) -> Result<Part<'a>, SdkError> {
    let tokens = tokens(sql)?;
    let view = weight::made_view(&tokens).map(str::to_owned);
    check(sql, &tokens)?;
    check_views(&tokens, views, view.as_deref())?;
    Ok(Part { sql, view })
}

/// A view names no view, and none gets another name: what it stands for stays as large as its text.
fn check_views(tokens: &[Placed], views: &[String], own: Option<&str>) -> Result<(), SdkError> {
    let alters = tokens
        .first()
        .is_some_and(|first| first.token == Token::Word("alter".to_owned()));
    if own.is_none() && !alters {
        return Ok(());
    }
    match weight::named(tokens, views, own) {
        None => Ok(()),
        Some(view) => Err(fault::denied(&format!(
            "`{view}` is a view: a view is made of tables alone, and is dropped and made again to change it"
        ))),
    }
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
    if let Some(refused) = forbidden::find(sql, tokens) {
        return Err(named(sql, refused.name, refused.at, refused.why));
    }
    let never = tokens.iter().find_map(|placed| match &placed.token {
        Token::Word(word) if NEVER.contains(&word.as_str()) => Some((word.as_str(), placed.at)),
        _ => None,
    });
    match never {
        Some((name, at)) => Err(named(sql, name, at, NOT_ITS_OWN)),
        None => weight::check(tokens),
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
        let statements = read_migration(sql, &mut Vec::new()).unwrap();
        assert_eq!(statements.len(), 3);
        assert_eq!(statements[0].sql, "create table t (a text default ';')");
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
            let (number, _) = read_migration(&format!("create table a (b int); {sql}"), &mut Vec::new()).unwrap_err();
            assert_eq!(number, 2, "{sql}");
        }
    }

    #[test]
    fn views_stand_on_tables() {
        let read = |sql: &str, views: &[&str]| {
            let mut views: Vec<String> = views.iter().map(|view| (*view).to_owned()).collect();
            read_migration(sql, &mut views).map(|_| views)
        };
        let twice = "create or replace view v as select a from t; drop view v; create view v as select 1";
        assert_eq!(read(twice, &[]).unwrap(), ["v", "v"]);
        for sql in [
            "create view w as select * from V",
            "create view w as table \"v\"",
            "alter table v rename to w",
        ] {
            assert!(read(sql, &["v"]).is_err(), "{sql}");
            assert!(
                read(&format!("create view v as select 1; {sql}"), &[]).is_err(),
                "{sql}"
            );
        }
    }
}
