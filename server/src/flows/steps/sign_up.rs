//! Sign-up: what every new account is made by. Passwords, codes, links, providers and admins differ in what they prove;
//! hooks, transaction and reply are these.

use std::sync::Arc;

use aerocall_api_types::{ConfirmationRequired, SignIn, SignUp};
use serde_json::{Map, Value};

use super::{
    commit::commit,
    mailable,
    one_time::{Made, TokenPurpose},
    one_time_mail::OneTimeMail,
    ownership::Evidence,
    session::{self, Entered, NewSession},
    sign_in::{self, How},
    verification::verification,
};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        event::EventKind,
        ids::{Kind, Scope, new_id},
        input::Email,
    },
    domain::{
        project::{AuthSettings, MfaPolicy},
        user::Profile,
    },
    hooks::{FlowContext, Payload, Step},
    security::limits::Claim,
    storage::store::{NewUser, StoreError, Tx, UserRow},
};

/// An account to be made.
pub(crate) struct NewAccount {
    pub(crate) profile: Profile,
    /// The address that was proved to be theirs, if one was.
    pub(crate) verified: Option<Email>,
    pub(crate) how: How,
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
    if settings.confirm_email.is_on() && new.verified.is_none() {
        // A mail is sent, whoever has the address.
        app.limits.sends(claim(at, settings, &new.profile.email)).await?;
    }
    let decided = decide(app, at, new).await?;
    let admission = Admission::of(app, at, settings, &decided).await?;
    let payload = decided.payload.clone();
    let admit = move |tx: &mut Tx<'_>, scope: &Scope, user: &UserRow| admission.keep(tx, scope, user);
    let (user, admitted) = keep(app, at, decided, also, admit).await?;
    admitted.answer(app, at, settings, user, payload).await
}

/// Makes an account for somebody, who is not let in by it: before-hooks → hash → one transaction → after-hooks.
pub(crate) async fn make_account(
    app: &App,
    at: FlowContext<'_>,
    new: NewAccount,
    actor: String,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<UserRow> {
    let decided = decide(app, at, new).await?;
    let made = move |tx: &mut Tx<'_>, scope: &Scope, user: &UserRow| signed_up(tx, scope, user, actor);
    let (user, ()) = keep(app, at, decided, also, made).await?;
    Ok(user)
}

/// An account as the before-hooks have decided it is made.
struct Decided {
    user: NewUser,
    payload: Payload,
    how: How,
}

async fn decide(app: &App, at: FlowContext<'_>, new: NewAccount) -> Result<Decided> {
    let payload = sign_in::payload(at, None, new.profile, &new.how);
    let payload = app.hooks.run(&at, Step::Signup.before(), payload).await?;
    Ok(Decided {
        user: new_user(app, at, &payload, new.verified.as_ref(), &new.how).await?,
        payload,
        how: new.how,
    })
}

/// What a new account leads to, for the transaction that keeps it.
enum Admission {
    /// Its address is confirmed first.
    Confirmation(Box<OneTimeMail>),
    /// A second factor is enrolled first.
    Enrollment(Box<Made>),
    /// Its user is let in.
    Session {
        session: Box<NewSession>,
        claims: Map<String, Value>,
    },
}

/// What it has led to, for the answer.
enum Admitted {
    Unconfirmed,
    /// The token of the enrollment.
    Unenrolled(String),
    Entered {
        entered: Box<Entered>,
        claims: Map<String, Value>,
    },
}

impl Admission {
    async fn of(app: &App, at: FlowContext<'_>, settings: &AuthSettings, decided: &Decided) -> Result<Self> {
        let Decided { user, payload, how } = decided;
        if settings.confirm_email.is_on() && user.email_verified_ms.is_none() {
            let (redirect, evidence) = (settings.redirect_urls.first(), Evidence::Verification);
            let sent = verification(app, at.scope, settings, &user.row(), redirect, &evidence).await?;
            return Ok(Self::Confirmation(Box::new(sent)));
        }
        if settings.mfa == MfaPolicy::Required {
            let half = sign_in::half(app, TokenPurpose::MfaEnrollment, &user.id, how)?;
            return Ok(Self::Enrollment(Box::new(half)));
        }
        let claims = session::claims(app, at, &user.id, payload).await?;
        let session = sign_in::session(app, at, settings, payload, &user.id, EventKind::Signup, how)?;
        Ok(Self::Session {
            session: Box::new(session),
            claims,
        })
    }

    /// In the transaction of the sign-up, with its event.
    fn keep(self, tx: &mut Tx<'_>, scope: &Scope, user: &UserRow) -> std::result::Result<Admitted, StoreError> {
        Ok(match self {
            Self::Confirmation(sent) => {
                signed_up(tx, scope, user, session::actor(user))?;
                sent.keep(tx, scope)?;
                Admitted::Unconfirmed
            }
            Self::Enrollment(half) => {
                signed_up(tx, scope, user, session::actor(user))?;
                tx.put_one_time_token(scope, &half.row)?;
                Admitted::Unenrolled(half.text)
            }
            Self::Session { session, claims } => Admitted::Entered {
                entered: Box::new(session::issue_session(tx, scope, *session)?),
                claims,
            },
        })
    }
}

/// The event of an account that has no session yet.
fn signed_up(tx: &mut Tx<'_>, scope: &Scope, user: &UserRow, actor: String) -> std::result::Result<(), StoreError> {
    let event = session::event(EventKind::Signup, actor, user, None, user.created_ms)?;
    tx.insert_event(scope, &event)
}

impl Admitted {
    /// `user`: as the after-hooks have left them.
    async fn answer(
        self,
        app: &App,
        at: FlowContext<'_>,
        settings: &AuthSettings,
        user: UserRow,
        payload: Payload,
    ) -> Result<SignUp> {
        Ok(match self {
            Self::Unconfirmed => SignUp::ConfirmationRequired(ConfirmationRequired::ANSWER),
            Self::Unenrolled(token) => SignUp::MfaEnrollmentRequired(sign_in::enrollment(token)),
            Self::Entered { entered, claims } => {
                let entered = Entered { user, ..*entered };
                let granted = session::grant(app, at, settings, entered, claims, payload).await?;
                SignUp::Session(Box::new(granted))
            }
        })
    }
}

/// The one transaction of a new account, and what follows it. `then`: what the account leads to, with its event.
async fn keep<T: Send + 'static>(
    app: &App,
    at: FlowContext<'_>,
    decided: Decided,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
    then: impl FnOnce(&mut Tx<'_>, &Scope, &UserRow) -> std::result::Result<T, StoreError> + Send + 'static,
) -> Result<(UserRow, T)> {
    let Decided { user, payload, .. } = decided;
    let scope = at.scope.clone();
    let (kept, led_to) = commit(app, at, move |tx| {
        let kept = tx.insert_user(&scope, &user)?;
        also(tx, &kept)?;
        let led_to = then(tx, &scope, &kept)?;
        Ok((kept, led_to))
    })
    .await?;
    app.hooks.platform.wake();
    let user = session::after(app, at, Step::Signup, kept, payload).await?;
    Ok((user, led_to))
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

/// What the limits know a sign-up by.
fn claim<'a>(at: FlowContext<'a>, settings: &'a AuthSettings, email: &'a Email) -> Claim<'a> {
    Claim {
        scope: at.scope,
        rules: &settings.limits,
        account: email.normal(),
        ip: &at.request.ip,
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
    let profile = payload
        .user
        .clone()
        .ok_or_else(|| Error::unexpected("signing up", "the payload of a sign-up is about a user"))?;
    let is_verified = verified.is_some_and(|verified| verified.normal() == profile.email.normal());
    if !is_verified {
        mailable::check(app, at.scope, &profile.email).await?;
    }
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
