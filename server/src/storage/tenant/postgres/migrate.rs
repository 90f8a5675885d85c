//! Migrations of one schema: all that are pending in one transaction, as the role that owns the tables.

use std::time::Duration;

use aerocall_runtime::host::SdkError;
use tokio_postgres::{Error, types::Type};

use super::{
    super::{
        Applied, Migration, MigrationFault,
        migration::{self, TABLE},
        statement::{Part, read_migration},
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
    let mut views = views(link).await.map_err(|error| failed(&error))?;
    let mut now = Vec::with_capacity(pending.len());
    for migration in pending {
        now.push(apply_one(link, migration, now_ms, &mut views).await?);
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

/// The names of all views that were ever made.
async fn views(link: &Link) -> Result<Vec<String>, Error> {
    let select = format!("SELECT views FROM {TABLE}");
    let rows = link.client.query_typed(&select, &[]).await?;
    let list = |text: &str| serde_json::from_str::<Vec<String>>(text).unwrap_or_default();
    Ok(rows.iter().flat_map(|row| list(row.get(0))).collect())
}

async fn apply_one(
    link: &Link,
    migration: Migration,
    now_ms: i64,
    views: &mut Vec<String>,
) -> Result<Applied, MigrationFault> {
    let made = run(link, &migration, views).await?;
    let made = serde_json::Value::from(made).to_string();
    let applied = Applied {
        digest: migration::digest(&migration.sql),
        name: migration.name,
        applied_ms: now_ms,
    };
    let insert = format!("INSERT INTO {TABLE} (name, digest, applied_ms, views) VALUES ($1, $2, $3, $4)");
    let row: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
        (&applied.name, Type::TEXT),
        (&applied.digest, Type::TEXT),
        (&applied.applied_ms, Type::INT8),
        (&made, Type::TEXT),
    ];
    let kept = link.client.execute_typed(&insert, &row).await;
    kept.map_err(|error| failed(&error))?;
    Ok(applied)
}

/// Statement by statement; answers the views that were made.
async fn run(link: &Link, migration: &Migration, views: &mut Vec<String>) -> Result<Vec<String>, MigrationFault> {
    let refused = |statement, problem| MigrationFault::Refused {
        name: migration.name.clone(),
        statement,
        problem,
    };
    let parts = read_migration(&migration.sql, views).map_err(|(number, error)| refused(number, error.message))?;
    let mut made = Vec::new();
    for (number, Part { sql, view }) in (1..).zip(parts) {
        made.extend(view);
        // By the protocol that takes one statement, whatever the reader made of the text.
        if let Err(error) = link.client.execute_typed(sql, &[]).await {
            return Err(match error::of(&error, sql, STATEMENT_TIME) {
                problem if error.as_db_error().is_some() => refused(number, problem.message),
                problem => problem.into(),
            });
        }
    }
    Ok(made)
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
