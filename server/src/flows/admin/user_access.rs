//! `POST …/users/{id}/ban`, `/unban`, `/logout` and `GET …/users/{id}/export`: whether somebody gets in, and what is kept
//! about them.

use serde_json::{Map, Value, json};

use super::users;
use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Refusal, Result},
        event::{Event, EventKind},
        ids::Scope,
        input::{Fields, Parsed, short_text},
    },
    domain::{
        audit::{self, Action, Actor, AuditEntry},
        user,
    },
    flows::steps::{endpoint::Admins, session},
    storage::store::{
        EventRow, ExportedFactor, ExportedIdentity, ExportedSession, StoreError, Tx, UserChange, UserRow,
    },
};

/// `{ until?, reason? }`
pub(crate) struct Ban {
    until_ms: i64,
    reason: Option<String>,
}

impl Ban {
    pub(crate) fn read(body: Map<String, Value>, now_ms: i64) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let until_ms = fields.optional("until", |value| later(&value, now_ms));
        let reason = fields.optional("reason", short_text(500));
        fields.finish(Some(Self {
            until_ms: until_ms.unwrap_or(i64::MAX),
            reason,
        }))
    }
}

fn later(value: &Value, now_ms: i64) -> Parsed<i64> {
    let at_ms = value.as_str().and_then(clock::parse_iso);
    let at_ms = at_ms.ok_or("must be a time, like 2027-01-31T12:00:00Z")?;
    if at_ms <= now_ms {
        return Err("must be in the future".to_owned());
    }
    Ok(at_ms)
}

/// Keeps somebody out until then, and ends their sessions.
pub(crate) async fn ban(app: &App, admins: &Admins, id: &str, ban: Ban) -> Result<Value> {
    let change = UserChange {
        ban: Some(Some((ban.until_ms, ban.reason.clone()))),
        ..UserChange::default()
    };
    let until = (ban.until_ms < i64::MAX).then(|| clock::iso(ban.until_ms));
    let entry = AuditEntry::new(Action::UserBanned, id).with(json!({ "until": until, "reason": ban.reason }));
    let (scope, by, id, now_ms) = (
        admins.scope.clone(),
        admins.by.clone(),
        id.to_owned(),
        app.clock.now_ms(),
    );
    let user = app.store.write(move |tx| {
        let Some(user) = tx.lock_user(&scope, &id)? else {
            return Ok(None);
        };
        let user = tx.update_user(&scope, &user.id, &change, now_ms)?.unwrap_or(user);
        updated(tx, &scope, &by, &user, now_ms)?;
        end_sessions(tx, &scope, &by, &user, "banned", now_ms)?;
        audit::record(tx, Some(&scope), &by, entry, now_ms)?;
        Ok(Some(user))
    });
    answered(app, user.await?)
}

/// Lets somebody in again.
pub(crate) async fn unban(app: &App, admins: &Admins, id: &str) -> Result<Value> {
    let change = UserChange {
        ban: Some(None),
        ..UserChange::default()
    };
    let (scope, by, id, now_ms) = (
        admins.scope.clone(),
        admins.by.clone(),
        id.to_owned(),
        app.clock.now_ms(),
    );
    let user = app.store.write(move |tx| {
        let user = tx.update_user(&scope, &id, &change, now_ms)?;
        if let Some(user) = &user {
            updated(tx, &scope, &by, user, now_ms)?;
            audit::record(tx, Some(&scope), &by, AuditEntry::new(Action::UserUnbanned, id), now_ms)?;
        }
        Ok(user)
    });
    answered(app, user.await?)
}

/// `auth.user.updated`, for whoever watches accounts.
fn updated(
    tx: &mut Tx<'_>,
    scope: &Scope,
    by: &Actor,
    user: &UserRow,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let event = session::event(EventKind::UserUpdated, by.actor.clone(), user, None, now_ms)?;
    tx.insert_event(scope, &event)
}

/// Ends all sessions of somebody.
pub(crate) async fn log_out(app: &App, admins: &Admins, id: &str) -> Result<Value> {
    let (scope, by, id, now_ms) = (
        admins.scope.clone(),
        admins.by.clone(),
        id.to_owned(),
        app.clock.now_ms(),
    );
    let revoked = app.store.write(move |tx| {
        let Some(user) = tx.lock_user(&scope, &id)? else {
            return Ok(None);
        };
        let revoked = end_sessions(tx, &scope, &by, &user, "admin", now_ms)?;
        let entry = AuditEntry::new(Action::UserLoggedOut, id).with(json!({ "revoked": revoked }));
        audit::record(tx, Some(&scope), &by, entry, now_ms)?;
        Ok(Some(revoked))
    });
    let revoked = revoked.await?.ok_or_else(Refusal::not_found)?;
    app.hooks.platform.events.notify_one();
    Ok(json!({ "revoked": revoked }))
}

/// Ends them with one event each, so that whoever watches a session hears of it. How many there were.
fn end_sessions(
    tx: &mut Tx<'_>,
    scope: &Scope,
    by: &Actor,
    user: &UserRow,
    reason: &str,
    now_ms: i64,
) -> std::result::Result<usize, StoreError> {
    const MAX: i64 = 1_000;
    let document = user::document(user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
    for ended in tx.live_sessions(scope, &user.id, now_ms, MAX)? {
        let data = json!({ "user": document, "session": { "id": ended.id }, "reason": reason });
        tx.insert_event(
            scope,
            &Event::new(EventKind::SessionRevoked, by.actor.clone(), data, now_ms),
        )?;
    }
    tx.revoke_sessions(scope, &user.id, now_ms)
}

fn answered(app: &App, user: Option<UserRow>) -> Result<Value> {
    let user = user.ok_or_else(Refusal::not_found)?;
    app.hooks.platform.events.notify_one();
    Ok(json!({ "user": users::document(&user, app.clock.now_ms())? }))
}

/// Everything that is kept about somebody; that it was asked for is kept, too.
pub(crate) async fn export(app: &App, admins: &Admins, id: &str) -> Result<Value> {
    let (scope, by, id, now_ms) = (
        admins.scope.clone(),
        admins.by.clone(),
        id.to_owned(),
        app.clock.now_ms(),
    );
    let (noted, own) = (id.clone(), scope.clone());
    let found = app.store.write(move |tx| {
        let is_there = tx.user(&own, &noted)?.is_some();
        if is_there {
            audit::record(
                tx,
                Some(&own),
                &by,
                AuditEntry::new(Action::UserExported, &noted),
                now_ms,
            )?;
        }
        Ok(is_there)
    });
    if !found.await? {
        return Err(Refusal::not_found().into());
    }
    // Read aside: it may take a while, and writers need not wait for it.
    let found = app.store.read(move |tx| {
        let Some(user) = tx.user(&scope, &id)? else {
            return Ok(None);
        };
        Ok(Some((
            user,
            tx.exported_sessions(&scope, &id)?,
            tx.exported_identities(&scope, &id)?,
            tx.exported_factors(&scope, &id)?,
            tx.exported_events(&scope, &id)?,
            tx.exported_audit(&scope, &id)?,
        )))
    });
    let (user, sessions, identities, factors, events, audit) = found.await?.ok_or_else(Refusal::not_found)?;
    Ok(json!({
        "user": users::document(&user, now_ms)?,
        "sessions": sessions.iter().map(session_document).collect::<Result<Vec<_>>>()?,
        "identities": identities.iter().map(identity_document).collect::<Vec<_>>(),
        "factors": factors.iter().map(factor_document).collect::<Vec<_>>(),
        "events": events.iter().map(event_document).collect::<Result<Vec<_>>>()?,
        "audit": audit.iter().map(audit::document).collect::<Result<Vec<_>>>()?,
    }))
}

fn kept(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| Error::unexpected("reading what is kept about a user", error))
}

fn session_document(row: &ExportedSession) -> Result<Value> {
    Ok(json!({
        "id": row.id,
        "provider": row.provider,
        "client": kept(&row.client)?,
        "ip": row.ip,
        "userAgent": row.user_agent,
        "createdAt": clock::iso(row.created_ms),
        "lastUsedAt": clock::iso(row.last_used_ms),
        "expiresAt": clock::iso(row.expires_ms),
        "revokedAt": row.revoked_ms.map(clock::iso),
    }))
}

fn identity_document(row: &ExportedIdentity) -> Value {
    json!({
        "provider": row.provider,
        "subject": row.subject,
        "email": row.email,
        "createdAt": clock::iso(row.created_ms),
        "lastUsedAt": clock::iso(row.last_used_ms),
    })
}

fn factor_document(row: &ExportedFactor) -> Value {
    json!({
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "state": row.state,
        "createdAt": clock::iso(row.created_ms),
        "verifiedAt": row.verified_ms.map(clock::iso),
    })
}

fn event_document(row: &EventRow) -> Result<Value> {
    Ok(json!({
        "id": row.id,
        "type": row.kind,
        "version": row.version,
        "time": clock::iso(row.time_ms),
        "actor": row.actor,
        "data": kept(&row.data)?,
    }))
}
