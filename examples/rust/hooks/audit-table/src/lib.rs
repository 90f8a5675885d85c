//! Keeps a row for each event that somebody may want to look up later.

use aerocall_hooks::{Context, Event, Result, SessionRef, User, db, events, log, on, params};
use serde_json::{Value, json};

/// One row per event. The same event can come twice, because a handler that failed is run again and a worker can die between its
/// work and the note that it is done: the event's id is the key.
fn record<T>(event: &Event<T>, user: &User, details: Value) -> Result<()> {
    let rows = db::execute(
        "INSERT INTO audit (id, at, event, user_id, details) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
        params![&event.id, event.time, &event.kind, &user.id, details],
    )?;
    if rows == 0 {
        log::debug!("{} was recorded before", event.id);
    }
    Ok(())
}

fn of_session(session: Option<&SessionRef>) -> Value {
    session.map_or(json!({}), |session| json!({ "session": session.id }))
}

#[on("auth.signup")]
fn signed_up(_context: &Context, event: Event<events::Signup>) -> Result<()> {
    record(&event, &event.data.user, of_session(event.data.session.as_ref()))
}

#[on("auth.login")]
fn logged_in(_context: &Context, event: Event<events::Login>) -> Result<()> {
    record(&event, &event.data.user, of_session(Some(&event.data.session)))
}

#[on("auth.password.changed")]
fn password_changed(_context: &Context, event: Event<events::PasswordChanged>) -> Result<()> {
    record(&event, &event.data.user, json!({}))
}
