//! The connection on which this process consumes: a channel and a consumer for the queue of each project that has jobs. A
//! consumer that the broker ends (a queue that was deleted, a channel that was closed) is declared again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use lapin::{
    Channel, Connection, Consumer,
    options::{BasicConsumeOptions, BasicQosOptions, QueueDeclareOptions, QueueDeleteOptions},
    types::{AMQPValue, FieldTable},
};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
};

use super::{Failure, connect, delivery::Held, ended, in_time};
use crate::{base::config::SharedService, storage::queue::broker::Broker};

/// Before a queue that could not be declared or consumed is tried again.
const AGAIN: Duration = Duration::from_secs(5);
/// The broker's idea of how long a queue that nobody uses stays: a day.
const EXPIRES_MS: i64 = 86_400_000;

/// How queues are declared and consumed.
#[derive(Clone)]
pub(super) struct QueueShape {
    /// Deliveries of one project that this process may hold.
    pub(super) prefetch: u16,
    /// Messages of one project that may wait.
    pub(super) longest: i64,
}

/// All that this process consumes.
pub(super) struct Consumers {
    connection: Connection,
    prefix: String,
    shape: QueueShape,
    wanted: BTreeSet<String>,
    /// Consumers that run, by project.
    live: BTreeMap<String, AbortHandle>,
    /// Projects whose queue could not be consumed, and when it is tried again.
    failed: HashMap<String, Instant>,
    running: JoinSet<()>,
    sender: mpsc::Sender<Held>,
    broker: Arc<Broker>,
}

impl Consumers {
    pub(super) async fn open(
        service: &SharedService,
        shape: QueueShape,
        sender: mpsc::Sender<Held>,
        broker: Arc<Broker>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            connection: connect(service, "aerocall jobs").await?,
            prefix: service.prefix.clone(),
            shape,
            wanted: BTreeSet::new(),
            live: BTreeMap::new(),
            failed: HashMap::new(),
            running: JoinSet::new(),
            sender,
            broker,
        })
    }

    /// These projects have jobs.
    pub(super) fn want(&mut self, projects: impl IntoIterator<Item = String>) {
        self.wanted.extend(projects);
    }

    /// The projects whose queues are consumed, or are to be.
    pub(super) fn wanted(&self) -> &BTreeSet<String> {
        &self.wanted
    }

    /// These projects were deleted: their queues go as well. One that cannot be deleted expires.
    pub(super) async fn forget(&mut self, deleted: BTreeSet<String>) -> Result<(), Failure> {
        for project in deleted {
            if !self.wanted.remove(&project) {
                continue;
            }
            self.failed.remove(&project);
            if let Some(consumer) = self.live.remove(&project) {
                consumer.abort();
            }
            match in_time(self.delete(&project)).await {
                Ok(()) => tracing::info!(project, "the queue of a deleted project is deleted"),
                Err(error) if self.is_connected() => {
                    tracing::warn!(project, %error, "the queue of a deleted project cannot be deleted; it expires");
                }
                Err(error) => return Err(error),
            }
        }
        self.note();
        Ok(())
    }

    async fn delete(&self, project: &str) -> Result<(), Failure> {
        let (channel, name) = (self.connection.create_channel().await?, self.name(project));
        channel
            .queue_delete(name.as_str().into(), QueueDeleteOptions::default())
            .await?;
        Ok(channel.close(200, "bye".into()).await?)
    }

    /// Declares and consumes what is wanted and not consumed. An error is one of the connection; a queue that cannot be had is
    /// tried again later.
    pub(super) async fn mend(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        let is_missing = |project: &&String| {
            !self.live.contains_key(*project) && self.failed.get(*project).is_none_or(|again| *again <= now)
        };
        let missing: Vec<String> = self.wanted.iter().filter(is_missing).cloned().collect();
        for project in missing {
            match in_time(self.consume(&project)).await {
                Ok(consumer) => self.run(project, consumer),
                Err(error) if self.is_connected() => {
                    tracing::warn!(project, %error, "the queue of a project cannot be consumed right now");
                    self.failed.insert(project, now + AGAIN);
                }
                Err(error) => return Err(error),
            }
        }
        self.note();
        Ok(())
    }

    /// Waits until the broker has ended a consumer; for ever if there is none. Whose it was.
    pub(super) async fn one_ended(&mut self) -> Option<String> {
        let Some(joined) = self.running.join_next_with_id().await else {
            return std::future::pending().await;
        };
        let id = match joined {
            Ok((id, ())) => id,
            Err(error) => error.id(),
        };
        let found = self.live.iter().find(|(_, running)| running.id() == id);
        let project = found.map(|(project, _)| project.clone())?;
        tracing::warn!(project, "the broker has ended a consumer; its queue is declared again");
        self.live.remove(&project);
        self.note();
        Some(project)
    }

    /// The queue of the project, if it is there.
    pub(super) fn queue_of(&self, project: &str) -> Option<String> {
        self.live.contains_key(project).then(|| self.name(project))
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connection.status().connected()
    }

    /// A round trip, which a connection that only looks alive does not make.
    pub(super) async fn ask(&self) -> Result<(), Failure> {
        in_time(async {
            let channel = self.connection.create_channel().await?;
            Ok(channel.close(200, "bye".into()).await?)
        })
        .await
    }

    pub(super) async fn close(mut self) {
        // Before the connection: a consumer that is held keeps it open.
        self.running.shutdown().await;
        ended(&self.connection).await;
        self.live.clear();
        self.failed.clear();
        self.note();
    }

    async fn consume(&self, project: &str) -> Result<Consumer, Failure> {
        let name = self.name(project);
        let channel = self.declared(&name).await?;
        channel
            .basic_qos(self.shape.prefetch, BasicQosOptions::default())
            .await?;
        let options = BasicConsumeOptions::default();
        let consumer = channel.basic_consume(name.as_str().into(), "".into(), options, FieldTable::default());
        Ok(consumer.await?)
    }

    /// A channel on which the queue was declared. One that is there with another length (the setting was changed since) stays
    /// as it is.
    async fn declared(&self, name: &str) -> Result<Channel, Failure> {
        let channel = self.connection.create_channel().await?;
        let durable = QueueDeclareOptions::durable();
        let declared = channel.queue_declare(name.into(), durable, self.arguments()).await;
        let Err(error) = declared else { return Ok(channel) };
        tracing::debug!(name, %error, "a queue is not as it would be declared");
        // The refusal has closed the channel.
        let channel = self.connection.create_channel().await?;
        let as_it_is = QueueDeclareOptions {
            passive: true,
            ..durable
        };
        channel
            .queue_declare(name.into(), as_it_is, FieldTable::default())
            .await?;
        Ok(channel)
    }

    fn run(&mut self, project: String, consumer: Consumer) {
        self.failed.remove(&project);
        let forwarded = forward(consumer, self.sender.clone(), Arc::clone(&self.broker));
        self.live.insert(project, self.running.spawn(forwarded));
    }

    fn note(&self) {
        self.broker.consumed.store(self.live.len(), Ordering::Relaxed);
        self.broker.not_consumed.store(self.failed.len(), Ordering::Relaxed);
    }

    fn name(&self, project: &str) -> String {
        format!("{}.jobs.{project}", self.prefix)
    }

    fn arguments(&self) -> FieldTable {
        let mut arguments = FieldTable::default();
        let text = |text: &str| AMQPValue::LongString(text.into());
        arguments.insert("x-queue-type".into(), text("quorum"));
        arguments.insert("x-max-length".into(), AMQPValue::LongLongInt(self.shape.longest));
        arguments.insert("x-overflow".into(), text("reject-publish"));
        arguments.insert("x-expires".into(), AMQPValue::LongLongInt(EXPIRES_MS));
        arguments
    }
}

/// Hands deliveries over until the broker ends the consumer. What is not taken stays with the broker: prefetch bounds it.
async fn forward(mut consumer: Consumer, sender: mpsc::Sender<Held>, broker: Arc<Broker>) {
    while let Some(Ok(delivery)) = consumer.next().await {
        if sender.send(Held::new(delivery, Arc::clone(&broker))).await.is_err() {
            return;
        }
    }
}
