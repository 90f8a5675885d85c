//! `DELETE …/webhooks/{webhook}`

use aerocall_api_types::Deleted;

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

/// Deletes a webhook endpoint.
pub(crate) struct DeleteWebhook;

impl Flow for DeleteWebhook {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/webhooks/{webhook}"),
        "Delete a webhook endpoint",
    )
    .about("Deletes the endpoint with its secrets and deliveries.")
    .answers(200, "The id of the deleted endpoint.", r#"{"deleted": "whk_…"}"#);

    fn read(_: &mut Fields, _: &AuthSettings) -> Option<()> {
        Some(())
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let deleted = caller.part("webhook")?.to_owned();
        let (scope, id) = (caller.scope.clone(), deleted.clone());
        let was_there = caller.change(app, move |tx, _| {
            Ok(match tx.delete_endpoint(&scope, &id)? {
                true => Audited::Changed(true, AuditEntry::new(Action::WebhookDeleted, id)),
                false => Audited::Unchanged(false),
            })
        });
        match was_there.await? {
            true => Ok(Deleted { deleted }),
            false => Err(Refusal::not_found().into()),
        }
    }
}
