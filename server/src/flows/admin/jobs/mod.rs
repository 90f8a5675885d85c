//! Jobs: what waits in queues, what ran, what failed for good.

mod count_by_queue;
mod delete;
mod get;
mod list;
mod requeue;
mod requeue_all;

use aerocall_api_types::{Job, JobPriority, JobState, JobSummary};
use aerocall_runtime::Priority;

pub(crate) use count_by_queue::CountJobsByQueue;
pub(in crate::flows::admin) use count_by_queue::by_queue;
pub(crate) use delete::DeleteJob;
pub(crate) use get::GetJob;
pub(crate) use list::ListJobs;
pub(crate) use requeue::RequeueJob;
pub(crate) use requeue_all::RequeueDeadJobs;

use crate::{
    base::{
        clock,
        error::{Error, Result},
    },
    storage::store::{self, JobRow},
};

/// For the reference: the members of a job.
macro_rules! example {
    () => {
        r#""id": "job_…", "queue": "welcome", "state": "dead", "attempts": 8, "hops": 0, "idempotencyKey": null, "orderKey": null, "priority": "normal", "runAt": "2026-01-31T12:00:00.000Z", "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": "2026-01-31T13:00:00.000Z", "error": "no answer""#
    };
}

use example;

/// A job in a list: without its message.
pub(in crate::flows::admin) fn summary(row: &JobRow) -> Result<JobSummary> {
    Ok(JobSummary {
        id: row.id.clone(),
        queue: row.queue.clone(),
        state: state(&row.state)?,
        attempts: row.attempts,
        hops: row.hops,
        idempotency_key: row.idempotency_key.clone(),
        order_key: row.order_key.clone(),
        priority: match row.priority() {
            Priority::High => JobPriority::High,
            Priority::Normal => JobPriority::Normal,
            Priority::Low => JobPriority::Low,
        },
        run_at: clock::iso(row.run_at_ms).into(),
        created_at: clock::iso(row.created_ms).into(),
        finished_at: row.finished_ms.map(|at_ms| clock::iso(at_ms).into()),
        error: row.error.clone(),
    })
}

pub(super) fn job(row: &JobRow) -> Result<Job> {
    Ok(Job {
        summary: summary(row)?,
        message: serde_json::from_str(&row.message)
            .map_err(|error| Error::unexpected("reading a stored message", error))?,
    })
}

/// A state as the store has it.
pub(super) fn state(stored: &str) -> Result<JobState> {
    let known = store::JobState::ALL.into_iter().find(|state| state.as_str() == stored);
    Ok(
        match known.ok_or_else(|| Error::unexpected("reading the state of a job", stored.to_owned()))? {
            store::JobState::Waiting => JobState::Waiting,
            store::JobState::Running => JobState::Running,
            store::JobState::Done => JobState::Done,
            store::JobState::Dead => JobState::Dead,
        },
    )
}
