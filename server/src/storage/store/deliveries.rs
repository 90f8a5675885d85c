//! Deliveries of events to webhook endpoints. A delivery is sent by whoever claims its row; a claim that runs out is
//! anybody's again, so that a receiver may get an event twice and never not at all.

use diesel::dsl::{exists, not};

#[cfg(test)]
use super::planted::{self, Bug};
use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{webhook_attempts, webhook_deliveries},
};

/// A kept delivery.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
pub(crate) struct DeliveryRow {
    pub(crate) id: String,
    pub(crate) event_id: String,
    pub(crate) event_type: String,
    pub(crate) state: String,
    /// Ended so far, of this round.
    pub(crate) attempts: i32,
    pub(crate) run_at_ms: i64,
    pub(crate) created_ms: i64,
    pub(crate) finished_ms: Option<i64>,
}

/// A delivery to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewDelivery {
    pub(crate) id: String,
    pub(crate) endpoint: String,
    pub(crate) event_id: String,
    pub(crate) event_type: String,
    /// Those with the same one go one after another.
    pub(crate) order_key: Option<String>,
    pub(crate) now_ms: i64,
}

/// One try: what was answered, or why nothing was.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhook_attempts)]
pub(crate) struct AttemptRow {
    pub(crate) id: String,
    pub(crate) delivery_id: String,
    pub(crate) time_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) status: Option<i32>,
    pub(crate) error: Option<String>,
    /// The beginning of it.
    pub(crate) response: Option<String>,
    /// Of the answer: a JSON list of names and values.
    pub(crate) headers: Option<String>,
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryFate {
    Delivered,
    /// Again, at that time.
    Retry {
        run_at_ms: i64,
    },
    /// Not again by itself.
    Failed,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    Waiting,
    Running,
    Delivered,
    Failed,
    /// Its endpoint was disabled before it left.
    Canceled,
}

/// How a worker takes deliveries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeliveryClaim<'a> {
    pub(crate) owner: &'a str,
    pub(crate) now_ms: i64,
    pub(crate) until_ms: i64,
}

impl DeliveryState {
    pub(crate) const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Running,
        Self::Delivered,
        Self::Failed,
        Self::Canceled,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

pub(super) const WAITING: &str = "waiting";
pub(super) const RUNNING: &str = "running";

/// Deliveries of an endpoint whose time has come, the longest waiting first.
macro_rules! due {
    ($endpoint:expr, $now_ms:expr) => {
        webhook_deliveries::table
            .filter(webhook_deliveries::state.eq(WAITING))
            .filter(webhook_deliveries::endpoint_id.eq($endpoint))
            .filter(webhook_deliveries::run_at_ms.le($now_ms))
            .order((webhook_deliveries::run_at_ms, webhook_deliveries::id))
    };
}

impl Tx<'_> {
    /// Keeps the delivery, unless the event is one of the endpoint's already. Whether it is new.
    pub(crate) fn insert_delivery(&mut self, new: &NewDelivery) -> Result<bool, StoreError> {
        let kept = diesel::insert_into(webhook_deliveries::table)
            .values((
                webhook_deliveries::id.eq(&new.id),
                webhook_deliveries::endpoint_id.eq(&new.endpoint),
                webhook_deliveries::event_id.eq(&new.event_id),
                webhook_deliveries::event_type.eq(&new.event_type),
                webhook_deliveries::state.eq(WAITING),
                webhook_deliveries::attempts.eq(0),
                webhook_deliveries::run_at_ms.eq(new.now_ms),
                webhook_deliveries::order_key.eq(&new.order_key),
                webhook_deliveries::created_ms.eq(new.now_ms),
            ))
            .on_conflict_do_nothing()
            .execute(self)?;
        Ok(kept == 1)
    }

    /// The next endpoint in the order of ids, after this one, that something is due for.
    pub(crate) fn next_endpoint_with_deliveries(
        &mut self,
        after: &str,
        now_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        Ok(webhook_deliveries::table
            .filter(webhook_deliveries::state.eq(WAITING))
            .filter(webhook_deliveries::endpoint_id.gt(after))
            .filter(webhook_deliveries::run_at_ms.le(now_ms))
            .order((webhook_deliveries::endpoint_id, webhook_deliveries::run_at_ms))
            .select(webhook_deliveries::endpoint_id)
            .first(self)
            .optional()?)
    }

    /// Gives deliveries of the endpoint whose time has come to a worker, the longest waiting first.
    pub(crate) fn claim_deliveries(
        &mut self,
        endpoint: &str,
        claim: DeliveryClaim<'_>,
        most: i64,
        is_ordered: impl FnOnce() -> bool,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        #[cfg(test)]
        planted::before_a_claim(self, endpoint)?;
        let is_ordered = is_ordered();
        #[cfg(test)]
        let is_ordered = is_ordered && !Bug::OutOfOrder.is_planted();
        let ids = match is_ordered {
            false => self.due_deliveries(endpoint, claim.now_ms, most)?,
            true => self.due_in_order(endpoint, claim.now_ms, most)?,
        };
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let waiting = webhook_deliveries::table
            .filter(webhook_deliveries::id.eq_any(ids))
            .filter(webhook_deliveries::state.eq(WAITING));
        let rows = diesel::update(waiting)
            .set((
                webhook_deliveries::state.eq(RUNNING),
                webhook_deliveries::lease_owner.eq(claim.owner),
                webhook_deliveries::lease_until_ms.eq(claim.until_ms),
            ))
            .returning(DeliveryRow::columns())
            .load(self)?;
        #[cfg(test)]
        let rows = planted::claimed(rows);
        Ok(rows)
    }

    fn due_deliveries(&mut self, endpoint: &str, now_ms: i64, most: i64) -> Result<Vec<String>, StoreError> {
        Ok(due!(endpoint, now_ms)
            .limit(most)
            .select(webhook_deliveries::id)
            .lock_free()
            .load(self)?)
    }

    /// The ones that none with the same key stands before. Ids of deliveries are in the order of their events.
    fn due_in_order(&mut self, endpoint: &str, now_ms: i64, most: i64) -> Result<Vec<String>, StoreError> {
        let earlier = diesel::alias!(webhook_deliveries as earlier);
        let before = earlier
            .filter(earlier.field(webhook_deliveries::endpoint_id).eq(endpoint))
            .filter(
                earlier
                    .field(webhook_deliveries::order_key)
                    .eq(webhook_deliveries::order_key),
            )
            .filter(earlier.field(webhook_deliveries::state).eq_any([WAITING, RUNNING]))
            .filter(earlier.field(webhook_deliveries::id).lt(webhook_deliveries::id));
        Ok(due!(endpoint, now_ms)
            .filter(not(exists(before)))
            .limit(most)
            .select(webhook_deliveries::id)
            .lock_free()
            .load(self)?)
    }

    /// Ends an attempt. False if the claim had run out: then somebody else sends it.
    pub(crate) fn settle_delivery(
        &mut self,
        owner: &str,
        attempt: &AttemptRow,
        fate: DeliveryFate,
    ) -> Result<bool, StoreError> {
        #[cfg(test)]
        planted::before_an_end(self, owner, &attempt.delivery_id)?;
        let ended_ms = attempt.time_ms + attempt.duration_ms;
        let (state, run_at_ms, finished_ms) = match fate {
            DeliveryFate::Delivered => (DeliveryState::Delivered, None, Some(ended_ms)),
            DeliveryFate::Retry { run_at_ms } => (DeliveryState::Waiting, Some(run_at_ms), None),
            DeliveryFate::Failed => (DeliveryState::Failed, None, Some(ended_ms)),
        };
        let own = webhook_deliveries::table
            .filter(webhook_deliveries::id.eq(&attempt.delivery_id))
            .filter(webhook_deliveries::lease_owner.eq(owner))
            .filter(webhook_deliveries::state.eq(RUNNING));
        let settled = diesel::update(own)
            .set((
                webhook_deliveries::state.eq(state.as_str()),
                webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
                run_at_ms.map(|at| webhook_deliveries::run_at_ms.eq(at)),
                webhook_deliveries::lease_owner.eq(None::<String>),
                webhook_deliveries::lease_until_ms.eq(None::<i64>),
                webhook_deliveries::finished_ms.eq(finished_ms),
            ))
            .execute(self)?;
        if settled == 0 {
            return Ok(false);
        }
        diesel::insert_into(webhook_attempts::table)
            .values((
                webhook_attempts::id.eq(&attempt.id),
                webhook_attempts::delivery_id.eq(&attempt.delivery_id),
                webhook_attempts::time_ms.eq(attempt.time_ms),
                webhook_attempts::duration_ms.eq(attempt.duration_ms),
                webhook_attempts::status.eq(attempt.status),
                webhook_attempts::error.eq(&attempt.error),
                webhook_attempts::response.eq(&attempt.response),
                webhook_attempts::headers.eq(&attempt.headers),
            ))
            .execute(self)?;
        Ok(true)
    }

    /// What waits for the endpoint does not leave.
    pub(super) fn cancel_deliveries(&mut self, endpoint: &str, now_ms: i64) -> Result<(), StoreError> {
        let waiting: Vec<String> = webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(endpoint))
            .filter(webhook_deliveries::state.eq(WAITING))
            .order(webhook_deliveries::id)
            .select(webhook_deliveries::id)
            .lock_in_order()
            .load(self)?;
        diesel::update(all(waiting))
            .set((
                webhook_deliveries::state.eq(DeliveryState::Canceled.as_str()),
                webhook_deliveries::finished_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// A delivery that ended begins anew. False if it has not ended.
    pub(crate) fn replay_delivery(&mut self, endpoint: &str, id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let ended = webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(endpoint))
            .filter(webhook_deliveries::id.eq(id))
            .filter(webhook_deliveries::finished_ms.is_not_null());
        Ok(diesel::update(ended).set(anew(now_ms)).execute(self)? > 0)
    }

    /// Those that failed or were canceled, of events since then, begin anew. How many.
    pub(crate) fn replay_failed(&mut self, endpoint: &str, since_ms: i64, now_ms: i64) -> Result<usize, StoreError> {
        let failed: Vec<String> = webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(endpoint))
            .filter(webhook_deliveries::created_ms.ge(since_ms))
            .filter(
                webhook_deliveries::state.eq_any([DeliveryState::Failed.as_str(), DeliveryState::Canceled.as_str()]),
            )
            .order(webhook_deliveries::id)
            .select(webhook_deliveries::id)
            .lock_in_order()
            .load(self)?;
        Ok(diesel::update(all(failed)).set(anew(now_ms)).execute(self)?)
    }

    pub(crate) fn delivery(&mut self, endpoint: &str, id: &str) -> Result<Option<DeliveryRow>, StoreError> {
        Ok(webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(endpoint))
            .filter(webhook_deliveries::id.eq(id))
            .select(DeliveryRow::columns())
            .first(self)
            .optional()?)
    }

    /// The tries of a delivery, the oldest first.
    pub(crate) fn attempts(&mut self, delivery: &str, most: i64) -> Result<Vec<AttemptRow>, StoreError> {
        let mut newest: Vec<AttemptRow> = webhook_attempts::table
            .filter(webhook_attempts::delivery_id.eq(delivery))
            .order(webhook_attempts::id.desc())
            .limit(most)
            .select(AttemptRow::columns())
            .load(self)?;
        newest.reverse();
        Ok(newest)
    }

    /// Deletes deliveries that ended before then with their attempts, at most so many.
    pub(crate) fn delete_old_deliveries(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let old = webhook_deliveries::table.filter(webhook_deliveries::finished_ms.lt(before_ms));
        let ids: Vec<String> = old
            .select(webhook_deliveries::id)
            .limit(max_rows)
            .lock_free()
            .load(self)?;
        Ok(diesel::delete(all(ids)).execute(self)?)
    }
}

/// These deliveries, which are locked.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn all(ids: Vec<String>) -> _ {
    webhook_deliveries::table.filter(webhook_deliveries::id.eq_any(ids))
}

#[derive(AsChangeset)]
#[diesel(table_name = webhook_deliveries, treat_none_as_null = true)]
struct Anew {
    state: &'static str,
    attempts: i32,
    run_at_ms: i64,
    finished_ms: Option<i64>,
}

/// A new round, from the first attempt on.
fn anew(now_ms: i64) -> Anew {
    Anew {
        state: WAITING,
        attempts: 0,
        run_at_ms: now_ms,
        finished_ms: None,
    }
}
