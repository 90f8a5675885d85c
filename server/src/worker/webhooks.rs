//! Sends what webhook endpoints wait for. Each round is one transaction, which ends the attempts that are over and claims
//! the next; between rounds no transaction is open. Places are shared out by endpoint and by project, and one that fails gets
//! a single place, so that a slow receiver delays nobody else.

mod attempt;
mod claim;
mod settle;
#[cfg(test)]
mod simulation;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::watch,
    task::{Id, JoinSet},
};

use self::{
    attempt::{ClaimedDelivery, Ended},
    claim::DeliveryCapacity,
};
use super::{Part, Phase, WorkerContext, stopping};
use crate::{
    app::App,
    base::{clock::millis, error::Result, fail_point::FailPoint},
};

/// How often the store is asked when nobody said anything.
const INTERVAL: Duration = Duration::from_millis(500);
/// After an error.
const PAUSE: Duration = Duration::from_millis(500);
/// A claim outlives the longest attempt by that much: what is claimed longer belongs to a process that is gone.
const MARGIN: Duration = Duration::from_secs(5);
/// How often claims that ran out are looked for.
const RECLAIM: Duration = Duration::from_secs(2);

/// Whose places an attempt takes.
#[derive(Clone, Debug)]
struct Ticket {
    delivery: String,
    endpoint: String,
    project: String,
}

/// The sender of this process.
struct Sender<'a> {
    app: &'a Arc<App>,
    owner: Arc<str>,
    tasks: JoinSet<Ended>,
    tickets: HashMap<Id, Ticket>,
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
        tasks: JoinSet::new(),
        tickets: HashMap::new(),
        over: Vec::new(),
        last: String::new(),
        reclaimed: None,
    };
    loop {
        let woken = app.hooks.platform.deliveries.notified();
        let stops = *phase.borrow() == Phase::Stopping;
        let under_way = sender.tickets.len() + sender.over.len();
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
    /// Notes what is over and begins what there is capacity for. How many began.
    async fn round(&mut self, stops: bool) -> Result<usize> {
        while let Some(joined) = self.tasks.try_join_next_with_id() {
            self.ended(joined);
        }
        let capacity = match stops {
            true => DeliveryCapacity::none(),
            false => self.capacity(),
        };
        let seen = self.due(&capacity).await?;
        let reclaims = !stops && self.reclaimed.is_none_or(|at| at.elapsed() >= RECLAIM);
        if seen.is_empty() && self.over.is_empty() && !reclaims {
            return Ok(0);
        }
        let (owner, over, now_ms) = (Arc::clone(&self.owner), self.over.clone(), self.app.clock.now_ms());
        let (until_ms, disable_after_ms) = (
            now_ms + millis(self.lease()),
            millis(self.app.config.webhooks.disable_after),
        );
        let round = self.app.store.write(move |tx| {
            let lost = if reclaims { tx.reclaim_deliveries(now_ms)? } else { 0 };
            settle::all(tx, &owner, &over, now_ms, disable_after_ms)?;
            Ok((lost, claim::all(tx, &owner, &seen, capacity, now_ms, until_ms)?))
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
        if let Some(last) = claimed.last() {
            self.last.clone_from(&last.endpoint.id);
        }
        claimed.into_iter().try_for_each(|claimed| self.begin(claimed))?;
        Ok(count)
    }

    /// Endpoints that something is due for and that have capacity, from the one after the last on.
    async fn due(&self, capacity: &DeliveryCapacity) -> Result<Vec<String>> {
        if capacity.all == 0 {
            return Ok(Vec::new());
        }
        let (last, full, now_ms) = (self.last.clone(), capacity.full_endpoints(), self.app.clock.now_ms());
        let due = self.app.store.read(move |tx| claim::due(tx, &last, &full, now_ms));
        Ok(due.await?)
    }

    fn begin(&mut self, claimed: ClaimedDelivery) -> Result<()> {
        let ticket = Ticket {
            delivery: claimed.delivery.id.clone(),
            endpoint: claimed.endpoint.id.clone(),
            project: claimed.endpoint.scope()?.project.to_string(),
        };
        let app = Arc::clone(self.app);
        let task = self.tasks.spawn(async move { attempt::run(&app, claimed).await });
        self.tickets.insert(task.id(), ticket);
        Ok(())
    }

    /// Waits for an attempt to be over; for ever if there is none.
    async fn one_over(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(joined) => self.ended(joined),
            None => std::future::pending().await,
        }
    }

    fn ended(&mut self, joined: std::result::Result<(Id, Ended), tokio::task::JoinError>) {
        match joined {
            Ok((id, ended)) => {
                self.tickets.remove(&id);
                self.over.push(ended);
            }
            // The claim runs out, and the delivery is sent again.
            Err(error) => {
                let ticket = self.tickets.remove(&error.id());
                let delivery = ticket.map(|ticket| ticket.delivery);
                tracing::error!(?delivery, error = %error, "an attempt of a webhook ended early");
            }
        }
    }

    fn capacity(&self) -> DeliveryCapacity {
        let config = &self.app.config.webhooks;
        let mut capacity = DeliveryCapacity::new(config);
        for ticket in self.tickets.values() {
            capacity.take(&ticket.endpoint, &ticket.project);
        }
        capacity
    }

    fn lease(&self) -> Duration {
        let config = &self.app.config;
        config.queue.lease.max(config.webhooks.timeout + MARGIN)
    }

    fn is_idle(&self) -> bool {
        self.tickets.is_empty() && self.over.is_empty()
    }
}
