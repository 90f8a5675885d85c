//! The project's own database as its admins see it: what tables there are, their rows page by page, and statements that
//! only read. Rows go past the same checks as those of hooks, within budgets of their own.

mod cell;
mod cursor;
mod get_table;
mod list_rows;
mod list_tables;
mod query;
mod select;

use std::time::Duration;

use aerocall_api_types::{DatabaseTable, DatabaseTableKind};
use aerocall_contract::errors;
use aerocall_runtime::host::{ErrorCode, SdkError};

use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::Scope,
    },
    storage::tenant::{Part, Statement, Table, TableKind, TableShape},
};

pub(crate) use get_table::GetDatabaseTable;
pub(crate) use list_rows::ListTableRows;
pub(crate) use list_tables::ListDatabaseTables;
pub(crate) use query::QueryDatabase;

/// What a statement may answer, as it is kept in memory.
const MAX_BYTES: u64 = 2 << 20;

/// How long a statement may run.
const TIME: Duration = Duration::from_secs(5);

/// Runs a statement that only reads, one at a time.
async fn look(app: &App, scope: &Scope, statement: Statement) -> Result<Part> {
    let busy = || Refusal::busy("Another statement is running in this environment; try again when it has ended");
    let _turn = app.queries.permit(scope).ok_or_else(busy)?;
    let mut session = app.hooks.platform.tenants.session(scope).await.map_err(refused)?;
    session.look(statement).await.map_err(refused)
}

async fn shape(app: &App, scope: &Scope, name: &str) -> Result<TableShape> {
    let shape = app.hooks.platform.tenants.table(scope, name).await.map_err(refused)?;
    Ok(shape.ok_or_else(Refusal::not_found)?)
}

/// What the database says, to whoever wrote the statement.
fn refused(error: SdkError) -> Error {
    let message = error.message.strip_prefix("db: ").unwrap_or(&error.message).to_owned();
    match error.code {
        ErrorCode::Internal => Error::unexpected("asking a project's database", error),
        ErrorCode::BackendUnavailable => Refusal::busy("The project's database is not available right now").into(),
        _ => Refusal::new(errors::QUERY_REFUSED, message).into(),
    }
}

fn document(table: Table) -> DatabaseTable {
    DatabaseTable {
        name: table.name,
        kind: match table.kind {
            TableKind::Table => DatabaseTableKind::Table,
            TableKind::View => DatabaseTableKind::View,
        },
        rows: table.rows,
        bytes: table.bytes,
    }
}
