//! One statement within its budgets, on the calling thread.

use aerocall_runtime::host::{Rows, SdkError};
use rusqlite::CachedStatement;

use super::{
    super::{
        Statement, fault,
        statement::{check_weight, first_statement},
    },
    connection::Connection,
    error, uninterrupted,
    value::{self, Declared},
};

/// What a statement came to.
pub(super) enum Ran<T> {
    Done(T),
    /// It writes, and nothing was begun yet: begin and come again.
    NeedsTransaction,
}

/// Whether a transaction is open that the statement may write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Nothing,
    Transaction,
}

/// The name of the point to which a statement that broke its budgets is undone.
const STATEMENT: &str = "aerocall_statement";

/// Rows, as long as there are no more of them, or of their bytes, than the statement may answer.
pub(super) fn query(connection: &Connection, statement: &Statement, open: Open) -> Result<Ran<Rows>, SdkError> {
    let mut prepared = prepare(connection, statement)?;
    if prepared.readonly() {
        return read(connection, &mut prepared, statement).map(Ran::Done);
    }
    if open == Open::Nothing {
        return Ok(Ran::NeedsTransaction);
    }
    // A statement that is not read to its end keeps what it wrote, so it is undone by hand.
    ours(connection, &format!("SAVEPOINT {STATEMENT}"))?;
    let rows = read(connection, &mut prepared, statement);
    drop(prepared);
    // Where SQLite has rolled back everything already, there is no point left.
    if connection.db.is_autocommit() {
        return rows.map(Ran::Done);
    }
    match &rows {
        Ok(_) => ours(connection, &format!("RELEASE {STATEMENT}"))?,
        Err(_) => ours(connection, &format!("ROLLBACK TO {STATEMENT}; RELEASE {STATEMENT}"))?,
    }
    rows.map(Ran::Done)
}

/// How many rows were changed.
pub(super) fn execute(connection: &Connection, statement: &Statement, open: Open) -> Result<Ran<u64>, SdkError> {
    let mut prepared = prepare(connection, statement)?;
    let writes = !prepared.readonly();
    if writes && open == Open::Nothing {
        return Ok(Ran::NeedsTransaction);
    }
    connection.watch.allow(statement.time);
    let mut rows = prepared.raw_query();
    while rows
        .next()
        .map_err(|error| sdk_error(connection, &error, statement))?
        .is_some()
    {}
    drop(rows);
    Ok(Ran::Done(if writes { connection.db.changes() } else { 0 }))
}

/// Compiled, with its parameters; from the connection's cache if the same text was run before.
fn prepare<'c>(connection: &'c Connection, statement: &Statement) -> Result<CachedStatement<'c>, SdkError> {
    let sql = first_statement(&statement.sql)?;
    if connection.layers.budgets.is_on() {
        check_weight(sql)?;
    }
    connection.watch.allow(statement.time);
    let mut prepared = connection
        .db
        .prepare_cached(sql)
        .map_err(|error| sdk_error(connection, &error, statement))?;
    if connection.layers.budgets.is_on() {
        uninterrupted::check(&connection.db, &prepared, sql)?;
    }
    bind(&mut prepared, statement).map_err(|problem| match problem {
        Unbound::Refused(error) => error,
        Unbound::Sqlite(error) => sdk_error(connection, &error, statement),
    })?;
    Ok(prepared)
}

enum Unbound {
    Refused(SdkError),
    Sqlite(rusqlite::Error),
}

/// `?` takes the values in order; `$1` and `?1` take the value of their number.
fn bind(prepared: &mut CachedStatement<'_>, statement: &Statement) -> Result<(), Unbound> {
    let count = prepared.parameter_count();
    let mut wanted = 0;
    let mut places = Vec::with_capacity(count);
    for index in 1..=count {
        let number = match prepared.parameter_name(index) {
            None => index,
            Some(name) if name.starts_with('?') => index,
            Some(name) => numbered(name).ok_or_else(|| {
                Unbound::Refused(fault::invalid(format!("parameters are ? or $1, $2, …, not {name}")))
            })?,
        };
        wanted = wanted.max(number);
        places.push(number);
    }
    if wanted != statement.params.len() {
        return Err(Unbound::Refused(fault::parameter_count(wanted, statement.params.len())));
    }
    for (index, number) in (1..).zip(places) {
        let value = value::to_sql(&statement.params[number - 1]);
        prepared.raw_bind_parameter(index, value).map_err(Unbound::Sqlite)?;
    }
    Ok(())
}

fn numbered(name: &str) -> Option<usize> {
    let number = name.strip_prefix('$')?.parse().ok()?;
    (1..=999).contains(&number).then_some(number)
}

fn read(connection: &Connection, prepared: &mut CachedStatement<'_>, statement: &Statement) -> Result<Rows, SdkError> {
    let columns: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    let declared: Vec<Declared> = prepared
        .columns()
        .iter()
        .map(|column| Declared::of(column.decl_type()))
        .collect();
    connection.watch.allow(statement.time);
    let mut left = statement.bytes;
    let mut answer = Rows {
        columns,
        rows: Vec::new(),
    };
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next().map_err(|error| sdk_error(connection, &error, statement))? {
        if answer.rows.len() as u64 >= u64::from(statement.rows) {
            return Err(fault::too_many_rows(statement.rows));
        }
        let too_many = || fault::too_many_bytes(statement.bytes);
        left = left.checked_sub(Rows::ROW_COST).ok_or_else(too_many)?;
        let mut values = Vec::with_capacity(declared.len());
        for (index, declared) in declared.iter().enumerate() {
            let value = row
                .get_ref(index)
                .map_err(|error| sdk_error(connection, &error, statement))?;
            left = left.checked_sub(value::cost(value)).ok_or_else(too_many)?;
            values.push(value::from_sql(value, *declared));
        }
        answer.rows.push(values);
    }
    Ok(answer)
}

fn ours(connection: &Connection, sql: &str) -> Result<(), SdkError> {
    connection.watch.allow(std::time::Duration::from_secs(5));
    connection
        .command(sql)
        .map_err(|error| fault::internal("marking a statement", &error))
}

fn sdk_error(connection: &Connection, error: &rusqlite::Error, statement: &Statement) -> SdkError {
    error::of(error, statement, connection)
}
