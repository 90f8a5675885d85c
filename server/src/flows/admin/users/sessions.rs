//! Ending sessions of a user, with an event for each.

use serde_json::json;

use crate::{
    base::{
        event::{Event, EventKind},
        ids::Scope,
    },
    domain::user,
    storage::store::{StoreError, Tx, UserRow},
};

/// Sessions that get an event of their own; whoever has more of them is a program.
const MAX_EVENTS: i64 = 1_000;

/// Ends them with one event each, so that whoever observes a session gets to know it. How many there were.
pub(super) fn end(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &str,
    user: &UserRow,
    reason: &str,
    now_ms: i64,
) -> std::result::Result<usize, StoreError> {
    let document = user::document(user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
    for ended in tx.live_sessions(scope, &user.id, now_ms, MAX_EVENTS)? {
        let data = json!({ "user": document, "session": { "id": ended.id }, "reason": reason });
        tx.insert_event(
            scope,
            &Event::new(EventKind::SessionRevoked, actor.to_owned(), data, now_ms),
        )?;
    }
    tx.revoke_sessions(scope, &user.id, now_ms)
}

/// Ends one, with its event. Whether there was such a session.
pub(super) fn end_one(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &str,
    user: &UserRow,
    session: &str,
    now_ms: i64,
) -> std::result::Result<bool, StoreError> {
    if !tx.revoke_session(scope, &user.id, session, now_ms)? {
        return Ok(false);
    }
    let document = user::document(user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
    let data = json!({ "user": document, "session": { "id": session }, "reason": "admin" });
    let event = Event::new(EventKind::SessionRevoked, actor.to_owned(), data, now_ms);
    tx.insert_event(scope, &event)?;
    Ok(true)
}
