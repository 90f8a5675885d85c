//! Jobs: the messages of queues. The row is the truth about a job whatever carries it to a worker: a job is run by whoever
//! claims its row, and nobody else.

use std::collections::HashSet;

use aerocall_runtime::Priority;
use diesel::{IntoSql as _, dsl::count_star, sql_types::Bool};

use super::{AFTER_ALL_IDS, StoreError, Tx, access, query::prelude::*, schema::jobs};
use crate::base::{ids::Scope, request};

/// A job to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewJob {
    pub(crate) id: String,
    pub(crate) queue: String,
    /// JSON.
    pub(crate) message: String,
    pub(crate) idempotency_key: Option<String>,
    /// Jobs of the queue with the same key are run one after the other, in the order of their ids.
    pub(crate) order_key: Option<String>,
    pub(crate) priority: Priority,
    /// How many jobs led to this one.
    pub(crate) hops: i32,
    pub(crate) run_at_ms: i64,
    pub(crate) created_ms: i64,
}

/// A kept job.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub(crate) struct JobRow {
    pub(crate) id: String,
    project_id: String,
    environment: String,
    pub(crate) queue: String,
    pub(crate) message: String,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) order_key: Option<String>,
    priority: i32,
    pub(crate) state: String,
    /// Begun so far.
    pub(crate) attempts: i32,
    pub(crate) hops: i32,
    pub(crate) run_at_ms: i64,
    pub(crate) error: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) finished_ms: Option<i64>,
}

/// Which jobs a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobFilter {
    pub(crate) queue: Option<String>,
    pub(crate) state: Option<JobState>,
    /// Older than this one.
    pub(crate) before: Option<String>,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobState {
    /// For its time, or for a worker.
    Waiting,
    /// A worker has it.
    Running,
    /// Its hook succeeded.
    Done,
    /// It failed too often, or its hook gave it up.
    Dead,
}

/// What becomes of a job whose attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Afterwards {
    /// Again, at that time.
    Retry { run_at_ms: i64 },
    /// Not again by itself.
    Dead { now_ms: i64 },
}

/// Jobs of a queue by state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueueCount {
    pub(crate) queue: String,
    pub(crate) state: String,
    pub(crate) jobs: i64,
}

impl JobRow {
    /// Names in the store were checked when they were written.
    pub(crate) fn scope(&self) -> Result<Scope, StoreError> {
        access::scope(&self.project_id, &self.environment).ok_or(StoreError::Inconsistent("a job without a project"))
    }

    pub(crate) fn priority(&self) -> Priority {
        named(self.priority)
    }

    /// The most urgent first.
    pub(super) fn rank(&self) -> i32 {
        self.priority
    }
}

/// As a column holds it: the most urgent first.
fn rank(priority: Priority) -> i32 {
    match priority {
        Priority::High => 0,
        Priority::Normal => 1,
        Priority::Low => 2,
    }
}

fn named(rank: i32) -> Priority {
    match rank {
        ..=0 => Priority::High,
        1 => Priority::Normal,
        _ => Priority::Low,
    }
}

impl JobState {
    pub(crate) const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::Dead];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// The jobs of a scope.
macro_rules! of_scope {
    ($scope:expr) => {
        jobs::table
            .filter(jobs::project_id.eq($scope.project.as_str()))
            .filter(jobs::environment.eq($scope.environment.as_str()))
    };
}

impl Tx<'_> {
    /// Keeps the job, unless one with the same idempotency key is there.
    pub(crate) fn insert_job(&mut self, scope: &Scope, job: &NewJob) -> Result<(), StoreError> {
        if let Some(key) = &job.idempotency_key
            && self.job_of_key(scope, &job.queue, key)?.is_some()
        {
            return Ok(());
        }
        diesel::insert_into(jobs::table)
            .values((
                jobs::id.eq(&job.id),
                jobs::project_id.eq(scope.project.as_str()),
                jobs::environment.eq(scope.environment.as_str()),
                jobs::queue.eq(&job.queue),
                jobs::message.eq(&job.message),
                jobs::idempotency_key.eq(job.idempotency_key.as_deref()),
                jobs::state.eq(JobState::Waiting.as_str()),
                (
                    jobs::attempts.eq(0),
                    jobs::hops.eq(job.hops),
                    jobs::order_key.eq(job.order_key.as_deref()),
                    jobs::priority.eq(rank(job.priority)),
                    jobs::run_at_ms.eq(job.run_at_ms),
                    jobs::announced_until_ms.eq(0),
                    jobs::created_ms.eq(job.created_ms),
                    jobs::request_id.eq(request::current()),
                ),
            ))
            // Somebody else may have kept it since.
            .on_conflict_do_nothing()
            .execute(self)?;
        Ok(())
    }

    /// A job that is not to be run at all: dead before its first attempt, for whoever looks into it.
    pub(crate) fn bury_job(&mut self, id: &str, reason: &str, now_ms: i64) -> Result<(), StoreError> {
        diesel::update(jobs::table.filter(jobs::id.eq(id)))
            .set((
                jobs::state.eq(JobState::Dead.as_str()),
                jobs::error.eq(reason),
                jobs::finished_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The id of the job with this idempotency key.
    pub(crate) fn job_of_key(&mut self, scope: &Scope, queue: &str, key: &str) -> Result<Option<String>, StoreError> {
        Ok(of_scope!(scope)
            .filter(jobs::queue.eq(queue))
            .filter(jobs::idempotency_key.eq(key))
            .select(jobs::id)
            .first(self)
            .optional()?)
    }

    pub(crate) fn job(&mut self, scope: &Scope, id: &str) -> Result<Option<JobRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(jobs::id.eq(id))
            .select(JobRow::columns())
            .first(self)
            .optional()?)
    }

    /// Newest first.
    pub(crate) fn jobs(&mut self, scope: &Scope, filter: &JobFilter, most: i64) -> Result<Vec<JobRow>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let state = filter.state.map(JobState::as_str);
        Ok(of_scope!(scope)
            .filter(any(filter.queue.is_none()).or(jobs::queue.eq(filter.queue.as_deref().unwrap_or_default())))
            .filter(any(state.is_none()).or(jobs::state.eq(state.unwrap_or_default())))
            .filter(jobs::id.lt(filter.before.as_deref().unwrap_or(AFTER_ALL_IDS)))
            .order(jobs::id.desc())
            .limit(most)
            .select(JobRow::columns())
            .load(self)?)
    }

    pub(crate) fn queue_counts(&mut self, scope: &Scope) -> Result<Vec<QueueCount>, StoreError> {
        let rows: Vec<(String, String, i64)> = of_scope!(scope)
            .group_by((jobs::queue, jobs::state))
            .select((jobs::queue, jobs::state, count_star()))
            .order((jobs::queue, jobs::state))
            .load(self)?;
        let count = |(queue, state, jobs)| QueueCount { queue, state, jobs };
        Ok(rows.into_iter().map(count).collect())
    }

    /// How many jobs of the project wait, in all its environments.
    pub(crate) fn waiting_jobs(&mut self, scope: &Scope) -> Result<i64, StoreError> {
        Ok(jobs::table
            .filter(jobs::project_id.eq(scope.project.as_str()))
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .select(count_star())
            .first(self)?)
    }

    /// Projects with jobs that wait or run.
    pub(crate) fn projects_with_jobs(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(jobs::table
            .filter(jobs::state.eq_any([JobState::Waiting.as_str(), JobState::Running.as_str()]))
            .select(jobs::project_id)
            .distinct()
            .load(self)?)
    }

    /// The broker may have lost what it had of the project: everything that waits is announced again.
    pub(crate) fn forget_announcements(&mut self, project: &str) -> Result<(), StoreError> {
        let announced: Vec<String> = jobs::table
            .filter(jobs::project_id.eq(project))
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .filter(jobs::announced_until_ms.gt(0))
            .order(jobs::id)
            .select(jobs::id)
            .lock_in_order()
            .load(self)?;
        diesel::update(jobs::table.filter(jobs::id.eq_any(announced)))
            .set(jobs::announced_until_ms.eq(0))
            .execute(self)?;
        Ok(())
    }

    /// Whether the job was still the owner's: otherwise its effects must not be kept.
    pub(crate) fn finish_job(&mut self, id: &str, owner: &str, now_ms: i64) -> Result<bool, StoreError> {
        let finished = diesel::update(held(id, owner))
            .set((
                jobs::state.eq(JobState::Done.as_str()),
                jobs::lease_owner.eq(None::<String>),
                jobs::lease_until_ms.eq(None::<i64>),
                jobs::error.eq(None::<String>),
                jobs::finished_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(finished == 1)
    }

    /// An attempt failed.
    pub(crate) fn fail_job(&mut self, id: &str, owner: &str, error: &str, then: &Afterwards) -> Result<(), StoreError> {
        let (state, run_at_ms, finished_ms) = match then {
            Afterwards::Retry { run_at_ms } => (JobState::Waiting, Some(*run_at_ms), None),
            Afterwards::Dead { now_ms } => (JobState::Dead, None, Some(*now_ms)),
        };
        diesel::update(held(id, owner))
            .set((
                jobs::state.eq(state.as_str()),
                run_at_ms.map(|at| jobs::run_at_ms.eq(at)),
                jobs::announced_until_ms.eq(0),
                jobs::lease_owner.eq(None::<String>),
                jobs::lease_until_ms.eq(None::<i64>),
                jobs::error.eq(error),
                jobs::finished_ms.eq(finished_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The broker has confirmed that it has some jobs, which are not announced again before `until_ms`; others it has not, and they
    /// are announced again. One whose announcement is not that one any more has been through a worker in the meantime, and
    /// waits for another.
    pub(crate) fn jobs_confirmed(
        &mut self,
        confirmed: &[String],
        returned: &[String],
        begun_ms: i64,
        until_ms: i64,
    ) -> Result<(), StoreError> {
        let announced: Vec<String> = jobs::table
            .filter(jobs::id.eq_any([confirmed, returned].concat()))
            .filter(jobs::announced_until_ms.eq(begun_ms))
            .order(jobs::id)
            .select(jobs::id)
            .lock_in_order()
            .load(self)?;
        let returned: HashSet<&String> = returned.iter().collect();
        let (returned, confirmed): (Vec<&String>, Vec<&String>) =
            announced.iter().partition(|id| returned.contains(id));
        for (ids, until_ms) in [(confirmed, until_ms), (returned, 0)] {
            diesel::update(jobs::table.filter(jobs::id.eq_any(ids)))
                .set(jobs::announced_until_ms.eq(until_ms))
                .execute(self)?;
        }
        Ok(())
    }

    /// Puts a dead job back with all its attempts. Whether there was one.
    pub(crate) fn requeue_job(&mut self, scope: &Scope, id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let dead = of_scope!(scope)
            .filter(jobs::id.eq(id))
            .filter(jobs::state.eq(JobState::Dead.as_str()));
        let requeued = diesel::update(dead)
            .set((
                jobs::state.eq(JobState::Waiting.as_str()),
                jobs::attempts.eq(0),
                jobs::run_at_ms.eq(now_ms),
                jobs::announced_until_ms.eq(0),
                jobs::finished_ms.eq(None::<i64>),
            ))
            .execute(self)?;
        Ok(requeued == 1)
    }

    /// The same for all dead jobs of a queue that ended before then, the oldest first, at most so many. How many there were.
    pub(crate) fn requeue_dead_jobs(
        &mut self,
        scope: &Scope,
        queue: &str,
        before_ms: i64,
        now_ms: i64,
        most: i64,
    ) -> Result<usize, StoreError> {
        let dead: Vec<String> = of_scope!(scope)
            .filter(jobs::queue.eq(queue))
            .filter(jobs::state.eq(JobState::Dead.as_str()))
            .filter(jobs::finished_ms.assume_not_null().lt(before_ms))
            .order(jobs::id)
            .limit(most)
            .select(jobs::id)
            .lock_in_order()
            .load(self)?;
        Ok(diesel::update(jobs::table.filter(jobs::id.eq_any(dead)))
            .set((
                jobs::state.eq(JobState::Waiting.as_str()),
                jobs::attempts.eq(0),
                jobs::run_at_ms.eq(now_ms),
                jobs::announced_until_ms.eq(0),
                jobs::finished_ms.eq(None::<i64>),
            ))
            .execute(self)?)
    }

    /// Deletes a job, unless a worker has it. Whether there was one that nobody has.
    pub(crate) fn delete_job(&mut self, scope: &Scope, id: &str) -> Result<bool, StoreError> {
        let idle = of_scope!(scope)
            .filter(jobs::id.eq(id))
            .filter(jobs::state.ne(JobState::Running.as_str()));
        Ok(diesel::delete(idle).execute(self)? == 1)
    }

    /// When the job of each queue that has waited longest was added.
    pub(crate) fn oldest_waiting(&mut self, scope: &Scope) -> Result<Vec<(String, Option<i64>)>, StoreError> {
        Ok(of_scope!(scope)
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .group_by(jobs::queue)
            .select((jobs::queue, diesel::dsl::min(jobs::created_ms)))
            .load(self)?)
    }

    /// Deletes jobs that ended so long ago, at most so many. Dead ones stay until somebody looks at them, ten times as long.
    pub(crate) fn delete_old_jobs(&mut self, now_ms: i64, keep_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let ended = |state: JobState, keep_ms: i64| {
            jobs::table
                .filter(jobs::state.eq(state.as_str()))
                .filter(jobs::finished_ms.lt(now_ms - keep_ms))
                .select(jobs::id)
                .limit(max_rows)
        };
        let mut ids: Vec<String> = ended(JobState::Done, keep_ms).lock_free().load(self)?;
        if ids.is_empty() {
            ids = ended(JobState::Dead, keep_ms.saturating_mul(10))
                .lock_free()
                .load(self)?;
        }
        Ok(diesel::delete(jobs::table.filter(jobs::id.eq_any(ids))).execute(self)?)
    }
}

/// The job, as long as the owner has it.
#[diesel::dsl::auto_type(no_type_alias)]
fn held<'a>(id: &'a str, owner: &'a str) -> _ {
    jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::lease_owner.eq(owner))
        .filter(jobs::state.eq("running"))
}
