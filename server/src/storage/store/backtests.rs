//! Backtests and their rows, and the recorded invocations that they are run on.

use diesel::{IntoSql as _, sql_types::Bool};

use super::{
    InvocationRow, StoreError, Tx,
    query::prelude::*,
    schema::{backtest_rows, backtests, invocations},
};
use crate::base::ids::Scope;

/// A backtest, kept or to keep.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = backtests)]
pub(crate) struct BacktestRow {
    pub(crate) id: String,
    pub(crate) hook: String,
    pub(crate) version_number: i32,
    pub(crate) digest: String,
    /// JSON.
    pub(crate) request: String,
    /// `running`, `done`, `stopped` or `failed`.
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    pub(crate) total: i32,
    pub(crate) done: i32,
    /// JSON.
    pub(crate) figures: String,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    pub(crate) seen_ms: i64,
    pub(crate) finished_ms: Option<i64>,
}

/// One invocation of a backtest, kept or to keep.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = backtest_rows)]
pub(crate) struct BacktestRowRow {
    pub(crate) id: String,
    pub(crate) invocation_id: String,
    pub(crate) kind: String,
    pub(crate) from_decision: String,
    pub(crate) to_decision: String,
    /// JSON.
    pub(crate) document: String,
}

/// How far a backtest is.
#[derive(Clone, Debug)]
pub(crate) struct BacktestProgress {
    pub(crate) done: i32,
    /// JSON.
    pub(crate) figures: String,
    pub(crate) now_ms: i64,
    pub(crate) rows: Vec<BacktestRowRow>,
}

/// Which recorded invocations are meant, of one hook.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordedFilter {
    pub(crate) hook: String,
    pub(crate) point: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) version: Option<i32>,
    pub(crate) from_ms: Option<i64>,
    pub(crate) to_ms: Option<i64>,
}

/// Which rows of a backtest a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct BacktestRowFilter {
    pub(crate) kind: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) after: Option<String>,
}

impl Tx<'_> {
    /// The ids of the newest recorded invocations whose reply counted, newest first.
    pub(crate) fn recorded_ids(
        &mut self,
        scope: &Scope,
        filter: &RecordedFilter,
        most: i64,
    ) -> Result<Vec<String>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (point, outcome) = (filter.point.as_deref(), filter.outcome.as_deref());
        Ok(invocations::table
            .filter(invocations::project_id.eq(scope.project.as_str()))
            .filter(invocations::environment.eq(scope.environment.as_str()))
            .filter(invocations::hook.eq(&filter.hook))
            .filter(invocations::mode.ne("shadow"))
            .filter(any(point.is_none()).or(invocations::point.eq(point.unwrap_or_default())))
            .filter(any(outcome.is_none()).or(invocations::outcome.eq(outcome.unwrap_or_default())))
            .filter(
                any(filter.version.is_none()).or(invocations::version_number.eq(filter.version.unwrap_or_default())),
            )
            .filter(invocations::created_ms.ge(filter.from_ms.unwrap_or(0)))
            .filter(invocations::created_ms.lt(filter.to_ms.unwrap_or(i64::MAX)))
            .order(invocations::id.desc())
            .limit(most)
            .select(invocations::id)
            .load(self)?)
    }

    /// Those of them that are still there.
    pub(crate) fn invocations_of(&mut self, scope: &Scope, ids: &[String]) -> Result<Vec<InvocationRow>, StoreError> {
        Ok(invocations::table
            .filter(invocations::project_id.eq(scope.project.as_str()))
            .filter(invocations::environment.eq(scope.environment.as_str()))
            .filter(invocations::id.eq_any(ids))
            .select(InvocationRow::columns())
            .load(self)?)
    }

    pub(crate) fn insert_backtest(&mut self, scope: &Scope, row: &BacktestRow) -> Result<(), StoreError> {
        diesel::insert_into(backtests::table)
            .values((
                backtests::id.eq(&row.id),
                backtests::project_id.eq(scope.project.as_str()),
                backtests::environment.eq(scope.environment.as_str()),
                backtests::hook.eq(&row.hook),
                backtests::version_number.eq(row.version_number),
                backtests::digest.eq(&row.digest),
                backtests::request.eq(&row.request),
                backtests::state.eq(&row.state),
                (
                    backtests::reason.eq(&row.reason),
                    backtests::total.eq(row.total),
                    backtests::done.eq(row.done),
                    backtests::figures.eq(&row.figures),
                    backtests::created_by.eq(&row.created_by),
                    backtests::created_ms.eq(row.created_ms),
                    backtests::seen_ms.eq(row.seen_ms),
                    backtests::finished_ms.eq(row.finished_ms),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn backtest(&mut self, scope: &Scope, id: &str) -> Result<Option<BacktestRow>, StoreError> {
        Ok(backtests::table
            .filter(backtests::project_id.eq(scope.project.as_str()))
            .filter(backtests::environment.eq(scope.environment.as_str()))
            .filter(backtests::id.eq(id))
            .select(BacktestRow::columns())
            .first(self)
            .optional()?)
    }

    /// Newest first.
    pub(crate) fn backtests(&mut self, scope: &Scope) -> Result<Vec<BacktestRow>, StoreError> {
        Ok(backtests::table
            .filter(backtests::project_id.eq(scope.project.as_str()))
            .filter(backtests::environment.eq(scope.environment.as_str()))
            .order(backtests::id.desc())
            .select(BacktestRow::columns())
            .load(self)?)
    }

    /// Keeps what was run; `false`: the backtest was stopped or deleted.
    pub(crate) fn advance_backtest(
        &mut self,
        scope: &Scope,
        id: &str,
        progress: &BacktestProgress,
    ) -> Result<bool, StoreError> {
        let running = backtests::table
            .filter(backtests::project_id.eq(scope.project.as_str()))
            .filter(backtests::environment.eq(scope.environment.as_str()))
            .filter(backtests::id.eq(id))
            .filter(backtests::state.eq("running"));
        let changed = diesel::update(running)
            .set((
                backtests::done.eq(progress.done),
                backtests::figures.eq(&progress.figures),
                backtests::seen_ms.eq(progress.now_ms),
            ))
            .execute(self)?;
        if changed == 0 {
            return Ok(false);
        }
        for row in &progress.rows {
            diesel::insert_into(backtest_rows::table)
                .values((
                    backtest_rows::id.eq(&row.id),
                    backtest_rows::project_id.eq(scope.project.as_str()),
                    backtest_rows::environment.eq(scope.environment.as_str()),
                    backtest_rows::backtest_id.eq(id),
                    backtest_rows::invocation_id.eq(&row.invocation_id),
                    backtest_rows::kind.eq(&row.kind),
                    backtest_rows::from_decision.eq(&row.from_decision),
                    backtest_rows::to_decision.eq(&row.to_decision),
                    backtest_rows::document.eq(&row.document),
                ))
                .execute(self)?;
        }
        Ok(true)
    }

    /// A running one ends; whether it was running.
    pub(crate) fn end_backtest(
        &mut self,
        scope: &Scope,
        id: &str,
        state: &str,
        reason: Option<&str>,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let running = backtests::table
            .filter(backtests::project_id.eq(scope.project.as_str()))
            .filter(backtests::environment.eq(scope.environment.as_str()))
            .filter(backtests::id.eq(id))
            .filter(backtests::state.eq("running"));
        let changed = diesel::update(running)
            .set((
                backtests::state.eq(state),
                backtests::reason.eq(reason),
                backtests::finished_ms.eq(Some(now_ms)),
            ))
            .execute(self)?;
        Ok(changed > 0)
    }

    /// With its rows; whether there was one.
    pub(crate) fn delete_backtest(&mut self, scope: &Scope, id: &str) -> Result<bool, StoreError> {
        let rows = backtest_rows::table
            .filter(backtest_rows::project_id.eq(scope.project.as_str()))
            .filter(backtest_rows::environment.eq(scope.environment.as_str()))
            .filter(backtest_rows::backtest_id.eq(id));
        diesel::delete(rows).execute(self)?;
        let own = backtests::table
            .filter(backtests::project_id.eq(scope.project.as_str()))
            .filter(backtests::environment.eq(scope.environment.as_str()))
            .filter(backtests::id.eq(id));
        Ok(diesel::delete(own).execute(self)? > 0)
    }

    /// In the order in which they were run.
    pub(crate) fn backtest_rows(
        &mut self,
        scope: &Scope,
        id: &str,
        filter: &BacktestRowFilter,
        most: i64,
    ) -> Result<Vec<BacktestRowRow>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (kind, from, to) = (filter.kind.as_deref(), filter.from.as_deref(), filter.to.as_deref());
        Ok(backtest_rows::table
            .filter(backtest_rows::project_id.eq(scope.project.as_str()))
            .filter(backtest_rows::environment.eq(scope.environment.as_str()))
            .filter(backtest_rows::backtest_id.eq(id))
            .filter(any(kind.is_none()).or(backtest_rows::kind.eq(kind.unwrap_or_default())))
            .filter(any(from.is_none()).or(backtest_rows::from_decision.eq(from.unwrap_or_default())))
            .filter(any(to.is_none()).or(backtest_rows::to_decision.eq(to.unwrap_or_default())))
            .filter(backtest_rows::id.gt(filter.after.as_deref().unwrap_or_default()))
            .order(backtest_rows::id)
            .limit(most)
            .select(BacktestRowRow::columns())
            .load(self)?)
    }

    /// Deletes the rows of backtests from before then, then the backtests; at most so many at a time.
    pub(crate) fn delete_old_backtests(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let old = backtests::table
            .filter(backtests::created_ms.lt(before_ms))
            .select(backtests::id)
            .limit(max_rows);
        // One that somebody else deletes is his, with its rows.
        let ids: Vec<String> = old.lock_free().load(self)?;
        let rows: Vec<String> = backtest_rows::table
            .filter(backtest_rows::backtest_id.eq_any(&ids))
            .select(backtest_rows::id)
            .limit(max_rows)
            .lock_free()
            .load(self)?;
        if !rows.is_empty() {
            return Ok(diesel::delete(backtest_rows::table.filter(backtest_rows::id.eq_any(rows))).execute(self)?);
        }
        Ok(diesel::delete(backtests::table.filter(backtests::id.eq_any(ids))).execute(self)?)
    }
}
