//! What becomes of claimed jobs and deliveries without an end: their worker goes on, gives them back, or is gone.

#[cfg(test)]
use super::planted;
use super::{
    JobState, StoreError, Tx,
    deliveries::{self, RUNNING, WAITING},
    query::prelude::*,
    schema::{jobs, webhook_deliveries},
};

impl Tx<'_> {
    /// The owner still works on them. Answers how many are still its own, but for those that are ending right now.
    pub(crate) fn extend_leases(&mut self, owner: &str, ids: &[String], until_ms: i64) -> Result<usize, StoreError> {
        let own: Vec<String> = jobs::table
            .filter(jobs::id.eq_any(ids))
            .filter(jobs::lease_owner.eq(owner))
            .filter(jobs::state.eq(JobState::Running.as_str()))
            .select(jobs::id)
            .lock_free()
            .load(self)?;
        Ok(diesel::update(jobs::table.filter(jobs::id.eq_any(own)))
            .set(jobs::lease_until_ms.eq(until_ms))
            .execute(self)?)
    }

    /// Gives back what the owner has claimed and not ended, as if it had not been claimed. How many jobs that were.
    pub(crate) fn hand_back_jobs(&mut self, owner: &str) -> Result<usize, StoreError> {
        let own: Vec<String> = jobs::table
            .filter(jobs::lease_owner.eq(owner))
            .filter(jobs::state.eq(JobState::Running.as_str()))
            .order(jobs::id)
            .select(jobs::id)
            .lock_in_order()
            .load(self)?;
        Ok(diesel::update(jobs::table.filter(jobs::id.eq_any(own)))
            .set((
                jobs::state.eq(JobState::Waiting.as_str()),
                jobs::attempts.eq(jobs::attempts - 1),
                jobs::announced_until_ms.eq(0),
                jobs::lease_owner.eq(None::<String>),
                jobs::lease_until_ms.eq(None::<i64>),
            ))
            .execute(self)?)
    }

    /// Whether there are leases that end after this time.
    pub(crate) fn has_leases_after(&mut self, latest_ms: i64) -> Result<bool, StoreError> {
        let one: Option<String> = jobs::table
            .filter(jobs::state.eq(JobState::Running.as_str()))
            .filter(jobs::lease_until_ms.gt(latest_ms))
            .select(jobs::id)
            .first(self)
            .optional()?;
        Ok(one.is_some())
    }

    /// Jobs whose lease ran out: they wait again, and the attempt counts. Answers how many.
    /// A lease that ends after `latest_ms` is of a worker whose clock ran ahead, and nobody would wait for its end.
    pub(crate) fn reclaim_jobs(&mut self, now_ms: i64, latest_ms: i64, attempts: i32) -> Result<usize, StoreError> {
        let lost: Vec<(String, i32)> = jobs::table
            .filter(jobs::state.eq(JobState::Running.as_str()))
            .filter(jobs::lease_until_ms.lt(now_ms).or(jobs::lease_until_ms.gt(latest_ms)))
            .select((jobs::id, jobs::attempts))
            .lock_free()
            .load(self)?;
        if lost.is_empty() {
            return Ok(0);
        }
        let (spent, again): (Vec<_>, Vec<_>) = lost.into_iter().partition(|(_, begun)| *begun >= attempts);
        let ids = |lost: Vec<(String, i32)>| lost.into_iter().map(|(id, _)| id).collect::<Vec<String>>();
        let free = || {
            (
                jobs::announced_until_ms.eq(0),
                jobs::lease_owner.eq(None::<String>),
                jobs::lease_until_ms.eq(None::<i64>),
                jobs::error.eq("the worker was lost while it ran the job"),
            )
        };
        let dead = diesel::update(jobs::table.filter(jobs::id.eq_any(ids(spent))))
            .set((
                jobs::state.eq(JobState::Dead.as_str()),
                jobs::finished_ms.eq(now_ms),
                free(),
            ))
            .execute(self)?;
        let again = diesel::update(jobs::table.filter(jobs::id.eq_any(ids(again))))
            .set((
                jobs::state.eq(JobState::Waiting.as_str()),
                jobs::run_at_ms.eq(now_ms),
                free(),
            ))
            .execute(self)?;
        Ok(dead + again)
    }

    /// Gives back what the owner has not noted the end of.
    pub(crate) fn hand_back_deliveries(&mut self, owner: &str) -> Result<usize, StoreError> {
        let own: Vec<String> = webhook_deliveries::table
            .filter(webhook_deliveries::lease_owner.eq(owner))
            .filter(webhook_deliveries::state.eq(RUNNING))
            .order(webhook_deliveries::id)
            .select(webhook_deliveries::id)
            .lock_in_order()
            .load(self)?;
        Ok(diesel::update(deliveries::all(own)).set(UNCLAIMED).execute(self)?)
    }

    /// Deliveries whose worker is gone wait again. How many.
    /// The same with `latest_ms` as for jobs.
    pub(crate) fn reclaim_deliveries(&mut self, now_ms: i64, latest_ms: i64) -> Result<usize, StoreError> {
        #[cfg(test)]
        planted::before_a_reclaim(self, now_ms)?;
        let lost: Vec<String> = webhook_deliveries::table
            .filter(webhook_deliveries::state.eq(RUNNING))
            .filter(
                webhook_deliveries::lease_until_ms
                    .lt(now_ms)
                    .or(webhook_deliveries::lease_until_ms.gt(latest_ms)),
            )
            .select(webhook_deliveries::id)
            .lock_free()
            .load(self)?;
        Ok(diesel::update(deliveries::all(lost)).set(UNCLAIMED).execute(self)?)
    }
}

/// A claim that ended, and nothing came of it.
const UNCLAIMED: Unclaimed = Unclaimed {
    state: WAITING,
    lease_owner: None,
    lease_until_ms: None,
};

#[derive(AsChangeset)]
#[diesel(table_name = webhook_deliveries, treat_none_as_null = true)]
struct Unclaimed {
    state: &'static str,
    lease_owner: Option<String>,
    lease_until_ms: Option<i64>,
}
