//! `POST …/users/{user}/password-reset`

use aerocall_api_types::{Permission, QueuedMail};
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use super::super::found;
use crate::{
    app::App,
    base::{
        error::Result,
        event::EventKind,
        input::{Fields, Parsed},
    },
    domain::{
        audit::{self, Action, AuditEntry},
        project::{AuthSettings, RedirectUrl},
        user::Profile,
    },
    flows::steps::{
        commit::commit,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
        password_reset,
    },
    hooks::{FlowContext, Payload, Step},
};

/// Sends somebody the link to a new password.
pub(crate) struct SendPasswordReset;

/// Where the link leads.
pub(crate) struct Input {
    redirect: Option<RedirectUrl>,
}

impl Flow for SendPasswordReset {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = QueuedMail;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/users/{user}/password-reset"),
        "Send a user a password reset",
    )
    .about("Sends the mail that the user would get by requesting it: a link that works once, for one hour. The password stays until the link is used. The limit of mails to one recipient applies.")
    .fields(&[Field::optional(
        "redirectTo",
        FieldKind::Redirect,
        "URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.",
    )])
    .example("{}")
    .answers(202, "The mail is about to be sent.", r#"{"mail": "mail_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"}"#)
    .steps(&[Step::PasswordResetRequest])
    .events(&[EventKind::PasswordResetRequested])
    .errors(&[errors::RATE_LIMITED]);

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let wanted = fields.optional("redirectTo", |value| listed(value, settings));
        Some(Input {
            redirect: wanted.unwrap_or_else(|| settings.redirect(None).ok().flatten()),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<QueuedMail> {
        let user = found(app, &caller.scope, caller.part("user")?).await?;
        let profile = Profile::of(&user)?;
        app.limits.sends(caller.claim(profile.email.normal())).await?;
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let email = profile.email.as_str().to_owned();
        let payload = Payload::of_user(Some(user.id.clone()), profile, Map::new()).with_fact("email", json!(email));
        let payload = app.hooks.run(&at, Step::PasswordResetRequest.before(), payload).await?;
        let (by, redirect) = (caller.actor(), input.redirect.as_ref());
        let sent = password_reset::write(app, &caller.scope, &caller.settings, &by.actor, &user, redirect).await?;
        let mail = sent.mails.first().map(|mail| mail.id.clone()).unwrap_or_default();
        let (scope, now_ms) = (caller.scope.clone(), app.clock.now_ms());
        commit(app, at, move |tx| {
            sent.keep(tx, &scope)?;
            let entry = AuditEntry::new(Action::UserPasswordResetSent, &user.id);
            audit::record(tx, Some(&scope), &by, entry, now_ms)
        })
        .await?;
        app.hooks.platform.wake();
        app.hooks.run(&at, Step::PasswordResetRequest.after(), payload).await?;
        Ok(QueuedMail { mail })
    }
}

fn listed(value: Value, settings: &AuthSettings) -> Parsed<Option<RedirectUrl>> {
    settings.redirect(Some(RedirectUrl::parse(value)?))
}
