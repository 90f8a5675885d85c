//! The background of a server: passes events on, keeps schedules, runs jobs, sends webhooks and mails, and forgets what is
//! old. Knows no HTTP and no transport by name.
//!
//! A job is claimed, run by the script hook of its queue, and settled: its effects and its end are one transaction. A
//! worker that dies leaves a lease that runs out; one that is stopped finishes what it runs, or gives it back.

mod events;
mod housekeeping;
mod idle;
mod job;
mod mail;
pub(crate) mod nodes;
mod schedules;
mod webhooks;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
};

use self::idle::{Idle, Part};
use crate::{
    app::App,
    base::{
        clock::millis,
        ids::{Kind, new_id},
    },
    storage::queue::{self, ClaimedJob, Claims, JobCapacity, QueueTransport},
};

/// After an error, before the next attempt to get jobs.
const PAUSE: Duration = Duration::from_millis(500);
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
    /// Ids and projects of jobs that run.
    running: Mutex<HashMap<String, String>>,
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
        let transport = queue::open(&app.config.queue, claims, Arc::clone(&app.hooks.platform.waiting));
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

/// Takes jobs as long as there is capacity, and runs each in a task of its own.
async fn jobs(context: &Arc<WorkerContext>, transport: &dyn QueueTransport, mut phase: watch::Receiver<Phase>) {
    let places = Arc::new(Semaphore::new(context.app.config.queue.concurrent_jobs));
    let mut tasks = JoinSet::new();
    loop {
        let taken = tokio::select! {
            () = stopping(&mut phase) => break,
            taken = take(context, transport, &places) => taken,
        };
        context.idle.looked(Part::Jobs, taken.len() + context.running().len());
        for taken in taken {
            let (context, places) = (Arc::clone(context), Arc::clone(&places));
            context.begun(&taken);
            tasks.spawn(async move {
                // The semaphore is never closed.
                let _place = places.acquire_owned().await.ok();
                let id = taken.job.id.clone();
                job::run(&context, taken).await;
                context.ended(&id);
            });
        }
        while tasks.try_join_next().is_some() {}
    }
    while tasks.join_next().await.is_some() {}
}

async fn take(context: &WorkerContext, transport: &dyn QueueTransport, places: &Semaphore) -> Vec<ClaimedJob> {
    // Waits until there is a place at all, and gives it straight back: jobs take their own.
    drop(places.acquire().await);
    match transport.take(&context.capacity()).await {
        Ok(taken) => taken,
        Err(error) => {
            tracing::warn!(?error, "jobs cannot be claimed right now");
            tokio::time::sleep(PAUSE).await;
            Vec::new()
        }
    }
}

/// Extends the leases of what this process works on, and finds jobs whose worker is gone.
async fn leases(context: &WorkerContext, mut phase: watch::Receiver<Phase>) {
    let config = &context.app.config.queue;
    let beat = config.lease / 3;
    loop {
        tokio::select! {
            () = finished(context, &mut phase) => return,
            () = tokio::time::sleep(beat) => {}
        }
        let (ids, owner, attempts) = (context.running(), Arc::clone(&context.owner), config.attempts);
        let now_ms = context.app.clock.now_ms();
        let until_ms = now_ms + millis(config.lease);
        let kept = context.app.store.write(move |tx| {
            tx.extend_leases(&owner, &ids, until_ms)?;
            tx.reclaim_jobs(now_ms, attempts)
        });
        match kept.await {
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
    fn begun(&self, taken: &ClaimedJob) {
        let project = taken.job.scope().map(|scope| scope.project.to_string());
        self.map().insert(taken.job.id.clone(), project.unwrap_or_default());
    }

    /// There is capacity again: whoever waits for jobs may ask for the next ones of this project.
    fn ended(&self, id: &str) {
        self.map().remove(id);
        self.app.hooks.platform.waiting.notify_one();
    }

    /// Gives back what runs, for another worker to begin anew.
    async fn hand_back(&self) {
        let (ids, owner) = (self.running(), Arc::clone(&self.owner));
        let count = ids.len();
        let given = self.app.store.write(move |tx| {
            ids.iter().try_for_each(|id| tx.hand_back_job(id, &owner))?;
            tx.hand_back_deliveries(&owner)
        });
        match given.await {
            Ok(webhooks) => tracing::warn!(count, webhooks, "jobs that did not end in time were released"),
            Err(error) => {
                tracing::warn!(
                    count,
                    error = crate::base::error::chain(&error),
                    "jobs could not be released"
                );
            }
        }
    }

    fn running(&self) -> Vec<String> {
        self.map().keys().cloned().collect()
    }

    fn capacity(&self) -> JobCapacity {
        let config = &self.app.config.queue;
        let running = self.map();
        let mut by_project: HashMap<&str, usize> = HashMap::new();
        for project in running.values() {
            *by_project.entry(project).or_default() += 1;
        }
        let full =
            |(project, jobs): (&str, usize)| (jobs >= config.concurrent_jobs_per_project).then(|| project.to_owned());
        JobCapacity {
            jobs: config.concurrent_jobs.saturating_sub(running.len()).max(1),
            full: by_project.into_iter().filter_map(full).collect(),
            per_project: config.concurrent_jobs_per_project,
        }
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
