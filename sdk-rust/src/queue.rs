//! Jobs for the project's own handlers. Mirrors `wit/queue.wit`.
//!
//! A job is handled at least once, by the hook with `#[on("queue.<name>")]`. In a flow it starts only if the request is committed.

use std::time::Duration;

use serde::Serialize;

use crate::{AerocallError, json, platform};

/// A message and when it is handled.
///
/// ```
/// use std::time::Duration;
/// use aerocall_hooks::{Result, queue};
///
/// fn greet_later(user: &str) -> Result<String> {
///     let job = queue::Job::new("welcome", &user)?;
///     Ok(job.delay(Duration::from_secs(3_600)).idempotency_key(user).enqueue()?)
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Job {
    queue: String,
    message: String,
    delay_seconds: u32,
    idempotency_key: Option<String>,
}

impl Job {
    /// A message, at most 256 KiB as JSON, for a queue: 1 to 64 of `a-z`, `0-9`, `.`, `_` and `-`.
    ///
    /// # Errors
    /// The message cannot be written as JSON.
    pub fn new<T: Serialize + ?Sized>(queue: &str, message: &T) -> Result<Self, AerocallError> {
        Ok(Self {
            queue: queue.to_owned(),
            message: json::write("the message", message)?,
            delay_seconds: 0,
            idempotency_key: None,
        })
    }

    /// Handled later, at most after 7 days.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay_seconds = u32::try_from(delay.as_secs()).unwrap_or(u32::MAX);
        self
    }

    /// A second message with the same key is the same job, as long as the job is stored. 1 to 200 bytes.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Creates the job and returns its id.
    ///
    /// # Errors
    /// What the SDK refuses.
    pub fn enqueue(self) -> Result<String, AerocallError> {
        let key = self.idempotency_key.as_deref();
        platform::queue_enqueue(&self.queue, &self.message, self.delay_seconds, key)
    }
}

/// Creates a job that is handled as soon as possible, and returns its id.
///
/// ```
/// use aerocall_hooks::{Result, queue};
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Welcome<'a> {
///     user: &'a str,
/// }
///
/// fn greet(user: &str) -> Result<String> {
///     Ok(queue::enqueue("welcome", &Welcome { user })?)
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn enqueue<T: Serialize + ?Sized>(queue: &str, message: &T) -> Result<String, AerocallError> {
    Job::new(queue, message)?.enqueue()
}
