//! Records of calls, kept for a time.

use diesel::{IntoSql as _, dsl::count_star, sql_types::Bool};

use super::{StoreError, Tx, query::prelude::*, schema::invocations};
use crate::base::ids::Scope;

/// The record of a call, to keep and as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invocations)]
pub(crate) struct InvocationRow {
    pub(crate) id: String,
    pub(crate) request_id: String,
    pub(crate) hook: String,
    pub(crate) point: String,
    pub(crate) version_number: i32,
    pub(crate) digest: String,
    pub(crate) outcome: String,
    /// JSON: see `records`.
    pub(crate) record: String,
    /// Sealed.
    pub(crate) seed: Vec<u8>,
    pub(crate) duration_us: i64,
    pub(crate) fuel: i64,
    pub(crate) memory_peak_bytes: i64,
    pub(crate) created_ms: i64,
    /// `live`, `canary` or `shadow`.
    pub(crate) mode: String,
}

/// Which records a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct InvocationFilter {
    pub(crate) hook: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) mode: Option<String>,
    pub(crate) page: Page,
}

/// Which part of a list, by id: ids sort by the time they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    /// The newest, newest first.
    #[default]
    Newest,
    /// Older than this one, newest first.
    Before(String),
    /// Newer than this one, oldest first.
    After(String),
}

impl Tx<'_> {
    pub(crate) fn insert_invocation(&mut self, scope: &Scope, row: &InvocationRow) -> Result<(), StoreError> {
        diesel::insert_into(invocations::table)
            .values((
                invocations::id.eq(&row.id),
                invocations::project_id.eq(scope.project.as_str()),
                invocations::environment.eq(scope.environment.as_str()),
                invocations::request_id.eq(&row.request_id),
                invocations::hook.eq(&row.hook),
                invocations::point.eq(&row.point),
                invocations::version_number.eq(row.version_number),
                invocations::digest.eq(&row.digest),
                (
                    invocations::outcome.eq(&row.outcome),
                    invocations::record.eq(&row.record),
                    invocations::seed.eq(&row.seed),
                    invocations::duration_us.eq(row.duration_us),
                    invocations::fuel.eq(row.fuel),
                    invocations::memory_peak_bytes.eq(row.memory_peak_bytes),
                    invocations::created_ms.eq(row.created_ms),
                    invocations::mode.eq(&row.mode),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn invocation(&mut self, scope: &Scope, id: &str) -> Result<Option<InvocationRow>, StoreError> {
        Ok(invocations::table
            .filter(invocations::project_id.eq(scope.project.as_str()))
            .filter(invocations::environment.eq(scope.environment.as_str()))
            .filter(invocations::id.eq(id))
            .select(InvocationRow::columns())
            .first(self)
            .optional()?)
    }

    /// When the oldest that is kept was made.
    pub(crate) fn oldest_invocation_ms(&mut self, scope: &Scope) -> Result<Option<i64>, StoreError> {
        Ok(invocations::table
            .filter(invocations::project_id.eq(scope.project.as_str()))
            .filter(invocations::environment.eq(scope.environment.as_str()))
            .order(invocations::id)
            .select(invocations::created_ms)
            .first(self)
            .optional()?)
    }

    /// The id of the oldest that is kept.
    pub(crate) fn oldest_invocation(&mut self, scope: &Scope) -> Result<Option<String>, StoreError> {
        Ok(invocations::table
            .filter(invocations::project_id.eq(scope.project.as_str()))
            .filter(invocations::environment.eq(scope.environment.as_str()))
            .order(invocations::id)
            .select(invocations::id)
            .first(self)
            .optional()?)
    }

    pub(crate) fn invocations(
        &mut self,
        scope: &Scope,
        filter: &InvocationFilter,
        most: i64,
    ) -> Result<Vec<InvocationRow>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (hook, outcome, request_id, mode) = (
            filter.hook.as_deref(),
            filter.outcome.as_deref(),
            filter.request_id.as_deref(),
            filter.mode.as_deref(),
        );
        let found = invocations::table
            .filter(invocations::project_id.eq(scope.project.as_str()))
            .filter(invocations::environment.eq(scope.environment.as_str()))
            .filter(any(hook.is_none()).or(invocations::hook.eq(hook.unwrap_or_default())))
            .filter(any(outcome.is_none()).or(invocations::outcome.eq(outcome.unwrap_or_default())))
            .filter(any(request_id.is_none()).or(invocations::request_id.eq(request_id.unwrap_or_default())))
            .filter(any(mode.is_none()).or(invocations::mode.eq(mode.unwrap_or_default())))
            .limit(most)
            .select(InvocationRow::columns());
        let rows = match &filter.page {
            Page::Newest => found.order(invocations::id.desc()).load(self),
            Page::Before(id) => found
                .filter(invocations::id.lt(id))
                .order(invocations::id.desc())
                .load(self),
            Page::After(id) => found.filter(invocations::id.gt(id)).order(invocations::id).load(self),
        };
        Ok(rows?)
    }

    /// Deletes invocations from before then, and of each project the oldest beyond its share; at most so many.
    pub(crate) fn delete_old_invocations(
        &mut self,
        before_ms: i64,
        max_per_project: i64,
        max_rows: i64,
    ) -> Result<usize, StoreError> {
        let old = invocations::table
            .filter(invocations::created_ms.lt(before_ms))
            .select(invocations::id)
            .limit(max_rows);
        let mut ids: Vec<String> = old.lock_free().load(self)?;
        if ids.is_empty() {
            ids = self.invocations_beyond(max_per_project, max_rows)?;
        }
        Ok(diesel::delete(invocations::table.filter(invocations::id.eq_any(ids))).execute(self)?)
    }

    /// The oldest of the first project that has more than its share.
    fn invocations_beyond(&mut self, max_per_project: i64, max_rows: i64) -> Result<Vec<String>, StoreError> {
        let counts: Vec<(String, i64)> = invocations::table
            .group_by(invocations::project_id)
            .select((invocations::project_id, count_star()))
            .load(self)?;
        let Some((project, count)) = counts.into_iter().find(|(_, count)| *count > max_per_project) else {
            return Ok(Vec::new());
        };
        let oldest = invocations::table
            .filter(invocations::project_id.eq(project))
            .order((invocations::created_ms.asc(), invocations::id.asc()))
            .select(invocations::id)
            .limit(max_rows.min(count - max_per_project));
        Ok(oldest.lock_free().load(self)?)
    }
}
