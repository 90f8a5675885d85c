//! Jobs over RabbitMQ: this process announces jobs whose time has come to one quorum queue per project, with publisher
//! confirms, and consumes from the same queues. The only file that names lapin.
//!
//! A message names a job and its project; it holds nothing of the job, and the row must match both, so a forged message
//! runs nothing. A message is only a wake-up signal: what is run is the most urgent job of the project. A full queue refuses its own project's announcements and nobody else's. While the broker is away, jobs are
//! taken from the database: they are there.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, Consumer,
    message::Delivery,
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
        QueueDeclareOptions,
    },
    types::{AMQPValue, FieldTable},
};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Notify, mpsc};

use super::{Acknowledgement, ClaimedJob, Claims, JobCapacity, QueueTransport, database::DatabaseQueue};
use crate::{
    base::{
        clock::millis,
        config::{QueueConfig, SharedService},
        error::Result,
        ids::{Scope, Slug},
    },
    storage::store::JobRow,
};

/// Jobs announced in one round.
const ROUND: i64 = 500;
/// An announcement that was begun and not confirmed is made again after this.
const UNCONFIRMED: Duration = Duration::from_secs(30);
/// One that was confirmed and not taken, after this: the broker may have lost its disk.
const CONFIRMED: Duration = Duration::from_secs(600);
/// Before the broker is tried again.
const RECONNECT: Duration = Duration::from_millis(500);
/// Deliveries that wait for a worker of this process.
const INBOX: usize = 64;
/// The broker's idea of how long a queue that nobody uses stays: a day.
const EXPIRES_MS: i64 = 86_400_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a message says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    job: String,
    project: String,
    environment: String,
}

/// The transport: a task that keeps the connection, and the deliveries it brought.
pub(super) struct RabbitMqQueue {
    claims: Claims,
    inbox: Mutex<mpsc::Receiver<Delivery>>,
    poll: Duration,
    is_connected: Arc<AtomicBool>,
    /// In the meantime.
    database: DatabaseQueue,
}

impl RabbitMqQueue {
    /// Starts to connect, and goes on for ever: a broker that is away is waited for.
    pub(super) fn start(service: SharedService, config: &QueueConfig, claims: Claims, waiting: Arc<Notify>) -> Self {
        let (sender, inbox) = mpsc::channel(INBOX);
        let is_connected = Arc::new(AtomicBool::new(false));
        let database = DatabaseQueue::new(claims.clone(), Arc::clone(&waiting), config.poll);
        let link = Link {
            service,
            claims: claims.clone(),
            waiting,
            is_connected: Arc::clone(&is_connected),
            poll: config.poll,
            prefetch: u16::try_from(config.concurrent_jobs_per_project).unwrap_or(u16::MAX),
            longest: config.waiting_per_project,
            sender,
        };
        tokio::spawn(link.run());
        Self {
            claims,
            inbox: Mutex::new(inbox),
            poll: config.poll,
            is_connected,
            database,
        }
    }

    /// The job behind a delivery, if it is still to be done.
    async fn claim(&self, delivery: Delivery) -> Result<Option<ClaimedJob>> {
        let acknowledgement = DeliveryAck(delivery);
        let Some((scope, id)) = envelope(&acknowledgement.0.data) else {
            tracing::warn!("a message of a queue is not one of ours; it is dropped");
            Box::new(acknowledgement).settled().await;
            return Ok(None);
        };
        match self.claims.claim(&scope, &id).await? {
            Some(job) => Ok(Some(ClaimedJob {
                job,
                acknowledgement: Some(Box::new(acknowledgement)),
            })),
            None => {
                Box::new(acknowledgement).settled().await;
                Ok(None)
            }
        }
    }
}

#[async_trait]
impl QueueTransport for RabbitMqQueue {
    async fn take(&self, capacity: &JobCapacity) -> Result<Vec<ClaimedJob>> {
        if !self.is_connected.load(Ordering::Relaxed) {
            return self.database.take(capacity).await;
        }
        let mut inbox = self.inbox.lock().await;
        let first = match tokio::time::timeout(self.poll, inbox.recv()).await {
            Ok(Some(delivery)) => delivery,
            _ => return Ok(Vec::new()),
        };
        let mut deliveries = vec![first];
        while deliveries.len() < capacity.jobs
            && let Ok(delivery) = inbox.try_recv()
        {
            deliveries.push(delivery);
        }
        drop(inbox);
        let mut taken = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            taken.extend(self.claim(delivery).await?);
        }
        Ok(taken)
    }
}

/// Asks the broker whether it answers, over a connection of its own that is kept from one question to the next.
pub(crate) struct Probe {
    service: SharedService,
    connection: Mutex<Option<Connection>>,
}

impl Probe {
    pub(crate) fn new(service: SharedService) -> Self {
        Self {
            service,
            connection: Mutex::default(),
        }
    }

    /// A channel is opened and closed: a round trip, which a connection that only looks alive does not make.
    pub(crate) async fn ping(&self) -> std::result::Result<(), lapin::Error> {
        let mut kept = self.connection.lock().await;
        // Taken out, and put back only if it has answered: one that is given up on is not asked again.
        let connection = match kept.take().filter(|connection| connection.status().connected()) {
            Some(connection) => connection,
            None => {
                let properties = ConnectionProperties::default().with_connection_name("aerocall readiness".into());
                Connection::connect(self.service.url.reveal(), properties).await?
            }
        };
        let channel = connection.create_channel().await?;
        channel.close(200, "bye".into()).await?;
        *kept = Some(connection);
        Ok(())
    }
}

fn envelope(data: &[u8]) -> Option<(Scope, String)> {
    let envelope: Envelope = serde_json::from_slice(data).ok()?;
    let scope = Scope {
        project: Slug::parse(&envelope.project).ok()?,
        environment: Slug::parse(&envelope.environment).ok()?,
    };
    Some((scope, envelope.job))
}

struct DeliveryAck(Delivery);

#[async_trait]
impl Acknowledgement for DeliveryAck {
    async fn settled(self: Box<Self>) {
        // A connection that broke brings the message again, and the row says that there is nothing to do.
        if let Err(error) = self.0.ack(BasicAckOptions::default()).await {
            tracing::debug!(%error, "a message could not be acknowledged");
        }
    }
}

/// The task that keeps the connection.
struct Link {
    service: SharedService,
    claims: Claims,
    waiting: Arc<Notify>,
    is_connected: Arc<AtomicBool>,
    poll: Duration,
    prefetch: u16,
    longest: i64,
    sender: mpsc::Sender<Delivery>,
}

/// What there is while the connection holds.
struct Open {
    connection: Connection,
    publisher: Channel,
    /// Queues that this process has declared and consumes from, by project.
    queues: HashMap<String, String>,
}

impl Link {
    async fn run(self) {
        while !self.sender.is_closed() {
            let ended = self.serve().await;
            self.is_connected.store(false, Ordering::Relaxed);
            if let Err(error) = ended {
                tracing::warn!(%error, "the connection to the broker was lost; reconnecting");
            }
            tokio::time::sleep(RECONNECT).await;
        }
    }

    /// Works until the connection breaks or the transport is gone.
    async fn serve(&self) -> std::result::Result<(), Failure> {
        let mut open = self.connect().await?;
        self.is_connected.store(true, Ordering::Relaxed);
        tracing::info!("connected to the broker");
        while !self.sender.is_closed() {
            let told = self.waiting.notified();
            if self.announce(&mut open).await? == 0 {
                tokio::time::timeout(self.poll, told).await.ok();
            }
            if !open.connection.status().connected() {
                return Err("the broker closed the connection".into());
            }
        }
        open.connection.close(200, "bye".into()).await?;
        Ok(())
    }

    async fn connect(&self) -> std::result::Result<Open, Failure> {
        let properties = ConnectionProperties::default().with_connection_name("aerocall".into());
        let connection = Connection::connect(self.service.url.reveal(), properties).await?;
        let publisher = connection.create_channel().await?;
        publisher.confirm_select(ConfirmSelectOptions::default()).await?;
        let mut open = Open {
            connection,
            publisher,
            queues: HashMap::new(),
        };
        // Projects whose jobs another server announced.
        for project in self.claims.store.read(|tx| tx.projects_with_jobs()).await? {
            self.queue(&mut open, &project).await?;
        }
        Ok(open)
    }

    /// Announces jobs whose time has come. How many.
    async fn announce(&self, open: &mut Open) -> std::result::Result<usize, Failure> {
        let now_ms = self.claims.clock.now_ms();
        let any = self.claims.store.read(move |tx| tx.unannounced_jobs(now_ms, 1)).await?;
        if any.is_empty() {
            return Ok(0);
        }
        let begun_ms = now_ms + millis(UNCONFIRMED);
        let begun = self.claims.store.write(move |tx| {
            let jobs = tx.unannounced_jobs(now_ms, ROUND)?;
            let ids: Vec<String> = jobs.iter().map(|job| job.id.clone()).collect();
            tx.jobs_announced(&ids, begun_ms)?;
            Ok(jobs)
        });
        let jobs = begun.await?;
        let confirmed = match self.publish(open, &jobs).await {
            Ok(confirmed) => confirmed,
            Err(failure) => {
                // Whatever of them the broker has is there twice then, and the row says what is done already.
                let ids: Vec<String> = jobs.into_iter().map(|job| job.id).collect();
                self.claims.store.write(move |tx| tx.jobs_announced(&ids, 0)).await?;
                return Err(failure);
            }
        };
        let (count, until_ms) = (jobs.len(), now_ms + millis(CONFIRMED));
        self.claims
            .store
            .write(move |tx| tx.jobs_confirmed(&confirmed, begun_ms, until_ms))
            .await?;
        Ok(count)
    }

    /// Publishes all, then waits for all confirmations. The ids of those that the broker has.
    async fn publish(&self, open: &mut Open, jobs: &[JobRow]) -> std::result::Result<Vec<String>, Failure> {
        let mut waiting = Vec::with_capacity(jobs.len());
        for job in jobs {
            let scope = job.scope()?;
            let queue = self.queue(open, scope.project.as_str()).await?;
            let envelope = Envelope {
                job: job.id.clone(),
                project: scope.project.to_string(),
                environment: scope.environment.to_string(),
            };
            let confirm = open
                .publisher
                .basic_publish(
                    "".into(),
                    queue.into(),
                    BasicPublishOptions::default(),
                    &serde_json::to_vec(&envelope)?,
                    BasicProperties::default().with_delivery_mode(2),
                )
                .await?;
            waiting.push((job.id.clone(), confirm));
        }
        let mut confirmed = Vec::with_capacity(waiting.len());
        for (id, confirm) in waiting {
            // A queue that is full says no: the row waits, and is announced again later.
            if let Confirmation::Ack(None) = confirm.await? {
                confirmed.push(id);
            }
        }
        Ok(confirmed)
    }

    /// The name of the project's queue, declared and consumed from.
    async fn queue(&self, open: &mut Open, project: &str) -> std::result::Result<String, Failure> {
        if let Some(known) = open.queues.get(project) {
            return Ok(known.clone());
        }
        let name = format!("{}.jobs.{project}", self.service.prefix);
        let channel = open.connection.create_channel().await?;
        channel
            .queue_declare(name.as_str().into(), QueueDeclareOptions::durable(), self.arguments())
            .await?;
        channel.basic_qos(self.prefetch, BasicQosOptions::default()).await?;
        let consumer = channel
            .basic_consume(
                name.as_str().into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        tokio::spawn(forward(consumer, self.sender.clone()));
        open.queues.insert(project.to_owned(), name.clone());
        Ok(name)
    }

    fn arguments(&self) -> FieldTable {
        let mut arguments = FieldTable::default();
        let text = |text: &str| AMQPValue::LongString(text.into());
        arguments.insert("x-queue-type".into(), text("quorum"));
        arguments.insert("x-max-length".into(), AMQPValue::LongLongInt(self.longest));
        arguments.insert("x-overflow".into(), text("reject-publish"));
        arguments.insert("x-expires".into(), AMQPValue::LongLongInt(EXPIRES_MS));
        arguments
    }
}

/// Hands deliveries over. What is not taken stays with the broker: prefetch bounds it.
async fn forward(mut consumer: Consumer, sender: mpsc::Sender<Delivery>) {
    while let Some(Ok(delivery)) = consumer.next().await {
        if sender.send(delivery).await.is_err() {
            return;
        }
    }
}
