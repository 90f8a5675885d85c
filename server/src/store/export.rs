//! Everything that is kept of one user, for who has the right to see it. Secrets, hashes and tokens are not among it: they
//! are not read.

use diesel::TextExpressionMethods as _;

use super::{
    AuditRow, EventRow, StoreError, Tx, UserRow,
    query::prelude::*,
    schema::{audit_log, identities, mfa_factors, outbox_events, recovery_codes, sessions},
};
use crate::ids::Scope;

/// The most rows of a kind; what is older is left out.
const MOST: i64 = 1_000;

/// All of one user.
pub(crate) struct KeptOfUser {
    pub(crate) user: UserRow,
    pub(crate) sessions: Vec<ExportedSession>,
    pub(crate) identities: Vec<ExportedIdentity>,
    pub(crate) factors: Vec<ExportedFactor>,
    pub(crate) recovery_codes: i64,
    pub(crate) events: Vec<EventRow>,
    pub(crate) audit: Vec<AuditRow>,
}

/// A session, whether it goes on or not.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct ExportedSession {
    pub(crate) id: String,
    pub(crate) client: String,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) provider: String,
    pub(crate) amr: String,
    pub(crate) authenticated_ms: i64,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) idle_until_ms: i64,
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
    /// `None`: there is no such user.
    pub(crate) fn kept_of_user(&mut self, scope: &Scope, user_id: &str) -> Result<Option<KeptOfUser>, StoreError> {
        let Some(user) = self.user(scope, user_id)? else {
            return Ok(None);
        };
        Ok(Some(KeptOfUser {
            sessions: self.past_sessions(scope, user_id)?,
            identities: self.identities_of(scope, user_id)?,
            factors: self.factors_of(scope, user_id)?,
            recovery_codes: self.recovery_codes_of(user_id)?,
            events: self.events_about(scope, user_id)?,
            audit: self.audit_about(scope, user_id)?,
            user,
        }))
    }

    fn past_sessions(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<ExportedSession>, StoreError> {
        Ok(sessions::table
            .filter(sessions::project_id.eq(scope.project.as_str()))
            .filter(sessions::environment.eq(scope.environment.as_str()))
            .filter(sessions::user_id.eq(user_id))
            .order(sessions::created_ms.desc())
            .limit(MOST)
            .select(ExportedSession::columns())
            .load(self)?)
    }

    fn identities_of(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<ExportedIdentity>, StoreError> {
        Ok(identities::table
            .filter(identities::project_id.eq(scope.project.as_str()))
            .filter(identities::environment.eq(scope.environment.as_str()))
            .filter(identities::user_id.eq(user_id))
            .order(identities::created_ms)
            .limit(MOST)
            .select(ExportedIdentity::columns())
            .load(self)?)
    }

    fn factors_of(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<ExportedFactor>, StoreError> {
        Ok(mfa_factors::table
            .filter(mfa_factors::project_id.eq(scope.project.as_str()))
            .filter(mfa_factors::environment.eq(scope.environment.as_str()))
            .filter(mfa_factors::user_id.eq(user_id))
            .order(mfa_factors::created_ms)
            .limit(MOST)
            .select(ExportedFactor::columns())
            .load(self)?)
    }

    fn recovery_codes_of(&mut self, user_id: &str) -> Result<i64, StoreError> {
        Ok(recovery_codes::table
            .filter(recovery_codes::user_id.eq(user_id))
            .select(diesel::dsl::count_star())
            .first(self)?)
    }

    /// Events keep their data as text; an id of a user is 36 characters that stand nowhere else by chance.
    fn events_about(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<EventRow>, StoreError> {
        Ok(outbox_events::table
            .filter(outbox_events::project_id.eq(scope.project.as_str()))
            .filter(outbox_events::environment.eq(scope.environment.as_str()))
            .filter(outbox_events::data.like(format!("%\"{user_id}\"%")))
            .order(outbox_events::id.desc())
            .limit(MOST)
            .select(EventRow::columns())
            .load(self)?)
    }

    /// What was done to the user, and what they did.
    fn audit_about(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<AuditRow>, StoreError> {
        Ok(audit_log::table
            .filter(audit_log::project_id.eq(scope.project.as_str()))
            .filter(audit_log::environment.eq(scope.environment.as_str()))
            .filter(
                audit_log::target
                    .eq(user_id)
                    .or(audit_log::actor.eq(format!("user:{user_id}"))),
            )
            .order(audit_log::id.desc())
            .limit(MOST)
            .select(AuditRow::columns())
            .load(self)?)
    }
}
