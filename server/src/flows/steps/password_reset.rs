//! The mail with the link to a new password.

use serde_json::json;

use super::{
    account_mail::{self, AccountMail, MailData},
    one_time::{self, TokenPurpose},
    one_time_mail::{self, OneTimeMail},
};
use crate::{
    app::App,
    base::{error::Result, event::EventKind, ids::Scope},
    domain::{
        project::{AuthSettings, RedirectUrl},
        user::Profile,
    },
    storage::store::UserRow,
};

/// To the address as the account has it, not as it was typed. `actor`: who asked for it.
pub(crate) async fn write(
    app: &App,
    scope: &Scope,
    settings: &AuthSettings,
    actor: &str,
    user: &UserRow,
    redirect: Option<&RedirectUrl>,
) -> Result<OneTimeMail> {
    let purpose = TokenPurpose::PasswordReset;
    let email = Profile::of(user)?.email;
    let made = one_time::link(app, purpose, Some(user.id.clone()), &json!({ "email": email.as_str() }))?;
    let data = MailData {
        token: Some(&made.text),
        redirect,
        life_s: purpose.life_s(),
        ..MailData::default()
    };
    let mail = account_mail::write(app, scope, settings, AccountMail::ResetPassword, &email, data).await?;
    let kind = EventKind::PasswordResetRequested;
    let event = one_time_mail::email_event(app, kind, actor, user, email.as_str())?;
    Ok(OneTimeMail {
        purpose,
        made,
        mails: vec![mail],
        event: Some(event),
    })
}
