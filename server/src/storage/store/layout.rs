//! The columns of the tables, as SQLite has them: for what is made of all columns of a table, so that none is forgotten.

use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::Text};

use super::{StoreError, Tx, pool::Connection};

/// All columns, table by table.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout(pub(super) Vec<Column>);

/// A column of a table.
#[derive(Clone, Debug, QueryableByName)]
pub(super) struct Column {
    #[diesel(sql_type = Text)]
    pub(super) relation: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    /// In upper case: `TEXT`, `INTEGER`, `BLOB`.
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
}

impl Layout {
    pub(super) fn read(tx: &mut Tx<'_>) -> Result<Self, StoreError> {
        const SQL: &str = "SELECT t.name AS relation, c.name AS name, upper(c.type) AS kind \
                           FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid";
        let Connection::Sqlite(connection) = &mut tx.connection else {
            return Err(StoreError::Inconsistent("a store of its own is a file"));
        };
        Ok(Self(sql_query(SQL).load(*connection)?))
    }

    pub(super) fn of<'l>(&'l self, table: &'l str) -> impl Iterator<Item = &'l Column> {
        self.0.iter().filter(move |column| column.relation == table)
    }

    /// Where the column is among those of its table.
    pub(super) fn position(&self, table: &str, column: &str) -> usize {
        self.of(table)
            .position(|known| known.name == column)
            .unwrap_or(usize::MAX)
    }
}
