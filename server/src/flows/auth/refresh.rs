//! `POST /auth/refresh`

use aerocall_api_types::SessionGrant;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Refusal, Result},
        event::{Event, EventKind},
        ids::Scope,
        input::{Fields, short_text},
        request::RequestMeta,
    },
    domain::{
        audit::{self, Action, Actor, AuditEntry},
        project::AuthSettings,
        user::{self, Profile},
    },
    flows::steps::{
        commit::commit,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        session::{self, Entered},
    },
    hooks::{FlowContext, Moment, Payload},
    storage::store::{RefreshTokenRow, SessionRow, StoreError, Tx, UserRow},
};

/// Going on with a session: the refresh token is exchanged for its successor.
///
/// The successor is derived from the token, so that whoever lost the answer gets the same one again: any number of requests
/// with one token make one successor. It may be asked for again inside the grace, as long as nobody has used the successor.
/// Any later use of a token that was used ends the session: one of the two who have it is not its owner (RFC 9700, 4.14).
pub(crate) struct Refresh;

/// What the client sends.
pub(crate) struct Input {
    token: String,
    client: Map<String, Value>,
}

/// A token with what it belongs to.
struct Found {
    session: SessionRow,
    user: UserRow,
}

impl Flow for Refresh {
    type Who = Anybody;
    type Input = Input;
    type Output = SessionGrant;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/refresh",
        summary: "Refresh a session",
        about: "Exchanges a refresh token for a new refresh token and a new access token. A client that lost the response may send the same refresh token again for a few seconds (`refreshGraceSeconds`); any later reuse revokes the session.",
        fields: &[
            Field::required(
                "refresh_token",
                FieldKind::Token,
                "The refresh token from the latest response.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"refresh_token":"rt_4fV0m2cN7nq3nS0Kp2pX9yq0m3cYxg3d8Zk1uJ5sTgE"}"#,
        answer: Answer {
            status: 200,
            about: "The session with new tokens.",
            example: examples::GRANTED,
        },
        moments: &[Moment::TokenRefresh, Moment::TokenIssue],
        events: &[EventKind::TokenRefreshed, EventKind::SessionRevoked],
        errors: &["invalid_refresh_token", "account_banned", "email_unverified"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let token = fields.required("refresh_token", short_text(200));
        let client = session::read_client(fields);
        Some(Input { token: token?, client })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SessionGrant> {
        let (scope, settings) = (&caller.scope, &*caller.settings);
        let effects = app.hooks.platform.effects(scope, 0);
        let at = FlowContext::new(scope, &caller.request, &effects);
        let found = found(app, scope, settings, &caller.request, &input.token).await?;
        let payload = payload(&found, input.client)?;
        let payload = app.hooks.run(&at, Moment::TokenRefresh.before(), payload).await?;
        let claims = session::claims(app, at, &found.user.id, &payload).await?;
        let mut entered = rotate(app, at, settings, &input.token, found, &payload).await?;
        entered.user = session::after(app, at, Moment::TokenRefresh, entered.user, payload.clone()).await?;
        session::grant(app, at, settings, entered, claims, payload).await
    }
}

fn payload(found: &Found, client: Map<String, Value>) -> Result<Payload> {
    let profile = Profile::of(&found.user)?;
    let payload = Payload::of_user(Some(found.user.id.clone()), profile, client);
    Ok(payload
        .with_provider(&found.session.provider)
        .with_fact("session", json!({ "id": found.session.id })))
}

/// The session of a token that may be exchanged. One that may not, because it was used before, ends the session here.
async fn found(app: &App, scope: &Scope, settings: &AuthSettings, request: &RequestMeta, token: &str) -> Result<Found> {
    let (own, hash, now_ms) = (scope.clone(), secret::fingerprint(token), app.clock.now_ms());
    let (settings, grace_ms) = (settings.clone(), grace_ms(settings));
    let read = app.store.read(move |tx| {
        let Some(row) = tx.refresh_token(&own, &hash)? else {
            return Ok(None);
        };
        let Some(session) = tx.live_session(&own, &row.session_id, now_ms)? else {
            return Ok(None);
        };
        let user = tx.user(&own, &session.user_id)?.ok_or(StoreError::CredentialsChanged)?;
        session::check_account(&user, &settings, now_ms)?;
        let fresh = may_be_shown(tx, &own, &row, now_ms, grace_ms)?;
        Ok(Some((fresh, Found { session, user })))
    });
    match read.await? {
        Some((true, found)) => Ok(found),
        Some((false, found)) => Err(reused(app, scope, request, found).await?.into()),
        None => Err(Refusal::invalid_refresh_token().into()),
    }
}

/// Whether the token is unused, or was used a moment ago and its successor was not.
fn may_be_shown(
    tx: &mut Tx<'_>,
    scope: &Scope,
    row: &RefreshTokenRow,
    now_ms: i64,
    grace_ms: i64,
) -> std::result::Result<bool, StoreError> {
    let Some(used_ms) = row.used_ms else { return Ok(true) };
    if now_ms.saturating_sub(used_ms) > grace_ms {
        return Ok(false);
    }
    let successor = tx.successor_of(scope, &row.hash)?;
    Ok(successor.is_some_and(|successor| successor.used_ms.is_none()))
}

/// The one transaction. Of any number of requests with one token, one makes the successor; the others find it made.
async fn rotate(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    token: &str,
    found: Found,
    payload: &Payload,
) -> Result<Entered> {
    let change = payload.change_of(&Profile::of(&found.user)?);
    let (scope, now_ms, settings) = (at.scope.clone(), app.clock.now_ms(), settings.clone());
    let (hash, successor) = (secret::fingerprint(token), successor(app, token));
    let Found { session, user } = found;
    let kept = (session.clone(), user.clone());
    let rotated = commit(app, at, move |tx| {
        let mut user = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        session::check_account(&user, &settings, now_ms)?;
        if tx.live_session(&scope, &session.id, now_ms)?.is_none() {
            return Err(StoreError::CredentialsChanged);
        }
        if tx.use_refresh_token(&scope, &hash, now_ms)? {
            let next = secret::fingerprint(&successor);
            tx.insert_refresh_token(&scope, &session.id, &next, Some(&hash), now_ms)?;
            let idle_ms = settings.sessions.idle_seconds.saturating_mul(1_000);
            tx.session_used(&scope, &session.id, now_ms, now_ms.saturating_add(idle_ms))?;
            user = session::keep_change(tx, &scope, user, change.as_ref(), now_ms)?;
            let actor = session::actor(&user);
            tx.insert_event(
                &scope,
                &session::event(EventKind::TokenRefreshed, actor, &user, Some(&session.id), now_ms)?,
            )?;
        } else {
            let row = tx.refresh_token(&scope, &hash)?.ok_or(StoreError::CredentialsChanged)?;
            if !may_be_shown(tx, &scope, &row, now_ms, grace_ms(&settings))? {
                return Err(StoreError::TokenReused);
            }
        }
        Ok(Entered {
            user,
            session,
            refresh_token: successor,
        })
    });
    match rotated.await {
        Err(crate::base::error::Error::Refused(refusal)) if refusal.code == "invalid_refresh_token" => {
            let (session, user) = kept;
            Err(reused(app, at.scope, at.request, Found { session, user }).await?.into())
        }
        rotated => rotated,
    }
}

/// Ends the session: two have had its token.
async fn reused(app: &App, scope: &Scope, request: &RequestMeta, found: Found) -> Result<Refusal> {
    let Found { session, user } = found;
    tracing::warn!(%scope, user = user.id, session = session.id, "a refresh token was used again; its session is over");
    let (own, now_ms) = (scope.clone(), app.clock.now_ms());
    let by = Actor::request("server".to_owned(), request);
    let document = user::document(&user)?;
    let revoked = app.store.write(move |tx| {
        if tx.revoke_session(&own, &user.id, &session.id, now_ms)? {
            let data = json!({ "user": document, "session": { "id": session.id }, "reason": "refresh_token_reused" });
            tx.insert_event(
                &own,
                &Event::new(EventKind::SessionRevoked, "server".to_owned(), data, now_ms),
            )?;
            let entry = AuditEntry::new(Action::RefreshTokenReused, &user.id).with(json!({ "session": session.id }));
            audit::record(tx, Some(&own), &by, entry, now_ms)?;
        }
        Ok(())
    });
    revoked.await?;
    app.hooks.platform.events.notify_one();
    Ok(Refusal::invalid_refresh_token())
}

fn grace_ms(settings: &AuthSettings) -> i64 {
    settings.sessions.refresh_grace_seconds.saturating_mul(1_000)
}

/// The token that follows this one. Only the server can tell it, and it tells the same every time.
fn successor(app: &App, token: &str) -> String {
    let mac = app.master.mac("refresh tokens", &[token]);
    format!("rt_{}", URL_SAFE_NO_PAD.encode(mac))
}
