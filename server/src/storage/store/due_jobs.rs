//! Which jobs are due, and who gets one.
//!
//! Of jobs of one scope and queue that share an order key, only the oldest unfinished one is due, and never two are run at
//! the same time. One that waits for another attempt holds those behind it; one that is done or dead does not.

use diesel::{dsl::sql, expression::SqlLiteral, sql_types::Bool};

use super::{JobRow, JobState, StoreError, Tx, query::prelude::*, schema::jobs};
use crate::base::ids::Scope;

/// Of the most urgent jobs, so many are tried: others take some of them at the same time.
const CANDIDATES: i64 = 16;

/// Who wants a job, when, and until when it is theirs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JobClaim<'a> {
    pub(crate) owner: &'a str,
    pub(crate) now_ms: i64,
    pub(crate) until_ms: i64,
}

/// Whether no other job stands before this one. As text, because both databases read it and diesel has no name for the
/// same table a second time in an update.
fn is_its_turn() -> SqlLiteral<Bool> {
    sql("(jobs.order_key IS NULL OR NOT EXISTS (SELECT 1 FROM jobs AS other \
         WHERE other.project_id = jobs.project_id AND other.environment = jobs.environment \
         AND other.queue = jobs.queue AND other.order_key = jobs.order_key \
         AND other.order_key IS NOT NULL AND other.state IN ('waiting', 'running') \
         AND (other.state = 'running' OR other.id < jobs.id)))")
}

impl Tx<'_> {
    /// The next project in the order of names, after this one, that has a job whose time has come.
    pub(crate) fn next_project_with_jobs(&mut self, after: &str, now_ms: i64) -> Result<Option<String>, StoreError> {
        Ok(jobs::table
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .filter(jobs::project_id.gt(after))
            .filter(jobs::run_at_ms.le(now_ms))
            .filter(is_its_turn())
            .order(jobs::project_id)
            .select(jobs::project_id)
            .first(self)
            .optional()?)
    }

    /// Jobs of the project whose time has come: the most urgent first, of those the longest waiting.
    pub(crate) fn due_jobs(&mut self, project: &str, now_ms: i64, most: i64) -> Result<Vec<JobRow>, StoreError> {
        Ok(jobs::table
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .filter(jobs::project_id.eq(project))
            .filter(jobs::run_at_ms.le(now_ms))
            .filter(is_its_turn())
            .order((jobs::priority, jobs::run_at_ms, jobs::id))
            .limit(most)
            .select(JobRow::columns())
            .load(self)?)
    }

    /// Whether there are jobs to be handed to the broker.
    pub(crate) fn has_unannounced_jobs(&mut self, now_ms: i64) -> Result<bool, StoreError> {
        let one: Option<String> = unannounced(now_ms)
            .filter(is_its_turn())
            .select(jobs::id)
            .first(self)
            .optional()?;
        Ok(one.is_some())
    }

    /// Jobs to be handed to the broker: due, and not with it already. Nobody else hands them over before `until_ms`.
    pub(crate) fn announce_jobs(&mut self, now_ms: i64, until_ms: i64, most: i64) -> Result<Vec<JobRow>, StoreError> {
        let begun: Vec<JobRow> = unannounced(now_ms)
            .filter(is_its_turn())
            .order((jobs::priority, jobs::run_at_ms))
            .limit(most)
            .select(JobRow::columns())
            .lock_free()
            .load(self)?;
        let ids: Vec<&str> = begun.iter().map(|job| job.id.as_str()).collect();
        diesel::update(jobs::table.filter(jobs::id.eq_any(ids)))
            .set(jobs::announced_until_ms.eq(until_ms))
            .execute(self)?;
        Ok(begun)
    }

    /// Gives a job of the named one's project to a worker: a more urgent one if there is one, else the named one. Where that was
    /// given away in the place of another, it is any that is due: so many jobs are given as are named.
    pub(crate) fn claim_instead_of(
        &mut self,
        scope: &Scope,
        id: &str,
        claim: &JobClaim<'_>,
    ) -> Result<Option<JobRow>, StoreError> {
        let named = jobs::table
            .filter(jobs::project_id.eq(scope.project.as_str()))
            .filter(jobs::environment.eq(scope.environment.as_str()))
            .filter(jobs::id.eq(id));
        // Whoever announces the job may still have its row, and says nothing more of it: this one waits, and has no other row yet.
        let rank: Option<i32> = named
            .select(jobs::priority)
            .lock_in_order()
            .get_result(self)
            .optional()?;
        let Some(rank) = rank else {
            return Ok(None);
        };
        let first = self.due_jobs(scope.project.as_str(), claim.now_ms, CANDIDATES)?;
        if let Some(urgent) = self.claim_one(first.iter().filter(|job| job.rank() < rank), claim)? {
            return Ok(Some(urgent));
        }
        match self.claim_job(scope, id, claim)? {
            Some(job) => Ok(Some(job)),
            None => self.claim_one(first.iter().filter(|job| job.id != id), claim),
        }
    }

    /// The first that nobody else takes.
    fn claim_one<'j>(
        &mut self,
        jobs: impl Iterator<Item = &'j JobRow>,
        claim: &JobClaim<'_>,
    ) -> Result<Option<JobRow>, StoreError> {
        for job in jobs {
            if let Some(claimed) = self.claim_job(&job.scope()?, &job.id, claim)? {
                return Ok(Some(claimed));
            }
        }
        Ok(None)
    }

    /// Gives a waiting job to a worker. `None` when somebody else has it or is about to, it is done, it is not of that scope, or
    /// another one of its order comes first: then it is announced again.
    pub(crate) fn claim_job(
        &mut self,
        scope: &Scope,
        id: &str,
        claim: &JobClaim<'_>,
    ) -> Result<Option<JobRow>, StoreError> {
        let mine = jobs::table
            .filter(jobs::project_id.eq(scope.project.as_str()))
            .filter(jobs::environment.eq(scope.environment.as_str()))
            .filter(jobs::id.eq(id))
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .filter(jobs::run_at_ms.le(claim.now_ms));
        let found: Option<(String, Option<String>)> = mine
            .select((jobs::queue, jobs::order_key))
            .lock_free()
            .get_result(self)
            .optional()?;
        let Some((queue, order_key)) = found else {
            return Ok(None);
        };
        if let Some(key) = order_key
            && !self.takes_its_turn(scope, id, &format!("jobs {scope} {queue} {key}"))?
        {
            return Ok(None);
        }
        let claimed = diesel::update(mine)
            .set((
                jobs::state.eq(JobState::Running.as_str()),
                jobs::attempts.eq(jobs::attempts + 1),
                jobs::lease_owner.eq(claim.owner),
                jobs::lease_until_ms.eq(claim.until_ms),
            ))
            .returning(JobRow::columns())
            .get_result(self);
        Ok(claimed.optional()?)
    }

    /// Whether the job, which is locked, may be claimed in this transaction as far as its order is concerned. If not, it is as if
    /// it had never been announced: it is once those before it are gone.
    fn takes_its_turn(&mut self, scope: &Scope, id: &str, order: &str) -> Result<bool, StoreError> {
        let of_scope = jobs::table
            .filter(jobs::id.eq(id))
            .filter(jobs::project_id.eq(scope.project.as_str()))
            .filter(jobs::environment.eq(scope.environment.as_str()));
        // Two workers that look at two jobs of one order at the same time would each see none that runs.
        if self.try_exclusive(order)? {
            let ready: Option<String> = of_scope.filter(is_its_turn()).select(jobs::id).first(self).optional()?;
            if ready.is_some() {
                return Ok(true);
            }
        }
        diesel::update(of_scope.filter(jobs::state.eq("waiting")))
            .set(jobs::announced_until_ms.eq(0))
            .execute(self)?;
        Ok(false)
    }
}

/// Jobs that are due and not with the broker.
#[diesel::dsl::auto_type(no_type_alias)]
fn unannounced(now_ms: i64) -> _ {
    jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::run_at_ms.le(now_ms))
        .filter(jobs::announced_until_ms.le(now_ms))
}
