//! Migrations of one file: all that are pending in one transaction.

use std::time::Duration;

use rusqlite::{Batch, Connection as Db, fallible_iterator::FallibleIterator as _};

use super::{
    super::{
        Applied, Migration, MigrationFault, Statement, fault,
        migration::{self, TABLE},
        statement::{check_schema, check_weight},
    },
    connection::Connection,
    disk, error,
};

/// For each statement of a migration.
const STATEMENT_TIME: Duration = Duration::from_secs(30);

/// Applies what is pending; answers what was applied now.
pub(super) fn apply(
    connection: &Connection,
    sent: Vec<Migration>,
    now_ms: i64,
) -> Result<Vec<Applied>, MigrationFault> {
    begin(connection).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => fault::locked(),
        _ => failed(&error),
    })?;
    let done = applied(connection).map_err(|error| failed(&error))?;
    let pending = migration::pending(&done, sent)?;
    let mut now = Vec::with_capacity(pending.len());
    for migration in pending {
        now.push(apply_one(connection, migration, now_ms)?);
    }
    check_references(connection, &now)?;
    connection.watch.allow(STATEMENT_TIME);
    disk::check_file(connection, false)?;
    connection.command("COMMIT").map_err(|error| failed(&error))?;
    disk::check_file(connection, true)?;
    Ok(now)
}

/// What was applied, in order.
pub(super) fn applied(connection: &Connection) -> rusqlite::Result<Vec<Applied>> {
    connection.watch.allow(STATEMENT_TIME);
    connection.ours(|db| {
        // Asked with a statement, which notices a table that another connection has made since.
        let there = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?";
        if db.query_row(there, [TABLE], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(Vec::new());
        }
        let mut select = db.prepare(&format!("SELECT name, digest, applied_ms FROM {TABLE} ORDER BY name"))?;
        let rows = select.query_map([], |row| {
            Ok(Applied {
                name: row.get(0)?,
                digest: row.get(1)?,
                applied_ms: row.get(2)?,
            })
        })?;
        rows.collect()
    })
}

fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.watch.allow(STATEMENT_TIME);
    connection.command(&format!(
        "BEGIN IMMEDIATE;
         CREATE TABLE IF NOT EXISTS {TABLE} (
             name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_ms INTEGER NOT NULL
         ) STRICT, WITHOUT ROWID;"
    ))
}

fn apply_one(connection: &Connection, migration: Migration, now_ms: i64) -> Result<Applied, MigrationFault> {
    run(connection, &migration)?;
    let applied = Applied {
        digest: migration::digest(&migration.sql),
        name: migration.name,
        applied_ms: now_ms,
    };
    let insert = format!("INSERT INTO {TABLE} (name, digest, applied_ms) VALUES (?, ?, ?)");
    let keep = |db: &Db| db.execute(&insert, (&applied.name, &applied.digest, applied.applied_ms));
    connection.watch.allow(STATEMENT_TIME);
    connection.ours(keep).map_err(|error| failed(&error))?;
    Ok(applied)
}

/// Statement by statement; SQLite itself finds where each ends, so that triggers may hold `;`.
fn run(connection: &Connection, migration: &Migration) -> Result<(), MigrationFault> {
    let too_heavy = |number, error: aerocall_runtime::host::SdkError| MigrationFault::Refused {
        name: migration.name.clone(),
        statement: number,
        problem: error.message,
    };
    if connection.layers.budgets.is_on() {
        check_weight(&migration.sql).map_err(|error| too_heavy(0, error))?;
    }
    let mut batch = Batch::new(&connection.db, &migration.sql);
    let mut number = 0;
    let refused = |number, error: &rusqlite::Error| {
        let budget = Statement {
            sql: migration.sql.clone(),
            params: Vec::new(),
            rows: 0,
            bytes: 0,
            time: STATEMENT_TIME,
        };
        MigrationFault::Refused {
            name: migration.name.clone(),
            statement: number,
            problem: error::of(error, &budget, connection).message,
        }
    };
    loop {
        connection.watch.allow(STATEMENT_TIME);
        number += 1;
        let Some(mut statement) = batch.next().map_err(|error| refused(number, &error))? else {
            return Ok(());
        };
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| refused(number, &error))?.is_some() {}
        if connection.layers.budgets.is_on() {
            // At once: the next statement may have SQLite look at all views.
            let objects = views_and_triggers(connection).map_err(|error| failed(&error))?;
            check_schema(&objects).map_err(|error| too_heavy(number, error))?;
        }
    }
}

fn views_and_triggers(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    connection.ours(|db| {
        let mut select = db.prepare("SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    })
}

/// References between tables hold when everything is applied, or nothing is.
fn check_references(connection: &Connection, now: &[Applied]) -> Result<(), MigrationFault> {
    let Some(last) = now.last() else { return Ok(()) };
    connection.watch.allow(STATEMENT_TIME);
    let broken = connection.ours(|db| {
        let mut check = db.prepare("PRAGMA foreign_key_check")?;
        let mut rows = check.query([])?;
        rows.next()?.map(|row| row.get::<_, String>(0)).transpose()
    });
    match broken.map_err(|error| failed(&error))? {
        None => Ok(()),
        Some(table) => Err(MigrationFault::Refused {
            name: last.name.clone(),
            statement: 0,
            problem: format!("rows of {table} would point at rows that are not there"),
        }),
    }
}

fn failed(error: &rusqlite::Error) -> aerocall_runtime::host::SdkError {
    fault::internal("migrating a database", error)
}
