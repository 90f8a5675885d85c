//! `GET …/webhooks/{webhook}`

use aerocall_api_types::{Permission, WebhookEndpoint};

use super::{EXAMPLE, document, endpoint};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows one webhook endpoint.
pub(crate) struct GetWebhook;

impl Flow for GetWebhook {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = WebhookEndpoint;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/webhooks/{webhook}"), "Get a webhook endpoint").answers(
        200,
        "The webhook endpoint, without its secret.",
        EXAMPLE,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<WebhookEndpoint> {
        document(endpoint(app, &caller.scope, caller.part("webhook")?).await?)
    }
}
