//! `DELETE …/mail-templates/{name}`

use aerocall_api_types::Deleted;

use super::name;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::Fields,
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
};

/// Deletes a mail template.
pub(crate) struct DeleteMailTemplate;

impl Flow for DeleteMailTemplate {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/mail-templates/{name}"),
        "Delete a mail template",
    )
    .answers(200, "The name of what was deleted.", r#"{"deleted": "welcome"}"#);

    fn read(_: &mut Fields, _: &AuthSettings) -> Option<()> {
        Some(())
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let name = name(caller.part("name")?)?;
        let deleted = name.as_str().to_owned();
        let scope = caller.scope.clone();
        let was_there = caller.change(app, move |tx, _| {
            Ok(match tx.delete_mail_template(&scope, name.as_str())? {
                true => Audited::Changed(true, AuditEntry::new(Action::MailTemplateDeleted, name.as_str())),
                false => Audited::Unchanged(false),
            })
        });
        match was_there.await? {
            true => Ok(Deleted { deleted }),
            false => Err(Refusal::not_found().into()),
        }
    }
}
