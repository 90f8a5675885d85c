//! Sessions of accounts of admins, and the tickets between their password and their second factor. Knows no secret of either,
//! only their fingerprints.

use super::{
    AdminAccountRow, StoreError, Tx,
    query::prelude::*,
    schema::{admin_sessions, admin_tickets},
};

/// Without being used for so long, a session is over.
const ADMIN_SESSION_IDLE_MS: i64 = 12 * 3_600_000;
/// Sessions of an account; the oldest gives way.
const MAX_SESSIONS: i64 = 50;
/// Sign-ins of an account that wait for a code; the oldest give way.
const MAX_TICKETS: i64 = 20;

/// A session to keep, and as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = admin_sessions)]
pub(crate) struct AdminSessionRow {
    pub(crate) id: String,
    pub(crate) hash: String,
    pub(crate) account_id: String,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) created_ms: i64,
    pub(crate) last_seen_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) fresh_until_ms: i64,
}

/// The sessions that are not over.
macro_rules! live {
    ($now_ms:expr) => {
        admin_sessions::table
            .filter(admin_sessions::expires_ms.gt($now_ms))
            .filter(admin_sessions::last_seen_ms.gt($now_ms - ADMIN_SESSION_IDLE_MS))
    };
}

impl Tx<'_> {
    pub(crate) fn insert_admin_session(&mut self, session: &AdminSessionRow) -> Result<(), StoreError> {
        let newest: Vec<String> = admin_sessions::table
            .filter(admin_sessions::account_id.eq(&session.account_id))
            .order(admin_sessions::id.desc())
            .select(admin_sessions::id)
            .limit(MAX_SESSIONS - 1)
            .load(self)?;
        let others = admin_sessions::table
            .filter(admin_sessions::account_id.eq(&session.account_id))
            .filter(admin_sessions::id.ne_all(newest));
        diesel::delete(others).execute(self)?;
        diesel::insert_into(admin_sessions::table)
            .values((
                admin_sessions::id.eq(&session.id),
                admin_sessions::hash.eq(&session.hash),
                admin_sessions::account_id.eq(&session.account_id),
                admin_sessions::ip.eq(&session.ip),
                admin_sessions::user_agent.eq(&session.user_agent),
                admin_sessions::created_ms.eq(session.created_ms),
                admin_sessions::last_seen_ms.eq(session.last_seen_ms),
                (
                    admin_sessions::expires_ms.eq(session.expires_ms),
                    admin_sessions::fresh_until_ms.eq(session.fresh_until_ms),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The session with this fingerprint that is not over, and whose it is.
    pub(crate) fn admin_session_by(
        &mut self,
        hash: &str,
        now_ms: i64,
    ) -> Result<Option<(AdminSessionRow, AdminAccountRow)>, StoreError> {
        let session: Option<AdminSessionRow> = live!(now_ms)
            .filter(admin_sessions::hash.eq(hash))
            .select(AdminSessionRow::columns())
            .first(self)
            .optional()?;
        let Some(session) = session else { return Ok(None) };
        let account = self.admin_account(&session.account_id)?;
        Ok(account.map(|account| (session, account)))
    }

    /// The sessions of an account that are not over, newest first.
    pub(crate) fn admin_sessions(&mut self, account_id: &str, now_ms: i64) -> Result<Vec<AdminSessionRow>, StoreError> {
        Ok(live!(now_ms)
            .filter(admin_sessions::account_id.eq(account_id))
            .order(admin_sessions::id.desc())
            .select(AdminSessionRow::columns())
            .load(self)?)
    }

    /// Ends a session of an account. Whether there was one.
    pub(crate) fn end_admin_session(&mut self, account_id: &str, id: &str) -> Result<bool, StoreError> {
        let one = admin_sessions::table
            .filter(admin_sessions::account_id.eq(account_id))
            .filter(admin_sessions::id.eq(id));
        Ok(diesel::delete(one).execute(self)? == 1)
    }

    /// Ends the sessions of an account but one, and its sign-ins that wait for a code. How many sessions.
    pub(crate) fn end_other_admin_sessions(&mut self, account_id: &str, kept: &str) -> Result<usize, StoreError> {
        diesel::delete(admin_tickets::table.filter(admin_tickets::account_id.eq(account_id))).execute(self)?;
        let others = admin_sessions::table
            .filter(admin_sessions::account_id.eq(account_id))
            .filter(admin_sessions::id.ne(kept))
            .order(admin_sessions::id)
            .select(admin_sessions::id)
            .lock_in_order();
        let ids: Vec<String> = others.load(self)?;
        Ok(diesel::delete(admin_sessions::table.filter(admin_sessions::id.eq_any(ids))).execute(self)?)
    }

    /// Ends every session of an account; how many.
    pub(crate) fn end_admin_sessions(&mut self, account_id: &str) -> Result<usize, StoreError> {
        self.end_other_admin_sessions(account_id, "")
    }

    /// Records that a session was used.
    pub(crate) fn admin_session_seen(&mut self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        diesel::update(admin_sessions::table.filter(admin_sessions::id.eq(id)))
            .set(admin_sessions::last_seen_ms.eq(now_ms))
            .execute(self)?;
        Ok(())
    }

    /// Who uses the session has proved who they are. Whether it was still there.
    pub(crate) fn refresh_admin_session(&mut self, id: &str, fresh_until_ms: i64) -> Result<bool, StoreError> {
        let refreshed = diesel::update(admin_sessions::table.filter(admin_sessions::id.eq(id)))
            .set(admin_sessions::fresh_until_ms.eq(fresh_until_ms))
            .execute(self)?;
        Ok(refreshed == 1)
    }

    /// Deletes sessions and tickets that are over, at most so many of each.
    pub(crate) fn delete_old_admin_sessions(&mut self, now_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let over = admin_sessions::table.filter(
            admin_sessions::expires_ms
                .le(now_ms)
                .or(admin_sessions::last_seen_ms.le(now_ms - ADMIN_SESSION_IDLE_MS)),
        );
        let ids: Vec<String> = over.select(admin_sessions::id).limit(max_rows).lock_free().load(self)?;
        let sessions = diesel::delete(admin_sessions::table.filter(admin_sessions::id.eq_any(ids))).execute(self)?;
        let over = admin_tickets::table.filter(admin_tickets::expires_ms.le(now_ms));
        let hashes: Vec<String> = over
            .select(admin_tickets::hash)
            .limit(max_rows)
            .lock_free()
            .load(self)?;
        let tickets = diesel::delete(admin_tickets::table.filter(admin_tickets::hash.eq_any(hashes))).execute(self)?;
        Ok(sessions + tickets)
    }

    pub(crate) fn insert_admin_ticket(
        &mut self,
        account_id: &str,
        hash: &str,
        attempts: i32,
        expires_ms: i64,
    ) -> Result<(), StoreError> {
        let newest: Vec<String> = admin_tickets::table
            .filter(admin_tickets::account_id.eq(account_id))
            .order(admin_tickets::expires_ms.desc())
            .select(admin_tickets::hash)
            .limit(MAX_TICKETS - 1)
            .load(self)?;
        let others = admin_tickets::table
            .filter(admin_tickets::account_id.eq(account_id))
            .filter(admin_tickets::hash.ne_all(newest));
        diesel::delete(others).execute(self)?;
        diesel::insert_into(admin_tickets::table)
            .values((
                admin_tickets::hash.eq(hash),
                admin_tickets::account_id.eq(account_id),
                admin_tickets::attempts_left.eq(attempts),
                admin_tickets::expires_ms.eq(expires_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Spends one of the ticket's attempts. Whose it is, if there was one left.
    pub(crate) fn try_admin_ticket(&mut self, hash: &str, now_ms: i64) -> Result<Option<AdminAccountRow>, StoreError> {
        let open = admin_tickets::table
            .filter(admin_tickets::hash.eq(hash))
            .filter(admin_tickets::attempts_left.gt(0))
            .filter(admin_tickets::expires_ms.gt(now_ms));
        let tried = diesel::update(open)
            .set(admin_tickets::attempts_left.eq(admin_tickets::attempts_left - 1))
            .execute(self)?;
        if tried == 0 {
            return Ok(None);
        }
        let account_id: String = admin_tickets::table
            .filter(admin_tickets::hash.eq(hash))
            .select(admin_tickets::account_id)
            .first(self)?;
        self.admin_account(&account_id)
    }

    /// Takes the ticket, in one statement. Whether it was there.
    pub(crate) fn take_admin_ticket(&mut self, hash: &str, now_ms: i64) -> Result<bool, StoreError> {
        let one = admin_tickets::table
            .filter(admin_tickets::hash.eq(hash))
            .filter(admin_tickets::expires_ms.gt(now_ms));
        Ok(diesel::delete(one).execute(self)? == 1)
    }
}
