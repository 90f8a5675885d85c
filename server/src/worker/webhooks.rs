//! Sends what webhook endpoints wait for. Each round is one transaction, which ends the attempts that are over and claims
//! the next; between rounds no transaction is open. Each endpoint has a place of its own and shares the others with those of
//! its project, and one that fails has a single place: so a slow receiver delays nobody else.

mod attempt;
mod claim;
#[cfg(test)]
mod line;
mod settle;
#[cfg(test)]
mod simulation;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use self::attempt::{ClaimedDelivery, Ended};
use super::{AHEAD_MS, Crew, Part, Phase, Ticket, WorkerContext, stopping};
use crate::{
    app::App,
    base::{
        clock::millis,
        config::WebhookConfig,
        error::Result,
        fail_point::FailPoint,
        places::{PlaceLimits, Places},
    },
};

#[cfg(test)]
pub(super) use self::line::Deliveries;

/// How often the store is asked when nobody said anything.
const INTERVAL: Duration = Duration::from_millis(500);
/// After an error.
const PAUSE: Duration = Duration::from_millis(500);
/// A claim outlives the longest attempt by that much: what is claimed longer belongs to a process that is gone.
const MARGIN: Duration = Duration::from_secs(5);
/// How often claims that ran out are looked for.
const RECLAIM: Duration = Duration::from_secs(2);
/// Endpoints that have a place of their own at the same time, of all projects and of one. An attempt takes a socket and a few
/// KiB; a project has up to 50 endpoints in an environment.
const OWN: usize = 1_024;
const OWN_PER_PROJECT: usize = 64;

/// The sender of this process.
struct Sender<'a> {
    app: &'a Arc<App>,
    owner: Arc<str>,
    crew: Crew<Ended>,
    /// Over, and not yet noted: kept while the database is away.
    over: Vec<Ended>,
    /// Endpoints take turns: the last one that had one.
    last: String,
    reclaimed: Option<Instant>,
}

/// Until the worker stops and the attempts under way are over.
pub(super) async fn run(context: &WorkerContext, mut phase: watch::Receiver<Phase>) {
    let app = &context.app;
    let mut sender = Sender {
        app,
        owner: Arc::clone(&context.owner),
        crew: Crew::new(places(&app.config.webhooks)),
        over: Vec::new(),
        last: String::new(),
        reclaimed: None,
    };
    loop {
        let woken = app.hooks.platform.deliveries.notified();
        let stops = *phase.borrow() == Phase::Stopping;
        let under_way = sender.crew.len() + sender.over.len();
        let begun = sender.round(stops).await;
        context
            .idle
            .looked(Part::Webhooks, under_way + begun.as_ref().map_or(1, |count| *count));
        match begun {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => {
                tracing::warn!(?error, "webhook deliveries could not be claimed or recorded right now");
                tokio::time::sleep(PAUSE).await;
            }
        }
        if stops && sender.is_idle() {
            return;
        }
        tokio::select! {
            () = sender.one_over() => {}
            () = stopping(&mut phase), if !stops => {}
            () = woken, if !stops => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

impl Sender<'_> {
    /// Notes what is over and begins what there are places for. How many began.
    async fn round(&mut self, stops: bool) -> Result<usize> {
        self.over.extend(self.crew.all_over());
        let places = match stops {
            true => Places::none(),
            false => self.crew.places().clone(),
        };
        let seen = self.due(&places).await?;
        let reclaims = !stops && self.reclaimed.is_none_or(|at| at.elapsed() >= RECLAIM);
        if seen.is_empty() && self.over.is_empty() && !reclaims {
            return Ok(0);
        }
        let (owner, over, now_ms) = (Arc::clone(&self.owner), self.over.clone(), self.app.clock.now_ms());
        let (until_ms, disable_after_ms) = (
            now_ms + millis(self.lease()),
            millis(self.app.config.webhooks.disable_after),
        );
        let last_seen = seen.last().cloned();
        // What may wait for others comes first, when nobody waits for this.
        let round = self.app.store.write_again(move |tx| {
            settle::all(tx, &owner, &over, now_ms, disable_after_ms)?;
            let lost = match reclaims {
                true => tx.reclaim_deliveries(now_ms, until_ms + AHEAD_MS)?,
                false => 0,
            };
            let claimed = claim::all(tx, &owner, &seen, places.clone(), now_ms, until_ms)?;
            Ok((lost, claimed))
        });
        let (lost, claimed) = round.await?;
        if !self.over.is_empty() {
            FailPoint::DeliverySettled.reached();
        }
        self.over.clear();
        if reclaims {
            self.reclaimed = Some(Instant::now());
        }
        if lost > 0 {
            tracing::warn!(lost, "webhook deliveries of lost workers");
        }
        let count = claimed.len();
        // Who was seen and got nothing does not keep those behind them from being seen.
        let served = claimed.last().map(|last| last.endpoint.id.clone());
        self.last = served.or(last_seen).unwrap_or_else(|| std::mem::take(&mut self.last));
        claimed.into_iter().try_for_each(|claimed| self.begin(claimed))?;
        Ok(count)
    }

    /// Endpoints that something is due for and that are not full, from the one after the last on.
    async fn due(&self, places: &Places) -> Result<Vec<String>> {
        if !places.has_room() {
            return Ok(Vec::new());
        }
        let full = places.full_lanes().map(str::to_owned).collect();
        let (last, now_ms) = (self.last.clone(), self.app.clock.now_ms());
        let due = self.app.store.read(move |tx| claim::due(tx, &last, &full, now_ms));
        Ok(due.await?)
    }

    fn begin(&mut self, claimed: ClaimedDelivery) -> Result<()> {
        let ticket = Ticket {
            what: claimed.delivery.id.clone(),
            project: claimed.endpoint.scope()?.project.to_string(),
            lane: claimed.endpoint.id.clone(),
            most: claim::most(&claimed.endpoint),
        };
        let app = Arc::clone(self.app);
        self.crew
            .begin(ticket, async move { attempt::run(&app, claimed).await });
        Ok(())
    }

    /// Waits for an attempt to be over; for ever if there is none.
    async fn one_over(&mut self) {
        let ended = self.crew.one_over().await;
        self.over.extend(ended);
    }

    fn lease(&self) -> Duration {
        let config = &self.app.config;
        config.queue.lease.max(config.webhooks.timeout + MARGIN)
    }

    fn is_idle(&self) -> bool {
        self.crew.len() == 0 && self.over.is_empty()
    }
}

/// An endpoint is a lane.
fn places(config: &WebhookConfig) -> PlaceLimits {
    PlaceLimits {
        shared: config.concurrent,
        shared_per_project: config.concurrent_per_project,
        per_lane: config.concurrent_per_endpoint,
        own: OWN,
        own_per_project: OWN_PER_PROJECT,
    }
}
