//! `DELETE …/webhooks/{webhook}`

use aerocall_api_types::{Deleted, Permission};

use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    domain::audit::Action,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    storage::store::Tx,
};

/// Deletes a webhook endpoint.
pub(crate) struct DeleteWebhook;

impl Flow for DeleteWebhook {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/webhooks/{webhook}"),
        "Delete a webhook endpoint",
    )
    .about("Deletes the endpoint with its secrets and deliveries.")
    .answers(200, "The id of the deleted endpoint.", r#"{"deleted": "whk_…"}"#);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let id = caller.part("webhook")?.to_owned();
        let delete = |tx: &mut Tx<'_>, scope: &Scope, id: &str| tx.delete_endpoint(scope, id);
        caller.delete(app, id, Action::WebhookDeleted, delete).await
    }
}
