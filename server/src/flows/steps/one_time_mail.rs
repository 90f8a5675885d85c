//! The mail with a one-time token: token, mail and event are written together; and what follows when somebody uses it. The
//! same rows are written whether or not the address belongs to an account.

use serde_json::Value;

use super::{
    one_time::{self, Made, TokenPurpose},
    session,
};
use crate::{
    app::App,
    base::{
        error::Result,
        event::{Event, EventKind},
        ids::Scope,
        input::Email,
    },
    domain::user::{self, Profile},
    hooks::{FlowContext, Payload},
    storage::store::{NewMail, StoreError, Tx, UserChange, UserRow},
};

/// A token with the mail and the event that carry it.
pub(crate) struct OneTimeMail {
    pub(crate) purpose: TokenPurpose,
    pub(crate) made: Made,
    pub(crate) mails: Vec<NewMail>,
    pub(crate) event: Option<Event>,
}

impl OneTimeMail {
    /// A token that nobody gets: for an address that nobody has.
    pub(crate) fn nothing(app: &App, purpose: TokenPurpose) -> Result<Self> {
        Ok(Self {
            purpose,
            made: one_time::link(app, purpose, None, &Value::Null)?,
            mails: Vec::new(),
            event: None,
        })
    }

    /// In the flow's transaction. The tokens of the purpose that the user has already are useless from now on.
    pub(crate) fn keep(self, tx: &mut Tx<'_>, scope: &Scope) -> std::result::Result<(), StoreError> {
        if let Some(id) = &self.made.row.user_id {
            tx.drop_one_time_tokens(scope, self.purpose.as_str(), id)?;
        }
        self.add(tx, scope)
    }

    /// The same; the tokens of the purpose that the user has already stay.
    pub(crate) fn add(self, tx: &mut Tx<'_>, scope: &Scope) -> std::result::Result<(), StoreError> {
        tx.put_one_time_token(scope, &self.made.row)?;
        self.mails.iter().try_for_each(|mail| tx.insert_mail(scope, mail))?;
        match &self.event {
            Some(event) => tx.insert_event(scope, event),
            None => Ok(()),
        }
    }
}

/// The user with the address.
pub(crate) async fn by_email(app: &App, scope: &Scope, email: &Email) -> Result<Option<UserRow>> {
    let (scope, email) = (scope.clone(), email.clone());
    Ok(app.store.read(move |tx| tx.user_by_email(&scope, &email)).await?)
}

/// The user of a token, if they are still there.
pub(crate) async fn by_id(app: &App, scope: &Scope, id: Option<&str>) -> Result<Option<UserRow>> {
    let Some(id) = id.map(str::to_owned) else {
        return Ok(None);
    };
    let scope = scope.clone();
    Ok(app.store.read(move |tx| tx.user(&scope, &id)).await?)
}

/// An event about a user and an address of theirs.
pub(crate) fn email_event(app: &App, kind: EventKind, actor: &str, user: &UserRow, email: &str) -> Result<Event> {
    let mut data = serde_json::Map::new();
    data.insert("user".to_owned(), user::document(user)?);
    data.insert("email".to_owned(), email.into());
    Ok(Event::new(kind, actor.to_owned(), data.into(), app.clock.now_ms()))
}

/// What hooks changed of the user's metadata before the transaction.
pub(crate) fn patched(user: &UserRow, payload: &Payload) -> Result<Option<UserChange>> {
    let before = Profile::of(user)?;
    Ok(payload.user.as_ref().and_then(|after| before.change_to(after)))
}

/// Runs the after-hooks of a hook point whose payload may name no user, and keeps what they change.
pub(crate) async fn after(
    app: &App,
    at: FlowContext<'_>,
    step: crate::hooks::Step,
    user: Option<UserRow>,
    payload: Payload,
) -> Result<()> {
    match user {
        Some(user) => session::after(app, at, step, user, payload).await.map(drop),
        None => app.hooks.run(&at, step.after(), payload).await.map(drop),
    }
}

/// `auth.email.verified`, in a transaction.
pub(crate) fn verified_event(user: &UserRow, email: &str, now_ms: i64) -> std::result::Result<Event, StoreError> {
    let mut event = session::event(EventKind::EmailVerified, session::actor(user), user, None, now_ms)?;
    event.data["email"] = email.into();
    Ok(event)
}

/// What was sent or begun before the account's credentials changed lets nobody in any more.
pub(crate) fn drop_tokens(tx: &mut Tx<'_>, scope: &Scope, user_id: &str) -> std::result::Result<(), StoreError> {
    let all = [
        TokenPurpose::PasswordReset,
        TokenPurpose::MagicLink,
        TokenPurpose::EmailChange,
        TokenPurpose::OtpEmail,
        TokenPurpose::OtpSms,
        TokenPurpose::PhoneVerify,
        TokenPurpose::MfaChallenge,
        TokenPurpose::MfaEnrollment,
        TokenPurpose::OidcLink,
    ];
    all.into_iter()
        .try_for_each(|purpose| tx.drop_one_time_tokens(scope, purpose.as_str(), user_id).map(drop))
}

/// The address of a user.
pub(crate) fn address_of(user: &UserRow) -> Result<Email> {
    Ok(Profile::of(user)?.email)
}

/// Whether two spellings are one address.
pub(crate) fn same_address(one: &str, other: &str) -> bool {
    Email::stored(one).normal() == Email::stored(other).normal()
}
