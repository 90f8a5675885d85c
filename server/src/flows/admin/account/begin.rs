//! How a session of a browser begins: with a row, a line of the audit log, and a cookie.

use aerocall_api_types::{AdminSignIn, AdminSignInState};
use serde_json::json;

use super::FRESH_MS;
use crate::{
    app::App,
    base::{
        clock,
        crypto::secret,
        error::Result,
        ids::{Kind, new_id},
        request::RequestMeta,
    },
    domain::audit::{self, Action, Actor, AuditEntry, Place},
    flows::steps::session_cookie::{CookieChange, WithCookie},
    security::person,
    storage::store::{AdminAccountRow, AdminSessionRow, StoreError, Tx},
};

/// A session ends then, whatever happens.
const LIFE_S: i64 = 7 * 86_400;
/// What cookies begin with.
const PREFIX: &str = "ads";

/// A session that nobody has yet.
pub(super) struct NewSession {
    /// For the cookie alone.
    secret: String,
    row: AdminSessionRow,
    by: Actor,
    /// How it was proved who it is.
    methods: Vec<&'static str>,
}

impl NewSession {
    pub(super) fn new(
        account: &AdminAccountRow,
        request: &RequestMeta,
        methods: Vec<&'static str>,
        now_ms: i64,
    ) -> Result<Self> {
        let secret = secret::new_key(PREFIX)?;
        let id = new_id(Kind::AdminSession);
        Ok(Self {
            by: Actor::request(person::actor(&account.id), request).account(&account.email, &id),
            row: AdminSessionRow {
                id,
                hash: secret::fingerprint(&secret),
                account_id: account.id.clone(),
                ip: request.ip.clone(),
                user_agent: request.user_agent.clone(),
                created_ms: now_ms,
                last_seen_ms: now_ms,
                expires_ms: now_ms + LIFE_S * 1_000,
                fresh_until_ms: now_ms + FRESH_MS,
            },
            secret,
            methods,
        })
    }

    /// In the transaction that takes what was shown. `checked`: the account whose password was looked at.
    pub(super) fn keep(&self, tx: &mut Tx<'_>, checked: &AdminAccountRow) -> std::result::Result<(), StoreError> {
        let current = tx.admin_account(&checked.id)?;
        // Between the check and this, somebody may have changed the password, or removed the account.
        if current.is_none_or(|current| current.password_hash != checked.password_hash) {
            return Err(StoreError::CredentialsChanged);
        }
        tx.insert_admin_session(&self.row)?;
        let entry = AuditEntry::new(Action::AdminSessionCreated, &self.row.id);
        let entry = entry.with(json!({ "account": checked.id, "methods": self.methods }));
        audit::record_at(tx, &Place::Server, &self.by, entry, self.row.created_ms)
    }

    /// The answer, once it is kept.
    pub(super) fn answer(self, app: &App) -> WithCookie<AdminSignIn> {
        WithCookie {
            document: AdminSignIn {
                state: AdminSignInState::SignedIn,
                ticket: None,
                csrf_token: Some(person::csrf_token(&app.master, &self.row.id)),
                expires_at: Some(clock::iso(self.row.expires_ms).into()),
            },
            cookie: CookieChange::Set {
                secret: self.secret,
                life_s: LIFE_S,
            },
        }
    }
}
