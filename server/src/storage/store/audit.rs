//! The audit log. Lines are added and, when they are old, forgotten; the database refuses to change one.

use diesel::{IntoSql as _, sql_types::Bool};

use super::{AFTER_ALL_IDS, StoreError, Tx, query::prelude::*, schema::audit_log};
use crate::base::ids::Scope;

/// A line to keep, and as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub(crate) struct AuditRow {
    pub(crate) id: String,
    /// `None`: of the server.
    pub(crate) project_id: Option<String>,
    /// `None`: of all of the project.
    pub(crate) environment: Option<String>,
    pub(crate) time_ms: i64,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) target: String,
    pub(crate) ip: String,
    pub(crate) request_id: String,
    /// JSON.
    pub(crate) data: String,
    /// Of an account of an admin.
    pub(crate) actor_email: Option<String>,
    /// The session or personal token that such an account used.
    pub(crate) via: Option<String>,
}

/// Which lines a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuditFilter {
    pub(crate) action: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) target: Option<String>,
    /// Only of this time or later.
    pub(crate) from_ms: Option<i64>,
    /// Only of before this time.
    pub(crate) to_ms: Option<i64>,
    /// Only older ones than this.
    pub(crate) before: Option<String>,
}

impl Tx<'_> {
    pub(crate) fn insert_audit(&mut self, row: &AuditRow) -> Result<(), StoreError> {
        diesel::insert_into(audit_log::table)
            .values((
                audit_log::id.eq(&row.id),
                audit_log::project_id.eq(&row.project_id),
                audit_log::environment.eq(&row.environment),
                audit_log::time_ms.eq(row.time_ms),
                audit_log::actor.eq(&row.actor),
                audit_log::action.eq(&row.action),
                audit_log::target.eq(&row.target),
                audit_log::ip.eq(&row.ip),
                audit_log::request_id.eq(&row.request_id),
                audit_log::data.eq(&row.data),
                audit_log::actor_email.eq(&row.actor_email),
                audit_log::via.eq(&row.via),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Newest first; of the whole server if no scope is named.
    pub(crate) fn audit(
        &mut self,
        scope: Option<&Scope>,
        filter: &AuditFilter,
        most: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let (action, actor, target) = (
            filter.action.as_deref(),
            filter.actor.as_deref(),
            filter.target.as_deref(),
        );
        let (project, environment) =
            scope.map_or(("", ""), |scope| (scope.project.as_str(), scope.environment.as_str()));
        let of_scope = audit_log::project_id
            .assume_not_null()
            .eq(project)
            .and(audit_log::project_id.is_not_null())
            .and(
                audit_log::environment
                    .is_null()
                    .or(audit_log::environment.assume_not_null().eq(environment)),
            );
        Ok(audit_log::table
            .filter(any(scope.is_none()).or(of_scope))
            .filter(any(action.is_none()).or(audit_log::action.eq(action.unwrap_or_default())))
            .filter(any(actor.is_none()).or(audit_log::actor.eq(actor.unwrap_or_default())))
            .filter(any(target.is_none()).or(audit_log::target.eq(target.unwrap_or_default())))
            .filter(audit_log::time_ms.ge(filter.from_ms.unwrap_or(i64::MIN)))
            .filter(audit_log::time_ms.lt(filter.to_ms.unwrap_or(i64::MAX)))
            .filter(audit_log::id.lt(filter.before.as_deref().unwrap_or(AFTER_ALL_IDS)))
            .order(audit_log::id.desc())
            .limit(most)
            .select(AuditRow::columns())
            .load(self)?)
    }

    /// Deletes entries of the audit log from before then, at most so many.
    pub(crate) fn delete_old_audit(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let old = audit_log::table.filter(audit_log::time_ms.lt(before_ms));
        let ids: Vec<String> = old.select(audit_log::id).limit(max_rows).lock_free().load(self)?;
        Ok(diesel::delete(audit_log::table.filter(audit_log::id.eq_any(ids))).execute(self)?)
    }
}
