//! `GET …/webhooks`

use aerocall_api_types::{Permission, WebhookEndpoint, WebhookEndpointList};

use super::document;
use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
        page::readable,
    },
};

/// Lists the webhook endpoints of an environment.
pub(crate) struct ListWebhooks;

impl Flow for ListWebhooks {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = WebhookEndpointList;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/webhooks"), "List webhook endpoints").answers(
        200,
        "The webhook endpoints, without their secrets.",
        r#"{"webhooks": [{"id": "whk_…", "url": "https://example.com/webhooks", "description": "", "events": ["auth.signup"], "filter": [], "state": "enabled", "disabledBy": null, "order": "none", "codes": "withheld", "ownerEmail": null, "failingSince": null, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<WebhookEndpointList> {
        Ok(WebhookEndpointList {
            webhooks: all(app, &caller.scope).await?,
        })
    }
}

/// The endpoints of an environment.
pub(in crate::flows::admin) async fn all(app: &App, scope: &Scope) -> Result<Vec<WebhookEndpoint>> {
    let scope = scope.clone();
    let rows = app.store.read(move |tx| tx.endpoints(&scope)).await?;
    Ok(readable(rows, |row| row.id.clone(), document))
}
