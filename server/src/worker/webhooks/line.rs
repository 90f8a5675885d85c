//! Deliveries as the simulation of all claims sees them: an endpoint is a lane.

use std::collections::HashSet;

use serde_json::json;

use super::claim;
use crate::{
    base::{
        event::{Event, EventKind},
        ids::{Kind, Scope, Slug, new_id},
        places::PlaceLimits,
    },
    outbound::webhooks::delivery,
    storage::store::{AttemptRow, DeliveryFate, EndpointFields, StoreError, Tx},
    worker::simulation::{Claim, Done, End, Line, Taken},
};

/// Deliveries of two projects with three endpoints each.
pub(in crate::worker) struct Deliveries {
    scopes: Vec<Scope>,
    lanes: Vec<(String, String)>,
    last: String,
}

impl Line for Deliveries {
    const LAPSES: bool = false;

    fn begin(tx: &mut Tx<'_>, seed: u64) -> Result<Self, StoreError> {
        let (mut scopes, mut lanes) = (Vec::new(), Vec::new());
        for number in 0..2 {
            let project = Slug::parse(&format!("p{seed}-{number}")).unwrap();
            tx.insert_project(&project, "P", 1)?;
            let scope = Scope {
                project,
                environment: Slug::production(),
            };
            tx.insert_environment(&scope, 1)?;
            for _ in 0..3 {
                let (id, fields) = (new_id(Kind::Webhook), fields());
                tx.insert_endpoint(&scope, &id, &fields)?;
                lanes.push((scope.project.to_string(), id));
                scopes.push(scope.clone());
            }
        }
        Ok(Self {
            scopes,
            lanes,
            last: String::new(),
        })
    }

    fn limits() -> PlaceLimits {
        PlaceLimits {
            shared: 5,
            shared_per_project: 3,
            per_lane: 3,
            own: 16,
            own_per_project: 8,
        }
    }

    fn lanes(&self) -> &[(String, String)] {
        &self.lanes
    }

    fn make(&mut self, tx: &mut Tx<'_>, lane: usize, now_ms: i64) -> Result<String, StoreError> {
        let (scope, (_, endpoint)) = (&self.scopes[lane], &self.lanes[lane]);
        let user = json!({ "id": "usr_1", "email": "ada@example.com", "metadata": {}, "publicMetadata": {} });
        let event = Event::of_user(EventKind::Signup, "anonymous".to_owned(), &user, None, now_ms);
        tx.insert_event(scope, &event)?;
        let seq = tx.take_seqs(1)?;
        tx.event_dispatched(&event.id, seq, now_ms)?;
        let endpoint = tx.endpoint(scope, endpoint)?.unwrap();
        let row = tx.event(scope, &event.id)?.unwrap();
        let new = delivery(&endpoint, &row, now_ms);
        assert!(tx.insert_delivery(&new)?, "a new event");
        Ok(new.id)
    }

    fn claim(&mut self, tx: &mut Tx<'_>, claim: &Claim<'_>) -> Result<Vec<Taken>, StoreError> {
        let full: HashSet<String> = claim.places.full_lanes().map(str::to_owned).collect();
        let seen = claim::due(tx, &self.last, &full, claim.now_ms)?;
        let places = claim.places.clone();
        let claimed = claim::all(tx, claim.worker, &seen, places, claim.now_ms, claim.until_ms)?;
        if let Some(last) = claimed.last() {
            self.last.clone_from(&last.endpoint.id);
        }
        let taken = claimed.into_iter().map(|claimed| {
            Ok(Taken {
                project: claimed.endpoint.scope()?.project.to_string(),
                lane: claimed.endpoint.id,
                ids: vec![claimed.delivery.id],
            })
        });
        taken.collect()
    }

    fn end(&mut self, tx: &mut Tx<'_>, end: &End<'_>) -> Result<bool, StoreError> {
        let attempt = AttemptRow {
            headers: None,
            id: new_id(Kind::Attempt),
            delivery_id: end.id.to_owned(),
            time_ms: end.now_ms,
            duration_ms: 0,
            status: Some(200),
            error: None,
            response: None,
        };
        let fate = end
            .again_ms
            .map_or(DeliveryFate::Delivered, |run_at_ms| DeliveryFate::Retry { run_at_ms });
        tx.settle_delivery(end.worker, &attempt, fate)
    }

    fn reclaim(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Done {
        tx.reclaim_deliveries(now_ms, i64::MAX).map(drop)
    }

    fn hand_back(&mut self, tx: &mut Tx<'_>, worker: &str) -> Result<bool, StoreError> {
        tx.hand_back_deliveries(worker).map(|_| true)
    }
}

fn fields() -> EndpointFields {
    EndpointFields {
        url: "https://example.com/".to_owned(),
        description: String::new(),
        event_types: "[\"*\"]".to_owned(),
        conditions: "[]".to_owned(),
        ordering: "none",
        codes: "withheld",
        owner_email: None,
        updated_ms: 0,
    }
}
