//! Which deliveries are sent next: endpoints take turns, and none takes the places of others.

use std::collections::{HashMap, HashSet};

use super::attempt::ClaimedDelivery;
use crate::{
    base::config::WebhookConfig,
    outbound::webhooks::Ordering,
    storage::store::{DeliveryClaim, DeliveryRow, EndpointRow, StoreError, Tx},
};

/// Endpoints that one round looks at, and that it serves.
const MAX_SEEN: usize = 256;
const MAX_SERVED: usize = 64;

/// Places that are free.
#[derive(Clone, Debug)]
pub(super) struct DeliveryCapacity {
    pub(super) all: usize,
    per_project: usize,
    per_endpoint: usize,
    projects: HashMap<String, usize>,
    endpoints: HashMap<String, usize>,
}

impl DeliveryCapacity {
    pub(super) fn new(config: &WebhookConfig) -> Self {
        Self {
            all: config.concurrent,
            per_project: config.concurrent_per_project,
            per_endpoint: config.concurrent_per_endpoint,
            projects: HashMap::new(),
            endpoints: HashMap::new(),
        }
    }

    /// For one endpoint of one project.
    #[cfg(test)]
    pub(super) fn of_endpoint(places: usize) -> Self {
        Self {
            all: places,
            per_project: places,
            per_endpoint: places,
            ..Self::none()
        }
    }

    /// For nobody.
    pub(super) fn none() -> Self {
        Self {
            all: 0,
            per_project: 0,
            per_endpoint: 0,
            projects: HashMap::new(),
            endpoints: HashMap::new(),
        }
    }

    pub(super) fn take(&mut self, endpoint: &str, project: &str) {
        self.all = self.all.saturating_sub(1);
        *self.projects.entry(project.to_owned()).or_default() += 1;
        *self.endpoints.entry(endpoint.to_owned()).or_default() += 1;
    }

    /// Endpoints that have no place left, whatever their state.
    pub(super) fn full_endpoints(&self) -> HashSet<String> {
        let is_full = |(_, claimed): &(&String, &usize)| **claimed >= self.per_endpoint;
        self.endpoints
            .iter()
            .filter(is_full)
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// How many more the endpoint may have.
    fn of(&self, endpoint: &EndpointRow, project: &str) -> usize {
        let claimed = |map: &HashMap<String, usize>, name: &str| map.get(name).copied().unwrap_or(0);
        let most = match endpoint.failing_since_ms {
            Some(_) => 1,
            None => self.per_endpoint,
        };
        let own = most.saturating_sub(claimed(&self.endpoints, &endpoint.id));
        let of_project = self.per_project.saturating_sub(claimed(&self.projects, project));
        own.min(of_project).min(self.all)
    }
}

/// Endpoints that something is due for, beginning after `last` and going round once.
pub(super) fn due(tx: &mut Tx<'_>, last: &str, full: &HashSet<String>, now_ms: i64) -> Result<Vec<String>, StoreError> {
    let (mut found, mut after, mut wrapped) = (Vec::new(), last.to_owned(), last.is_empty());
    for _ in 0..MAX_SEEN {
        match tx.next_endpoint_with_deliveries(&after)? {
            Some((id, _)) if wrapped && !last.is_empty() && id.as_str() > last => break,
            Some((id, run_at_ms)) => {
                if run_at_ms <= now_ms && !full.contains(&id) {
                    found.push(id.clone());
                    if found.len() == MAX_SERVED {
                        break;
                    }
                }
                after = id;
            }
            None if wrapped => break,
            None => (after, wrapped) = (String::new(), true),
        }
    }
    Ok(found)
}

/// Claims for these endpoints what there is capacity for, with all that is needed to send it.
pub(super) fn all(
    tx: &mut Tx<'_>,
    owner: &str,
    seen: &[String],
    mut capacity: DeliveryCapacity,
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
        let most = i64::try_from(capacity.of(endpoint, &project)).unwrap_or(0);
        if !endpoint.is_enabled() || most == 0 {
            continue;
        }
        let is_ordered = || Ordering::of(endpoint) == Ordering::Subject;
        for delivery in tx.claim_deliveries(&endpoint.id, claim, most, is_ordered)? {
            capacity.take(&endpoint.id, &project);
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
