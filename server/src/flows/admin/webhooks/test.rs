//! `POST …/webhooks/{webhook}/test`

use aerocall_api_types::{Delivery, Object, Permission};
use aerocall_contract::errors;
use serde_json::{Value, json};

use super::{DELIVERY, deliveries::delivery, enabled};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        event::{Event, EventKind},
        ids::{Kind, new_id},
        input::{Fields, Parsed},
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{
        BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment,
    },
    storage::store::NewDelivery,
};

/// Sends an event of its own to one endpoint. It changes nothing, so it is not in the audit log; the event names the admin.
pub(crate) struct TestWebhook;

/// What the client sends.
pub(crate) struct Input {
    /// What the message shows in place of the test.
    shown: Option<(EventKind, Object)>,
}

impl Flow for TestWebhook {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = Delivery;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/test"),
        "Send a test event",
    )
    .about("Sends a `webhook.test` event to this endpoint only, whatever its event types and filter. With `type`, the message is one of that type, with `\"test\": true` beside its `data`; the event that is kept stays a `webhook.test`, and nobody else gets it. The body can be left out.")
    .fields(&[
        Field::optional("type", FieldKind::Text(200), "Type of event that the message shows, such as `auth.signup`."),
        Field::optional("data", FieldKind::Object, "Its data; those of the sample (`GET …/event-types`) if omitted. Only with `type`."),
    ])
    .example(r#"{"type":"auth.signup"}"#)
    .answers(202, "The delivery.", DELIVERY)
    .errors(&[errors::WEBHOOK_DISABLED]);

    const BODY: BodyLimit = BodyLimit::UsualOrNothing;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let kind = fields.optional("type", kind);
        let data = fields.optional("data", |value| match value {
            Value::Object(data) => Ok(data),
            _ => Err("must be an object".to_owned()),
        });
        let shown = match (kind, data) {
            (Some(kind), data) => Some((kind, data.unwrap_or_else(|| sample(kind)))),
            (None, Some(_)) => {
                fields.problem("data", "is only for a type");
                None
            }
            (None, None) => None,
        };
        if let Some((kind, data)) = &shown
            && let Some(fault) = kind.fault(&Value::Object(data.clone()))
        {
            fields.problem("data", format!("is not that of {}: {fault}", kind.as_str()));
        }
        Some(Input { shown })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<Delivery> {
        let endpoint = enabled(app, &caller.scope, caller.part("webhook")?).await?;
        let (scope, now_ms) = (caller.scope.clone(), app.clock.now_ms());
        let mut data = json!({ "webhook": endpoint.id, "message": "This is a test" });
        if let Some((kind, shown)) = input.shown {
            data["sample"] = json!({ "type": kind.as_str(), "data": shown });
        }
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

/// Tests have no type to show.
fn kind(value: Value) -> Parsed<EventKind> {
    let kind = value.as_str().and_then(EventKind::named);
    let kind = kind.filter(|kind| *kind != EventKind::WebhookTest);
    kind.ok_or_else(|| "must be an event type such as auth.signup".to_owned())
}

fn sample(kind: EventKind) -> Object {
    match kind.sample() {
        Value::Object(data) => data,
        _ => Object::new(),
    }
}
