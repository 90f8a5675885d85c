//! Rows are locked before they are changed. PostgreSQL locks the rows of a statement in the order in which its plan finds them,
//! so two transactions that change the same rows can wait for each other: one of them loses (a deadlock). So whatever changes
//! several rows selects them first, in one of two ways:
//!
//! - [`Lock::lock_free`]: the rows that nobody else has. Claims and expired rows: what somebody else works on is his. Nothing
//!   is waited for, so the order does not matter.
//! - [`Lock::lock_in_order`]: all of them, in the order of the query, which is the one of their keys.
//!
//! SQLite has one writer at a time and needs neither.

use std::marker::PhantomData;

use diesel::{
    QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sqlite::Sqlite,
};

#[cfg(test)]
use super::planted::Bug;

/// How a select locks its rows.
pub(super) trait Clause {
    const SQL: &'static str;
}

/// Those that can be had at once, to be changed or deleted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Free;

/// All, one after another, to be changed. Rows of other tables may go on to refer to them.
#[derive(Clone, Copy, Debug)]
pub(super) struct InOrder;

impl Clause for Free {
    const SQL: &'static str = " FOR UPDATE SKIP LOCKED";
}

impl Clause for InOrder {
    const SQL: &'static str = " FOR NO KEY UPDATE";
}

/// A select that locks its rows until the transaction ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Locked<Q, C> {
    rows: Q,
    clause: PhantomData<C>,
}

/// For selects of one table.
pub(super) trait Lock: Sized {
    /// The rows that nobody else has locked.
    fn lock_free(self) -> Locked<Self, Free> {
        Locked {
            rows: self,
            clause: PhantomData,
        }
    }

    /// All rows, those that others have as well once they are done. The query is ordered by the key of the table.
    fn lock_in_order(self) -> Locked<Self, InOrder> {
        Locked {
            rows: self,
            clause: PhantomData,
        }
    }
}

impl<Q: Query> Lock for Q {}

impl<Q: Query, C> Query for Locked<Q, C> {
    type SqlType = Q::SqlType;
}

impl<Q: QueryId, C: 'static> QueryId for Locked<Q, C> {
    type QueryId = Locked<Q::QueryId, C>;

    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q, C, Connection> RunQueryDsl<Connection> for Locked<Q, C> {}

impl<Q: QueryFragment<Pg>, C: Clause> QueryFragment<Pg> for Locked<Q, C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.rows.walk_ast(out.reborrow())?;
        #[cfg(test)]
        if Bug::RowsNotLocked.is_planted() {
            return Ok(());
        }
        out.push_sql(C::SQL);
        Ok(())
    }
}

impl<Q: QueryFragment<Sqlite>, C> QueryFragment<Sqlite> for Locked<Q, C> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.rows.walk_ast(out)
    }
}
