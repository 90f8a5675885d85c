//! Sending again: one delivery, those that failed, those that were never made, and a test. The message keeps its id, so that a
//! receiver knows what it has.

use serde_json::{Map, Value, json};

use super::{deliveries::line, endpoint};
use crate::{
    app::App,
    audit::{self, Action, By, Deed},
    clock,
    error::{Error, Refusal, Result},
    events::{self, Event, EventKind},
    ids::{Kind, Scope, first_id, new_id},
    input::{Fields, Parsed},
    store::{EndpointRow, NewDelivery},
    webhooks::{Filter, delivery},
};

/// Events that one request looks through.
const PAGE: i64 = 500;
/// Deliveries that one request makes anew.
const MOST: usize = 20_000;

/// What the client sends: `{ what, since }`.
pub(crate) struct ReplayInput {
    what: What,
    since_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Deliveries that failed, or were canceled when the endpoint was disabled.
    Failed,
    /// Events that the endpoint wants and has no delivery of: it was disabled, or did not exist.
    Missing,
}

impl ReplayInput {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let what = fields.required("what", |value| match value.as_str() {
            Some("failed") => Ok(What::Failed),
            Some("missing") => Ok(What::Missing),
            _ => Err("must be one of failed, missing".to_owned()),
        });
        let since_ms = fields.required("since", time);
        fields.finish(what.zip(since_ms).map(|(what, since_ms)| Self { what, since_ms }))
    }
}

fn time(value: Value) -> Parsed<i64> {
    value
        .as_str()
        .and_then(clock::parse_iso)
        .ok_or_else(|| "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)".to_owned())
}

/// One delivery that ended begins anew.
pub(crate) async fn again(app: &App, scope: &Scope, by: By, id: &str, delivery: &str) -> Result<Value> {
    let endpoint = enabled(app, scope, id).await?;
    let (owned, wanted, now_ms) = (scope.clone(), delivery.to_owned(), app.clock.now_ms());
    let replayed = app.store.write(move |tx| {
        let begun = tx.replay_delivery(&endpoint.id, &wanted, now_ms)?;
        if begun {
            audit::note(
                tx,
                Some(&owned),
                &by,
                Deed::new(Action::WebhookReplayed, &wanted),
                now_ms,
            )?;
        }
        Ok(tx.delivery(&endpoint.id, &wanted)?.map(|row| (row, begun)))
    });
    let (row, begun) = replayed.await?.ok_or_else(Refusal::not_found)?;
    if !begun {
        let message = format!(
            "The delivery is {}; only one that has ended can be sent again",
            row.state
        );
        return Err(Refusal::new(409, "delivery_not_ended", message).into());
    }
    app.hooks.platform.deliveries.notify_one();
    Ok(line(&row))
}

/// Many, since a time.
pub(crate) async fn replay(app: &App, scope: &Scope, by: By, id: &str, input: ReplayInput) -> Result<Value> {
    let endpoint = enabled(app, scope, id).await?;
    let (owned, now_ms, target) = (scope.clone(), app.clock.now_ms(), endpoint.id.clone());
    let note = app.store.write(move |tx| {
        audit::note(
            tx,
            Some(&owned),
            &by,
            Deed::new(Action::WebhookReplayed, &target),
            now_ms,
        )
    });
    note.await?;
    let replayed = match input.what {
        What::Failed => {
            let id = endpoint.id.clone();
            let failed = app.store.write(move |tx| tx.replay_failed(&id, input.since_ms, now_ms));
            failed.await?
        }
        What::Missing => missing(app, scope, &endpoint, input.since_ms, now_ms).await?,
    };
    app.hooks.platform.deliveries.notify_one();
    Ok(json!({ "replayed": replayed }))
}

/// Page by page, so that no transaction is long.
async fn missing(app: &App, scope: &Scope, endpoint: &EndpointRow, since_ms: i64, now_ms: i64) -> Result<usize> {
    let filter = Filter::of(endpoint)?;
    let (mut after, mut made) = (first_id(Kind::Event, since_ms), 0);
    while made < MOST {
        let (owned, from) = (scope.clone(), after.clone());
        let page = app.store.read(move |tx| tx.events_after(&owned, &from, PAGE)).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        let mut wanted = Vec::new();
        for event in &page {
            // A test is nobody's event but its endpoint's.
            let is_real = event.kind != EventKind::WebhookTest.as_str();
            if is_real && filter.wants(&event.kind, &events::document(event)?) {
                wanted.push(delivery(endpoint, event, now_ms));
            }
        }
        let kept = app.store.write(move |tx| {
            wanted
                .iter()
                .try_fold(0, |made, new| Ok(made + usize::from(tx.insert_delivery(new)?)))
        });
        made += kept.await?;
    }
    Ok(made)
}

/// An event of its own for this endpoint alone.
pub(crate) async fn test(app: &App, scope: &Scope, by: By, id: &str) -> Result<Value> {
    let endpoint = enabled(app, scope, id).await?;
    let (owned, now_ms) = (scope.clone(), app.clock.now_ms());
    let data = json!({ "webhook": endpoint.id, "message": "This is a test" });
    let event = Event::new(EventKind::WebhookTest, by.actor.clone(), data, now_ms);
    let new = NewDelivery {
        id: new_id(Kind::Delivery),
        endpoint: endpoint.id.clone(),
        event_id: event.id.clone(),
        event_type: event.kind.as_str().to_owned(),
        order_key: None,
        now_ms,
    };
    let kept = app.store.write(move |tx| {
        tx.insert_event(&owned, &event)?;
        tx.event_dispatched(&event.id, now_ms)?;
        tx.insert_delivery(&new)?;
        tx.delivery(&new.endpoint, &new.id)
    });
    let row = kept
        .await?
        .ok_or_else(|| Error::unexpected("keeping a delivery", "it is not there afterwards"))?;
    app.hooks.platform.deliveries.notify_one();
    Ok(line(&row))
}

/// Nothing is sent to a disabled endpoint, by whatever way.
async fn enabled(app: &App, scope: &Scope, id: &str) -> Result<EndpointRow> {
    let row = endpoint(app, scope, id).await?;
    match row.is_enabled() {
        true => Ok(row),
        false => Err(Refusal::new(
            409,
            "webhook_disabled",
            "The endpoint is disabled; enable it first: PATCH with {\"state\":\"enabled\"}",
        )
        .into()),
    }
}
