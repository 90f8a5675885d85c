//! The mail by which an address is confirmed.

use aerocall_contract::errors;

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
        ownership::Evidence,
    },
    storage::store::{OneTimeTokenRow, UserRow},
};

/// The token, mail and event that confirm the address of a user. `evidence`: what the link shows when it is opened.
pub(crate) async fn verification(
    app: &App,
    scope: &Scope,
    settings: &AuthSettings,
    user: &UserRow,
    redirect: Option<&RedirectUrl>,
    evidence: &Evidence,
) -> Result<OneTimeMail> {
    let purpose = evidence.purpose();
    let email = Profile::of(user)?.email;
    let made = one_time::link(app, purpose, Some(user.id.clone()), &evidence.link_data(email.as_str()))?;
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

/// What a verification link is for, and what is kept with it.
pub(crate) async fn opened(app: &App, scope: &Scope, token: &str) -> Result<(TokenPurpose, OneTimeTokenRow)> {
    let purpose = TokenPurpose::SignUpVerify;
    match one_time::found(app, scope, purpose, token).await {
        Err(error) if error.is_refusal(errors::INVALID_CODE) => {}
        found => return Ok((purpose, found?)),
    }
    let purpose = TokenPurpose::EmailVerify;
    Ok((purpose, one_time::found(app, scope, purpose, token).await?))
}
