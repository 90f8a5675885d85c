//! `GET …/database/tables/{table}`

use aerocall_api_types::{DatabaseColumn, DatabaseIndex, DatabaseReference, DatabaseTableDetail, Permission};

use super::{document, shape};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    storage::tenant::{Column, Index, Reference, TableShape},
};

/// Shows what a table is like.
pub(crate) struct GetDatabaseTable;

impl Flow for GetDatabaseTable {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = DatabaseTableDetail;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/database/tables/{table}"), "Get a table of the database")
        .about("Columns, indexes and foreign keys.")
        .answers(
            200,
            "The table.",
            r#"{"table": {"name": "orders", "kind": "table", "rows": 1200, "bytes": 98304}, "columns": [{"name": "id", "type": "integer", "nullable": false, "default": null, "key": 1}], "indexes": [{"name": "orders_user", "unique": false, "columns": ["user_id"]}], "references": [{"columns": ["user_id"], "table": "customers", "target": ["id"], "onDelete": "cascade"}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<DatabaseTableDetail> {
        let shape = shape(app, &caller.scope, caller.part("table")?).await?;
        let TableShape {
            table,
            columns,
            indexes,
            references,
            ..
        } = shape;
        Ok(DatabaseTableDetail {
            table: document(table),
            columns: columns.into_iter().map(column).collect(),
            indexes: indexes.into_iter().map(index).collect(),
            references: references.into_iter().map(reference).collect(),
        })
    }
}

fn column(column: Column) -> DatabaseColumn {
    DatabaseColumn {
        name: column.name,
        kind: column.declared,
        nullable: column.is_nullable,
        default: column.default,
        key: column.key,
    }
}

fn index(index: Index) -> DatabaseIndex {
    DatabaseIndex {
        name: index.name,
        unique: index.is_unique,
        columns: index.columns,
    }
}

fn reference(reference: Reference) -> DatabaseReference {
    DatabaseReference {
        columns: reference.columns,
        table: reference.table,
        target: reference.target,
        on_delete: reference.on_delete,
    }
}
