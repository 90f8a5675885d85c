//! `wit/queue.wit` as a trait.

use async_trait::async_trait;

use super::SdkError;

/// How a job is put into a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
