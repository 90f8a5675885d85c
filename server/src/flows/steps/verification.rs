//! The mail by which an address is confirmed.

use serde_json::json;

use crate::{
    app::App,
    base::{error::Result, event::EventKind, ids::Scope},
    domain::{
        project::{AuthSettings, RedirectUrl},
        user::Profile,
    },
    flows::steps::{
        account_mail::{self, AccountMail, MailData},
        one_time::{self, TokenPurpose},
        one_time_mail::{self, OneTimeMail},
    },
    storage::store::UserRow,
};

/// The token, mail and event that confirm the address of a user.
pub(crate) async fn verification(
    app: &App,
    scope: &Scope,
    settings: &AuthSettings,
    user: &UserRow,
    redirect: Option<&RedirectUrl>,
) -> Result<OneTimeMail> {
    let purpose = TokenPurpose::EmailVerify;
    let email = Profile::of(user)?.email;
    let made = one_time::link(app, purpose, Some(user.id.clone()), &json!({ "email": email.as_str() }))?;
    let data = MailData {
        token: Some(&made.text),
        redirect,
        life_s: purpose.life_s(),
        ..MailData::default()
    };
    let mail = account_mail::write(app, scope, settings, AccountMail::ConfirmEmail, &email, data).await?;
    let kind = EventKind::EmailVerificationRequested;
    let event = one_time_mail::email_event(app, kind, "anonymous", user, email.as_str())?;
    Ok(OneTimeMail {
        purpose,
        made,
        mails: vec![mail],
        event: Some(event),
    })
}
