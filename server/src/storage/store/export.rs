//! Everything that is kept about one user, for the export. No hash, no secret, no token leaves here.

use diesel::{EscapeExpressionMethods as _, TextExpressionMethods as _};

use super::{
    EventRow, StoreError, Tx,
    audit::AuditRow,
    query::prelude::*,
    schema::{audit_log, identities, mfa_factors, outbox_events, sessions},
};
use crate::base::ids::Scope;

/// More than any account has that a person uses.
const MAX: i64 = 10_000;

/// A session, whether or not it goes on.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct ExportedSession {
    pub(crate) id: String,
    pub(crate) client: String,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) provider: String,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) revoked_ms: Option<i64>,
}

/// An account at an identity provider.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = identities)]
pub(crate) struct ExportedIdentity {
    pub(crate) provider: String,
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: i64,
}

/// A second factor, without its secret.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mfa_factors)]
pub(crate) struct ExportedFactor {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
    pub(crate) state: String,
    pub(crate) created_ms: i64,
    pub(crate) verified_ms: Option<i64>,
}

impl Tx<'_> {
    pub(crate) fn exported_sessions(
        &mut self,
        scope: &Scope,
        user_id: &str,
    ) -> Result<Vec<ExportedSession>, StoreError> {
        Ok(sessions::table
            .filter(sessions::project_id.eq(scope.project.as_str()))
            .filter(sessions::environment.eq(scope.environment.as_str()))
            .filter(sessions::user_id.eq(user_id))
            .order(sessions::created_ms.desc())
            .limit(MAX)
            .select(ExportedSession::columns())
            .load(self)?)
    }

    pub(crate) fn exported_identities(
        &mut self,
        scope: &Scope,
        user_id: &str,
    ) -> Result<Vec<ExportedIdentity>, StoreError> {
        Ok(identities::table
            .filter(identities::project_id.eq(scope.project.as_str()))
            .filter(identities::environment.eq(scope.environment.as_str()))
            .filter(identities::user_id.eq(user_id))
            .limit(MAX)
            .select(ExportedIdentity::columns())
            .load(self)?)
    }

    pub(crate) fn exported_factors(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<ExportedFactor>, StoreError> {
        Ok(mfa_factors::table
            .filter(mfa_factors::project_id.eq(scope.project.as_str()))
            .filter(mfa_factors::environment.eq(scope.environment.as_str()))
            .filter(mfa_factors::user_id.eq(user_id))
            .limit(MAX)
            .select(ExportedFactor::columns())
            .load(self)?)
    }

    /// Events that the user caused or that are about them, newest first.
    pub(crate) fn exported_events(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<EventRow>, StoreError> {
        Ok(outbox_events::table
            .filter(outbox_events::project_id.eq(scope.project.as_str()))
            .filter(outbox_events::environment.eq(scope.environment.as_str()))
            .filter(
                outbox_events::actor
                    .eq(format!("user:{user_id}"))
                    .or(outbox_events::data
                        .like(format!("%\"id\":\"{}\"%", user_id.replace('_', "\\_")))
                        .escape('\\')),
            )
            .order(outbox_events::id.desc())
            .limit(MAX)
            .select(EventRow::columns())
            .load(self)?)
    }

    /// Lines of the audit log that the user caused or that are about them, newest first.
    pub(crate) fn exported_audit(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<AuditRow>, StoreError> {
        Ok(audit_log::table
            .filter(audit_log::project_id.eq(scope.project.as_str()))
            .filter(audit_log::environment.eq(scope.environment.as_str()))
            .filter(
                audit_log::actor
                    .eq(format!("user:{user_id}"))
                    .or(audit_log::target.eq(user_id)),
            )
            .order(audit_log::id.desc())
            .limit(MAX)
            .select(AuditRow::columns())
            .load(self)?)
    }
}
