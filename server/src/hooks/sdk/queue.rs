//! `Aerocall.Queue`: checks names, sizes and budgets (`wit/queue.wit`), and stages the message.

use std::{collections::BTreeMap, sync::Arc};

use aerocall_contract::{
    json,
    names::{is_queue_name, queue_event},
};
use aerocall_runtime::host::{EnqueueOptions, ErrorCode, Queue, SdkError};
use async_trait::async_trait;

use super::{
    budget::Budget,
    effects::{Effect, Effects},
};
use crate::{
    base::{
        clock::Clock,
        ids::{Kind, Scope, new_id},
    },
    storage::{
        queue::{Depth, Handling, MAX_HOPS},
        store::{NewJob, Store},
    },
};

const MAX_MESSAGE_BYTES: usize = 256 << 10;
const MAX_KEY_BYTES: usize = 200;
/// 7 days.
const MAX_DELAY_SECONDS: u32 = 604_800;

/// The queues of one project and environment, for one call.
pub(crate) struct ScopedQueue {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) scope: Scope,
    pub(crate) effects: Arc<Effects>,
    pub(crate) depth: Arc<Depth>,
    /// Messages that this call may send.
    pub(super) budget: Budget,
    /// How consumers want their messages, by what they answer.
    pub(super) handlings: BTreeMap<String, Handling>,
}

#[async_trait]
impl Queue for ScopedQueue {
    async fn enqueue(&self, queue: &str, message: &str, options: EnqueueOptions) -> Result<String, SdkError> {
        check_name(queue)?;
        check_message(message)?;
        check_options(&options)?;
        let hops = self.hops()?;
        if let Some(key) = &options.idempotency_key
            && let Some(known) = self.known(queue, key).await?
        {
            return Ok(known);
        }
        self.spend()?;
        self.depth.admit(&self.store, &self.scope).await?;
        let now_ms = self.clock.now_ms();
        let handling = self.handlings.get(&queue_event(queue)).cloned().unwrap_or_default();
        let job = NewJob {
            id: new_id(Kind::Job),
            queue: queue.to_owned(),
            message: message.to_owned(),
            idempotency_key: options.idempotency_key,
            order_key: handling.order_key(message),
            priority: handling.priority,
            hops,
            run_at_ms: now_ms + i64::from(options.delay_seconds) * 1_000,
            created_ms: now_ms,
        };
        let id = job.id.clone();
        self.effects.stage(Effect::Job(job))?;
        Ok(id)
    }
}

impl ScopedQueue {
    /// The job that has this key already.
    async fn known(&self, queue: &str, key: &str) -> Result<Option<String>, SdkError> {
        let of_key = |effect: &Effect| match effect {
            Effect::Job(job) if job.queue == queue && job.idempotency_key.as_deref() == Some(key) => {
                Some(job.id.clone())
            }
            _ => None,
        };
        if let Some(staged) = self.effects.seen(|effects| effects.iter().find_map(of_key)) {
            return Ok(Some(staged));
        }
        let (scope, queue, key) = (self.scope.clone(), queue.to_owned(), key.to_owned());
        let kept = self.store.read(move |tx| tx.job_of_key(&scope, &queue, &key)).await;
        kept.map_err(super::store_fault)
    }

    fn hops(&self) -> Result<i32, SdkError> {
        let hops = self.effects.hops;
        if hops < MAX_HOPS {
            return Ok(hops);
        }
        let message = format!(
            "queue: {MAX_HOPS} jobs in a row were enqueued by one another, which is the limit; a consumer must not enqueue jobs for itself endlessly"
        );
        Err(SdkError::new(ErrorCode::LimitExceeded, message))
    }

    fn spend(&self) -> Result<(), SdkError> {
        self.budget.spend().map_err(|most| {
            let message = format!(
                "queue: an invocation can enqueue at most {} messages (limits.queueMessages)",
                most
            );
            SdkError::new(ErrorCode::LimitExceeded, message)
        })
    }
}

fn check_name(queue: &str) -> Result<(), SdkError> {
    if is_queue_name(queue) {
        return Ok(());
    }
    let message =
        "queue: a queue name must be 1 to 64 characters of a-z, 0-9, `.`, `_` and `-`, starting with a letter or digit";
    Err(SdkError::new(ErrorCode::InvalidArgument, message))
}

fn check_message(message: &str) -> Result<(), SdkError> {
    if message.len() > MAX_MESSAGE_BYTES {
        let message = format!(
            "queue: a message can have at most {MAX_MESSAGE_BYTES} bytes as JSON, this one has {}; store large data in the database and send its key",
            message.len()
        );
        return Err(SdkError::new(ErrorCode::TooLarge, message));
    }
    json::check(message)
        .map_err(|problem| SdkError::new(ErrorCode::InvalidArgument, format!("queue: the message {problem}")))
}

fn check_options(options: &EnqueueOptions) -> Result<(), SdkError> {
    if options.delay_seconds > MAX_DELAY_SECONDS {
        let message = format!(
            "queue: delaySeconds must be 0 to {MAX_DELAY_SECONDS} (7 days), not {}",
            options.delay_seconds
        );
        return Err(SdkError::new(ErrorCode::InvalidArgument, message));
    }
    let key = options.idempotency_key.as_deref();
    if key.is_some_and(|key| !(1..=MAX_KEY_BYTES).contains(&key.len()) || key.contains('\0')) {
        let message = format!("queue: idempotencyKey must have 1 to {MAX_KEY_BYTES} bytes and no NUL");
        return Err(SdkError::new(ErrorCode::InvalidArgument, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_can_be_read_by_whoever_gets_it() {
        let nested = "[".repeat(128) + &"]".repeat(128);
        for message in ["{", "1e9999", r#"{"a":[-1e309]}"#, &nested] {
            assert_eq!(
                check_message(message).unwrap_err().code,
                ErrorCode::InvalidArgument,
                "{message}"
            );
        }
        assert!(check_message(r#"{"a":[1e308,"1e9999"]}"#).is_ok());
    }
}
