//! The connection on which this process announces jobs. It publishes and does nothing else: a broker with a memory or disk alarm
//! stops reading from whoever publishes, and what is consumed must not wait for that.

use std::{collections::HashSet, time::Duration};

use futures_util::StreamExt as _;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, Event,
    message::BasicReturnMessage,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};
use tokio::{sync::watch, task::JoinSet};

use super::{Failure, connect, delivery::Envelope, ended};
use crate::base::config::SharedService;

/// For all announcements of a round to be confirmed.
const CONFIRM: Duration = Duration::from_secs(5);

/// Publishes, and waits for what the broker says of it.
pub(super) struct Publisher {
    connection: Connection,
    channel: Channel,
    alarm: watch::Receiver<bool>,
    /// What was published on the channel may still be answered: the next round needs another one.
    is_used_up: bool,
    /// Follows the broker's alarms.
    _events: JoinSet<()>,
}

/// An announcement.
pub(super) struct Announcement {
    pub(super) job: String,
    pub(super) queue: String,
    pub(super) body: Vec<u8>,
}

/// What became of announcements, by job.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Published {
    /// The broker has them.
    pub(super) confirmed: Vec<String>,
    /// Their queue is full.
    pub(super) refused: Vec<String>,
    /// Their queue is not there.
    pub(super) returned: Vec<String>,
    /// Nothing was said in time.
    pub(super) unconfirmed: Vec<String>,
}

impl Publisher {
    pub(super) async fn open(service: &SharedService) -> Result<Self, Failure> {
        let connection = connect(service, "aerocall announcements").await?;
        let (raised, alarm) = watch::channel(false);
        let mut events = Box::pin(connection.events_listener());
        let mut following = JoinSet::new();
        following.spawn(async move {
            while let Some(event) = events.next().await {
                match event {
                    Event::ConnectionBlocked(reason) => {
                        tracing::warn!(reason, "the broker has raised an alarm and takes no messages");
                        raised.send_replace(true);
                    }
                    Event::ConnectionUnblocked => {
                        tracing::info!("the broker takes messages again");
                        raised.send_replace(false);
                    }
                    _ => {}
                }
            }
        });
        Ok(Self {
            channel: channel(&connection).await?,
            connection,
            alarm,
            is_used_up: false,
            _events: following,
        })
    }

    /// Whether the broker takes no messages for now.
    pub(super) fn is_alarmed(&self) -> bool {
        *self.alarm.borrow()
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connection.status().connected()
    }

    /// Until an alarm is raised or over.
    pub(super) async fn alarm_changed(&mut self) {
        if self.alarm.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Publishes all, then waits for what is said of each. An alarm in the meantime ends the wait.
    pub(super) async fn publish(&mut self, announcements: &[Announcement]) -> Result<Published, Failure> {
        if self.is_used_up {
            self.channel = channel(&self.connection).await?;
            self.is_used_up = false;
        }
        self.is_used_up = true;
        let mut alarm = self.alarm.clone();
        let said = tokio::select! {
            said = said_of(&self.channel, announcements) => said?,
            _ = alarm.wait_for(|raised| *raised) => return Ok(Published::nothing_said(announcements)),
            () = tokio::time::sleep(CONFIRM) => return Ok(Published::nothing_said(announcements)),
        };
        self.is_used_up = false;
        Ok(Published::of(announcements, said))
    }

    pub(super) async fn close(self) {
        ended(&self.connection).await;
    }
}

impl Published {
    /// The confirmations are in the order of the announcements. A message that is returned comes with any of them, so it is
    /// known by what it says.
    fn of(announcements: &[Announcement], said: Vec<Confirmation>) -> Self {
        let mut published = Self::default();
        let mut returned = HashSet::new();
        let mut answers = Vec::with_capacity(said.len());
        for confirmation in said {
            answers.push(confirmation.is_ack());
            returned.extend(confirmation.take_message().as_ref().and_then(job_of));
        }
        for (announcement, is_taken) in announcements.iter().zip(answers) {
            let list = match (returned.contains(&announcement.job), is_taken) {
                (true, _) => &mut published.returned,
                (false, true) => &mut published.confirmed,
                (false, false) => &mut published.refused,
            };
            list.push(announcement.job.clone());
        }
        published
    }

    fn nothing_said(announcements: &[Announcement]) -> Self {
        Self {
            unconfirmed: announcements.iter().map(|one| one.job.clone()).collect(),
            ..Self::default()
        }
    }
}

async fn channel(connection: &Connection) -> Result<Channel, Failure> {
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    Ok(channel)
}

async fn said_of(channel: &Channel, announcements: &[Announcement]) -> Result<Vec<Confirmation>, Failure> {
    // Returned if its queue is not there, rather than dropped with a yes.
    let options = BasicPublishOptions {
        mandatory: true,
        immediate: false,
    };
    let mut waiting = Vec::with_capacity(announcements.len());
    for one in announcements {
        let persistent = BasicProperties::default().with_delivery_mode(2);
        let published = channel.basic_publish("".into(), one.queue.as_str().into(), options, &one.body, persistent);
        waiting.push(published.await?);
    }
    let mut said = Vec::with_capacity(waiting.len());
    for confirm in waiting {
        said.push(confirm.await?);
    }
    Ok(said)
}

fn job_of(message: &BasicReturnMessage) -> Option<String> {
    Some(Envelope::read(&message.delivery.data)?.1)
}
