//! Sessions and the families of refresh tokens, one per session.

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{refresh_tokens, sessions},
};
use crate::base::ids::Scope;

/// A session to keep, and as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// What the client said about itself, JSON.
    pub(crate) client: String,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    /// How the user came in.
    pub(crate) provider: String,
    /// How they proved who they are, JSON list of RFC 8176 values.
    pub(crate) amr: String,
    /// The last time they did.
    pub(crate) authenticated_ms: i64,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: i64,
    /// Not refreshed until then, it is over.
    pub(crate) idle_until_ms: i64,
    /// Over, whatever happens.
    pub(crate) expires_ms: i64,
}

/// A refresh token as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
pub(crate) struct RefreshTokenRow {
    pub(crate) hash: String,
    pub(crate) session_id: String,
    pub(crate) created_ms: i64,
    /// `None`: it is the family's current one.
    pub(crate) used_ms: Option<i64>,
}

/// The sessions of a scope that were not revoked and are not over.
macro_rules! live {
    ($scope:expr, $now_ms:expr) => {
        sessions::table
            .filter(sessions::project_id.eq($scope.project.as_str()))
            .filter(sessions::environment.eq($scope.environment.as_str()))
            .filter(sessions::revoked_ms.is_null())
            .filter(sessions::expires_ms.gt($now_ms))
            .filter(sessions::idle_until_ms.gt($now_ms))
    };
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
                    sessions::provider.eq(&session.provider),
                    sessions::amr.eq(&session.amr),
                    sessions::authenticated_ms.eq(session.authenticated_ms),
                    sessions::created_ms.eq(session.created_ms),
                    sessions::last_used_ms.eq(session.last_used_ms),
                    sessions::idle_until_ms.eq(session.idle_until_ms),
                    sessions::expires_ms.eq(session.expires_ms),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    /// A session that was not revoked and is not over.
    pub(crate) fn live_session(
        &mut self,
        scope: &Scope,
        session_id: &str,
        now_ms: i64,
    ) -> Result<Option<SessionRow>, StoreError> {
        Ok(live!(scope, now_ms)
            .filter(sessions::id.eq(session_id))
            .select(SessionRow::columns())
            .first(self)
            .optional()?)
    }

    /// The live sessions of a user, newest first.
    pub(crate) fn live_sessions(
        &mut self,
        scope: &Scope,
        user_id: &str,
        now_ms: i64,
        most: i64,
    ) -> Result<Vec<SessionRow>, StoreError> {
        Ok(live!(scope, now_ms)
            .filter(sessions::user_id.eq(user_id))
            .order(sessions::created_ms.desc())
            .limit(most)
            .select(SessionRow::columns())
            .load(self)?)
    }

    /// Ends one live session of a user. Whether there was one.
    pub(crate) fn revoke_session(
        &mut self,
        scope: &Scope,
        user_id: &str,
        session_id: &str,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let one = live!(scope, now_ms)
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::id.eq(session_id));
        Ok(diesel::update(one).set(sessions::revoked_ms.eq(now_ms)).execute(self)? == 1)
    }

    /// Ends all sessions of a user. How many there were.
    pub(crate) fn revoke_sessions(&mut self, scope: &Scope, user_id: &str, now_ms: i64) -> Result<usize, StoreError> {
        let all: Vec<String> = live!(scope, now_ms)
            .filter(sessions::user_id.eq(user_id))
            .order(sessions::id)
            .select(sessions::id)
            .lock_in_order()
            .load(self)?;
        self.revoke_locked(all, now_ms)
    }

    /// Ends all sessions of a user but one. How many there were.
    pub(crate) fn revoke_other_sessions(
        &mut self,
        scope: &Scope,
        user_id: &str,
        kept: &str,
        now_ms: i64,
    ) -> Result<usize, StoreError> {
        let others: Vec<String> = live!(scope, now_ms)
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::id.ne(kept))
            .order(sessions::id)
            .select(sessions::id)
            .lock_in_order()
            .load(self)?;
        self.revoke_locked(others, now_ms)
    }

    fn revoke_locked(&mut self, ids: Vec<String>, now_ms: i64) -> Result<usize, StoreError> {
        Ok(diesel::update(sessions::table.filter(sessions::id.eq_any(ids)))
            .set(sessions::revoked_ms.eq(now_ms))
            .execute(self)?)
    }

    /// The session goes on.
    pub(crate) fn session_used(
        &mut self,
        scope: &Scope,
        session_id: &str,
        now_ms: i64,
        idle_until_ms: i64,
    ) -> Result<bool, StoreError> {
        let one = live!(scope, now_ms).filter(sessions::id.eq(session_id));
        let changed = diesel::update(one)
            .set((
                sessions::last_used_ms.eq(now_ms),
                sessions::idle_until_ms.eq(idle_until_ms),
            ))
            .execute(self)?;
        Ok(changed == 1)
    }

    /// Deletes sessions that ended before then with their refresh tokens, at most so many.
    pub(crate) fn delete_old_sessions(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let old = sessions::table.filter(
            sessions::expires_ms
                .lt(before_ms)
                .or(sessions::idle_until_ms.lt(before_ms))
                .or(sessions::revoked_ms
                    .is_not_null()
                    .and(sessions::revoked_ms.assume_not_null().lt(before_ms))),
        );
        let ids: Vec<String> = old.select(sessions::id).limit(max_rows).lock_free().load(self)?;
        Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(ids))).execute(self)?)
    }

    /// `parent_hash`: the token that this one follows or replaces.
    pub(crate) fn insert_refresh_token(
        &mut self,
        scope: &Scope,
        session_id: &str,
        hash: &str,
        parent_hash: Option<&str>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        diesel::insert_into(refresh_tokens::table)
            .values((
                refresh_tokens::hash.eq(hash),
                refresh_tokens::project_id.eq(scope.project.as_str()),
                refresh_tokens::environment.eq(scope.environment.as_str()),
                refresh_tokens::session_id.eq(session_id),
                refresh_tokens::parent_hash.eq(parent_hash),
                refresh_tokens::created_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn refresh_token(&mut self, scope: &Scope, hash: &str) -> Result<Option<RefreshTokenRow>, StoreError> {
        Ok(refresh_tokens::table
            .filter(refresh_tokens::hash.eq(hash))
            .filter(refresh_tokens::project_id.eq(scope.project.as_str()))
            .filter(refresh_tokens::environment.eq(scope.environment.as_str()))
            .select(RefreshTokenRow::columns())
            .first(self)
            .optional()?)
    }

    /// Takes the token if nobody has: one statement, so that of any number of takers one wins. Whether it was this one.
    pub(crate) fn use_refresh_token(&mut self, scope: &Scope, hash: &str, now_ms: i64) -> Result<bool, StoreError> {
        let unused = refresh_tokens::table
            .filter(refresh_tokens::hash.eq(hash))
            .filter(refresh_tokens::project_id.eq(scope.project.as_str()))
            .filter(refresh_tokens::environment.eq(scope.environment.as_str()))
            .filter(refresh_tokens::used_ms.is_null());
        let used = diesel::update(unused)
            .set(refresh_tokens::used_ms.eq(now_ms))
            .execute(self)?;
        Ok(used == 1)
    }
}
