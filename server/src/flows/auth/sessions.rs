//! `GET /auth/sessions` and `DELETE /auth/sessions/{id}`

use aerocall_api_types::{RevokedSessions, Session, SessionList};
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        event::{Event, EventKind},
    },
    domain::user,
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Flow, Method, Rate},
        session::{self, SignedIn},
    },
    storage::store::SessionRow,
};

const MAX: i64 = 100;

/// One's own sessions.
pub(crate) struct ListSessions;

/// Ending one of them.
pub(crate) struct RevokeSession;

impl Flow for ListSessions {
    type Who = SignedIn;
    type Input = ();
    type Output = SessionList;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Get,
        path: "/auth/sessions",
        summary: "List sessions",
        about: "The active sessions of the current user, newest first, at most 100.",
        fields: &[],
        example: "",
        answer: Answer {
            status: 200,
            about: "The sessions.",
            example: r#"{"sessions": [{"id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30", "current": true, "provider": "password", "ip": "203.0.113.9", "user_agent": "Mozilla/5.0", "created_at": "2026-01-31T12:00:00.000Z", "last_used_at": "2026-01-31T12:00:00.000Z", "expires_at": "2026-03-02T12:00:00.000Z"}]}"#,
        },
        steps: &[],
        events: &[],
        errors: &[],
        rate: Rate::Plain,
    };

    async fn run(app: &App, caller: &Caller<SignedIn>, (): ()) -> Result<SessionList> {
        let (scope, user_id, now_ms) = (caller.scope.clone(), caller.who.user.id.clone(), app.clock.now_ms());
        let rows = app
            .store
            .read(move |tx| tx.live_sessions(&scope, &user_id, now_ms, MAX));
        let current = caller.who.session.id.as_str();
        let sessions = rows.await?.into_iter().map(|row| session_of(row, current));
        Ok(SessionList {
            sessions: sessions.collect(),
        })
    }
}

fn session_of(row: SessionRow, current: &str) -> Session {
    Session {
        current: row.id == current,
        id: row.id,
        provider: row.provider,
        ip: row.ip,
        user_agent: row.user_agent,
        created_at: clock::iso(row.created_ms).into(),
        last_used_at: clock::iso(row.last_used_ms).into(),
        expires_at: clock::iso(row.expires_ms.min(row.idle_until_ms)).into(),
    }
}

impl Flow for RevokeSession {
    type Who = SignedIn;
    type Input = ();
    type Output = RevokedSessions;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Delete,
        path: "/auth/sessions/{id}",
        summary: "Revoke a session",
        about: "Revokes one session of the current user. Its tokens are refused from then on.",
        fields: &[],
        example: "",
        answer: Answer {
            status: 200,
            about: "The number of sessions revoked.",
            example: r#"{"revoked": 1}"#,
        },
        steps: &[],
        events: &[EventKind::SessionRevoked],
        errors: &[errors::NOT_FOUND],
        rate: Rate::Plain,
    };

    async fn run(app: &App, caller: &Caller<SignedIn>, (): ()) -> Result<RevokedSessions> {
        let (scope, id, now_ms) = (caller.scope.clone(), caller.part("id")?.to_owned(), app.clock.now_ms());
        let user = caller.who.user.clone();
        let document = user::document(&user)?;
        let revoked = app.store.write(move |tx| {
            if !tx.revoke_session(&scope, &user.id, &id, now_ms)? {
                return Ok(false);
            }
            let data = json!({ "user": document, "session": { "id": id } });
            let event = Event::new(EventKind::SessionRevoked, session::actor(&user), data, now_ms);
            tx.insert_event(&scope, &event)?;
            Ok(true)
        });
        if !revoked.await? {
            return Err(Refusal::not_found().into());
        }
        app.hooks.platform.events.notify_one();
        Ok(RevokedSessions { revoked: 1 })
    }
}
