//! `GET …/users/{user}/export`

use aerocall_api_types::{ExportedEvent, ExportedFactor, ExportedIdentity, ExportedSession, Permission, UserExport};

use super::document;
use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        ids::Scope,
        stored,
    },
    domain::audit::{self, Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    },
    storage::store::{self, AuditRow, EventRow, UserRow},
};

/// Shows everything that is stored about somebody; that it was asked for is stored, too.
pub(crate) struct ExportUser;

impl Flow for ExportUser {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserExport;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/users/{user}/export"), "Export a user's data")
        .about("Everything stored about the user, except password hashes, secrets and tokens.")
        .answers(200, "The data.", EXAMPLE);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserExport> {
        let id = caller.part("user")?;
        if !record(app, caller, id).await? {
            return Err(Refusal::not_found().into());
        }
        let kept = load(app, &caller.scope, id).await?.ok_or_else(Refusal::not_found)?;
        Ok(UserExport {
            user: document(&kept.user, app.clock.now_ms())?,
            sessions: kept.sessions.into_iter().map(session).collect::<Result<_>>()?,
            identities: kept.identities.into_iter().map(identity).collect(),
            factors: kept.factors.into_iter().map(factor).collect::<Result<_>>()?,
            events: kept.events.into_iter().map(event).collect::<Result<_>>()?,
            audit: kept.audit.iter().map(audit::document).collect::<Result<_>>()?,
        })
    }
}

/// For the reference.
const EXAMPLE: &str = r#"{"user": {"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": "2026-01-31T12:00:00.000Z", "banned": false, "bannedUntil": null, "banReason": null}, "sessions": [{"id": "ses_…", "provider": "password", "client": {}, "ip": "203.0.113.9", "userAgent": "Mozilla/5.0", "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": "2026-01-31T12:00:00.000Z", "expiresAt": "2026-03-02T12:00:00.000Z", "revokedAt": null}], "identities": [{"provider": "google", "subject": "110169484474386276334", "email": "ada@example.com", "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": "2026-01-31T12:00:00.000Z"}], "factors": [{"id": "mfa_…", "kind": "totp", "name": "My phone", "state": "verified", "createdAt": "2026-01-31T12:00:00.000Z", "verifiedAt": "2026-01-31T12:01:00.000Z"}], "events": [{"id": "evt_…", "type": "auth.login", "version": 1, "time": "2026-01-31T12:00:00.000Z", "actor": "user:usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "data": {}}], "audit": [{"id": "aud_…", "project": "shop", "environment": "production", "time": "2026-01-31T12:00:00.000Z", "actor": "admin:adm_…", "actorEmail": null, "via": null, "action": "user.exported", "target": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "ip": "203.0.113.9", "requestId": "req_…", "data": {}}]}"#;

/// Everything about somebody, as it is stored.
struct Kept {
    user: UserRow,
    sessions: Vec<store::ExportedSession>,
    identities: Vec<store::ExportedIdentity>,
    factors: Vec<store::ExportedFactor>,
    events: Vec<EventRow>,
    audit: Vec<AuditRow>,
}

/// That it was asked for, if there is somebody to ask about.
async fn record(app: &App, caller: &Caller<EnvironmentAdmin>, id: &str) -> Result<bool> {
    let (scope, id) = (caller.scope.clone(), id.to_owned());
    let is_there = caller.change(app, move |tx, _| {
        Ok(match tx.user(&scope, &id)? {
            Some(_) => Audited::Changed(true, AuditEntry::new(Action::UserExported, id)),
            None => Audited::Unchanged(false),
        })
    });
    is_there.await
}

/// Read aside: it may take a while, and writers need not wait for it.
async fn load(app: &App, scope: &Scope, id: &str) -> Result<Option<Kept>> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let kept = app.store.read(move |tx| {
        let Some(user) = tx.user(&scope, &id)? else {
            return Ok(None);
        };
        Ok(Some(Kept {
            user,
            sessions: tx.exported_sessions(&scope, &id)?,
            identities: tx.exported_identities(&scope, &id)?,
            factors: tx.exported_factors(&scope, &id)?,
            events: tx.exported_events(&scope, &id)?,
            audit: tx.exported_audit(&scope, &id)?,
        }))
    });
    Ok(kept.await?)
}

fn session(row: store::ExportedSession) -> Result<ExportedSession> {
    Ok(ExportedSession {
        client: stored::json(&row.client)?,
        id: row.id,
        provider: row.provider,
        ip: row.ip,
        user_agent: row.user_agent,
        created_at: clock::iso(row.created_ms).into(),
        last_used_at: clock::iso(row.last_used_ms).into(),
        expires_at: clock::iso(row.expires_ms).into(),
        revoked_at: row.revoked_ms.map(|at_ms| clock::iso(at_ms).into()),
    })
}

pub(super) fn identity(row: store::ExportedIdentity) -> ExportedIdentity {
    ExportedIdentity {
        provider: row.provider,
        subject: row.subject,
        email: row.email,
        created_at: clock::iso(row.created_ms).into(),
        last_used_at: clock::iso(row.last_used_ms).into(),
    }
}

pub(super) fn factor(row: store::ExportedFactor) -> Result<ExportedFactor> {
    Ok(ExportedFactor {
        kind: stored::word(&row.kind)?,
        state: stored::word(&row.state)?,
        id: row.id,
        name: row.name,
        created_at: clock::iso(row.created_ms).into(),
        verified_at: row.verified_ms.map(|at_ms| clock::iso(at_ms).into()),
    })
}

fn event(row: EventRow) -> Result<ExportedEvent> {
    Ok(ExportedEvent {
        data: stored::json(&row.data)?,
        id: row.id,
        kind: row.kind,
        version: row.version,
        time: clock::iso(row.time_ms).into(),
        actor: row.actor,
    })
}
