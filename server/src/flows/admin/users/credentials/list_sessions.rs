//! `GET …/users/{user}/sessions`

use aerocall_api_types::{Permission, UserSession, UserSessionList};

use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        stored,
    },
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    storage::store::SessionRow,
};

/// Sessions that are shown; whoever has more of them is a program.
const MAX: i64 = 100;

/// Lists the active sessions of somebody.
pub(crate) struct ListUserSessions;

impl Flow for ListUserSessions {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserSessionList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/users/{user}/sessions"), "List the sessions of a user")
        .about("The active sessions, newest first, at most 100. The export of the user's data also has those that have ended.")
        .answers(
            200,
            "The sessions.",
            r#"{"sessions": [{"id": "ses_…", "provider": "password", "methods": ["pwd"], "client": {}, "ip": "203.0.113.9", "userAgent": "Mozilla/5.0", "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": "2026-01-31T12:00:00.000Z", "expiresAt": "2026-03-02T12:00:00.000Z"}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserSessionList> {
        let (scope, id, now_ms) = (
            caller.scope.clone(),
            caller.part("user")?.to_owned(),
            app.clock.now_ms(),
        );
        let rows = app.store.read(move |tx| {
            let Some(user) = tx.user(&scope, &id)? else {
                return Ok(None);
            };
            tx.live_sessions(&scope, &user.id, now_ms, MAX).map(Some)
        });
        let rows = rows.await?.ok_or_else(Refusal::not_found)?;
        Ok(UserSessionList {
            sessions: rows.into_iter().map(document).collect::<Result<_>>()?,
        })
    }
}

fn document(row: SessionRow) -> Result<UserSession> {
    Ok(UserSession {
        methods: stored::json(&row.amr)?,
        client: stored::json(&row.client)?,
        id: row.id,
        provider: row.provider,
        ip: row.ip,
        user_agent: row.user_agent,
        created_at: clock::iso(row.created_ms).into(),
        last_used_at: clock::iso(row.last_used_ms).into(),
        expires_at: clock::iso(row.expires_ms.min(row.idle_until_ms)).into(),
    })
}
