//! Keeping a user out: bans, and the end of all sessions. Each is one transaction under the lock of the account, so no
//! session slips through between the check and the ban.

use serde_json::{Map, Value, json};

use super::users::shown;
use crate::{
    access::Acting,
    app::App,
    audit::{self, Action, Origin},
    clock,
    error::{Refusal, Result},
    events::{Event, EventKind},
    ids::Scope,
    input::{Fields, Parsed, short_text, text},
    store::{StoreError, Tx, UserChange, UserRow},
    user,
};

/// What the client sends: `{ until?, reason? }`. Without `until` the ban has no end.
pub(crate) struct Ban {
    until_ms: i64,
    reason: Option<String>,
}

impl Ban {
    pub(crate) fn read(body: Map<String, Value>, now_ms: i64) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let until_ms = fields.optional("until", |value| until(value, now_ms));
        let reason = fields.optional("reason", short_text(200));
        fields.finish(Some(Self {
            until_ms: until_ms.unwrap_or(i64::MAX),
            reason,
        }))
    }
}

fn until(value: Value, now_ms: i64) -> Parsed<i64> {
    match clock::parse_iso(&text(value)?) {
        Some(until_ms) if until_ms > now_ms => Ok(until_ms),
        Some(_) => Err("must be in the future".to_owned()),
        None => Err("must be a time like 2026-12-31T12:00:00Z".to_owned()),
    }
}

/// Bans the user and ends their sessions.
pub(crate) async fn ban(app: &App, acting: Acting, id: String, ban: Ban) -> Result<Value> {
    let now_ms = app.clock.now_ms();
    let Acting { scope, origin, .. } = acting;
    let banned = app.store.write(move |tx| {
        let until = (ban.until_ms != i64::MAX).then(|| clock::iso(ban.until_ms));
        let noted = json!({ "until": until, "reason": ban.reason });
        let change = UserChange {
            ban: Some(Some((ban.until_ms, ban.reason))),
            ..UserChange::default()
        };
        tx.user_alone(&scope, &id)?.ok_or(StoreError::UserGone)?;
        let user = changed(tx, &scope, &origin, &id, &change, now_ms)?;
        audit::note(tx, &scope, &origin, Action::UserBanned, &id, &noted, now_ms)?;
        end_sessions(tx, &scope, &origin, &user, "banned", now_ms)?;
        Ok(user)
    });
    let user = banned.await?;
    app.hooks.platform.events.notify_one();
    shown(app, &user)
}

/// Lets the user in again. Sessions that were ended stay so.
pub(crate) async fn unban(app: &App, acting: Acting, id: String) -> Result<Value> {
    let now_ms = app.clock.now_ms();
    let Acting { scope, origin, .. } = acting;
    let unbanned = app.store.write(move |tx| {
        let user = tx.user_alone(&scope, &id)?.ok_or(StoreError::UserGone)?;
        if user.banned_until_ms.is_none() {
            return Ok(user);
        }
        let change = UserChange {
            ban: Some(None),
            ..UserChange::default()
        };
        let user = changed(tx, &scope, &origin, &id, &change, now_ms)?;
        audit::note(tx, &scope, &origin, Action::UserUnbanned, &id, &json!({}), now_ms)?;
        Ok(user)
    });
    let user = unbanned.await?;
    app.hooks.platform.events.notify_one();
    shown(app, &user)
}

/// Ends all sessions of the user.
pub(crate) async fn logout(app: &App, acting: Acting, id: String) -> Result<Value> {
    let now_ms = app.clock.now_ms();
    let Acting { scope, origin, .. } = acting;
    let ended = app.store.write(move |tx| {
        let user = tx.user_alone(&scope, &id)?.ok_or(StoreError::UserGone)?;
        let ended = end_sessions(tx, &scope, &origin, &user, "admin", now_ms)?;
        let noted = json!({ "revoked": ended });
        audit::note(tx, &scope, &origin, Action::UserLoggedOut, &id, &noted, now_ms)?;
        Ok(ended)
    });
    let ended = ended.await?;
    app.hooks.platform.events.notify_one();
    Ok(json!({ "revoked": ended }))
}

fn changed(
    tx: &mut Tx<'_>,
    scope: &Scope,
    origin: &Origin,
    id: &str,
    change: &UserChange,
    now_ms: i64,
) -> std::result::Result<UserRow, StoreError> {
    let user = tx.update_user(scope, id, change, now_ms)?.ok_or(StoreError::UserGone)?;
    let event = super::session::event(EventKind::UserUpdated, origin.actor.clone(), &user, None, now_ms)?;
    tx.insert_event(scope, &event)?;
    Ok(user)
}

/// Ends the sessions of a user, with one event if there were any. How many there were.
fn end_sessions(
    tx: &mut Tx<'_>,
    scope: &Scope,
    origin: &Origin,
    user: &UserRow,
    reason: &str,
    now_ms: i64,
) -> std::result::Result<usize, StoreError> {
    let ended = tx.revoke_sessions(scope, &user.id, now_ms)?;
    if ended > 0 {
        let document = user::document(user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
        let data = json!({ "user": document, "revoked": ended, "reason": reason });
        let event = Event::new(EventKind::SessionRevoked, origin.actor.clone(), data, now_ms);
        tx.insert_event(scope, &event)?;
    }
    Ok(ended)
}
