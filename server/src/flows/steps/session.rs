//! The one way to a session, and what is said of one: who is signed in, the claims of its tokens, the reply.

use aerocall_api_types::{SessionGrant, SessionRef, TokenType};
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Refusal, Result},
        event::{Event, EventKind},
        ids::{Kind, Scope, new_id},
        input::{Fields, client_data, short_text},
        request::RequestMeta,
    },
    domain::{
        project::{AuthSettings, MfaPolicy},
        user::{self, Profile},
    },
    hooks::{FlowContext, Payload, Step},
    security::token::Subject,
    storage::store::{AccountRefusal, SessionRow, StoreError, Tx, UserChange, UserRow},
};

/// A user and a session of theirs.
pub(crate) struct Entered {
    pub(crate) user: UserRow,
    pub(crate) session: SessionRow,
    /// For its owner alone; kept as a hash.
    pub(crate) refresh_token: String,
}

/// Whoever sent the access token of a live session.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) user: UserRow,
    pub(crate) session: SessionRow,
}

/// How a user proved who they are, as RFC 8176 names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Password,
    /// A code or link that was sent.
    Otp,
    /// An identity provider says so.
    Federated,
    /// A code of an authenticator app, or a recovery code: with it, there were two factors.
    SecondFactor,
    /// An admin says so.
    Admin,
}

/// A session that is about to be issued.
pub(crate) struct NewSession {
    /// Signup or login.
    pub(crate) kind: EventKind,
    pub(crate) row: SessionRow,
    pub(crate) refresh_token: String,
    pub(crate) second_factor: SecondFactor,
    pub(crate) settings: AuthSettings,
}

/// Whether a second factor was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecondFactor {
    Shown,
    NotShown,
}

impl Proof {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Otp => "otp",
            Self::Federated => "fed",
            Self::SecondFactor => "mfa",
            Self::Admin => "admin",
        }
    }
}

impl Proof {
    /// As [`Proof::as_str`] wrote it.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let all = [
            Self::Password,
            Self::Otp,
            Self::Federated,
            Self::SecondFactor,
            Self::Admin,
        ];
        all.into_iter().find(|proof| proof.as_str() == text)
    }
}

/// `client: { id?, version?, data? }`; always an object for hooks.
pub(crate) fn read_client(fields: &mut Fields) -> Map<String, Value> {
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

/// The user and the session of an access token, as long as both may go on.
pub(crate) async fn signed_in(app: &App, scope: &Scope, token: &str) -> Result<SignedIn> {
    let now_ms = app.clock.now_ms();
    let claims = app.keyring.verify(scope, token, now_ms).await?;
    let scope = scope.clone();
    let found = app.store.read(move |tx| {
        let session = tx.live_session(&scope, &claims.sid, now_ms)?;
        let Some(session) = session.filter(|session| session.user_id == claims.sub) else {
            return Ok(None);
        };
        let user = tx.user(&scope, &session.user_id)?;
        Ok(user.map(|user| SignedIn { user, session }))
    });
    let signed_in = found.await?.ok_or_else(Refusal::invalid_token)?;
    if is_banned(&signed_in.user, now_ms) {
        return Err(Refusal::account_banned().into());
    }
    Ok(signed_in)
}

impl SignedIn {
    /// Refuses a session whose user proved who they are too long ago.
    pub(crate) fn require_recent(&self, settings: &AuthSettings, now_ms: i64) -> Result<()> {
        let since_ms = now_ms.saturating_sub(self.session.authenticated_ms);
        if since_ms <= settings.sessions.recent_seconds.saturating_mul(1_000) {
            return Ok(());
        }
        Err(Refusal::recent_login_required().into())
    }

    /// For events and the audit log.
    pub(crate) fn actor(&self) -> String {
        actor(&self.user)
    }
}

/// A session for a request of now.
pub(crate) fn new_session(
    app: &App,
    settings: &AuthSettings,
    request: &RequestMeta,
    payload: &Payload,
    user_id: &str,
    kind: EventKind,
    proofs: &[Proof],
) -> Result<NewSession> {
    let now_ms = app.clock.now_ms();
    let amr: Vec<&str> = proofs.iter().map(|proof| proof.as_str()).collect();
    let lives_ms = settings.sessions.session_seconds.saturating_mul(1_000);
    let row = SessionRow {
        id: new_id(Kind::Session),
        user_id: user_id.to_owned(),
        client: Value::Object(payload.client.clone()).to_string(),
        ip: request.ip.clone(),
        user_agent: request.user_agent.clone(),
        provider: payload.provider.clone().unwrap_or_default(),
        amr: json!(amr).to_string(),
        authenticated_ms: now_ms,
        created_ms: now_ms,
        last_used_ms: now_ms,
        idle_until_ms: now_ms.saturating_add(settings.sessions.idle_seconds.saturating_mul(1_000)),
        expires_ms: now_ms.saturating_add(lives_ms),
    };
    Ok(NewSession {
        kind,
        row,
        refresh_token: secret::new_key("rt")?,
        second_factor: match proofs.contains(&Proof::SecondFactor) {
            true => SecondFactor::Shown,
            false => SecondFactor::NotShown,
        },
        settings: settings.clone(),
    })
}

/// The one way to a session: every grant goes through here, in the transaction of its flow, with its event. The account
/// is read and checked here, under its lock, whatever was checked before.
pub(crate) fn issue_session(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: NewSession,
) -> std::result::Result<Entered, StoreError> {
    let NewSession { kind, row: session, .. } = &new;
    let now_ms = session.created_ms;
    let user = tx
        .lock_user(scope, &session.user_id)?
        .ok_or(StoreError::CredentialsChanged)?;
    may_enter(tx, scope, &user, &new, now_ms)?;
    tx.insert_session(scope, session)?;
    let hash = secret::fingerprint(&new.refresh_token);
    tx.insert_refresh_token(scope, &session.id, &hash, None, now_ms)?;
    tx.user_logged_in(scope, &user.id, now_ms)?;
    tx.insert_event(scope, &event(*kind, actor(&user), &user, Some(&session.id), now_ms)?)?;
    Ok(Entered {
        user,
        refresh_token: new.refresh_token,
        session: new.row,
    })
}

/// Every check of an account that is about to get a session.
fn may_enter(
    tx: &mut Tx<'_>,
    scope: &Scope,
    user: &UserRow,
    new: &NewSession,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    check_account(user, &new.settings, now_ms)?;
    let wanted = new.settings.mfa == MfaPolicy::Required;
    if new.second_factor == SecondFactor::NotShown && (wanted || tx.has_second_factor(scope, &user.id)?) {
        return Err(StoreError::AccountRefused(AccountRefusal::MfaRequired));
    }
    Ok(())
}

/// The checks that do not depend on what was proved.
pub(crate) fn check_account(
    user: &UserRow,
    settings: &AuthSettings,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    if is_banned(user, now_ms) {
        return Err(StoreError::AccountRefused(AccountRefusal::Banned));
    }
    if settings.confirm_email.is_on() && user.email_verified_ms.is_none() {
        return Err(StoreError::AccountRefused(AccountRefusal::EmailUnverified));
    }
    Ok(())
}

pub(crate) fn is_banned(user: &UserRow, now_ms: i64) -> bool {
    user.banned_until_ms.is_some_and(|until_ms| now_ms < until_ms)
}

pub(crate) fn actor(user: &UserRow) -> String {
    format!("user:{}", user.id)
}

/// An event about a user, for the transaction of the change.
pub(crate) fn event(
    kind: EventKind,
    actor: String,
    user: &UserRow,
    session_id: Option<&str>,
    now_ms: i64,
) -> std::result::Result<Event, StoreError> {
    let document = user::document(user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
    Ok(Event::of_user(kind, actor, &document, session_id, now_ms))
}

/// What before-hooks changed of the user, in the transaction of the flow.
pub(crate) fn keep_change(
    tx: &mut Tx<'_>,
    scope: &Scope,
    user: UserRow,
    change: Option<&UserChange>,
    now_ms: i64,
) -> std::result::Result<UserRow, StoreError> {
    let Some(change) = change else { return Ok(user) };
    Ok(tx.update_user(scope, &user.id, change, now_ms)?.unwrap_or(user))
}

/// Runs the hooks before a token is issued: the project's own claims. It happens before the commit, so that a denial
/// leaves nothing half done.
pub(crate) async fn claims(
    app: &App,
    at: FlowContext<'_>,
    user_id: &str,
    payload: &Payload,
) -> Result<Map<String, Value>> {
    let asked = Payload {
        user_id: Some(user_id.to_owned()),
        claims: Some(Map::new()),
        password: crate::hooks::PasswordInPlay::Gone,
        ..payload.clone()
    };
    let at = FlowContext { password: None, ..at };
    let answered = app.hooks.run(&at, Step::TokenIssue.before(), asked).await?;
    Ok(answered.claims.unwrap_or_default())
}

/// Runs the after-hooks of a hook point that changed a user, and keeps what they change of the user's metadata.
pub(crate) async fn after(
    app: &App,
    at: FlowContext<'_>,
    step: Step,
    user: UserRow,
    payload: Payload,
) -> Result<UserRow> {
    let before = Profile::of(&user)?;
    let payload = payload.committed(&user.id, before.clone());
    let payload = app.hooks.run(&at, step.after(), payload).await?;
    let Some(change) = payload.user.as_ref().and_then(|after| before.change_to(after)) else {
        return Ok(user);
    };
    let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
    let actor = format!("hook:{}", step.after().name());
    let changed = app.store.write(move |tx| {
        let Some(changed) = tx.update_user(&scope, &user.id, &change, now_ms)? else {
            return Ok(user);
        };
        tx.insert_event(&scope, &event(EventKind::UserUpdated, actor, &changed, None, now_ms)?)?;
        Ok(changed)
    });
    Ok(changed.await?)
}

/// The reply: the user, an access token with the project's claims, the refresh token. Hooks run at the issue of the token.
pub(crate) async fn grant(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    entered: Entered,
    claims: Map<String, Value>,
    payload: Payload,
) -> Result<SessionGrant> {
    let Entered {
        user,
        session,
        refresh_token,
    } = entered;
    let life_s = settings.sessions.access_seconds;
    let amr = serde_json::from_str(&session.amr).map_err(|error| Error::unexpected("reading a session", error))?;
    let subject = Subject {
        user_id: &user.id,
        session_id: &session.id,
        amr,
        authenticated_ms: session.authenticated_ms,
        claims: claims.clone(),
    };
    let access_token = app.keyring.sign(at.scope, subject, app.clock.now_ms(), life_s).await?;
    let profile = Profile::of(&user)?;
    app.limits
        .recognize(at.scope, profile.email.normal(), &at.request.ip)
        .await;
    if let Some(phone) = user.phone.as_deref().filter(|_| user.phone_verified_ms.is_some()) {
        app.limits.recognize(at.scope, phone, &at.request.ip).await;
    }
    let payload = Payload {
        claims: Some(claims),
        ..payload.committed(&user.id, profile)
    };
    app.hooks.run(&at, Step::TokenIssue.after(), payload).await?;
    Ok(SessionGrant {
        user: user::shown(&user)?,
        session: SessionRef { id: session.id },
        access_token,
        token_type: TokenType::Bearer,
        expires_in: life_s,
        refresh_token,
    })
}
