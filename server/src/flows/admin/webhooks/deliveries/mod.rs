//! Deliveries of webhook endpoints: what was delivered, is waiting, or failed.

mod get;
mod list;
mod list_all;
mod redeliver;

use aerocall_api_types::{Delivery, DeliveryList, ListedDelivery as Document};

use crate::{
    app::App,
    base::{
        clock,
        error::Result,
        ids::Kind,
        input::{Fields, query},
        stored,
    },
    flows::steps::{
        endpoint::{Field, FieldKind},
        page::{Page, readable},
    },
    storage::store::{DeliveryFilter, DeliveryRow, DeliveryState, EndpointRow, LastAttempt, ListedDelivery},
};

pub(crate) use get::GetDelivery;
pub(crate) use list::ListDeliveries;
pub(crate) use list_all::ListAllDeliveries;
pub(crate) use redeliver::Redeliver;

const STATE: Field = Field::optional(
    "state",
    FieldKind::OneOf(&["waiting", "running", "delivered", "failed", "canceled"]),
    "Only deliveries in this state.",
);
const EVENT: Field = Field::optional("event", FieldKind::Text(200), "Only deliveries of this event.");
const TYPE: Field = Field::optional("type", FieldKind::Text(200), "Only deliveries of this type of event.");
const FROM: Field = Field::optional(
    "from",
    FieldKind::TIME,
    "Only deliveries created at this time (RFC 3339) or later.",
);
const TO: Field = Field::optional(
    "to",
    FieldKind::TIME,
    "Only deliveries created before this time (RFC 3339).",
);

/// For the reference.
const EXAMPLE: &str = r#"{"deliveries": [{"id": "dlv_…", "event": "evt_…", "type": "auth.signup", "state": "delivered", "attempts": 1, "nextAttemptAt": null, "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": "2026-01-31T12:00:01.000Z", "webhook": "whk_…", "url": "https://example.com/webhooks", "lastStatus": 204, "lastError": null}], "next": null}"#;

/// The filters of a list, and its page.
fn read(fields: &mut Fields) -> (DeliveryFilter, Page) {
    let states = DeliveryState::ALL.map(|state| (state.as_str(), state));
    let page = Page::read(fields, Kind::Delivery);
    let filter = DeliveryFilter {
        state: fields.optional("state", query::one_of(&states)),
        event: fields.optional("event", query::text),
        kind: fields.optional("type", query::event),
        from_ms: fields.optional("from", query::time),
        to_ms: fields.optional("to", query::time),
        before: page.before.clone(),
    };
    (filter, page)
}

/// A page of the deliveries of these endpoints.
async fn list(app: &App, endpoints: Vec<EndpointRow>, filter: DeliveryFilter, page: &Page) -> Result<DeliveryList> {
    let (ids, rows): (Vec<String>, _) = (
        endpoints.iter().map(|endpoint| endpoint.id.clone()).collect(),
        page.rows(),
    );
    let found = app.store.read(move |tx| {
        let rows = tx.deliveries(&ids, &filter, rows)?;
        let shown: Vec<String> = rows.iter().map(|listed| listed.row.id.clone()).collect();
        Ok((rows, tx.last_attempts(&shown)?))
    });
    let (rows, mut attempts) = found.await?;
    let (rows, next) = page.cut(rows, |listed| &listed.row.id);
    let last: Vec<(ListedDelivery, LastAttempt)> = rows
        .into_iter()
        .map(|listed| {
            let last = attempts.remove(&listed.row.id).unwrap_or_default();
            (listed, last)
        })
        .collect();
    let show = |(listed, last): (ListedDelivery, LastAttempt)| {
        let url = endpoints.iter().find(|endpoint| endpoint.id == listed.endpoint);
        Ok(Document {
            delivery: delivery(listed.row)?,
            url: url.map(|endpoint| endpoint.url.clone()).unwrap_or_default(),
            webhook: listed.endpoint,
            last_status: last.status,
            last_error: last.error,
        })
    };
    let deliveries = readable(last, |(listed, _)| listed.row.id.clone(), show);
    Ok(DeliveryList { deliveries, next })
}

pub(in crate::flows::admin) fn delivery(row: DeliveryRow) -> Result<Delivery> {
    Ok(Delivery {
        state: stored::word(&row.state)?,
        id: row.id,
        event: row.event_id,
        kind: row.event_type,
        attempts: row.attempts,
        next_attempt_at: (row.finished_ms.is_none()).then(|| clock::iso(row.run_at_ms).into()),
        created_at: clock::iso(row.created_ms).into(),
        finished_at: row.finished_ms.map(|at_ms| clock::iso(at_ms).into()),
    })
}
