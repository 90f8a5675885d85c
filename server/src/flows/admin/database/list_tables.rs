//! `GET …/database/tables`

use aerocall_api_types::{DatabaseTableList, Permission};

use super::{document, refused};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the tables of the project's own database.
pub(crate) struct ListDatabaseTables;

impl Flow for ListDatabaseTables {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = DatabaseTableList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/database/tables"), "List the tables of the database")
        .about("The tables and views that the migrations of the environment made, at most 1,000. Numbers of rows and sizes are estimates.")
        .answers(
            200,
            "The tables, by name.",
            r#"{"tables": [{"name": "orders", "kind": "table", "rows": 1200, "bytes": 98304}, {"name": "totals", "kind": "view", "rows": null, "bytes": null}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<DatabaseTableList> {
        let tables = app
            .hooks
            .platform
            .tenants
            .tables(&caller.scope)
            .await
            .map_err(refused)?;
        Ok(DatabaseTableList {
            tables: tables.into_iter().map(document).collect(),
        })
    }
}
