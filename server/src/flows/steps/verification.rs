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
        letters::{self, Filling, Letter},
        one_time::{self, Purpose},
        reach::{self, Sent},
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
) -> Result<Sent> {
    let purpose = Purpose::EmailVerify;
    let email = Profile::of(user)?.email;
    let made = one_time::link(app, purpose, Some(user.id.clone()), &json!({ "email": email.as_str() }))?;
    let filling = Filling {
        token: Some(&made.text),
        redirect,
        life_s: purpose.life_s(),
        ..Filling::default()
    };
    let mail = letters::write(app, scope, settings, Letter::ConfirmEmail, &email, filling).await?;
    let kind = EventKind::EmailVerificationRequested;
    let event = reach::email_event(app, kind, "anonymous", user, email.as_str())?;
    Ok(Sent {
        purpose,
        made,
        mails: vec![mail],
        event: Some(event),
    })
}
