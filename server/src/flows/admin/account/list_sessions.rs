//! `GET /admin/api/v1/account/sessions`

use aerocall_api_types::{AdminSession, AdminSessionList, Permission};

use crate::{
    app::App,
    base::{clock, error::Result},
    flows::steps::endpoint::{AccountSession, Caller, Endpoint, Flow},
    storage::store::AdminSessionRow,
};

/// Lists the sessions of an account.
pub(crate) struct ListAdminSessions;

impl Flow for ListAdminSessions {
    type Who = AccountSession;
    type Input = ();
    type Output = AdminSessionList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/account/sessions", "List your sessions")
        .about("The sessions of your account that have not ended, at most 50.")
        .answers(
            200,
            "The sessions.",
            r#"{"sessions": [{"id": "ads_…", "isCurrent": true, "ip": "203.0.113.9", "userAgent": "Mozilla/5.0", "createdAt": "2026-01-31T12:00:00.000Z", "lastSeenAt": "2026-01-31T12:00:00.000Z", "expiresAt": "2026-02-07T12:00:00.000Z"}]}"#,
        );

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<AdminSessionList> {
        let person = caller.who.person()?;
        let (account_id, now_ms) = (person.account.id.clone(), app.clock.now_ms());
        let rows = app.store.read(move |tx| tx.admin_sessions(&account_id, now_ms)).await?;
        let current = person.via();
        let shown = |row: AdminSessionRow| AdminSession {
            is_current: row.id == current,
            id: row.id,
            ip: row.ip,
            user_agent: row.user_agent,
            created_at: clock::iso(row.created_ms).into(),
            last_seen_at: clock::iso(row.last_seen_ms).into(),
            expires_at: clock::iso(row.expires_ms).into(),
        };
        Ok(AdminSessionList {
            sessions: rows.into_iter().map(shown).collect(),
        })
    }
}
