//! Sending again: one delivery, those that failed, those that were never made, and a test. The message keeps its id, so that a
//! receiver knows what it has.

use serde_json::{Map, Value, json};

use super::{deliveries::line, endpoint};
use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Refusal, Result},
        event::{Event, EventKind},
        ids::{Kind, Scope, first_id, new_id},
        input::{Fields, Parsed, short_text},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    domain::events,
    outbound::webhooks::{Filter, delivery},
    storage::store::{EndpointRow, NewDelivery},
};

/// Events that one request looks through.
const PAGE: i64 = 500;
/// Deliveries that one request makes anew, unless the client wants fewer.
const MAX: usize = 20_000;
/// Events that one request looks through: an endpoint may want few of them.
const MAX_SEEN: usize = 200_000;

/// What the client sends: `{ what, since, limit?, after? }`.
pub(crate) struct ReplayInput {
    what: What,
    since_ms: i64,
    most: usize,
    /// Where the request before this one ended.
    after: Option<String>,
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
        let most = fields.optional("limit", limit);
        let after = fields.optional("after", short_text(100));
        if what == Some(What::Failed) {
            for (field, is_there) in [("limit", most.is_some()), ("after", after.is_some())] {
                if is_there {
                    fields.problem(field, "is only for what: missing");
                }
            }
        }
        fields.finish(what.zip(since_ms).map(|(what, since_ms)| Self {
            what,
            since_ms,
            most: most.unwrap_or(MAX),
            after,
        }))
    }
}

fn limit(value: Value) -> Parsed<usize> {
    value
        .as_u64()
        .and_then(|limit| usize::try_from(limit).ok())
        .filter(|limit| (1..=MAX).contains(limit))
        .ok_or_else(|| format!("must be a whole number from 1 to {MAX}"))
}

fn time(value: Value) -> Parsed<i64> {
    value
        .as_str()
        .and_then(clock::parse_iso)
        .ok_or_else(|| "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)".to_owned())
}

/// One delivery that ended begins anew.
pub(crate) async fn again(app: &App, scope: &Scope, by: Actor, id: &str, delivery: &str) -> Result<Value> {
    let endpoint = enabled(app, scope, id).await?;
    let (owned, wanted, now_ms) = (scope.clone(), delivery.to_owned(), app.clock.now_ms());
    let replayed = app.store.write(move |tx| {
        let begun = tx.replay_delivery(&endpoint.id, &wanted, now_ms)?;
        if begun {
            audit::record(
                tx,
                Some(&owned),
                &by,
                AuditEntry::new(Action::WebhookReplayed, &wanted),
                now_ms,
            )?;
        }
        Ok(tx.delivery(&endpoint.id, &wanted)?.map(|row| (row, begun)))
    });
    let (row, begun) = replayed.await?.ok_or_else(Refusal::not_found)?;
    if !begun {
        let message = format!(
            "The delivery is {}; only a delivery that has ended can be resent",
            row.state
        );
        return Err(Refusal::new(409, "delivery_not_ended", message).into());
    }
    app.hooks.platform.deliveries.notify_one();
    Ok(line(&row))
}

/// Many, since a time. `next` is where a request that goes on begins; without one there is nothing left.
pub(crate) async fn replay(app: &App, scope: &Scope, by: Actor, id: &str, input: ReplayInput) -> Result<Value> {
    let endpoint = enabled(app, scope, id).await?;
    let (owned, now_ms, target) = (scope.clone(), app.clock.now_ms(), endpoint.id.clone());
    let note = app.store.write(move |tx| {
        audit::record(
            tx,
            Some(&owned),
            &by,
            AuditEntry::new(Action::WebhookReplayed, &target),
            now_ms,
        )
    });
    note.await?;
    let (replayed, next) = match input.what {
        What::Failed => {
            let id = endpoint.id.clone();
            let failed = app.store.write(move |tx| tx.replay_failed(&id, input.since_ms, now_ms));
            (failed.await?, None)
        }
        What::Missing => missing(app, scope, &endpoint, input, now_ms).await?,
    };
    app.hooks.platform.deliveries.notify_one();
    Ok(json!({ "replayed": replayed, "next": next }))
}

/// Page by page, so that no transaction is long. How many, and the event that was looked at last if others may follow it.
async fn missing(
    app: &App,
    scope: &Scope,
    endpoint: &EndpointRow,
    input: ReplayInput,
    now_ms: i64,
) -> Result<(usize, Option<String>)> {
    let filter = Filter::of(endpoint)?;
    let first = first_id(Kind::Event, input.since_ms);
    let mut after = input.after.map_or(first.clone(), |after| after.max(first));
    let (mut made, mut seen) = (0, 0);
    while made < input.most && seen < MAX_SEEN {
        let (owned, from) = (scope.clone(), after.clone());
        let page = app.store.read(move |tx| tx.events_after(&owned, &from, PAGE)).await?;
        if page.is_empty() {
            return Ok((made, None));
        }
        let mut wanted = Vec::new();
        for event in &page {
            after.clone_from(&event.id);
            seen += 1;
            // A test is nobody's event but its endpoint's.
            let is_real = event.kind != EventKind::WebhookTest.as_str();
            if is_real && filter.wants(&event.kind, &events::document(event)?) {
                wanted.push(delivery(endpoint, event, now_ms));
                if made + wanted.len() == input.most {
                    break;
                }
            }
        }
        let kept = app.store.write(move |tx| {
            wanted
                .iter()
                .try_fold(0, |made, new| Ok(made + usize::from(tx.insert_delivery(new)?)))
        });
        made += kept.await?;
    }
    Ok((made, Some(after)))
}

/// An event of its own for this endpoint alone.
pub(crate) async fn test(app: &App, scope: &Scope, by: Actor, id: &str) -> Result<Value> {
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
        tx.insert_delivery(&new)?;
        let seq = tx.take_seqs(1)?;
        tx.event_dispatched(&event.id, seq, now_ms)?;
        tx.delivery(&new.endpoint, &new.id)
    });
    let row = kept
        .await?
        .ok_or_else(|| Error::unexpected("keeping a delivery", "it is not there afterwards"))?;
    app.feeds.dispatched([scope]);
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
