//! Sessions.

use diesel::prelude::*;

use super::{StoreError, Tx, schema::sessions};
use crate::ids::Scope;

/// A session to keep, and as kept.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// What the client said about itself, JSON.
    pub(crate) client: String,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
}

/// An open session.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct LiveSession {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: i64,
}

impl Tx<'_> {
    pub(crate) fn insert_session(&mut self, scope: &Scope, session: &SessionRow) -> Result<(), StoreError> {
        diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(&session.id),
                sessions::project_id.eq(scope.project.as_str()),
                sessions::environment.eq(scope.environment.as_str()),
                sessions::user_id.eq(&session.user_id),
                sessions::client.eq(&session.client),
                sessions::ip.eq(&session.ip),
                sessions::user_agent.eq(&session.user_agent),
                (
                    sessions::created_ms.eq(session.created_ms),
                    sessions::last_used_ms.eq(session.created_ms),
                    sessions::expires_ms.eq(session.expires_ms),
                ),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// The user of a session that was not revoked and has not expired.
    pub(crate) fn live_session_user(
        &mut self,
        scope: &Scope,
        session_id: &str,
        now_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        Ok(sessions::table
            .filter(sessions::id.eq(session_id))
            .filter(sessions::project_id.eq(scope.project.as_str()))
            .filter(sessions::environment.eq(scope.environment.as_str()))
            .filter(sessions::revoked_ms.is_null())
            .filter(sessions::expires_ms.gt(now_ms))
            .select(sessions::user_id)
            .first(self.connection)
            .optional()?)
    }

    /// The sessions of a user that were not revoked and have not expired, newest first.
    pub(crate) fn live_sessions(
        &mut self,
        scope: &Scope,
        user_id: &str,
        now_ms: i64,
        most: i64,
    ) -> Result<Vec<LiveSession>, StoreError> {
        Ok(sessions::table
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::project_id.eq(scope.project.as_str()))
            .filter(sessions::environment.eq(scope.environment.as_str()))
            .filter(sessions::revoked_ms.is_null())
            .filter(sessions::expires_ms.gt(now_ms))
            .order(sessions::created_ms.desc())
            .limit(most)
            .select(LiveSession::as_select())
            .load(self.connection)?)
    }

    /// Ends all sessions of a user. How many there were.
    pub(crate) fn revoke_sessions(&mut self, scope: &Scope, user_id: &str, now_ms: i64) -> Result<usize, StoreError> {
        let open = sessions::table
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::project_id.eq(scope.project.as_str()))
            .filter(sessions::environment.eq(scope.environment.as_str()))
            .filter(sessions::revoked_ms.is_null())
            .filter(sessions::expires_ms.gt(now_ms));
        Ok(diesel::update(open)
            .set(sessions::revoked_ms.eq(now_ms))
            .execute(self.connection)?)
    }
}
