//! `POST /auth/refresh`

use std::sync::Arc;

use aerocall_api_types::SessionGrant;
use aerocall_contract::errors;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        crypto::{MasterKey, secret},
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
    hooks::{FlowContext, Payload, Step},
    storage::store::{RefreshTokenRow, SessionRow, StoreError, Tx, UserRow},
};

/// How often the successor of one token may be lost.
const MAX_SUCCESSORS: u32 = 50;

/// Going on with a session: the refresh token is exchanged for its successor.
///
/// Successors are derived from the token, so that whoever lost the response gets the same one again: any number of requests
/// with one token make one successor. A token that was used may be sent again as long as nobody has used its successor: within
/// the grace it gets that successor again, afterwards another one in its place, and the one that was lost is worth nothing.
/// Any other use of a token that was used or replaced ends the session: one of the two who have had it is not its owner
/// (RFC 9700, 4.14).
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

/// What becomes of a token that is sent.
enum Standing {
    /// It is exchanged: the token that is used up by that, and the one that follows.
    Exchange { used_hash: String, successor: String },
    /// It was exchanged a moment ago for this one, which nobody has used.
    Again { successor: String },
    /// Its successor was used, or it was itself replaced.
    Reused,
}

impl Flow for Refresh {
    type Who = Anybody;
    type Input = Input;
    type Output = SessionGrant;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/refresh",
        summary: "Refresh a session",
        about: "Exchanges a refresh token for a new refresh token and a new access token. A client that lost the response sends the same refresh token again: for a few seconds (`refreshGraceSeconds`) it gets the same new refresh token, later another one that replaces it. Once the new refresh token was used, or if the replaced one is used, the session is revoked.",
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
        steps: &[Step::TokenRefresh, Step::TokenIssue],
        events: &[EventKind::TokenRefreshed, EventKind::SessionRevoked],
        errors: &[
            errors::INVALID_REFRESH_TOKEN,
            errors::ACCOUNT_BANNED,
            errors::EMAIL_UNVERIFIED,
        ],
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
        let payload = app.hooks.run(&at, Step::TokenRefresh.before(), payload).await?;
        let claims = session::claims(app, at, &found.user.id, &payload).await?;
        let mut entered = rotate(app, at, settings, &input.token, found, &payload).await?;
        entered.user = session::after(app, at, Step::TokenRefresh, entered.user, payload.clone()).await?;
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
    let (settings, family) = (settings.clone(), Family::of(app, settings, token));
    let read = app.store.read(move |tx| {
        let Some(row) = tx.refresh_token(&own, &hash)? else {
            return Ok(None);
        };
        let Some(session) = tx.live_session(&own, &row.session_id, now_ms)? else {
            return Ok(None);
        };
        let user = tx.user(&own, &session.user_id)?.ok_or(StoreError::CredentialsChanged)?;
        session::check_account(&user, &settings, now_ms)?;
        let standing = family.standing(tx, &own, &row, now_ms)?;
        Ok(Some((standing, Found { session, user })))
    });
    match read.await? {
        Some((Standing::Reused, found)) => Err(reused(app, scope, request, found).await?.into()),
        Some((_, found)) => Ok(found),
        None => Err(Refusal::invalid_refresh_token().into()),
    }
}

/// A token and those that may follow it.
struct Family {
    master: Arc<MasterKey>,
    token: String,
    grace_ms: i64,
}

impl Family {
    fn of(app: &App, settings: &AuthSettings, token: &str) -> Self {
        Self {
            master: Arc::clone(&app.master),
            token: token.to_owned(),
            grace_ms: settings.sessions.refresh_grace_seconds.saturating_mul(1_000),
        }
    }

    /// The token that follows this one, or that follows in its place the `number`th time. Only the server can compute it, and
    /// it is the same every time.
    fn successor(&self, number: u32) -> String {
        let again = number.to_string();
        let parts: &[&str] = match number {
            1 => &[&self.token],
            _ => &[&self.token, &again],
        };
        let mac = self.master.mac("refresh tokens", parts);
        format!("rt_{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// What becomes of the token. A successor that was replaced is marked as used, and the one in its place is there; one that
    /// somebody used is marked as used, and no other is in its place.
    fn standing(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        row: &RefreshTokenRow,
        now_ms: i64,
    ) -> std::result::Result<Standing, StoreError> {
        let mut last = row.clone();
        for number in 1..=MAX_SUCCESSORS {
            let successor = self.successor(number);
            let Some(next) = tx.refresh_token(scope, &secret::fingerprint(&successor))? else {
                return Ok(match last.used_ms {
                    None => Standing::Exchange {
                        used_hash: last.hash,
                        successor,
                    },
                    Some(_) => Standing::Reused,
                });
            };
            if next.used_ms.is_none() && now_ms.saturating_sub(next.created_ms) <= self.grace_ms {
                return Ok(Standing::Again { successor });
            }
            last = next;
        }
        Ok(Standing::Reused)
    }
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
    let (hash, family) = (secret::fingerprint(token), Family::of(app, &settings, token));
    let Found { session, user } = found;
    let kept = (session.clone(), user.clone());
    let rotated = commit(app, at, move |tx| {
        let mut user = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        session::check_account(&user, &settings, now_ms)?;
        if tx.live_session(&scope, &session.id, now_ms)?.is_none() {
            return Err(StoreError::CredentialsChanged);
        }
        let row = tx.refresh_token(&scope, &hash)?.ok_or(StoreError::CredentialsChanged)?;
        let successor = match family.standing(tx, &scope, &row, now_ms)? {
            Standing::Reused => return Err(StoreError::TokenReused),
            Standing::Again { successor } => successor,
            Standing::Exchange { used_hash, successor } => {
                if !tx.use_refresh_token(&scope, &used_hash, now_ms)? {
                    return Err(StoreError::TokenReused);
                }
                if used_hash != hash {
                    let (user, session) = (&user.id, &session.id);
                    tracing::info!(%scope, user, session, "a refresh token was sent again; its unused successor is replaced");
                }
                let next = secret::fingerprint(&successor);
                tx.insert_refresh_token(&scope, &session.id, &next, Some(&used_hash), now_ms)?;
                let idle_ms = settings.sessions.idle_seconds.saturating_mul(1_000);
                tx.session_used(&scope, &session.id, now_ms, now_ms.saturating_add(idle_ms))?;
                user = session::keep_change(tx, &scope, user, change.as_ref(), now_ms)?;
                let actor = session::actor(&user);
                let event = session::event(EventKind::TokenRefreshed, actor, &user, Some(&session.id), now_ms)?;
                tx.insert_event(&scope, &event)?;
                successor
            }
        };
        Ok(Entered {
            user,
            session,
            refresh_token: successor,
        })
    });
    match rotated.await {
        Err(error) if error.is_refusal(errors::INVALID_REFRESH_TOKEN) => {
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
