//! Jobs from the core database: looked for when this process is woken because something waits, and at intervals.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{ClaimedJob, Claims, JobCapacity, QueueTransport};
use crate::{
    base::{clock::millis, error::Result},
    storage::store::{JobClaim, JobRow, StoreError, Tx},
};

/// Asks the database.
pub(super) struct DatabaseQueue {
    claims: Claims,
    waiting: Arc<Notify>,
    poll: Duration,
    /// The project that was served last: the next one is first, so that each has its turn.
    last: Mutex<String>,
}

impl DatabaseQueue {
    pub(super) fn new(claims: Claims, waiting: Arc<Notify>, poll: Duration) -> Self {
        Self {
            claims,
            waiting,
            poll,
            last: Mutex::default(),
        }
    }

    async fn claim_some(&self, capacity: &JobCapacity) -> Result<Vec<JobRow>> {
        let turn = Round {
            after: self.last.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            owner: Arc::clone(&self.claims.owner),
            now_ms: self.claims.clock.now_ms(),
            lease_ms: millis(self.claims.lease),
            capacity: capacity.clone(),
        };
        // Looked at without the writer's turn first: most of the time there is nothing.
        let now_ms = turn.now_ms;
        let any = self.claims.store.read(move |tx| tx.next_project_with_jobs("", now_ms));
        if any.await?.is_none() {
            return Ok(Vec::new());
        }
        let (jobs, last) = self.claims.store.write(move |tx| turn.claim(tx)).await?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
        Ok(jobs)
    }
}

#[async_trait]
impl QueueTransport for DatabaseQueue {
    async fn take(&self, capacity: &JobCapacity) -> Result<Vec<ClaimedJob>> {
        // Registered before the look, so that what is announced in between is not missed.
        let woken = self.waiting.notified();
        let mut jobs = self.claim_some(capacity).await?;
        if jobs.is_empty() {
            tokio::time::timeout(self.poll, woken).await.ok();
            jobs = self.claim_some(capacity).await?;
        }
        let taken = |job| ClaimedJob {
            job,
            acknowledgement: None,
        };
        Ok(jobs.into_iter().map(taken).collect())
    }
}

/// One round through the projects that have jobs.
struct Round {
    after: String,
    owner: Arc<str>,
    now_ms: i64,
    lease_ms: i64,
    capacity: JobCapacity,
}

impl Round {
    /// The jobs, and the project that was served last. Each project gives as many as it may run, until the capacity is full.
    fn claim(self, tx: &mut Tx<'_>) -> std::result::Result<(Vec<JobRow>, String), StoreError> {
        let (mut jobs, mut last) = (Vec::new(), self.after.clone());
        for start in [self.after.as_str(), ""] {
            let mut project = start.to_owned();
            while let Some(next) = tx.next_project_with_jobs(&project, self.now_ms)? {
                let second_round_is_over = start.is_empty() && next > self.after && !self.after.is_empty();
                if jobs.len() >= self.capacity.jobs || second_round_is_over {
                    break;
                }
                if !self.capacity.full.contains(&next) {
                    self.claim_of(tx, &next, &mut jobs)?;
                    last.clone_from(&next);
                }
                project = next;
            }
            if self.after.is_empty() {
                break;
            }
        }
        Ok((jobs, last))
    }

    fn claim_of(&self, tx: &mut Tx<'_>, project: &str, jobs: &mut Vec<JobRow>) -> std::result::Result<(), StoreError> {
        let most = self.capacity.per_project.min(self.capacity.jobs - jobs.len());
        let claim = JobClaim {
            owner: &self.owner,
            now_ms: self.now_ms,
            until_ms: self.now_ms + self.lease_ms,
        };
        for job in tx.due_jobs(project, self.now_ms, i64::try_from(most).unwrap_or(1))? {
            jobs.extend(tx.claim_job(&job.scope()?, &job.id, &claim)?);
        }
        Ok(())
    }
}
