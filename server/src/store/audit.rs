//! The audit log: rows are written once, read, and forgotten when they are old. The database refuses to change one.

use diesel::{IntoSql as _, sql_types::Bool};

use super::{AFTER_ALL_IDS, StoreError, Tx, query::prelude::*, schema::audit_log};
use crate::ids::Scope;

/// A row to keep, and as kept.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_log)]
pub(crate) struct AuditRow {
    pub(crate) id: String,
    /// `None`: of the server.
    pub(crate) project_id: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) time_ms: i64,
    pub(crate) actor: String,
    pub(crate) action: String,
    /// What it was done to.
    pub(crate) target: String,
    pub(crate) ip: String,
    pub(crate) request_id: String,
    /// JSON.
    pub(crate) data: String,
}

/// Which rows a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuditFilter {
    pub(crate) action: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) target: Option<String>,
    /// Older than this one.
    pub(crate) before: Option<String>,
}

/// The rows of a filter, newest first.
macro_rules! filtered {
    ($rows:expr, $filter:expr, $most:expr) => {{
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (action, actor, target) = ($filter.action, $filter.actor, $filter.target);
        $rows
            .filter(any(action.is_none()).or(audit_log::action.eq(action.unwrap_or_default())))
            .filter(any(actor.is_none()).or(audit_log::actor.eq(actor.unwrap_or_default())))
            .filter(any(target.is_none()).or(audit_log::target.eq(target.unwrap_or_default())))
            .filter(audit_log::id.lt($filter.before.unwrap_or_else(|| AFTER_ALL_IDS.to_owned())))
            .order(audit_log::id.desc())
            .limit($most)
            .select(AuditRow::columns())
    }};
}

impl Tx<'_> {
    pub(crate) fn insert_audit(&mut self, row: &AuditRow) -> Result<(), StoreError> {
        diesel::insert_into(audit_log::table).values(row).execute(self)?;
        Ok(())
    }

    /// Of one environment, and of its project as a whole.
    pub(crate) fn audit_of(
        &mut self,
        scope: &Scope,
        filter: AuditFilter,
        most: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let rows = audit_log::table
            .filter(audit_log::project_id.eq(scope.project.as_str()))
            .filter(
                audit_log::environment
                    .is_null()
                    .or(audit_log::environment.assume_not_null().eq(scope.environment.as_str())),
            );
        Ok(filtered!(rows, filter, most).load(self)?)
    }

    /// Of the server and all projects.
    pub(crate) fn audit(&mut self, filter: AuditFilter, most: i64) -> Result<Vec<AuditRow>, StoreError> {
        Ok(filtered!(audit_log::table, filter, most).load(self)?)
    }

    /// Forgets rows from before then. How many.
    pub(crate) fn forget_audit(&mut self, before_ms: i64) -> Result<usize, StoreError> {
        let old = audit_log::table.filter(audit_log::time_ms.lt(before_ms));
        Ok(diesel::delete(old).execute(self)?)
    }
}
