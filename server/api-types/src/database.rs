//! The project's own database, as its admins see it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A table or a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseTable {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DatabaseTableKind,
    /// About how many rows it has; `null` for a view.
    pub rows: Option<u64>,
    /// About how many bytes it takes with its indexes; `null` for a view, or if it takes long to measure.
    pub bytes: Option<u64>,
}

/// A table or a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseTableKind {
    /// Has rows of its own.
    Table,
    /// Shows rows of tables.
    View,
}

/// The tables and views of the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseTableList {
    /// By name, at most 1,000.
    pub tables: Vec<DatabaseTable>,
}

/// A table with its columns, indexes and foreign keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseTableDetail {
    /// The table.
    pub table: DatabaseTable,
    /// In their order.
    pub columns: Vec<DatabaseColumn>,
    /// By name, that of the primary key included where the database has one.
    pub indexes: Vec<DatabaseIndex>,
    /// Its foreign keys.
    pub references: Vec<DatabaseReference>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseColumn {
    /// Its name.
    pub name: String,
    /// Its type as the database says it; may be empty in SQLite.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it can be `NULL`.
    pub nullable: bool,
    /// The expression for what is left out; `null` if there is none.
    pub default: Option<String>,
    /// Its place in the primary key, from 1; `null` if it is no part of it.
    pub key: Option<u32>,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseIndex {
    /// Its name.
    pub name: String,
    /// Whether no two rows have the same values.
    pub unique: bool,
    /// The columns in their order; `null` for an expression.
    pub columns: Vec<Option<String>>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseReference {
    /// The columns that refer to another row.
    pub columns: Vec<String>,
    /// The table of that row.
    pub table: String,
    /// The columns there; empty if the key does not name them, which means the primary key.
    pub target: Vec<String>,
    /// What becomes of the row when the other one is deleted: `no action`, `restrict`, `cascade`, `set null` or `set default`.
    pub on_delete: String,
}

/// A page of the rows of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseRows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// A value for each column: `null`, a boolean, a number or a text; or an object with one member, `integer` (beyond 2^53, as
    /// text), `real` (no number in JSON, as text), `blob` (base64) or `json` (a JSON document).
    pub rows: Vec<Vec<Value>>,
    /// Send it as `after` to get the next page; `null` on the last page.
    pub next: Option<String>,
    /// How long the statement took, in milliseconds.
    pub duration_ms: u64,
}

/// What a statement answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseQueryResult {
    /// Names of the columns; on PostgreSQL empty if there are no rows.
    pub columns: Vec<String>,
    /// A value for each column: `null`, a boolean, a number or a text; or an object with one member, `integer` (beyond 2^53, as
    /// text), `real` (no number in JSON, as text), `blob` (base64) or `json` (a JSON document).
    pub rows: Vec<Vec<Value>>,
    /// Whether there are more rows than these.
    pub truncated: bool,
    /// How long the statement took, in milliseconds.
    pub duration_ms: u64,
}
