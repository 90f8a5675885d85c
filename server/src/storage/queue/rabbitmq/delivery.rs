//! A delivery of the broker. It is owed an answer, or it counts against what the broker hands out: so it cannot be dropped
//! without one.

use std::sync::Arc;

use futures_util::FutureExt as _;
use lapin::{
    message::Delivery,
    options::{BasicAckOptions, BasicNackOptions},
};
use serde::{Deserialize, Serialize};

use crate::{
    base::ids::{Scope, Slug},
    storage::queue::{
        Acknowledgement,
        broker::{Broker, add},
    },
};

/// What a message says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    pub(super) job: String,
    pub(super) project: String,
    pub(super) environment: String,
}

impl Envelope {
    /// Of a message; `None` if it is not one of ours.
    pub(super) fn read(data: &[u8]) -> Option<(Scope, String)> {
        let envelope: Self = serde_json::from_slice(data).ok()?;
        let scope = Scope {
            project: Slug::parse(&envelope.project).ok()?,
            environment: Slug::parse(&envelope.environment).ok()?,
        };
        Some((scope, envelope.job))
    }
}

/// A delivery that waits for its answer. Dropped, it goes back to its queue.
pub(super) struct Held {
    /// Taken with the answer.
    delivery: Option<Delivery>,
    broker: Arc<Broker>,
}

impl Held {
    pub(super) fn new(delivery: Delivery, broker: Arc<Broker>) -> Self {
        Self {
            delivery: Some(delivery),
            broker,
        }
    }

    /// The job that it names.
    pub(super) fn names(&self) -> Option<(Scope, String)> {
        Envelope::read(&self.delivery.as_ref()?.data)
    }

    /// Whether its channel is gone: then the broker has it again, and gives it to somebody.
    pub(super) fn is_stale(&self) -> bool {
        self.delivery.as_ref().is_none_or(|delivery| delivery.acker.poisoned())
    }

    /// The broker need not bring it again.
    pub(super) fn done(mut self) {
        if let Some(delivery) = self.delivery.take() {
            // The first look at this future hands the answer to the connection, which sends it; nothing waits for that. If
            // the connection breaks, the message comes again, and the row says that there is nothing to do.
            delivery.ack(BasicAckOptions::default()).now_or_never();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(delivery) = self.delivery.take().filter(|delivery| delivery.acker.usable()) {
            add(&self.broker.counts.requeued, 1);
            let again = BasicNackOptions {
                multiple: false,
                requeue: true,
            };
            delivery.nack(again).now_or_never();
        }
    }
}

impl Acknowledgement for Held {
    fn settled(self: Box<Self>) {
        self.done();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_not_ours_names_nothing() {
        let ours = br#"{"job":"job_1","project":"a","environment":"production"}"#;
        assert_eq!(Envelope::read(ours).map(|(_, id)| id).as_deref(), Some("job_1"));
        for other in [
            &b""[..],
            b"{",
            br#"{"job":"job_1","project":"../a","environment":"production"}"#,
            br#"{"job":"job_1","project":"a"}"#,
            br#"{"job":"job_1","project":"a","environment":"production","more":1}"#,
        ] {
            assert!(Envelope::read(other).is_none(), "{other:?}");
        }
    }

    /// Whatever becomes of it, it is answered once.
    #[test]
    fn a_delivery_is_answered_even_if_it_is_dropped() {
        let broker = Arc::new(Broker::default());
        let held = |tag| {
            let delivery = Delivery::mock(tag, "".into(), "q".into(), false, b"{}".to_vec());
            let acker = delivery.acker.clone();
            (Held::new(delivery, Arc::clone(&broker)), acker)
        };
        let (dropped, acker) = held(1);
        assert!(acker.usable());
        drop(dropped);
        assert!(!acker.usable());
        assert_eq!(broker.figures().requeued, 1);
        let (done, acker) = held(2);
        done.done();
        assert!(!acker.usable());
        assert_eq!(broker.figures().requeued, 1, "the answer was another one");
    }
}
