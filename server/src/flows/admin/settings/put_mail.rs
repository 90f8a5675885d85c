//! `PUT …/settings/mail`

use aerocall_api_types::{MailSettings, Permission};

use super::{BODY, MAIL, keep};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::steps::endpoint::{
        BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment,
    },
    outbound::mail::{MailSetting, SentMailSetting},
    storage::store::SettingName,
};

/// Replaces who sends the mails.
pub(crate) struct PutMailSettings;

impl Flow for PutMailSettings {
    type Who = EnvironmentAdmin;
    type Input = SentMailSetting;
    type Output = MailSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Put, environment!("/settings/mail"), "Replace mail settings")
        .fields(&[
            Field::optional(
                "smtpUrl",
                FieldKind::Text(2_000),
                "The SMTP server of the project: `smtp://user:password@host:587` or `smtps://…`. A user without a password keeps the stored password of this user of this server. Without `smtpUrl`, the server's own mail settings are used.",
            ),
            Field::optional(
                "from",
                FieldKind::Text(320),
                "Sender address; required with `smtpUrl`, and not allowed without it.",
            ),
            Field::optional("replyTo", FieldKind::Text(320), "Address for replies."),
        ])
        .example(r#"{"smtpUrl":"smtps://user:password@mail.example.com","from":"Shop <no-reply@example.com>"}"#)
        .answers(200, "The stored settings, without the password.", MAIL);

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<SentMailSetting> {
        Some(SentMailSetting::read(fields))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, sent: SentMailSetting) -> Result<MailSettings> {
        let stored = MailSetting::load(&app.store, &app.master, &caller.scope).await?;
        let setting = sent.complete(&stored)?;
        let sealed = setting.sealed(&app.master, &caller.scope)?;
        keep(app, caller, "mail", SettingName::Mail, sealed).await?;
        Ok(setting.document())
    }
}
