//! How a query reaches the database that there is. Each is written once, in diesel's DSL, and the compiler checks it for
//! both: what only one of them understands does not build.

use diesel::{
    QueryResult, Selectable, SqliteConnection,
    dsl::Limit,
    query_dsl::methods::{ExecuteDsl, LimitDsl, LoadQuery},
    sqlite::Sqlite,
};

use super::{Tx, pool::Connection, postgres::PostgresConnection};

/// What query files import instead of diesel's own prelude: the same without its `RunQueryDsl`.
pub(super) mod prelude {
    pub(in crate::storage::store) use diesel::{
        AsChangeset, BoolExpressionMethods as _, ExpressionMethods as _, NullableExpressionMethods as _,
        OptionalExtension as _, QueryDsl as _, Queryable, Selectable,
    };

    pub(in crate::storage::store) use super::{super::locks::Lock as _, Columns as _, Query as _};
}

/// The columns of a row type, in the order of its fields. Diesel's own `as_select` is of one database.
pub(super) trait Columns: Selectable<Sqlite> {
    fn columns() -> Self::SelectExpression {
        Self::construct_selection()
    }
}

impl<T: Selectable<Sqlite>> Columns for T {}

/// Runs a query in a transaction, whichever database it is of.
pub(super) trait Query: Sized {
    /// Rows changed.
    fn execute(self, tx: &mut Tx<'_>) -> QueryResult<usize>
    where
        Self: ExecuteDsl<SqliteConnection> + ExecuteDsl<PostgresConnection>,
    {
        match &mut tx.connection {
            Connection::Sqlite(connection) => ExecuteDsl::execute(self, *connection),
            Connection::Postgres(connection) => ExecuteDsl::execute(self, *connection),
        }
    }

    /// Every row.
    fn load<'q, U>(self, tx: &mut Tx<'_>) -> QueryResult<Vec<U>>
    where
        Self: LoadQuery<'q, SqliteConnection, U> + LoadQuery<'q, PostgresConnection, U>,
    {
        match &mut tx.connection {
            Connection::Sqlite(connection) => self.internal_load(*connection)?.collect(),
            Connection::Postgres(connection) => self.internal_load(*connection)?.collect(),
        }
    }

    /// The one row that there is; [`diesel::result::Error::NotFound`] if there is none.
    fn get_result<'q, U>(self, tx: &mut Tx<'_>) -> QueryResult<U>
    where
        Self: LoadQuery<'q, SqliteConnection, U> + LoadQuery<'q, PostgresConnection, U>,
    {
        let rows = Query::load(self, tx)?;
        rows.into_iter().next().ok_or(diesel::result::Error::NotFound)
    }

    /// The first row; [`diesel::result::Error::NotFound`] if there is none.
    fn first<'q, U>(self, tx: &mut Tx<'_>) -> QueryResult<U>
    where
        Self: LimitDsl,
        Limit<Self>: LoadQuery<'q, SqliteConnection, U> + LoadQuery<'q, PostgresConnection, U>,
    {
        Query::get_result(LimitDsl::limit(self, 1), tx)
    }
}

impl<T> Query for T {}
