//! One statement within its budgets, on the calling thread.

use aerocall_runtime::host::{ErrorCode, Rows, SdkError, Value};
use rusqlite::CachedStatement;

use super::{
    super::{
        Part, Statement, fault,
        shape::Beyond,
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
        let rows = read(connection, &mut prepared, statement, Beyond::Refuse)?.rows;
        return Ok(Ran::Done(rows));
    }
    if open == Open::Nothing {
        return Ok(Ran::NeedsTransaction);
    }
    // A statement that is not read to its end keeps what it wrote, so it is undone by hand.
    ours(connection, &format!("SAVEPOINT {STATEMENT}"))?;
    let rows = read(connection, &mut prepared, statement, Beyond::Refuse).map(|part| part.rows);
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

/// Rows of a statement that writes nothing, as many as it may answer.
pub(super) fn look(connection: &Connection, statement: &Statement) -> Result<Part, SdkError> {
    let mut prepared = prepare(connection, statement)?;
    match prepared.readonly() {
        true => read(connection, &mut prepared, statement, Beyond::Cut),
        false => Err(fault::reads_only()),
    }
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

fn read(
    connection: &Connection,
    prepared: &mut CachedStatement<'_>,
    statement: &Statement,
    beyond: Beyond,
) -> Result<Part, SdkError> {
    let columns: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    let declared: Vec<Declared> = prepared
        .columns()
        .iter()
        .map(|column| Declared::of(column.decl_type()))
        .collect();
    connection.watch.allow(statement.time);
    let mut left = statement.bytes;
    let mut part = Part {
        rows: Rows {
            columns,
            rows: Vec::new(),
        },
        is_cut: false,
    };
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next().map_err(|error| sdk_error(connection, &error, statement))? {
        let read = match part.rows.rows.len() as u64 >= u64::from(statement.rows) {
            true => Err(fault::too_many_rows(statement.rows)),
            false => values(connection, row, &declared, &mut left, statement),
        };
        match read {
            Ok(values) => part.rows.rows.push(values),
            Err(error) if beyond == Beyond::Cut && error.code == ErrorCode::LimitExceeded => {
                part.is_cut = true;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(part)
}

/// One row, if there are bytes left for it.
fn values(
    connection: &Connection,
    row: &rusqlite::Row<'_>,
    declared: &[Declared],
    left: &mut u64,
    statement: &Statement,
) -> Result<Vec<Value>, SdkError> {
    let too_many = || fault::too_many_bytes(statement.bytes);
    *left = left.checked_sub(Rows::ROW_COST).ok_or_else(too_many)?;
    let mut values = Vec::with_capacity(declared.len());
    for (index, declared) in declared.iter().enumerate() {
        let value = row
            .get_ref(index)
            .map_err(|error| sdk_error(connection, &error, statement))?;
        *left = left.checked_sub(value::cost(value)).ok_or_else(too_many)?;
        values.push(value::from_sql(value, *declared));
    }
    Ok(values)
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
