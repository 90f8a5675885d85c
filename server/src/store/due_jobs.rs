//! Which jobs are due, and who gets one.
//!
//! Of jobs of one scope and queue that share an order key, only the oldest unfinished one is due, and never two are run at
//! the same time. One that waits for another attempt holds those behind it; one that is done or dead does not.

use diesel::{dsl::sql, expression::SqlLiteral, sql_types::Bool};

use super::{JobRow, JobState, StoreError, Tx, query::prelude::*, schema::jobs};
use crate::ids::Scope;

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

    /// Jobs of the project whose time has come, the longest waiting first.
    pub(crate) fn due_jobs(&mut self, project: &str, now_ms: i64, most: i64) -> Result<Vec<JobRow>, StoreError> {
        Ok(jobs::table
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .filter(jobs::project_id.eq(project))
            .filter(jobs::run_at_ms.le(now_ms))
            .filter(is_its_turn())
            .order((jobs::run_at_ms, jobs::id))
            .limit(most)
            .select(JobRow::columns())
            .load(self)?)
    }

    /// Jobs to be handed to the broker: due, and not with it already.
    pub(crate) fn unannounced_jobs(&mut self, now_ms: i64, most: i64) -> Result<Vec<JobRow>, StoreError> {
        Ok(jobs::table
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .filter(jobs::run_at_ms.le(now_ms))
            .filter(jobs::announced_until_ms.le(now_ms))
            .filter(is_its_turn())
            .order(jobs::run_at_ms)
            .limit(most)
            .select(JobRow::columns())
            .load(self)?)
    }

    /// Gives a waiting job to a worker. `None` when somebody else has it, it is done, it is not of that scope, or another
    /// one of its order comes first: then it is announced again.
    pub(crate) fn claim_job(
        &mut self,
        scope: &Scope,
        id: &str,
        owner: &str,
        now_ms: i64,
        lease_until_ms: i64,
    ) -> Result<Option<JobRow>, StoreError> {
        let mine = jobs::table
            .filter(jobs::project_id.eq(scope.project.as_str()))
            .filter(jobs::environment.eq(scope.environment.as_str()))
            .filter(jobs::id.eq(id))
            .filter(jobs::state.eq(JobState::Waiting.as_str()))
            .filter(jobs::run_at_ms.le(now_ms));
        if !self.takes_its_turn(scope, id)? {
            return Ok(None);
        }
        let claimed = diesel::update(mine)
            .set((
                jobs::state.eq(JobState::Running.as_str()),
                jobs::attempts.eq(jobs::attempts + 1),
                jobs::lease_owner.eq(owner),
                jobs::lease_until_ms.eq(lease_until_ms),
            ))
            .execute(self)?;
        if claimed == 0 { Ok(None) } else { self.job(scope, id) }
    }

    /// Whether the job may be claimed in this transaction as far as its order is concerned. If not, it is as if it had never
    /// been announced: it is once those before it are gone.
    fn takes_its_turn(&mut self, scope: &Scope, id: &str) -> Result<bool, StoreError> {
        let of_scope = jobs::table
            .filter(jobs::id.eq(id))
            .filter(jobs::project_id.eq(scope.project.as_str()))
            .filter(jobs::environment.eq(scope.environment.as_str()));
        let found: Option<(String, Option<String>)> =
            of_scope.select((jobs::queue, jobs::order_key)).first(self).optional()?;
        let Some((queue, Some(key))) = found else {
            return Ok(true);
        };
        // Two workers that look at two jobs of one order at the same time would each see none that runs.
        if self.try_exclusive(&format!("jobs {scope} {queue} {key}"))? {
            let ready: Option<String> = of_scope.filter(is_its_turn()).select(jobs::id).first(self).optional()?;
            if ready.is_some() {
                return Ok(true);
            }
        }
        let again = jobs::table.filter(jobs::id.eq(id)).filter(jobs::state.eq("waiting"));
        diesel::update(again)
            .set(jobs::announced_until_ms.eq(0))
            .execute(self)?;
        Ok(false)
    }
}
