//! Claims, leases, retries, disabling and replays in random order by several workers, against a model of what must be so.
//! Every seed is a story of its own; a failure says which. That it finds bugs is shown by some that are planted.

use std::collections::HashMap;

use serde_json::json;

use super::{attempt::ClaimedDelivery, claim};
use crate::{
    base::{
        event::{Event, EventKind},
        ids::{Kind, Scope, new_id},
        places::{PlaceLimits, Places},
    },
    outbound::webhooks::delivery,
    storage::store::{
        AttemptRow, DeliveryFate, DisabledBy, EndpointFields, StoreError, Tx,
        planted::{Bug, Planted},
    },
    testing::World,
};

const SEEDS: u64 = 1_000;
/// So many stories are enough for every planted bug.
const SEEDS_TO_FIND: u64 = 50;
const STEPS: usize = 60;
const LEASE_MS: i64 = 1_000;
const WORKERS: [&str; 3] = ["wrk_a", "wrk_b", "wrk_c"];

/// SplitMix64 (Steele, Lea, Flood 2014): a sequence for each seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % bound
    }
}

/// What must be so of one delivery.
#[derive(Clone, Debug)]
struct Expected {
    subject: &'static str,
    /// What receivers know it by.
    event: String,
    held_by: Option<(&'static str, i64)>,
    run_at_ms: i64,
    sent: usize,
    has_ended: bool,
    arrived: bool,
}

struct Story {
    random: Random,
    scope: Scope,
    endpoint: String,
    is_ordered: bool,
    is_enabled: bool,
    now_ms: i64,
    expected: HashMap<String, Expected>,
    /// In the order in which they were made.
    order: Vec<String>,
    /// What workers believe they have.
    holding: Vec<(&'static str, String)>,
}

type Done = Result<(), StoreError>;

impl Story {
    fn begin(tx: &mut Tx<'_>, scope: &Scope, seed: u64) -> Result<Self, StoreError> {
        let (id, is_ordered) = (new_id(Kind::Webhook), seed.is_multiple_of(2));
        let fields = EndpointFields {
            url: "https://example.com/".to_owned(),
            description: String::new(),
            event_types: "[\"*\"]".to_owned(),
            conditions: "[]".to_owned(),
            ordering: if is_ordered { "subject" } else { "none" },
            codes: "withheld",
            owner_email: None,
            updated_ms: 0,
        };
        tx.insert_endpoint(scope, &id, &fields)?;
        Ok(Self {
            random: Random(seed),
            scope: scope.clone(),
            endpoint: id,
            is_ordered,
            is_enabled: true,
            now_ms: 1_000,
            expected: HashMap::new(),
            order: Vec::new(),
            holding: Vec::new(),
        })
    }

    fn step(&mut self, tx: &mut Tx<'_>) -> Done {
        match self.random.below(16) {
            0..=3 => self.happens(tx),
            4..=7 => self.claims(tx),
            8..=10 => self.settles(tx),
            11 => {
                self.now_ms += i64::try_from(self.random.below(2_500)).unwrap();
                Ok(())
            }
            12 => self.reclaims(tx),
            13 => self.hands_back(tx),
            14 => self.is_switched(tx),
            _ => self.replays(tx),
        }
    }

    fn worker(&mut self) -> &'static str {
        WORKERS[usize::try_from(self.random.below(3)).unwrap()]
    }

    fn happens(&mut self, tx: &mut Tx<'_>) -> Done {
        let subject = ["usr_1", "usr_2"][usize::try_from(self.random.below(2)).unwrap()];
        let user = json!({ "id": subject, "email": "ada@example.com", "metadata": {}, "publicMetadata": {} });
        let event = Event::of_user(EventKind::Signup, "anonymous".to_owned(), &user, None, self.now_ms);
        tx.insert_event(&self.scope, &event)?;
        let seq = tx.take_seqs(1)?;
        tx.event_dispatched(&event.id, seq, self.now_ms)?;
        if !self.is_enabled {
            return Ok(());
        }
        let endpoint = tx.endpoint(&self.scope, &self.endpoint)?.unwrap();
        let row = tx.event(&self.scope, &event.id)?.unwrap();
        let new = delivery(&endpoint, &row, self.now_ms);
        assert!(tx.insert_delivery(&new)?, "a new event");
        assert!(
            !tx.insert_delivery(&delivery(&endpoint, &row, self.now_ms))?,
            "sent twice, kept once"
        );
        self.order.push(new.id.clone());
        self.expected.insert(
            new.id,
            Expected {
                subject,
                event: event.id,
                held_by: None,
                run_at_ms: self.now_ms,
                sent: 0,
                has_ended: false,
                arrived: false,
            },
        );
        Ok(())
    }

    fn claims(&mut self, tx: &mut Tx<'_>) -> Done {
        let worker = self.worker();
        let until_ms = self.now_ms + LEASE_MS;
        let claimed = self.claim(tx, worker, until_ms)?;
        for ClaimedDelivery { delivery, event, .. } in claimed {
            let known = &self.expected[&delivery.id];
            let message = event.map(|event| event.id);
            assert_eq!(
                message.as_ref(),
                Some(&known.event),
                "the same message at every attempt"
            );
            assert!(self.is_enabled, "nothing leaves for a disabled endpoint");
            assert!(
                !known.has_ended && known.held_by.is_none(),
                "{known:?} is somebody's or over"
            );
            assert!(known.run_at_ms <= self.now_ms, "{known:?} is not due");
            if self.is_ordered {
                let before = self.order.iter().take_while(|id| **id != delivery.id);
                let waits = |id: &&String| {
                    let other = &self.expected[*id];
                    other.subject == known.subject && !other.has_ended
                };
                assert_eq!(before.filter(waits).count(), 0, "out of order");
            }
            let known = self.expected.get_mut(&delivery.id).unwrap();
            known.held_by = Some((worker, until_ms));
            known.sent += 1;
            self.holding.push((worker, delivery.id));
        }
        Ok(())
    }

    fn claim(&mut self, tx: &mut Tx<'_>, worker: &str, until_ms: i64) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let count = usize::try_from(1 + self.random.below(3)).unwrap();
        let places = Places::new(PlaceLimits {
            shared: count,
            shared_per_project: count,
            per_lane: count,
            own: 0,
            own_per_project: 0,
        });
        claim::all(
            tx,
            worker,
            std::slice::from_ref(&self.endpoint),
            places,
            self.now_ms,
            until_ms,
        )
    }

    fn settles(&mut self, tx: &mut Tx<'_>) -> Done {
        if self.holding.is_empty() {
            return Ok(());
        }
        let at = usize::try_from(self.random.below(self.holding.len() as u64)).unwrap();
        let (worker, id) = self.holding.swap_remove(at);
        let fate = match self.random.below(4) {
            0 | 1 => DeliveryFate::Delivered,
            2 => DeliveryFate::Retry {
                run_at_ms: self.now_ms + i64::try_from(self.random.below(2_000)).unwrap(),
            },
            _ => DeliveryFate::Failed,
        };
        self.settle(tx, worker, &id, fate)
    }

    fn settle(&mut self, tx: &mut Tx<'_>, worker: &'static str, id: &str, fate: DeliveryFate) -> Done {
        let settled = tx.settle_delivery(worker, &attempt(id, self.now_ms), fate)?;
        let known = self.expected.get_mut(id).unwrap();
        let is_own = known.held_by.is_some_and(|(owner, _)| owner == worker);
        assert_eq!(settled, is_own, "{known:?} settled by {worker}");
        if !settled {
            return Ok(());
        }
        known.held_by = None;
        match fate {
            DeliveryFate::Delivered => (known.has_ended, known.arrived) = (true, true),
            DeliveryFate::Failed => known.has_ended = true,
            DeliveryFate::Retry { run_at_ms } => known.run_at_ms = run_at_ms,
        }
        Ok(())
    }

    fn reclaims(&mut self, tx: &mut Tx<'_>) -> Done {
        tx.reclaim_deliveries(self.now_ms, i64::MAX)?;
        for known in self.expected.values_mut() {
            if known.held_by.is_some_and(|(_, until_ms)| until_ms < self.now_ms) {
                known.held_by = None;
            }
        }
        Ok(())
    }

    fn hands_back(&mut self, tx: &mut Tx<'_>) -> Done {
        let worker = self.worker();
        tx.hand_back_deliveries(worker)?;
        for known in self.expected.values_mut() {
            if known.held_by.is_some_and(|(owner, _)| owner == worker) {
                known.held_by = None;
            }
        }
        Ok(())
    }

    fn is_switched(&mut self, tx: &mut Tx<'_>) -> Done {
        if self.is_enabled {
            tx.disable_endpoint(&self.endpoint, DisabledBy::Admin, self.now_ms)?;
            let waiting = self.expected.values_mut().filter(|known| known.held_by.is_none());
            waiting.for_each(|known| known.has_ended = true);
        } else {
            tx.enable_endpoint(&self.scope, &self.endpoint, self.now_ms)?;
        }
        self.is_enabled = !self.is_enabled;
        Ok(())
    }

    fn replays(&mut self, tx: &mut Tx<'_>) -> Done {
        let count = tx.replay_failed(&self.endpoint, 0, self.now_ms)?;
        let lost = self
            .expected
            .values_mut()
            .filter(|known| known.has_ended && !known.arrived);
        let mut begun = 0;
        for known in lost {
            (known.has_ended, known.run_at_ms) = (false, self.now_ms);
            begun += 1;
        }
        assert_eq!(count, begun, "failed and canceled ones, and no others");
        Ok(())
    }

    /// Nobody dies any more, and every receiver is well: then everything arrives.
    fn ends(&mut self, tx: &mut Tx<'_>) -> Done {
        if !self.is_enabled {
            self.is_switched(tx)?;
        }
        self.holding.clear();
        self.now_ms += 10_000;
        self.reclaims(tx)?;
        self.replays(tx)?;
        for _ in 0..=self.order.len() {
            self.claims(tx)?;
            for (worker, id) in std::mem::take(&mut self.holding) {
                self.settle(tx, worker, &id, DeliveryFate::Delivered)?;
            }
        }
        for id in &self.order {
            let row = tx.delivery(&self.endpoint, id)?.unwrap();
            assert_eq!(row.state, "delivered");
            assert!(self.expected[id].arrived && self.expected[id].sent > 0);
        }
        Ok(())
    }
}

fn attempt(delivery: &str, now_ms: i64) -> AttemptRow {
    AttemptRow {
        headers: None,
        id: new_id(Kind::Attempt),
        delivery_id: delivery.to_owned(),
        time_ms: now_ms,
        duration_ms: 0,
        status: Some(200),
        error: None,
        response: None,
    }
}

/// Runs the history of a seed. Whether all in it was as it must be; what was not is on standard error.
async fn holds(world: &World, seed: u64, bug: Option<Bug>) -> bool {
    let scope = world.scope.clone();
    let written = world.store.write(move |tx| {
        let _planted = bug.map(Planted::on_this_thread);
        let mut story = Story::begin(tx, &scope, seed)?;
        for _ in 0..STEPS {
            story.step(tx)?;
        }
        story.ends(tx)
    });
    written.await.is_ok()
}

#[tokio::test]
async fn whatever_happens_in_whatever_order_everything_arrives_and_nothing_is_anybodys_twice() {
    let world = World::new().await;
    let seeds = std::env::var("SIMULATION_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    for seed in 0..seeds {
        assert!(holds(&world, seed, None).await, "seed {seed}");
    }
}

/// What finds nothing proves nothing.
#[tokio::test]
async fn every_planted_bug_is_found_within_a_few_stories() {
    for bug in Bug::ALL {
        let (world, mut seed) = (World::new().await, 0);
        while holds(&world, seed, Some(bug)).await {
            seed += 1;
            assert!(
                seed < SEEDS_TO_FIND,
                "{bug:?}: nobody noticed in {SEEDS_TO_FIND} stories"
            );
        }
    }
}
