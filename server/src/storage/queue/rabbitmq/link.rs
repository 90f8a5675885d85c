//! Keeps the connections to the broker, announces what waits, and says how it fares. What the database does is no reason to end
//! a connection: an error of it is logged, and the next look comes soon.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use tokio::sync::{Notify, mpsc};

use super::{
    Failure,
    consumers::{Consumers, QueueShape},
    delivery::{Envelope, Held},
    publisher::{Announcement, Published, Publisher},
};
use crate::{
    base::{backoff::Backoff, clock::millis, config::SharedService, error::chain},
    storage::{
        queue::{
            Claims,
            broker::{Broker, LinkState, add},
        },
        store::{JobRow, StoreError},
    },
};

/// Jobs announced in one round.
const ROUND: i64 = 500;
/// An announcement that was begun and not confirmed is made again after this.
const UNCONFIRMED: Duration = Duration::from_secs(30);
/// One that was confirmed and not taken, after this: the broker may have lost its disk.
const CONFIRMED: Duration = Duration::from_secs(600);
/// Before the broker is tried again.
const RECONNECT: Backoff = Backoff::doubling(Duration::from_millis(500), Duration::from_secs(5));
/// A connection that held so long was a good one.
const STEADY: Duration = Duration::from_secs(30);
/// How often the broker is asked whether it still answers, and the database for projects whose jobs other servers announce.
const ASK: Duration = Duration::from_secs(2);

/// The task that keeps the connections.
pub(super) struct Link {
    pub(super) service: SharedService,
    pub(super) claims: Claims,
    /// Jobs wait.
    pub(super) added: Arc<Notify>,
    /// Whether jobs come from here or from the database has changed.
    pub(super) look: Arc<Notify>,
    pub(super) poll: Duration,
    pub(super) shape: QueueShape,
    pub(super) sender: mpsc::Sender<Held>,
    pub(super) broker: Arc<Broker>,
}

/// Jobs whose announcement has begun.
struct Begun {
    jobs: Vec<JobRow>,
    now_ms: i64,
    until_ms: i64,
}

impl Link {
    /// Until the transport is gone.
    pub(super) async fn run(self) {
        let mut failures = 0;
        while !self.sender.is_closed() {
            let began = Instant::now();
            let ended = self.serve().await;
            self.becomes(LinkState::Away);
            if let Err(error) = ended {
                tracing::warn!(%error, "there is no connection to the broker; connecting again");
            }
            failures = if began.elapsed() > STEADY { 1 } else { failures + 1 };
            tokio::time::sleep(RECONNECT.after(failures)).await;
        }
    }

    /// Works until a connection breaks, and closes both.
    async fn serve(&self) -> Result<(), Failure> {
        let mut publisher = Publisher::open(&self.service).await?;
        let opened = Consumers::open(
            &self.service,
            self.shape.clone(),
            self.sender.clone(),
            Arc::clone(&self.broker),
        );
        let ended = match opened.await {
            Ok(mut consumers) => {
                let ended = self.work(&mut publisher, &mut consumers).await;
                consumers.close().await;
                ended
            }
            Err(error) => Err(error),
        };
        publisher.close().await;
        ended
    }

    async fn work(&self, publisher: &mut Publisher, consumers: &mut Consumers) -> Result<(), Failure> {
        tracing::info!("connected to the broker");
        let mut asked: Option<Instant> = None;
        while !self.sender.is_closed() {
            while let Some(ended) = consumers.one_ended().now_or_never() {
                self.announce_again(ended).await;
            }
            if !publisher.is_connected() || !consumers.is_connected() {
                return Err("the broker closed the connection".into());
            }
            if asked.is_none_or(|at| at.elapsed() >= ASK) {
                consumers.ask().await?;
                let mut projects: BTreeSet<String> = self.projects().await.into_iter().collect();
                let deleted = self
                    .deleted(consumers.wanted().union(&projects).cloned().collect())
                    .await;
                projects.retain(|project| !deleted.contains(project));
                consumers.want(projects);
                consumers.forget(deleted).await?;
                asked = Some(Instant::now());
            }
            consumers.mend().await?;
            self.becomes(match publisher.is_alarmed() {
                true => LinkState::Alarm,
                false => LinkState::Serving,
            });
            if !publisher.is_alarmed() && self.announce(publisher, consumers).await? > 0 {
                continue;
            }
            tokio::select! {
                () = self.added.notified() => {}
                ended = consumers.one_ended() => {
                    self.announce_again(ended).await;
                    // Another node may have deleted the queue, with its project.
                    asked = None;
                }
                () = publisher.alarm_changed() => {}
                () = tokio::time::sleep(self.poll) => {}
            }
        }
        Ok(())
    }

    /// The queue of the project may be gone, and its messages with it.
    async fn announce_again(&self, project: Option<String>) {
        let Some(project) = project else { return };
        let forgotten = self
            .claims
            .store
            .write_again(move |tx| tx.forget_announcements(&project));
        known(forgotten.await, "jobs of a queue that was deleted are found in a while");
    }

    /// Projects with jobs, whoever announces them.
    async fn projects(&self) -> Vec<String> {
        let projects = self.claims.store.read(|tx| tx.projects_with_jobs()).await;
        known(projects, "projects with jobs cannot be read right now").unwrap_or_default()
    }

    /// Those of these projects that were deleted.
    async fn deleted(&self, projects: BTreeSet<String>) -> BTreeSet<String> {
        let deleted = self.claims.store.read(|tx| tx.deleted_of(projects)).await;
        known(deleted, "deleted projects cannot be read right now").unwrap_or_default()
    }

    /// Announces jobs whose time has come. How many the broker has now.
    async fn announce(&self, publisher: &mut Publisher, consumers: &mut Consumers) -> Result<usize, Failure> {
        let begun = known(self.begin().await, "jobs cannot be announced right now");
        let Some(begun) = begun.filter(|begun| !begun.jobs.is_empty()) else {
            return Ok(0);
        };
        let scopes = begun.jobs.iter().filter_map(|job| job.scope().ok());
        let projects: BTreeSet<String> = scopes.map(|scope| scope.project.to_string()).collect();
        consumers.want(projects);
        let announcements: Vec<Announcement> = match consumers.mend().await {
            Ok(()) => begun
                .jobs
                .iter()
                .filter_map(|job| announcement(job, consumers))
                .collect(),
            Err(failure) => return self.gives_up(&begun, failure).await,
        };
        match publisher.publish(&announcements).await {
            Ok(published) => {
                let is_silent = !published.unconfirmed.is_empty() && !publisher.is_alarmed();
                let count = published.confirmed.len();
                self.note(published, &begun).await;
                match is_silent {
                    true => Err("the broker does not confirm messages in time".into()),
                    false => Ok(count),
                }
            }
            Err(failure) => self.gives_up(&begun, failure).await,
        }
    }

    /// Looked at without the writer's turn first: most of the time there is nothing.
    async fn begin(&self) -> Result<Begun, StoreError> {
        let now_ms = self.claims.clock.now_ms();
        let until_ms = now_ms + millis(UNCONFIRMED);
        let store = &self.claims.store;
        let jobs = match store.read(move |tx| tx.has_unannounced_jobs(now_ms)).await? {
            false => Vec::new(),
            true => {
                let begun = store.write_again(move |tx| tx.announce_jobs(now_ms, until_ms, ROUND));
                begun.await?
            }
        };
        Ok(Begun { jobs, now_ms, until_ms })
    }

    /// Keeps what became of the announcements. Those that were refused, and those that nothing was said of, are made again in a
    /// while.
    async fn note(&self, published: Published, begun: &Begun) {
        let counts = &self.broker.counts;
        add(&counts.confirmed, published.confirmed.len());
        add(&counts.refused, published.refused.len());
        add(&counts.returned, published.returned.len());
        add(&counts.unconfirmed, published.unconfirmed.len());
        let (begun_ms, until_ms) = (begun.until_ms, begun.now_ms + millis(CONFIRMED));
        let noted = self
            .claims
            .store
            .write_again(move |tx| tx.jobs_confirmed(&published.confirmed, &published.returned, begun_ms, until_ms));
        known(
            noted.await,
            "announced jobs could not be recorded and are announced again",
        );
    }

    /// Whatever of them the broker has is there twice then, and the row says what is done already.
    async fn gives_up(&self, begun: &Begun, failure: Failure) -> Result<usize, Failure> {
        let (ids, begun_ms): (Vec<String>, i64) =
            (begun.jobs.iter().map(|job| job.id.clone()).collect(), begun.until_ms);
        let store = &self.claims.store;
        let noted = store.write_again(move |tx| tx.jobs_confirmed(&[], &ids, begun_ms, 0));
        known(noted.await, "jobs are announced again in a while");
        Err(failure)
    }

    fn becomes(&self, state: LinkState) {
        if self.broker.set(state) {
            tracing::info!(state = state.as_str(), "the state of the broker has changed");
            self.look.notify_one();
        }
    }
}

/// Of a job whose queue is there. One of the others waits until it is taken from the database.
fn announcement(job: &JobRow, consumers: &Consumers) -> Option<Announcement> {
    let scope = job.scope().ok()?;
    let envelope = Envelope {
        job: job.id.clone(),
        project: scope.project.to_string(),
        environment: scope.environment.to_string(),
    };
    Some(Announcement {
        queue: consumers.queue_of(&envelope.project)?,
        body: serde_json::to_vec(&envelope).ok()?,
        job: envelope.job,
    })
}

/// What the database answered; its errors are logged, and end nothing.
fn known<T>(answered: Result<T, StoreError>, problem: &str) -> Option<T> {
    answered
        .inspect_err(|error| tracing::warn!(error = chain(error), "{problem}"))
        .ok()
}
