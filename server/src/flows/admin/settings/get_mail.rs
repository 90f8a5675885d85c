//! `GET …/settings/mail`

use aerocall_api_types::{MailSettings, Permission};

use super::MAIL;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    outbound::mail::MailSetting,
};

/// Shows who sends the mails.
pub(crate) struct GetMailSettings;

impl Flow for GetMailSettings {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = MailSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/settings/mail"), "Get mail settings").answers(
        200,
        "The mail settings, without the password.",
        MAIL,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<MailSettings> {
        Ok(MailSetting::load(&app.store, &app.master, &caller.scope)
            .await?
            .document())
    }
}
