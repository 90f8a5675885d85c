//! `GET …/mail-templates/{name}`

use aerocall_api_types::{MailTemplate, Permission};

use super::{EXAMPLE, name, template};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows one mail template.
pub(crate) struct GetMailTemplate;

impl Flow for GetMailTemplate {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = MailTemplate;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/mail-templates/{name}"), "Get a mail template").answers(
        200,
        "The mail template.",
        EXAMPLE,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<MailTemplate> {
        let (scope, name) = (caller.scope.clone(), name(caller.part("name")?)?);
        let row = app
            .store
            .read(move |tx| tx.mail_template(&scope, name.as_str()))
            .await?;
        Ok(row.map(template).ok_or_else(Refusal::not_found)?)
    }
}
