//! What a scope's tables are like, as its admins see them, and a part of the rows of a statement that only reads.

use aerocall_runtime::host::Rows;

/// Tables and views that are listed; nobody looks through more.
pub(super) const MAX_TABLES: usize = 1_000;

/// Rows of a statement, as many as it may answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Part {
    pub(crate) rows: Rows,
    /// Whether there are more.
    pub(crate) is_cut: bool,
}

/// What a statement does with rows, or bytes, beyond those that it may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    Refuse,
    Cut,
}

/// A table or a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) kind: TableKind,
    /// About how many rows; `None` where that cannot be told in a moment.
    pub(crate) rows: Option<u64>,
    /// With its indexes; `None` where that cannot be told in a moment.
    pub(crate) bytes: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableKind {
    Table,
    View,
}

/// A table in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableShape {
    pub(crate) table: Table,
    pub(crate) columns: Vec<Column>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) references: Vec<Reference>,
    pub(crate) dialect: Dialect,
    /// Whether its rows have ids of their own beside the key (`rowid` of SQLite).
    pub(crate) has_row_ids: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// As the database says it; may be empty in SQLite.
    pub(crate) declared: String,
    pub(crate) is_nullable: bool,
    pub(crate) default: Option<String>,
    /// Its place in the primary key, from 1.
    pub(crate) key: Option<u32>,
    /// Whether its values can be read as they are, or only as text.
    pub(crate) is_read_as_text: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) is_unique: bool,
    /// An expression has no name.
    pub(crate) columns: Vec<Option<String>>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) columns: Vec<String>,
    pub(crate) table: String,
    /// Of that table; empty in SQLite where the key does not name them.
    pub(crate) target: Vec<String>,
    /// What becomes of the row when the other one is deleted.
    pub(crate) on_delete: String,
}

/// Whose SQL it is, where the two differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl TableShape {
    /// The columns of the primary key, in its order.
    pub(crate) fn key(&self) -> Vec<&Column> {
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key.is_some()).collect();
        key.sort_by_key(|column| column.key);
        key
    }
}

/// A name as a statement has it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
