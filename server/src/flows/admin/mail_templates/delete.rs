//! `DELETE …/mail-templates/{name}`

use aerocall_api_types::{Deleted, Permission};

use super::name;
use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    domain::audit::Action,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    storage::store::Tx,
};

/// Deletes a mail template.
pub(crate) struct DeleteMailTemplate;

impl Flow for DeleteMailTemplate {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/mail-templates/{name}"),
        "Delete a mail template",
    )
    .answers(200, "The name of what was deleted.", r#"{"deleted": "welcome"}"#);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let name = name(caller.part("name")?)?.as_str().to_owned();
        let delete = |tx: &mut Tx<'_>, scope: &Scope, name: &str| tx.delete_mail_template(scope, name);
        caller.delete(app, name, Action::MailTemplateDeleted, delete).await
    }
}
