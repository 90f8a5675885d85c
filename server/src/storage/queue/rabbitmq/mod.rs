//! Jobs over RabbitMQ: this process announces jobs whose time has come to one quorum queue per project, with publisher
//! confirms, and consumes from the same queues. The only folder that names lapin.
//!
//! A message names a job and its project; it holds nothing of the job, and the row must match both, so a forged message
//! runs nothing. A message is only a wake-up signal: what is run is the most urgent job of the project. A full queue refuses
//! its own project's announcements and nobody else's. While the broker is away or has an alarm, jobs are taken from the
//! database; and whatever else goes wrong, a job that waits too long is taken from there, too.
//!
//! - `link`: keeps two connections, whatever becomes of the database; `publisher` announces on one, `consumers` listen on
//!   the other
//! - `delivery`: what came, and is owed an answer; `probe`: whether a broker answers at all

mod consumers;
mod delivery;
mod link;
mod probe;
mod publisher;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lapin::{Connection, ConnectionProperties, uri::AMQPUri};
use tokio::{
    sync::{Mutex, Notify, mpsc},
    task::JoinSet,
};

use self::{consumers::QueueShape, delivery::Held, link::Link};
use super::{
    ClaimedJob, Claims, QueueTransport,
    broker::{Broker, LinkState},
    database::DatabaseQueue,
};
use crate::{
    base::{
        clock::millis,
        config::{QueueConfig, SharedService},
        error::Result,
        places::Places,
    },
    storage::store::StoreError,
};

pub(crate) use probe::ping;

/// Of one thing that is asked of the broker.
const PATIENCE: Duration = Duration::from_secs(5);
/// For a goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// Deliveries on their way to the worker of this process.
const INBOX: usize = 64;
/// A job that waits for so long although the broker serves is taken from the database: its message is lost, or nobody gets it.
const OVERDUE: Duration = Duration::from_secs(10);
/// How often such jobs are looked for, as long as there are none.
const LOOK: Duration = Duration::from_secs(5);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The transport: tasks that keep the connections, and the deliveries they brought.
pub(super) struct RabbitMqQueue {
    claims: Claims,
    inbox: Mutex<Inbox>,
    poll: Duration,
    broker: Arc<Broker>,
    /// Notified when there may be something in the database to be taken from there.
    look: Arc<Notify>,
    database: DatabaseQueue,
    /// End with it.
    _tasks: JoinSet<()>,
}

struct Inbox {
    arriving: mpsc::Receiver<Held>,
    /// Waiting for a place, or for the database.
    held: VecDeque<Held>,
    /// When overdue jobs were looked for and there were none.
    looked: Option<Instant>,
}

impl RabbitMqQueue {
    /// Starts to connect, and goes on for ever: a broker that is away is waited for.
    pub(super) fn start(
        service: SharedService,
        config: &QueueConfig,
        claims: Claims,
        waiting: Arc<Notify>,
        broker: Arc<Broker>,
    ) -> Self {
        broker.set(LinkState::Away);
        let (sender, arriving) = mpsc::channel(INBOX);
        let (added, look) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let link = Link {
            service,
            claims: claims.clone(),
            added: Arc::clone(&added),
            look: Arc::clone(&look),
            poll: config.poll,
            shape: QueueShape {
                prefetch: u16::try_from(config.concurrent_jobs_per_project).unwrap_or(u16::MAX),
                longest: config.waiting_per_project,
            },
            sender,
            broker: Arc::clone(&broker),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(link.run());
        tasks.spawn(pass_on(
            Arc::clone(&waiting),
            added,
            Arc::clone(&look),
            Arc::clone(&broker),
        ));
        Self {
            inbox: Mutex::new(Inbox {
                arriving,
                held: VecDeque::new(),
                looked: None,
            }),
            poll: config.poll,
            broker,
            look,
            database: DatabaseQueue::new(claims.clone(), waiting, config.poll),
            claims,
            _tasks: tasks,
        }
    }

    /// Claims what the deliveries name and there are places for. The others are kept: those of a project without a place, and,
    /// while the database does not answer, all.
    async fn claim_held(
        &self,
        inbox: &mut Inbox,
        places: &mut Places,
        taken: &mut Vec<ClaimedJob>,
    ) -> std::result::Result<(), StoreError> {
        while let Ok(held) = inbox.arriving.try_recv() {
            inbox.held.push_back(held);
        }
        inbox.held.retain(|held| !held.is_stale());
        for _ in 0..inbox.held.len() {
            let Some(held) = inbox.held.pop_front() else { break };
            let Some((scope, id)) = held.names() else {
                tracing::warn!("a message of a queue is not one of ours; it is dropped");
                held.done();
                continue;
            };
            let project = scope.project.as_str();
            if places.free(project, project, usize::MAX) == 0 {
                inbox.held.push_back(held);
                continue;
            }
            match self.claims.claim(&scope, &id).await {
                Ok(Some(job)) => {
                    places.take(project, project, usize::MAX);
                    taken.push(ClaimedJob {
                        job,
                        acknowledgement: Some(Box::new(held)),
                    });
                }
                Ok(None) => held.done(),
                Err(error) => {
                    inbox.held.push_front(held);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Claims what the broker does not bring: everything while it does not serve, and at any time what waits for too long.
    async fn claim_unbrought(
        &self,
        inbox: &mut Inbox,
        places: &Places,
        taken: &mut Vec<ClaimedJob>,
    ) -> std::result::Result<(), StoreError> {
        let now_ms = self.claims.clock.now_ms();
        let due_ms = match self.broker.state() {
            LinkState::Unused | LinkState::Away | LinkState::Alarm => now_ms,
            LinkState::Serving if inbox.looked.is_some_and(|at| at.elapsed() < LOOK) => return Ok(()),
            LinkState::Serving => now_ms - millis(OVERDUE),
        };
        let jobs = self.database.claim_due(places, due_ms).await?;
        inbox.looked = jobs.is_none().then(Instant::now);
        taken.extend(jobs.into_iter().flatten().map(ClaimedJob::from_database));
        Ok(())
    }
}

#[async_trait]
impl QueueTransport for RabbitMqQueue {
    async fn ready(&self) {
        let mut inbox = self.inbox.lock().await;
        let arrived = tokio::select! {
            arrived = inbox.arriving.recv() => arrived,
            () = self.look.notified() => None,
            () = tokio::time::sleep(self.poll) => None,
        };
        inbox.held.extend(arrived);
    }

    async fn claim(&self, places: &Places) -> Result<Vec<ClaimedJob>> {
        let inbox = &mut *self.inbox.lock().await;
        let (mut places, mut taken) = (places.clone(), Vec::new());
        let mut claimed = self.claim_held(inbox, &mut places, &mut taken).await;
        if claimed.is_ok() {
            claimed = self.claim_unbrought(inbox, &places, &mut taken).await;
        }
        match claimed {
            // What was claimed before is run.
            Err(error) if !taken.is_empty() => {
                tracing::warn!(
                    error = crate::base::error::chain(&error),
                    "further jobs cannot be claimed right now"
                );
                Ok(taken)
            }
            claimed => Ok(claimed.map(|()| taken)?),
        }
    }
}

/// Who puts a job into the database says so once; it is of interest to whoever announces jobs, and to whoever takes them from
/// there.
async fn pass_on(waiting: Arc<Notify>, added: Arc<Notify>, look: Arc<Notify>, broker: Arc<Broker>) {
    loop {
        waiting.notified().await;
        added.notify_one();
        if broker.state() != LinkState::Serving {
            look.notify_one();
        }
    }
}

/// Connects, or says in time that it cannot.
async fn connect(service: &SharedService, name: &str) -> std::result::Result<Connection, Failure> {
    let mut uri: AMQPUri = service.url.reveal().parse()?;
    // The library connects on a thread of its own, which must not wait longer than who waits for it.
    let patience_ms = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
    uri.query.connection_timeout.get_or_insert(patience_ms);
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    in_time(async { Ok(Connection::connect_uri(uri, properties).await?) }).await
}

/// Closes the connection, if the other side listens.
async fn ended(connection: &Connection) {
    let closing = connection.close(200, "bye".into());
    if let Ok(Err(error)) = tokio::time::timeout(GOODBYE, closing).await {
        tracing::debug!(%error, "a connection to the broker was closed already");
    }
}

async fn in_time<T>(asked: impl Future<Output = std::result::Result<T, Failure>>) -> std::result::Result<T, Failure> {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(answered) => answered,
        Err(_) => Err("the broker does not answer in time".into()),
    }
}
