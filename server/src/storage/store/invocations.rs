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
    /// The user that it was about.
    pub(crate) user_id: Option<String>,
}

/// Which records are meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct InvocationFilter {
    pub(crate) hook: Option<String>,
    /// The hook point, event, queue or schedule.
    pub(crate) point: Option<String>,
    /// Number of the version.
    pub(crate) version: Option<i32>,
    pub(crate) outcome: Option<Outcomes>,
    pub(crate) request_id: Option<String>,
    pub(crate) mode: Option<String>,
    /// None of a shadow, whose replies never count.
    pub(crate) counted_only: bool,
    /// Id of a user.
    pub(crate) user: Option<String>,
    /// Those that were recorded at this time or later.
    pub(crate) from_ms: Option<i64>,
    /// Those that were recorded before this time.
    pub(crate) to_ms: Option<i64>,
    pub(crate) min_duration_us: Option<i64>,
}

/// Which outcomes are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcomes {
    /// This one.
    Only(String),
    /// All that are no decision.
    Failures,
}

/// What a record says in numbers, without the record itself.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invocations)]
pub(crate) struct MeasuredRow {
    pub(crate) id: String,
    pub(crate) hook: String,
    pub(crate) point: String,
    pub(crate) version_number: i32,
    pub(crate) outcome: String,
    pub(crate) duration_us: i64,
    pub(crate) created_ms: i64,
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

/// What hooks decide; every other outcome is the code of a failure.
pub(crate) const DECISIONS: [&str; 3] = ["allow", "patch", "deny"];

/// The records that a filter leaves of a scope. Everything that it names is in one index.
macro_rules! sought {
    ($scope:expr, $filter:expr) => {{
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (only, fails) = match &$filter.outcome {
            None => (None, false),
            Some(Outcomes::Only(outcome)) => (Some(outcome.as_str()), false),
            Some(Outcomes::Failures) => (None, true),
        };
        let text = |wanted: &Option<String>| wanted.clone().unwrap_or_default();
        let [allow, patch, deny] = DECISIONS;
        let is_failure = invocations::outcome
            .ne(allow)
            .and(invocations::outcome.ne(patch))
            .and(invocations::outcome.ne(deny));
        invocations::table
            .filter(invocations::project_id.eq($scope.project.as_str()))
            .filter(invocations::environment.eq($scope.environment.as_str()))
            .filter(any($filter.hook.is_none()).or(invocations::hook.eq(text(&$filter.hook))))
            .filter(any($filter.point.is_none()).or(invocations::point.eq(text(&$filter.point))))
            .filter(
                any($filter.version.is_none()).or(invocations::version_number.eq($filter.version.unwrap_or_default())),
            )
            .filter(any(only.is_none()).or(invocations::outcome.eq(only.unwrap_or_default())))
            .filter(any(!fails).or(is_failure))
            .filter(any(!$filter.counted_only).or(invocations::mode.ne("shadow")))
            .filter(any($filter.mode.is_none()).or(invocations::mode.eq(text(&$filter.mode))))
            .filter(any($filter.request_id.is_none()).or(invocations::request_id.eq(text(&$filter.request_id))))
            .filter(any($filter.user.is_none()).or(invocations::user_id.assume_not_null().eq(text(&$filter.user))))
            .filter(invocations::created_ms.ge($filter.from_ms.unwrap_or(i64::MIN)))
            .filter(invocations::created_ms.lt($filter.to_ms.unwrap_or(i64::MAX)))
            .filter(invocations::duration_us.ge($filter.min_duration_us.unwrap_or(i64::MIN)))
    }};
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
                    invocations::user_id.eq(&row.user_id),
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

    /// A page of them. First which, by the index alone, and then their records.
    pub(crate) fn invocations(
        &mut self,
        scope: &Scope,
        filter: &InvocationFilter,
        page: &Page,
        most: i64,
    ) -> Result<Vec<InvocationRow>, StoreError> {
        let found = sought!(scope, filter).limit(most).select(invocations::id);
        let ids: Vec<String> = match page {
            Page::Newest => found.order(invocations::id.desc()).load(self)?,
            Page::Before(id) => found
                .filter(invocations::id.lt(id))
                .order(invocations::id.desc())
                .load(self)?,
            Page::After(id) => found.filter(invocations::id.gt(id)).order(invocations::id).load(self)?,
        };
        let mut rows = self.invocations_of(scope, &ids)?;
        rows.sort_unstable_by(|one, other| match page {
            Page::After(_) => one.id.cmp(&other.id),
            Page::Newest | Page::Before(_) => other.id.cmp(&one.id),
        });
        Ok(rows)
    }

    /// What they say in numbers, newest first.
    pub(crate) fn measured(
        &mut self,
        scope: &Scope,
        filter: &InvocationFilter,
        most: i64,
    ) -> Result<Vec<MeasuredRow>, StoreError> {
        Ok(sought!(scope, filter)
            .order(invocations::id.desc())
            .limit(most)
            .select(MeasuredRow::columns())
            .load(self)?)
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
