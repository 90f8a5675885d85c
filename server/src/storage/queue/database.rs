//! Jobs from the core database: looked for when this process is woken because something waits, and at intervals.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{ClaimedJob, Claims, QueueTransport};
use crate::{
    base::{
        clock::millis,
        error::Result,
        places::Places,
        turns::{Step, Turns},
    },
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

    /// Claims jobs that are due since then, for projects that have room. `None`: none are due, whoever has room.
    pub(super) async fn claim_due(
        &self,
        places: &Places,
        due_ms: i64,
    ) -> std::result::Result<Option<Vec<JobRow>>, StoreError> {
        // Looked at without the writer's turn first: most of the time there is nothing.
        let any = self.claims.store.read(move |tx| tx.next_project_with_jobs("", due_ms));
        if any.await?.is_none() {
            return Ok(None);
        }
        let round = Round {
            after: self.last.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            owner: Arc::clone(&self.claims.owner),
            due_ms,
            until_ms: self.claims.clock.now_ms() + millis(self.claims.lease),
            places: places.clone(),
        };
        let (jobs, last) = self.claims.store.write_again(move |tx| round.clone().claim(tx)).await?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
        Ok(Some(jobs))
    }
}

#[async_trait]
impl QueueTransport for DatabaseQueue {
    async fn ready(&self) {
        tokio::time::timeout(self.poll, self.waiting.notified()).await.ok();
    }

    async fn claim(&self, places: &Places) -> Result<Vec<ClaimedJob>> {
        let jobs = self.claim_due(places, self.claims.clock.now_ms()).await?;
        Ok(jobs.into_iter().flatten().map(ClaimedJob::from_database).collect())
    }
}

/// One round through the projects that have jobs.
#[derive(Clone)]
pub(crate) struct Round {
    /// The project that was served last.
    pub(crate) after: String,
    pub(crate) owner: Arc<str>,
    /// What is due since then.
    pub(crate) due_ms: i64,
    pub(crate) until_ms: i64,
    pub(crate) places: Places,
}

impl Round {
    /// The jobs, and the project that was served last. Each project gives as many as it has places for.
    pub(crate) fn claim(mut self, tx: &mut Tx<'_>) -> std::result::Result<(Vec<JobRow>, String), StoreError> {
        let (mut jobs, mut last) = (Vec::new(), self.after.clone());
        let mut turns = Turns::after(&self.after);
        while self.places.has_room() {
            match turns.step(tx.next_project_with_jobs(turns.at(), self.due_ms)?) {
                Step::Over => break,
                Step::Again => {}
                Step::Turn(project) => {
                    let before = jobs.len();
                    self.claim_of(tx, &project, &mut jobs)?;
                    if jobs.len() > before {
                        last = project;
                    }
                }
            }
        }
        Ok((jobs, last))
    }

    fn claim_of(
        &mut self,
        tx: &mut Tx<'_>,
        project: &str,
        jobs: &mut Vec<JobRow>,
    ) -> std::result::Result<(), StoreError> {
        let most = self.places.free(project, project, usize::MAX);
        if most == 0 {
            return Ok(());
        }
        for job in tx.due_jobs(project, self.due_ms, i64::try_from(most).unwrap_or(1))? {
            let claim = JobClaim {
                owner: &self.owner,
                now_ms: self.due_ms,
                until_ms: self.until_ms,
            };
            if let Some(claimed) = tx.claim_job(&job.scope()?, &job.id, &claim)? {
                self.places.take(project, project, usize::MAX);
                jobs.push(claimed);
            }
        }
        Ok(())
    }
}
