//! Migrations of one schema: all that are pending in one transaction, as the role that owns the tables.

use std::time::Duration;

use aerocall_runtime::host::SdkError;
use tokio_postgres::{Error, types::Type};

use super::{
    super::{
        Applied, Migration, MigrationFault,
        migration::{self, TABLE},
        statement::read_migration,
    },
    connector::Link,
    error,
};

/// What the owner's `statement_timeout` is, for messages.
const STATEMENT_TIME: Duration = Duration::from_secs(60);

/// Applies what is pending; answers what was applied now. The connection is used for nothing else afterwards: dropped, it
/// takes what was not committed with it.
pub(super) async fn apply(link: &Link, sent: Vec<Migration>, now_ms: i64) -> Result<Vec<Applied>, MigrationFault> {
    // Two deployments at once take turns.
    let begin = format!("BEGIN; LOCK TABLE {TABLE} IN EXCLUSIVE MODE");
    link.client
        .batch_execute(&begin)
        .await
        .map_err(|error| failed(&error))?;
    let done = applied(link).await.map_err(|error| failed(&error))?;
    let pending = migration::pending(&done, sent)?;
    let mut now = Vec::with_capacity(pending.len());
    for migration in pending {
        now.push(apply_one(link, migration, now_ms).await?);
    }
    commit(link, &now).await?;
    Ok(now)
}

/// What was applied, in order.
pub(super) async fn applied(link: &Link) -> Result<Vec<Applied>, Error> {
    let select = format!("SELECT name, digest, applied_ms FROM {TABLE} ORDER BY name COLLATE \"C\"");
    let rows = link.client.query_typed(&select, &[]).await?;
    let applied = rows.iter().map(|row| Applied {
        name: row.get(0),
        digest: row.get(1),
        applied_ms: row.get(2),
    });
    Ok(applied.collect())
}

async fn apply_one(link: &Link, migration: Migration, now_ms: i64) -> Result<Applied, MigrationFault> {
    run(link, &migration).await?;
    let applied = Applied {
        digest: migration::digest(&migration.sql),
        name: migration.name,
        applied_ms: now_ms,
    };
    let insert = format!("INSERT INTO {TABLE} (name, digest, applied_ms) VALUES ($1, $2, $3)");
    let row: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] = [
        (&applied.name, Type::TEXT),
        (&applied.digest, Type::TEXT),
        (&applied.applied_ms, Type::INT8),
    ];
    let kept = link.client.execute_typed(&insert, &row).await;
    kept.map_err(|error| failed(&error))?;
    Ok(applied)
}

async fn run(link: &Link, migration: &Migration) -> Result<(), MigrationFault> {
    let refused = |statement, problem| MigrationFault::Refused {
        name: migration.name.clone(),
        statement,
        problem,
    };
    let statements = read_migration(&migration.sql).map_err(|(number, error)| refused(number, error.message))?;
    for (number, sql) in (1..).zip(statements) {
        // By the protocol that takes one statement, whatever the reader made of the text.
        if let Err(error) = link.client.execute_typed(sql, &[]).await {
            return Err(match error::of(&error, sql, STATEMENT_TIME) {
                told if error.as_db_error().is_some() => refused(number, told.message),
                told => told.into(),
            });
        }
    }
    Ok(())
}

/// Constraints that were deferred are checked here.
async fn commit(link: &Link, now: &[Applied]) -> Result<(), MigrationFault> {
    match (link.client.batch_execute("COMMIT").await, now.last()) {
        (Ok(()), _) => Ok(()),
        (Err(error), Some(last)) if error.as_db_error().is_some() => Err(MigrationFault::Refused {
            name: last.name.clone(),
            statement: 0,
            problem: error::of(&error, "", STATEMENT_TIME).message,
        }),
        (Err(error), _) => Err(failed(&error).into()),
    }
}

fn failed(error: &Error) -> SdkError {
    error::of_ours("migrating a schema", error)
}
