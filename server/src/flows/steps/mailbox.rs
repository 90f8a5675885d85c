//! Sign-in with a code or link from a mailbox: log-in where there is an account, sign-up where the request allowed that.

use aerocall_api_types::SignIn;
use serde_json::Value;

use super::{
    one_time_mail,
    ownership::{Evidence, Owner},
    sign_in::{self, How},
    sign_up::{self, NewAccount},
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Email, Fields, Metadata},
    },
    domain::{project::AuthSettings, user::Profile},
    hooks::FlowContext,
    storage::store::{StoreError, Tx, UserRow},
};

/// Whether an account is made where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Newcomers {
    Welcome,
    Refused,
}

/// Who followed the link or typed the code.
pub(crate) struct MailboxOwner {
    pub(crate) email: Email,
    /// Whose the address was when the mail was sent.
    pub(crate) user_id: Option<String>,
    pub(crate) newcomers: Newcomers,
    pub(crate) how: How,
}

impl Newcomers {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Refused => "refused",
        }
    }

    /// As [`Newcomers::as_str`] wrote it.
    pub(crate) fn of(value: &Value) -> Self {
        match value.as_str() {
            Some("welcome") => Self::Welcome,
            _ => Self::Refused,
        }
    }

    /// Where nobody can sign up, nobody may ask for it.
    pub(crate) fn check(self, settings: &AuthSettings) -> Result<()> {
        match self == Self::Welcome && !settings.sign_up.is_on() {
            true => Err(Refusal::not_enabled("Signup").into()),
            false => Ok(()),
        }
    }
}

/// `create_user`
pub(crate) fn read_newcomers(fields: &mut Fields) -> Newcomers {
    let read = fields.optional("create_user", |value| match value {
        Value::Bool(true) => Ok(Newcomers::Welcome),
        Value::Bool(false) => Ok(Newcomers::Refused),
        _ => Err("must be true or false".to_owned()),
    });
    read.unwrap_or(Newcomers::Refused)
}

/// Logs in or signs up. `take`: uses the link or code up, in the transaction.
pub(crate) async fn let_in(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    owner: MailboxOwner,
    take: impl FnOnce(&mut Tx<'_>) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<SignIn> {
    let user = match &owner.user_id {
        Some(id) => one_time_mail::by_id(app, at.scope, Some(id)).await?,
        // Somebody may have signed up since; then the mailbox is theirs.
        None => one_time_mail::by_email(app, at.scope, &owner.email).await?,
    };
    match user {
        Some(user) => {
            let (before, email) = (user.clone(), owner.email);
            let shown = Owner::new(app, at, &user.id, Evidence::Mailbox);
            let proof = shown.clone();
            let also = move |tx: &mut Tx<'_>, current: &UserRow| {
                take(tx)?;
                proof.verify(tx, current, email.as_str())
            };
            let came = match before.email_verified_ms {
                Some(_) => sign_in::log_in(app, at, settings, user, owner.how, also).await?,
                None => sign_in::take_over(app, at, settings, user, owner.how, also).await?,
            };
            shown.shown(app, at, &before).await?;
            Ok(came)
        }
        None if owner.user_id.is_none() && owner.newcomers == Newcomers::Welcome => {
            owner.newcomers.check(settings)?;
            let new = NewAccount {
                profile: blank(owner.email.clone()),
                verified: Some(owner.email),
                how: owner.how,
            };
            let also = move |tx: &mut Tx<'_>, _: &UserRow| take(tx);
            // Unconfirmed if a hook put another address in place of the one that was shown.
            sign_up::as_sign_in(sign_up::sign_up(app, at, settings, new, also).await?)
        }
        None => Err(Refusal::invalid_code().into()),
    }
}

fn blank(email: Email) -> Profile {
    Profile {
        email,
        phone: None,
        name: None,
        metadata: Metadata::default(),
        public_metadata: Metadata::default(),
    }
}
