//! What register and login have in common: reading `client`, the one way to a session, what after-hooks change, the
//! reply.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    app::App,
    error::Result,
    events::{Event, EventKind},
    hooks::{At, Payload, Point},
    ids::{Kind, Scope, new_id},
    input::{Fields, client_data, short_text},
    request::RequestMeta,
    store::{SessionRow, StoreError, Tx, UserRow},
    user::{self, Profile},
};

/// A user let in.
#[derive(Debug, Serialize)]
pub(crate) struct Granted {
    user: Value,
    session: SessionDocument,
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
}

#[derive(Debug, Serialize)]
struct SessionDocument {
    id: String,
}

/// A user and the session that was begun for them.
pub(super) struct Entered {
    pub(super) user: UserRow,
    pub(super) session_id: String,
}

/// `client: { id?, version?, data? }`; always an object for hooks.
pub(super) fn read_client(fields: &mut Fields) -> Map<String, Value> {
    fields.object("client", |client| {
        let mut read = Map::new();
        if let Some(id) = client.optional("id", short_text(100)) {
            read.insert("id".to_owned(), id.into());
        }
        if let Some(version) = client.optional("version", short_text(50)) {
            read.insert("version".to_owned(), version.into());
        }
        if let Some(data) = client.optional("data", client_data) {
            read.insert("data".to_owned(), data.into());
        }
        read
    })
}

/// A session to be kept, for a request of now.
pub(super) fn new_session(app: &App, request: &RequestMeta, client: &Map<String, Value>, user_id: &str) -> SessionRow {
    let created_ms = app.clock.now_ms();
    SessionRow {
        id: new_id(Kind::Session),
        user_id: user_id.to_owned(),
        client: Value::Object(client.clone()).to_string(),
        ip: request.ip.clone(),
        user_agent: request.user_agent.clone(),
        created_ms,
        expires_ms: created_ms + app.config.token.session_seconds * 1_000,
    }
}

/// The one way to a session: every grant goes through here, with its event, in the transaction of the caller.
pub(super) fn issue_session(
    tx: &mut Tx<'_>,
    scope: &Scope,
    kind: EventKind,
    user: UserRow,
    session: &SessionRow,
) -> std::result::Result<Entered, StoreError> {
    tx.insert_session(scope, session)?;
    let actor = format!("user:{}", user.id);
    tx.insert_event(scope, &event(kind, actor, &user, &session.id, session.created_ms)?)?;
    Ok(Entered {
        user,
        session_id: session.id.clone(),
    })
}

fn event(
    kind: EventKind,
    actor: String,
    user: &UserRow,
    session_id: &str,
    now_ms: i64,
) -> std::result::Result<Event, StoreError> {
    let document = user::document(user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
    Ok(Event::of_user(kind, actor, &document, Some(session_id), now_ms))
}

/// Runs the after-hooks and keeps what they change of the user's metadata.
pub(super) async fn after(app: &App, at: At<'_>, point: Point, entered: Entered, payload: Payload) -> Result<Entered> {
    let before = Profile::of(&entered.user)?;
    let payload = payload.committed(&entered.user.id, before.clone());
    let payload = app.hooks.run(&at, point, payload).await?;
    let Some(change) = before.change_to(&payload.user) else {
        return Ok(entered);
    };

    let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
    let changed = app.store.write(move |tx| {
        let Some(user) = tx.update_user(&scope, &entered.user.id, &change, now_ms)? else {
            return Ok(entered);
        };
        let actor = format!("hook:{}", point.name());
        tx.insert_event(
            &scope,
            &event(EventKind::UserUpdated, actor, &user, &entered.session_id, now_ms)?,
        )?;
        Ok(Entered { user, ..entered })
    });
    Ok(changed.await?)
}

/// The reply: the user and an access token for the session.
pub(super) async fn grant(app: &App, scope: &Scope, entered: Entered) -> Result<Granted> {
    let life_s = app.config.token.access_seconds;
    let now_ms = app.clock.now_ms();
    let access_token = app
        .keyring
        .sign(scope, &entered.user.id, &entered.session_id, now_ms, life_s)
        .await?;
    Ok(Granted {
        user: user::document(&entered.user)?,
        session: SessionDocument { id: entered.session_id },
        access_token,
        token_type: "Bearer",
        expires_in: life_s,
    })
}
