//! `GET …/mail-templates`

use aerocall_api_types::{MailTemplateList, Permission};

use super::template;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the mail templates of an environment.
pub(crate) struct ListMailTemplates;

impl Flow for ListMailTemplates {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = MailTemplateList;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/mail-templates"), "List mail templates").answers(
        200,
        "The mail templates.",
        r#"{"templates": [{"name": "welcome", "subject": "Welcome, {{ name }}", "text": "Hello {{ name }}", "html": null, "updatedAt": "2026-01-31T12:00:00.000Z"}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<MailTemplateList> {
        let scope = caller.scope.clone();
        let rows = app.store.read(move |tx| tx.mail_templates(&scope)).await?;
        let templates = rows.into_iter().map(template).collect();
        Ok(MailTemplateList { templates })
    }
}
