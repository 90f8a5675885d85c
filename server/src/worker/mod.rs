//! The background of a server: passes events on, keeps schedules, runs jobs, sends webhooks and mails, and forgets what is
//! old. Knows no HTTP and no transport by name.
//!
//! A job is claimed, run by the script hook of its queue, and settled: its effects and its end are one transaction. A
//! worker that dies leaves a lease that runs out; one that is stopped finishes what it runs, or gives it back.
//!
//! Jobs, webhook deliveries and mails are claimed in the same way: in rounds, for whoever has room
//! ([`crate::base::places`]), in turns ([`crate::base::turns`]), and each runs in a task of a `crew`. No round waits for what
//! an earlier one began.

mod crew;
mod events;
mod housekeeping;
mod idle;
mod job;
mod mail;
pub(crate) mod nodes;
mod removal;
mod schedules;
#[cfg(test)]
mod simulation;
mod webhooks;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use self::{
    crew::{Crew, Ticket},
    idle::{Idle, Part},
};
use crate::{
    app::App,
    base::{
        clock::millis,
        config::QueueConfig,
        ids::{Kind, new_id},
        places::PlaceLimits,
    },
    storage::queue::{self, ClaimedJob, Claims, QueueTransport},
};

/// After an error, before the next attempt to get jobs.
const PAUSE: Duration = Duration::from_millis(500);
/// Clocks of nodes may differ by so much. A time that only a clock further ahead would have chosen (the next one of a schedule,
/// the end of a lease) is chosen anew.
const AHEAD_MS: i64 = 300_000;
/// Leases that seem to be of such a clock are watched for so many looks first: their worker may have heard of the right time a
/// moment later than this one, and extends them.
const WATCHED: u32 = 4;
/// How often a worker that stops looks whether its last jobs have ended.
const LAST_JOBS: Duration = Duration::from_millis(50);

/// The running background.
pub(crate) struct Worker {
    stop: watch::Sender<Phase>,
    task: tokio::task::JoinHandle<()>,
    context: Arc<WorkerContext>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    RunningWorker,
    Stopping,
}

/// What the loop and its jobs share.
pub(super) struct WorkerContext {
    app: Arc<App>,
    owner: Arc<str>,
    /// Ids of jobs that run.
    running: Mutex<HashSet<String>>,
    idle: Idle,
}

impl Worker {
    /// Starts to work.
    pub(crate) fn start(app: Arc<App>) -> Self {
        let (stop, phase) = watch::channel(Phase::RunningWorker);
        let owner: Arc<str> = new_id(Kind::Worker).into();
        let claims = Claims {
            store: app.store.clone(),
            clock: app.clock.clone(),
            owner: Arc::clone(&owner),
            lease: app.config.queue.lease,
        };
        let transport = queue::open(
            &app.config.queue,
            claims,
            Arc::clone(&app.hooks.platform.waiting),
            Arc::clone(&app.broker),
        );
        let context = Arc::new(WorkerContext {
            app,
            owner,
            running: Mutex::default(),
            idle: Idle::default(),
        });
        let working = Arc::clone(&context);
        let task = tokio::spawn(async move {
            tokio::join!(
                jobs(&working, &*transport, phase.clone()),
                leases(&working, phase.clone()),
                events::run(&working, phase.clone()),
                mail::run(&working, phase.clone()),
                webhooks::run(&working, phase.clone()),
                schedules::run(&working, phase.clone()),
                housekeeping::run(&working.app, phase.clone()),
                removal::run(&working.app, phase.clone()),
            );
        });
        Self { stop, task, context }
    }

    /// Waits until there is nothing to do.
    pub(crate) async fn idle(&self) {
        idle::idle(&self.context).await;
    }

    /// Takes no more jobs, waits for those that run, and gives back what is not done in time.
    pub(crate) async fn stop(mut self, patience: Duration) {
        self.stop.send_replace(Phase::Stopping);
        if tokio::time::timeout(patience, &mut self.task).await.is_err() {
            // The jobs end with it, and what they did is not committed.
            self.task.abort();
            self.context.hand_back().await;
        }
    }
}

/// A job that runs: its lease is extended until this is dropped.
struct RunningJob {
    context: Arc<WorkerContext>,
    id: String,
}

/// Takes jobs as long as there is room, and runs each in a task of its own.
async fn jobs(context: &Arc<WorkerContext>, transport: &dyn QueueTransport, mut phase: watch::Receiver<Phase>) {
    let mut crew = Crew::new(places(&context.app.config.queue));
    while *phase.borrow() != Phase::Stopping {
        drop(crew.all_over());
        let taken = match crew.places().has_room() {
            true => claim(&crew, transport).await,
            false => Vec::new(),
        };
        context.idle.looked(Part::Jobs, taken.len() + crew.len());
        for taken in taken {
            begin(context, &mut crew, taken);
        }
        let has_room = crew.places().has_room();
        tokio::select! {
            () = stopping(&mut phase) => break,
            _ = crew.one_over() => {}
            () = transport.ready(), if has_room => {}
        }
    }
    crew.finish().await;
}

/// A project is its own lane, and no more run than there are places: each takes memory and computing.
fn places(config: &QueueConfig) -> PlaceLimits {
    PlaceLimits {
        shared: config.concurrent_jobs,
        shared_per_project: config.concurrent_jobs_per_project,
        per_lane: config.concurrent_jobs_per_project,
        own: 0,
        own_per_project: 0,
    }
}

/// Is not interrupted: what is claimed is run.
async fn claim(crew: &Crew<()>, transport: &dyn QueueTransport) -> Vec<ClaimedJob> {
    match transport.claim(crew.places()).await {
        Ok(taken) => taken,
        Err(error) => {
            tracing::warn!(?error, "jobs cannot be claimed right now");
            tokio::time::sleep(PAUSE).await;
            Vec::new()
        }
    }
}

fn begin(context: &Arc<WorkerContext>, crew: &mut Crew<()>, taken: ClaimedJob) {
    let project = taken
        .job
        .scope()
        .map(|scope| scope.project.to_string())
        .unwrap_or_default();
    let ticket = Ticket {
        what: taken.job.id.clone(),
        lane: project.clone(),
        project,
        most: usize::MAX,
    };
    let running = RunningJob::new(context, &taken.job.id);
    crew.begin(ticket, async move { job::run(&running.context, taken).await });
}

impl RunningJob {
    fn new(context: &Arc<WorkerContext>, id: &str) -> Self {
        context.running().insert(id.to_owned());
        Self {
            context: Arc::clone(context),
            id: id.to_owned(),
        }
    }
}

impl Drop for RunningJob {
    fn drop(&mut self) {
        self.context.running().remove(&self.id);
        // The next job of its order may be due by now, which whoever announces jobs wants to know.
        self.context.app.hooks.platform.waiting.notify_one();
    }
}

/// Extends the leases of what this process works on, and finds jobs whose worker is gone.
async fn leases(context: &WorkerContext, mut phase: watch::Receiver<Phase>) {
    let config = &context.app.config.queue;
    let beat = config.lease / 3;
    let mut ahead = 0;
    loop {
        tokio::select! {
            () = finished(context, &mut phase) => return,
            () = tokio::time::sleep(beat) => {}
        }
        let (owner, attempts) = (Arc::clone(&context.owner), config.attempts);
        let ids: Vec<String> = context.running().iter().cloned().collect();
        let now_ms = context.app.clock.now_ms();
        let until_ms = now_ms + millis(config.lease);
        let latest_ms = until_ms + AHEAD_MS;
        let reclaimed_after_ms = if ahead < WATCHED { i64::MAX } else { latest_ms };
        let kept = context.app.store.write_again(move |tx| {
            tx.extend_leases(&owner, &ids, until_ms)?;
            let is_ahead = tx.has_leases_after(latest_ms)?;
            Ok((is_ahead, tx.reclaim_jobs(now_ms, reclaimed_after_ms, attempts)?))
        });
        let kept = kept.await.map(|(is_ahead, lost)| {
            ahead = if is_ahead { ahead + 1 } else { 0 };
            lost
        });
        match kept {
            Ok(0) => {}
            Ok(lost) => tracing::warn!(lost, "jobs of lost workers"),
            Err(error) => tracing::warn!(
                error = crate::base::error::chain(&error),
                "leases could not be extended"
            ),
        }
    }
}

/// Until the worker is asked to stop and the last job has ended.
async fn finished(context: &WorkerContext, phase: &mut watch::Receiver<Phase>) {
    stopping(phase).await;
    while !context.running().is_empty() {
        tokio::time::sleep(LAST_JOBS).await;
    }
}

/// A number from 0 to 1; the middle when there is no randomness to be had.
fn fraction() -> f64 {
    getrandom::u64().map_or(0.5, |bits| bits as f64 / u64::MAX as f64)
}

/// Until the worker is asked to stop.
async fn stopping(phase: &mut watch::Receiver<Phase>) {
    // An error means that the worker is gone, which is as good.
    phase.wait_for(|phase| *phase == Phase::Stopping).await.ok();
}

impl WorkerContext {
    /// Gives back what runs, for another worker to begin anew.
    async fn hand_back(&self) {
        let owner = Arc::clone(&self.owner);
        let given = self.app.store.write_again(move |tx| {
            let jobs = tx.hand_back_jobs(&owner)?;
            Ok((jobs, tx.hand_back_deliveries(&owner)?))
        });
        match given.await {
            Ok((jobs, webhooks)) => tracing::warn!(jobs, webhooks, "jobs that did not end in time were released"),
            Err(error) => tracing::warn!(error = crate::base::error::chain(&error), "jobs could not be released"),
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
