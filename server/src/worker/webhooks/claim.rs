//! Which deliveries are sent next: endpoints take turns, and none takes the place of another.

use std::collections::{HashMap, HashSet};

use super::attempt::ClaimedDelivery;
use crate::{
    base::{
        places::Places,
        turns::{Step, Turns},
    },
    outbound::webhooks::Ordering,
    storage::store::{DeliveryClaim, DeliveryRow, EndpointRow, StoreError, Tx},
};

/// Endpoints that one round serves.
const MAX_SERVED: usize = 64;

/// Attempts that the endpoint may have under way: one that fails is tried carefully.
pub(super) fn most(endpoint: &EndpointRow) -> usize {
    match endpoint.failing_since_ms {
        Some(_) => 1,
        None => usize::MAX,
    }
}

/// Endpoints that something is due for and that are not full, from the one after `last` on, once round.
pub(super) fn due(tx: &mut Tx<'_>, last: &str, full: &HashSet<String>, now_ms: i64) -> Result<Vec<String>, StoreError> {
    let (mut found, mut turns) = (Vec::new(), Turns::after(last));
    while found.len() < MAX_SERVED {
        match turns.step(tx.next_endpoint_with_deliveries(turns.at(), now_ms)?) {
            Step::Over => break,
            Step::Turn(id) if !full.contains(&id) => found.push(id),
            Step::Turn(_) | Step::Again => {}
        }
    }
    Ok(found)
}

/// Claims for these endpoints what there are places for, with all that is needed to send it.
pub(super) fn all(
    tx: &mut Tx<'_>,
    owner: &str,
    seen: &[String],
    mut places: Places,
    now_ms: i64,
    until_ms: i64,
) -> Result<Vec<ClaimedDelivery>, StoreError> {
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let endpoints = tx.endpoints_by_id(seen)?;
    let by_id: HashMap<&str, &EndpointRow> = endpoints.iter().map(|row| (row.id.as_str(), row)).collect();
    let claim = DeliveryClaim {
        owner,
        now_ms,
        until_ms,
    };
    let mut claimed: Vec<(&EndpointRow, DeliveryRow)> = Vec::new();
    // In the order in which they take turns.
    for endpoint in seen.iter().filter_map(|id| by_id.get(id.as_str())) {
        let project = endpoint.scope()?.project.to_string();
        let free = places.free(&project, &endpoint.id, most(endpoint));
        if !endpoint.is_enabled() || free == 0 {
            continue;
        }
        let is_ordered = || Ordering::of(endpoint) == Ordering::Subject;
        for delivery in tx.claim_deliveries(&endpoint.id, claim, i64::try_from(free).unwrap_or(1), is_ordered)? {
            places.take(&project, &endpoint.id, most(endpoint));
            claimed.push((endpoint, delivery));
        }
    }
    with_messages(tx, claimed, now_ms)
}

fn with_messages(
    tx: &mut Tx<'_>,
    claimed: Vec<(&EndpointRow, DeliveryRow)>,
    now_ms: i64,
) -> Result<Vec<ClaimedDelivery>, StoreError> {
    let events: HashSet<&String> = claimed.iter().map(|(_, delivery)| &delivery.event_id).collect();
    let events: Vec<String> = events.into_iter().cloned().collect();
    let ids: HashSet<&String> = claimed.iter().map(|(endpoint, _)| &endpoint.id).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let events: HashMap<String, _> = tx
        .events_by_id(&events)?
        .into_iter()
        .map(|event| (event.id.clone(), event))
        .collect();
    let secrets = tx.webhook_secrets(&ids, now_ms)?;
    let whole = |(endpoint, delivery): (&EndpointRow, DeliveryRow)| ClaimedDelivery {
        event: events.get(&delivery.event_id).cloned(),
        secrets: secrets
            .iter()
            .filter(|secret| secret.endpoint_id == endpoint.id)
            .cloned()
            .collect(),
        endpoint: endpoint.clone(),
        delivery,
    };
    Ok(claimed.into_iter().map(whole).collect())
}
