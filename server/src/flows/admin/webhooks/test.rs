//! `POST …/webhooks/{webhook}/test`

use aerocall_api_types::{Delivery, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{DELIVERY, deliveries::delivery, enabled};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        event::{Event, EventKind},
        ids::{Kind, new_id},
    },
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    storage::store::NewDelivery,
};

/// Sends an event of its own to one endpoint. It changes nothing, so it is not in the audit log; the event names the admin.
pub(crate) struct TestWebhook;

impl Flow for TestWebhook {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Delivery;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/test"),
        "Send a test event",
    )
    .about("Sends a `webhook.test` event to this endpoint only, whatever its event types and filter.")
    .answers(202, "The delivery.", DELIVERY)
    .errors(&[errors::WEBHOOK_DISABLED]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Delivery> {
        let endpoint = enabled(app, &caller.scope, caller.part("webhook")?).await?;
        let (scope, now_ms) = (caller.scope.clone(), app.clock.now_ms());
        let data = json!({ "webhook": endpoint.id, "message": "This is a test" });
        let event = Event::new(EventKind::WebhookTest, caller.actor().actor, data, now_ms);
        let new = NewDelivery {
            id: new_id(Kind::Delivery),
            endpoint: endpoint.id,
            event_id: event.id.clone(),
            event_type: event.kind.as_str().to_owned(),
            order_key: None,
            now_ms,
        };
        let kept = app.store.write(move |tx| {
            tx.insert_event(&scope, &event)?;
            tx.insert_delivery(&new)?;
            let seq = tx.take_seqs(1)?;
            tx.event_dispatched(&event.id, seq, now_ms)?;
            tx.delivery(&new.endpoint, &new.id)
        });
        let row = kept
            .await?
            .ok_or_else(|| Error::unexpected("keeping a delivery", "it is not there afterwards"))?;
        app.feeds.dispatched([&caller.scope]);
        app.hooks.platform.deliveries.notify_one();
        delivery(row)
    }
}
