//! Sign-in: what every sign-up and every log-in ends with. Passwords, codes, links, providers and admins differ in
//! what they prove; hooks, checks, transaction and reply are these.

use std::sync::Arc;

use aerocall_api_types::{
    ChallengeToken, ConfirmationRequired, EnrollmentToken, FactorType, MfaChallenge, MfaEnrollment, MfaMethod,
    SessionGrant, SignIn, SignUp,
};
use serde_json::{Map, Value, json};

use super::{
    commit::commit,
    one_time::{self, Made, TokenPurpose},
    session::{self, NewSession, Proof},
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        ids::{Kind, new_id},
        input::Email,
    },
    domain::{
        project::{AuthSettings, MfaPolicy, RedirectUrl},
        user::Profile,
    },
    hooks::{FlowContext, Moment, Payload},
    storage::store::{NewUser, StoreError, Tx, UserRow},
};

/// An account to be made.
pub(crate) struct NewAccount {
    pub(crate) profile: Profile,
    /// The address that was proved to be theirs, if one was.
    pub(crate) verified: Option<Email>,
    pub(crate) how: How,
}

/// How somebody signs in.
#[derive(Clone, Debug)]
pub(crate) struct How {
    /// `password`, `otp`, `magic_link`, `admin`, or an identity provider.
    pub(crate) provider: String,
    pub(crate) proofs: Vec<Proof>,
    /// What the client says about itself.
    pub(crate) client: Map<String, Value>,
}

/// Signs somebody up: before-hooks → hash → claims → one transaction → after-hooks → reply. `also`: what else belongs into
/// the transaction.
pub(crate) async fn sign_up(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    new: NewAccount,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SignUp> {
    let payload = payload(at, None, new.profile, &new.how);
    let payload = app.hooks.run(&at, Moment::Signup.before(), payload).await?;
    let user = new_user(app, at, &payload, new.verified.as_ref(), &new.how).await?;
    let user_id = user.id.clone();
    if settings.confirm_email.is_on() && user.email_verified_ms.is_none() {
        let (scope, row) = (at.scope.clone(), user.row());
        let sent =
            crate::flows::steps::verification::verification(app, &scope, settings, &row, redirect(settings).as_ref())
                .await?;
        let kept = commit(app, at, move |tx| {
            let kept = keep_user(tx, &scope, &user, format!("user:{}", user.id), also)?;
            sent.keep(tx, &scope)?;
            Ok(kept)
        })
        .await?;
        app.hooks.platform.wake();
        session::after(app, at, Moment::Signup, kept, payload).await?;
        return Ok(SignUp::ConfirmationRequired(ConfirmationRequired::ANSWER));
    }
    if settings.mfa == MfaPolicy::Required {
        let half = half(app, TokenPurpose::MfaEnrollment, &user_id, &new.how)?;
        let scope = at.scope.clone();
        let kept = commit(app, at, move |tx| {
            let kept = keep_user(tx, &scope, &user, format!("user:{}", user.id), also)?;
            tx.put_one_time_token(&scope, &half.row)?;
            Ok(kept)
        })
        .await?;
        app.hooks.platform.wake();
        session::after(app, at, Moment::Signup, kept, payload).await?;
        return Ok(SignUp::MfaEnrollmentRequired(enrollment(half.text)));
    }
    let claims = session::claims(app, at, &user_id, &payload).await?;
    let new_session = session(app, at, settings, &payload, &user_id, EventKind::Signup, &new.how)?;
    let scope = at.scope.clone();
    let mut entered = commit(app, at, move |tx| {
        let user = tx.insert_user(&scope, &user)?;
        also(tx, &user)?;
        session::issue_session(tx, &scope, new_session)
    })
    .await?;
    entered.user = session::after(app, at, Moment::Signup, entered.user, payload.clone()).await?;
    let granted = session::grant(app, at, settings, entered, claims, payload).await?;
    Ok(SignUp::Session(Box::new(granted)))
}

/// What a login answers whose user had no account before.
///
/// # Errors
/// `email_unverified` if the account must be confirmed first.
pub(crate) fn as_sign_in(signed_up: SignUp) -> Result<SignIn> {
    match signed_up {
        SignUp::Session(granted) => Ok(SignIn::Session(granted)),
        SignUp::MfaEnrollmentRequired(enrollment) => Ok(SignIn::MfaEnrollmentRequired(enrollment)),
        SignUp::ConfirmationRequired(_) => Err(Refusal::email_unverified().into()),
    }
}

/// Makes an account for somebody, who is not let in by it: before-hooks → hash → one transaction → after-hooks.
pub(crate) async fn make_account(
    app: &App,
    at: FlowContext<'_>,
    new: NewAccount,
    actor: String,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<UserRow> {
    let payload = payload(at, None, new.profile, &new.how);
    let payload = app.hooks.run(&at, Moment::Signup.before(), payload).await?;
    let user = new_user(app, at, &payload, new.verified.as_ref(), &new.how).await?;
    let scope = at.scope.clone();
    let kept = commit(app, at, move |tx| keep_user(tx, &scope, &user, actor, also)).await?;
    session::after(app, at, Moment::Signup, kept, payload).await
}

/// Logs somebody in who proved who they are, or asks for their second factor or to enrol one. `also` runs in the transaction,
/// under the lock of the account: what the proof used up, and what must still be so.
pub(crate) async fn log_in(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    user: UserRow,
    how: How,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SignIn> {
    match stops_at(app, at, settings, &user, &how).await? {
        Some(purpose) => halfway(app, at, settings, purpose, user, how, also).await,
        None => Ok(SignIn::Session(Box::new(
            enter(app, at, settings, user, how, also).await?,
        ))),
    }
}

/// The whole login, for whoever has nothing more to show: before-hooks → claims → one transaction → after-hooks → reply.
pub(crate) async fn enter(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    user: UserRow,
    how: How,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SessionGrant> {
    let before = Profile::of(&user)?;
    let payload = payload(at, Some(user.id.clone()), before.clone(), &how);
    let payload = app.hooks.run(&at, Moment::Login.before(), payload).await?;
    let claims = session::claims(app, at, &user.id, &payload).await?;
    let change = payload.change_of(&before);
    let new_session = session(app, at, settings, &payload, &user.id, EventKind::Login, &how)?;
    let scope = at.scope.clone();
    let mut entered = commit(app, at, move |tx| {
        let current = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        also(tx, &current)?;
        session::keep_change(tx, &scope, current, change.as_ref(), new_session.row.created_ms)?;
        session::issue_session(tx, &scope, new_session)
    })
    .await?;
    entered.user = session::after(app, at, Moment::Login, entered.user, payload.clone()).await?;
    session::grant(app, at, settings, entered, claims, payload).await
}

/// Half of the way: what was proved is used up and noted, and the account is checked as for a session. No hook of the login
/// has run; they run once, when the second factor is shown or enrolled.
async fn halfway(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    purpose: TokenPurpose,
    user: UserRow,
    how: How,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SignIn> {
    let half = half(app, purpose, &user.id, &how)?;
    let (scope, now_ms, settings) = (at.scope.clone(), app.clock.now_ms(), settings.clone());
    commit(app, at, move |tx| {
        let current = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        also(tx, &current)?;
        // What the proof led to counts: an address may be confirmed by it.
        let current = tx.user(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        session::check_account(&current, &settings, now_ms)?;
        tx.put_one_time_token(&scope, &half.row)?;
        Ok(match purpose {
            TokenPurpose::MfaEnrollment => SignIn::MfaEnrollmentRequired(enrollment(half.text)),
            _ => SignIn::MfaRequired(challenge(half.text)),
        })
    })
    .await
}

/// The challenge token of a sign-in that still needs a second factor. It records what was proved so far.
fn half(app: &App, purpose: TokenPurpose, user_id: &str, how: &How) -> Result<Made> {
    let proofs: Vec<&str> = how.proofs.iter().map(|proof| proof.as_str()).collect();
    let data = json!({ "provider": how.provider, "proofs": proofs, "client": how.client });
    one_time::link(app, purpose, Some(user_id.to_owned()), &data)
}

/// What the client shows together with the second factor.
fn challenge(token: String) -> MfaChallenge {
    MfaChallenge {
        mfa: ChallengeToken {
            token,
            methods: vec![MfaMethod::Totp, MfaMethod::RecoveryCode],
            expires_in: TokenPurpose::MfaChallenge.life_s(),
        },
    }
}

/// What the client shows to enrol a second factor, and for nothing else.
fn enrollment(token: String) -> MfaEnrollment {
    MfaEnrollment {
        mfa_enrollment: EnrollmentToken {
            token,
            methods: vec![FactorType::Totp],
            expires_in: TokenPurpose::MfaEnrollment.life_s(),
        },
    }
}

/// What somebody has to do before there is a session, if anything.
async fn stops_at(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    user: &UserRow,
    how: &How,
) -> Result<Option<TokenPurpose>> {
    if how.proofs.contains(&Proof::SecondFactor) {
        return Ok(None);
    }
    let (scope, id) = (at.scope.clone(), user.id.clone());
    let has_one = app.store.read(move |tx| tx.has_second_factor(&scope, &id)).await?;
    Ok(match (has_one, settings.mfa) {
        (true, _) => Some(TokenPurpose::MfaChallenge),
        (false, MfaPolicy::Required) => Some(TokenPurpose::MfaEnrollment),
        (false, MfaPolicy::Off | MfaPolicy::Optional) => None,
    })
}

/// Where links lead when nobody says.
fn redirect(settings: &AuthSettings) -> Option<RedirectUrl> {
    settings.redirect_urls.first().cloned()
}

fn payload(at: FlowContext<'_>, user_id: Option<String>, profile: Profile, how: &How) -> Payload {
    let payload = Payload::of_user(user_id, profile, how.client.clone()).with_provider(&how.provider);
    match at.password {
        Some(_) => payload.with_password(),
        None => payload,
    }
}

/// The row. An address that a hook put in place of the one that was proved is not proved.
async fn new_user(
    app: &App,
    at: FlowContext<'_>,
    payload: &Payload,
    verified: Option<&Email>,
    how: &How,
) -> Result<NewUser> {
    let password_hash = match at.password {
        Some(password) => Some(app.passwords.hash(Arc::clone(password)).await?),
        None => None,
    };
    let created_ms = app.clock.now_ms();
    let profile = payload.user.clone().ok_or_else(|| {
        crate::base::error::Error::unexpected("signing up", "the payload of a sign-up is about a user")
    })?;
    let is_verified = verified.is_some_and(|verified| verified.normal() == profile.email.normal());
    Ok(NewUser {
        id: new_id(Kind::User),
        email: profile.email,
        email_verified_ms: is_verified.then_some(created_ms),
        phone: profile.phone,
        name: profile.name,
        password_hash,
        provider: how.provider.clone(),
        metadata: profile.metadata,
        public_metadata: profile.public_metadata,
        created_ms,
    })
}

fn keep_user(
    tx: &mut Tx<'_>,
    scope: &crate::base::ids::Scope,
    user: &NewUser,
    actor: String,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError>,
) -> std::result::Result<UserRow, StoreError> {
    let kept = tx.insert_user(scope, user)?;
    also(tx, &kept)?;
    let event = session::event(EventKind::Signup, actor, &kept, None, user.created_ms)?;
    tx.insert_event(scope, &event)?;
    Ok(kept)
}

fn session(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    payload: &Payload,
    user_id: &str,
    kind: EventKind,
    how: &How,
) -> Result<NewSession> {
    session::new_session(app, settings, at.request, payload, user_id, kind, &how.proofs)
}
