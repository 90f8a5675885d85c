//! Jobs, webhook deliveries and mails are claimed by one set of rules: places, turns and leases. This runs each of them in
//! random order, with several workers that are slow, die and come back, against one model of what must be so. Every seed is a
//! story of its own; a failure says which.
//!
//! What is particular to deliveries (order, disabled endpoints, replays) is in `webhooks/simulation.rs`.

mod lines;

use crate::{
    base::places::{PlaceLimits, Places},
    storage::store::{
        StoreError, Tx,
        planted::{Bug, Planted},
    },
    testing::World,
};

const SEEDS: u64 = 50;
/// So many stories are enough to find what is wrong on purpose.
const SEEDS_TO_FIND: u64 = 50;
const STEPS: usize = 80;
const LEASE_MS: i64 = 1_000;
const WORKERS: usize = 3;

pub(super) type Done = Result<(), StoreError>;

/// One kind of work.
pub(super) trait Line: Sized {
    /// A lease that ran out is anybody's by itself; otherwise somebody has to say so.
    const LAPSES: bool;

    /// Makes projects with lanes; some share a project.
    fn begin(tx: &mut Tx<'_>, seed: u64) -> Result<Self, StoreError>;
    /// As many places as a worker has.
    fn limits() -> PlaceLimits;
    /// Project and name of each lane.
    fn lanes(&self) -> &[(String, String)];
    /// Makes one for the lane: its id.
    fn make(&mut self, tx: &mut Tx<'_>, lane: usize, now_ms: i64) -> Result<String, StoreError>;
    /// One round of a worker.
    fn claim(&mut self, tx: &mut Tx<'_>, claim: &Claim<'_>) -> Result<Vec<Taken>, StoreError>;
    /// Whether it was still the worker's to end; `again_ms`: it failed and is tried again then.
    fn end(&mut self, tx: &mut Tx<'_>, end: &End<'_>) -> Result<bool, StoreError>;
    /// Leases that ran out are over.
    fn reclaim(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Done;
    /// A worker that stops gives back what it has. Whether there is such a thing.
    fn hand_back(&mut self, tx: &mut Tx<'_>, worker: &str) -> Result<bool, StoreError>;
}

pub(super) struct Claim<'a> {
    pub(super) worker: &'a str,
    pub(super) places: &'a Places,
    pub(super) now_ms: i64,
    pub(super) until_ms: i64,
}

pub(super) struct End<'a> {
    pub(super) worker: &'a str,
    pub(super) id: &'a str,
    pub(super) now_ms: i64,
    pub(super) again_ms: Option<i64>,
}

/// What takes one place.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) project: String,
    pub(super) lane: String,
    pub(super) ids: Vec<String>,
}

/// SplitMix64 (Steele, Lea, Flood 2014): a sequence for each seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % bound as u64).unwrap()
    }

    fn ms(&mut self, bound: usize) -> i64 {
        i64::try_from(self.below(bound)).unwrap()
    }
}

/// What must be so of one of them.
#[derive(Clone, Debug)]
struct Unit {
    id: String,
    lane: usize,
    run_at_ms: i64,
    held: Option<(String, i64)>,
    has_ended: bool,
}

/// A worker as it sees itself.
struct Hand {
    name: String,
    places: Places,
    under_way: Vec<Taken>,
}

struct Story<L> {
    line: L,
    limits: PlaceLimits,
    random: Random,
    now_ms: i64,
    units: Vec<Unit>,
    hands: Vec<Hand>,
    lives: usize,
}

impl<L: Line> Story<L> {
    fn begin(tx: &mut Tx<'_>, seed: u64, limits: PlaceLimits) -> Result<Self, StoreError> {
        let mut story = Self {
            line: L::begin(tx, seed)?,
            limits,
            random: Random(seed),
            now_ms: 1_000,
            units: Vec::new(),
            hands: Vec::new(),
            lives: 0,
        };
        for _ in 0..WORKERS {
            let born = story.born();
            story.hands.push(born);
        }
        Ok(story)
    }

    fn born(&mut self) -> Hand {
        self.lives += 1;
        Hand {
            name: format!("wrk_{}", self.lives),
            places: Places::new(self.limits),
            under_way: Vec::new(),
        }
    }

    fn step(&mut self, tx: &mut Tx<'_>) -> Done {
        match self.random.below(16) {
            0..=4 => self.happens(tx),
            5..=8 => {
                let hand = self.random.below(WORKERS);
                self.claims(tx, hand)
            }
            9..=11 => self.something_ends(tx),
            12 | 13 => {
                self.now_ms += self.random.ms(700);
                Ok(())
            }
            14 => self.reclaims(tx),
            _ => self.dies(tx),
        }
    }

    fn happens(&mut self, tx: &mut Tx<'_>) -> Done {
        let lane = self.random.below(self.line.lanes().len());
        // A burst: more than a lane has places for.
        for _ in 0..=self.random.below(6) {
            let id = self.line.make(tx, lane, self.now_ms)?;
            self.units.push(Unit {
                id,
                lane,
                run_at_ms: self.now_ms,
                held: None,
                has_ended: false,
            });
        }
        Ok(())
    }

    fn claims(&mut self, tx: &mut Tx<'_>, hand: usize) -> Done {
        let until_ms = self.now_ms + LEASE_MS;
        let name = self.hands[hand].name.clone();
        let claim = Claim {
            worker: &name,
            places: &self.hands[hand].places,
            now_ms: self.now_ms,
            until_ms,
        };
        for taken in self.line.claim(tx, &claim)? {
            let places = &mut self.hands[hand].places;
            assert!(
                places.free(&taken.project, &taken.lane, usize::MAX) > 0,
                "{taken:?} takes a place that is not there"
            );
            places.take(&taken.project, &taken.lane, usize::MAX);
            for id in &taken.ids {
                let now_ms = self.now_ms;
                let unit = self.units.iter_mut().find(|unit| unit.id == *id).unwrap();
                assert!(
                    unit.is_claimable::<L>(now_ms),
                    "{unit:?} is somebody's, over or not due"
                );
                unit.held = Some((name.clone(), until_ms));
            }
            self.hands[hand].under_way.push(taken);
        }
        self.nobody_is_left_out(&self.hands[hand]);
        Ok(())
    }

    /// After a round of a worker, whoever still waits had no room; and a lane that has nothing under way does not wait for
    /// others, where lanes have places of their own.
    fn nobody_is_left_out(&self, hand: &Hand) {
        for (index, (project, lane)) in self.line.lanes().iter().enumerate() {
            let waits = |unit: &&Unit| unit.lane == index && unit.is_claimable::<L>(self.now_ms);
            let Some(unit) = self.units.iter().find(waits) else {
                continue;
            };
            let free = hand.places.free(project, lane, usize::MAX);
            assert_eq!(free, 0, "{unit:?} of {lane} waits although there is room");
            let has_none = hand.under_way.iter().all(|taken| taken.lane != *lane);
            assert!(!has_none || L::limits().own == 0, "{lane} waits for what others do");
        }
    }

    fn something_ends(&mut self, tx: &mut Tx<'_>) -> Done {
        let hand = self.random.below(WORKERS);
        match self.hands[hand].under_way.len() {
            0 => Ok(()),
            count => {
                let at = self.random.below(count);
                let fails = self.random.below(3) == 0;
                self.ends(tx, hand, at, fails)
            }
        }
    }

    fn ends(&mut self, tx: &mut Tx<'_>, hand: usize, at: usize, fails: bool) -> Done {
        let taken = self.hands[hand].under_way.swap_remove(at);
        let name = self.hands[hand].name.clone();
        for id in &taken.ids {
            let again_ms = fails.then(|| self.now_ms + self.random.ms(2_000));
            let end = End {
                worker: &name,
                id,
                now_ms: self.now_ms,
                again_ms,
            };
            let ended = self.line.end(tx, &end)?;
            let unit = self.units.iter_mut().find(|unit| unit.id == *id).unwrap();
            let is_own = unit.held.as_ref().is_some_and(|(owner, _)| *owner == name);
            assert_eq!(ended, is_own, "{unit:?} ended by {name}");
            if ended {
                unit.held = None;
                unit.has_ended = again_ms.is_none();
                unit.run_at_ms = again_ms.unwrap_or(unit.run_at_ms);
            }
        }
        self.hands[hand].places.give_back(&taken.lane);
        Ok(())
    }

    fn reclaims(&mut self, tx: &mut Tx<'_>) -> Done {
        self.line.reclaim(tx, self.now_ms)?;
        let now_ms = self.now_ms;
        let lost = |unit: &&mut Unit| unit.held.as_ref().is_some_and(|(_, until_ms)| *until_ms < now_ms);
        if !L::LAPSES {
            self.units.iter_mut().filter(lost).for_each(|unit| unit.held = None);
        }
        Ok(())
    }

    /// With a word or without.
    fn dies(&mut self, tx: &mut Tx<'_>) -> Done {
        let hand = self.random.below(WORKERS);
        let name = self.hands[hand].name.clone();
        if self.random.below(2) == 0 && self.line.hand_back(tx, &name)? {
            let own = |unit: &&mut Unit| unit.held.as_ref().is_some_and(|(owner, _)| *owner == name);
            self.units.iter_mut().filter(own).for_each(|unit| unit.held = None);
        }
        self.hands[hand] = self.born();
        Ok(())
    }

    /// Nobody dies any more, and nothing fails: then everything ends.
    fn everything_ends(&mut self, tx: &mut Tx<'_>) -> Done {
        for hand in 0..WORKERS {
            self.hands[hand] = self.born();
        }
        self.now_ms += 10_000;
        self.reclaims(tx)?;
        for _ in 0..=self.units.len() {
            for hand in 0..WORKERS {
                self.claims(tx, hand)?;
                while !self.hands[hand].under_way.is_empty() {
                    self.ends(tx, hand, 0, false)?;
                }
            }
        }
        let left: Vec<&Unit> = self.units.iter().filter(|unit| !unit.has_ended).collect();
        assert!(left.is_empty(), "{left:?}");
        Ok(())
    }
}

impl Unit {
    fn is_claimable<L: Line>(&self, now_ms: i64) -> bool {
        let is_free = match &self.held {
            None => true,
            Some((_, until_ms)) => L::LAPSES && *until_ms <= now_ms,
        };
        is_free && !self.has_ended && self.run_at_ms <= now_ms
    }
}

/// Runs the history of a seed. Whether all in it was as it must be; what was not is on standard error.
async fn holds<L: Line>(world: &World, seed: u64, limits: PlaceLimits, bug: Option<Bug>) -> bool {
    let written = world.store.write(move |tx| {
        let _planted = bug.map(Planted::on_this_thread);
        let mut story = Story::<L>::begin(tx, seed, limits)?;
        for _ in 0..STEPS {
            story.step(tx)?;
        }
        story.everything_ends(tx)
    });
    written.await.is_ok()
}

async fn all_hold<L: Line>() {
    let world = World::new().await;
    let seeds = std::env::var("SIMULATION_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    for seed in 0..seeds {
        assert!(holds::<L>(&world, seed, L::limits(), None).await, "seed {seed}");
    }
}

/// What finds nothing proves nothing.
async fn is_found<L: Line>(what: &str, limits: PlaceLimits, bug: Option<Bug>) {
    let (world, mut seed) = (World::new().await, 0);
    while holds::<L>(&world, seed, limits, bug).await {
        seed += 1;
        assert!(
            seed < SEEDS_TO_FIND,
            "{what}: nobody noticed in {SEEDS_TO_FIND} stories"
        );
    }
}

#[tokio::test]
async fn every_job_is_run_and_none_waits_for_a_place_that_is_free() {
    all_hold::<lines::Jobs>().await;
}

#[tokio::test]
async fn every_delivery_is_sent_and_none_waits_for_a_place_that_is_free() {
    all_hold::<super::webhooks::Deliveries>().await;
}

#[tokio::test]
async fn every_mail_is_sent_and_none_waits_for_a_place_that_is_free() {
    all_hold::<lines::Mails>().await;
}

#[tokio::test]
async fn without_places_of_their_own_lanes_wait_for_each_other() {
    let shared_alone = |limits: PlaceLimits| PlaceLimits {
        shared: limits.shared.max(2),
        shared_per_project: limits.shared_per_project.max(2),
        own: 0,
        ..limits
    };
    is_found::<super::webhooks::Deliveries>("deliveries", shared_alone(super::webhooks::Deliveries::limits()), None)
        .await;
    is_found::<lines::Mails>("mails", shared_alone(lines::Mails::limits()), None).await;
}

#[tokio::test]
async fn what_is_wrong_on_purpose_with_claims_is_found() {
    for bug in [Bug::ClaimedTwice, Bug::EndWithoutClaim, Bug::LostWithItsClaim] {
        let limits = super::webhooks::Deliveries::limits();
        is_found::<super::webhooks::Deliveries>(&format!("{bug:?}"), limits, Some(bug)).await;
    }
}
