//! `GET …/background-failures`

use aerocall_api_types::{
    BackgroundFailures, Permission, QueueCounts, WebhookDisabledBy, WebhookEndpoint, WebhookState,
};

use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    flows::{
        admin::{jobs, webhooks},
        steps::endpoint::{AdminWho as _, Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    },
};

/// Lists what fails in the background.
pub(crate) struct ListBackgroundFailures;

impl Flow for ListBackgroundFailures {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = BackgroundFailures;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/background-failures"), "List failures of background work")
        .about("The queues that have dead jobs, and the webhook endpoints whose last deliveries failed or that the server has disabled: what waits for an admin. Nothing that the caller may not read: queues need `data:read`, webhook endpoints `settings:read`.")
        .answers(
            200,
            "What fails; empty lists if nothing does.",
            r#"{"queues": [{"name": "welcome", "waiting": 0, "running": 0, "done": 12, "dead": 1, "oldestWaitingAt": null, "consumer": {"hook": "mails", "version": 3, "state": "enabled"}}], "webhooks": []}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<BackgroundFailures> {
        let permissions = caller.who.permissions();
        let queues = match permissions.has(Permission::DataRead) {
            true => dead(app, &caller.scope).await?,
            false => Vec::new(),
        };
        let webhooks = match permissions.has(Permission::SettingsRead) {
            true => failing(app, &caller.scope).await?,
            false => Vec::new(),
        };
        Ok(BackgroundFailures { queues, webhooks })
    }
}

async fn dead(app: &App, scope: &Scope) -> Result<Vec<QueueCounts>> {
    let mut queues = jobs::by_queue(app, scope).await?;
    queues.retain(|queue| queue.dead > 0);
    Ok(queues)
}

async fn failing(app: &App, scope: &Scope) -> Result<Vec<WebhookEndpoint>> {
    let mut endpoints = webhooks::all(app, scope).await?;
    endpoints.retain(|endpoint| match endpoint.state {
        WebhookState::Enabled => endpoint.failing_since.is_some(),
        WebhookState::Disabled => endpoint.disabled_by.is_some_and(|by| by != WebhookDisabledBy::Admin),
    });
    Ok(endpoints)
}
