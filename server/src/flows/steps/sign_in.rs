//! Log-in: what every way into an account ends with. Passwords, codes, links and providers differ in what they prove; hooks,
//! checks, transaction and reply are these.

use aerocall_api_types::{
    ChallengeToken, EnrollmentToken, FactorType, MfaChallenge, MfaEnrollment, MfaMethod, SessionGrant, SignIn,
};
use serde_json::{Map, Value, json};

use super::{
    commit::commit,
    one_time::{self, Made, TokenPurpose},
    session::{self, NewSession, Proof},
};
use crate::{
    app::App,
    base::{error::Result, event::EventKind},
    domain::{
        project::{AuthSettings, MfaPolicy},
        user::Profile,
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{StoreError, Tx, UserRow},
};

/// How somebody signs in.
#[derive(Clone, Debug)]
pub(crate) struct How {
    /// `password`, `otp`, `magic_link`, `admin`, or an identity provider.
    pub(crate) provider: String,
    pub(crate) proofs: Vec<Proof>,
    /// What the client says about itself.
    pub(crate) client: Map<String, Value>,
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
    let stop = stops_at(app, at, settings, &user, &how).await?;
    go(app, at, settings, stop, user, how, also).await
}

/// The same for somebody who has shown the mailbox of an account that nobody had: `also` takes away what others may have left
/// there, second factors too, so none is asked for.
pub(crate) async fn take_over(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    user: UserRow,
    how: How,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SignIn> {
    let stop = (settings.mfa == MfaPolicy::Required).then_some(TokenPurpose::MfaEnrollment);
    go(app, at, settings, stop, user, how, also).await
}

/// All of the way, or half of it.
async fn go(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    stop: Option<TokenPurpose>,
    user: UserRow,
    how: How,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SignIn> {
    match stop {
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
    let payload = app.hooks.run(&at, Step::Login.before(), payload).await?;
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
    entered.user = session::after(app, at, Step::Login, entered.user, payload.clone()).await?;
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
pub(super) fn half(app: &App, purpose: TokenPurpose, user_id: &str, how: &How) -> Result<Made> {
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
pub(super) fn enrollment(token: String) -> MfaEnrollment {
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

pub(super) fn payload(at: FlowContext<'_>, user_id: Option<String>, profile: Profile, how: &How) -> Payload {
    let payload = Payload::of_user(user_id, profile, how.client.clone()).with_provider(&how.provider);
    match at.password {
        Some(_) => payload.with_password(),
        None => payload,
    }
}

pub(super) fn session(
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
