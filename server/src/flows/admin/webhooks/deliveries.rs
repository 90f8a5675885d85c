//! What was delivered, is waiting, or failed: with what was sent and what was answered.

use serde_json::{Value, json};

use super::endpoint;
use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        ids::Scope,
    },
    domain::events,
    outbound::webhooks::body,
    storage::store::{AttemptRow, DeliveryFilter, DeliveryRow},
};

/// Tries of one delivery that are shown; a replay adds some.
const MAX_ATTEMPTS: i64 = 100;

/// Newest first.
pub(crate) async fn list(app: &App, scope: &Scope, id: &str, filter: DeliveryFilter, most: i64) -> Result<Value> {
    let endpoint = endpoint(app, scope, id).await?;
    let rows = app
        .store
        .read(move |tx| tx.deliveries(&endpoint.id, &filter, most))
        .await?;
    Ok(json!({ "deliveries": rows.iter().map(line).collect::<Vec<_>>() }))
}

/// With the request as it was sent, signatures and codes excepted, and every attempt.
pub(crate) async fn one(app: &App, scope: &Scope, id: &str, delivery: &str) -> Result<Value> {
    let endpoint = endpoint(app, scope, id).await?;
    let (owned, id, wanted) = (scope.clone(), endpoint.id.clone(), delivery.to_owned());
    let found = app.store.read(move |tx| {
        let Some(row) = tx.delivery(&id, &wanted)? else {
            return Ok(None);
        };
        let event = tx.event(&owned, &row.event_id)?;
        let attempts = tx.attempts(&row.id, MAX_ATTEMPTS)?;
        Ok(Some((row, event, attempts)))
    });
    let (row, event, attempts) = found.await?.ok_or_else(Refusal::not_found)?;
    let mut shown = line(&row);
    shown["request"] = json!({
        "method": "POST",
        "url": endpoint.url,
        "headers": { "content-type": "application/json", "webhook-id": row.event_id },
        "body": event.as_ref().map(events::document).transpose()?.map(body),
    });
    shown["log"] = attempts.iter().map(attempt).collect();
    Ok(shown)
}

pub(super) fn line(row: &DeliveryRow) -> Value {
    json!({
        "id": row.id,
        "event": row.event_id,
        "type": row.event_type,
        "state": row.state,
        "attempts": row.attempts,
        "nextAttemptAt": (row.finished_ms.is_none()).then(|| clock::iso(row.run_at_ms)),
        "createdAt": clock::iso(row.created_ms),
        "finishedAt": row.finished_ms.map(clock::iso),
    })
}

fn attempt(row: &AttemptRow) -> Value {
    json!({
        "at": clock::iso(row.time_ms),
        "durationMs": row.duration_ms,
        "status": row.status,
        "error": row.error,
        "response": row.response,
    })
}
