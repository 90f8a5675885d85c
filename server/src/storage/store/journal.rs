//! What changes in a store of its own, row by row and in order: kept by triggers of every table, so that no change is missed,
//! whoever makes it. Secrets are not part of it.

use diesel::{
    QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{Nullable, Text},
};
use serde_json::Value;

use super::{
    StoreError, Tx,
    layout::{Column, Layout},
    pool::Connection,
};

/// Tables that are about the server itself.
const UNWATCHED: &[&str] = &[
    "__diesel_schema_migrations",
    "installation",
    "heartbeat",
    "changes",
    "invocations",
    "outbox_sequence",
];
/// Columns whose values are secrets, or lead to them.
const SECRET: &[&str] = &["password_hash", "hash", "parent_hash", "lookup", "proof"];
const SECRET_IN: &[(&str, &str)] = &[("one_time_tokens", "data")];

/// A row that changed.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) table: String,
    /// `insert`, `update` or `delete`.
    pub(crate) operation: String,
    /// By column; of an update and a deletion.
    pub(crate) before: Option<Value>,
    /// Of an insertion and an update.
    pub(crate) after: Option<Value>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    operation: String,
    #[diesel(sql_type = Nullable<Text>)]
    before: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    after: Option<String>,
}

/// Makes the journal of a store that has no rows. Nothing is kept until [`go_on`].
pub(super) fn begin(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let columns = Layout::read(tx)?.0;
    tx.run(
        "CREATE TABLE journal_state (is_kept INTEGER NOT NULL);
         INSERT INTO journal_state VALUES (0);
         CREATE TABLE journal (
             seq INTEGER PRIMARY KEY, relation TEXT NOT NULL, operation TEXT NOT NULL, before TEXT, after TEXT
         );",
    )?;
    for table in columns.chunk_by(|one, next| one.relation == next.relation) {
        let name = &table[0].relation;
        if UNWATCHED.contains(&name.as_str()) {
            continue;
        }
        let (old, new) = (row(table, "OLD"), row(table, "NEW"));
        for (operation, before, after) in [
            ("insert", "NULL", new.as_str()),
            ("update", old.as_str(), new.as_str()),
            ("delete", old.as_str(), "NULL"),
        ] {
            tx.run(&format!(
                "CREATE TRIGGER journal_{operation}_{name} AFTER {operation} ON {name}
                 WHEN (SELECT is_kept FROM journal_state) BEGIN
                     INSERT INTO journal (relation, operation, before, after)
                     VALUES ('{name}', '{operation}', {before}, {after});
                 END"
            ))?;
        }
    }
    Ok(())
}

/// What follows in the transaction is no change.
pub(super) fn pause(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.run("UPDATE journal_state SET is_kept = 0")
}

/// From here on everything is kept.
pub(super) fn go_on(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.run("UPDATE journal_state SET is_kept = 1")
}

impl Tx<'_> {
    /// What has changed in a store of its own, in order.
    pub(crate) fn journal(&mut self, most: usize) -> Result<Vec<Change>, StoreError> {
        let Connection::Sqlite(connection) = &mut self.connection else {
            return Err(StoreError::Inconsistent("a store of its own is a file"));
        };
        let sql = format!("SELECT relation, operation, before, after FROM journal ORDER BY seq LIMIT {most}");
        let rows: Vec<Row> = sql_query(sql).load(*connection)?;
        let parsed = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        let change = |row: Row| Change {
            table: row.relation,
            operation: row.operation,
            before: parsed(row.before),
            after: parsed(row.after),
        };
        Ok(rows.into_iter().map(change).collect())
    }
}

/// An expression for a row as a JSON object.
fn row(columns: &[Column], of: &str) -> String {
    let is_secret = |column: &Column| {
        column.kind == "BLOB"
            || SECRET.contains(&column.name.as_str())
            || SECRET_IN.contains(&(column.relation.as_str(), column.name.as_str()))
    };
    let member = |column: &Column| match is_secret(column) {
        true => format!(
            "'{0}', CASE WHEN {of}.{0} IS NULL THEN NULL ELSE '[secret]' END",
            column.name
        ),
        false => format!("'{0}', {of}.{0}", column.name),
    };
    let members: Vec<String> = columns.iter().map(member).collect();
    format!("json_object({})", members.join(", "))
}
