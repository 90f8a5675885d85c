//! `wit/queue.wit` as a trait.

use async_trait::async_trait;
use serde::Serialize;

use super::{Answer, Cost as _, SdkError};
use crate::{bindings::aerocall::hooks::queue as wire, state::CallState};

/// How a job is put into a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnqueueOptions {
    /// Earliest start, in seconds from now.
    pub delay_seconds: u32,
    /// The same key is the same job.
    pub idempotency_key: Option<String>,
}

/// The queues of one project.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Puts a JSON message into a queue and answers the job's id.
    async fn enqueue(&self, queue: &str, message: &str, options: EnqueueOptions) -> Result<String, SdkError>;
}

impl wire::Host for CallState {
    async fn enqueue(&mut self, queue: String, message: String, options: wire::EnqueueOptions) -> Answer<String> {
        let handler = self.host.queue.clone();
        let options = EnqueueOptions {
            delay_seconds: options.delay_seconds,
            idempotency_key: options.idempotency_key,
        };
        let cost = (&queue, &message, &options.idempotency_key).cost();
        let asked = self.asked(cost, &(&queue, &message, &options));
        self.capability("queue.enqueue", asked, handler, |handler| async move {
            handler.enqueue(&queue, &message, options).await
        })
        .await
    }
}
