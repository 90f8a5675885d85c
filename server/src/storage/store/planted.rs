//! Bugs in how deliveries are claimed and settled, planted by a test to see that the simulation finds them. Only in builds of
//! unit tests, and only on the thread that a story runs on.

use std::cell::Cell;

use super::{
    StoreError, Tx,
    deliveries::{DeliveryRow, DeliveryState},
    query::prelude::*,
    schema::webhook_deliveries,
};
use crate::base::ids::{Kind, new_id};

/// One bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Whoever says that an attempt is over is believed, whoever has the claim by now.
    EndWithoutClaim,
    /// What somebody has is claimed again.
    ClaimedTwice,
    /// What is sent again has the id of another event.
    RetryWithANewId,
    /// A disabled endpoint is sent to.
    DisabledIsServed,
    /// A claim that runs out takes its delivery with it.
    LostWithItsClaim,
    /// Events of one user do not wait for one another.
    OutOfOrder,
    /// Rows are changed without a lock. Two transactions at a time find it, and no story.
    RowsNotLocked,
}

impl Bug {
    /// What a story finds.
    pub(crate) const ALL: [Self; 6] = [
        Self::EndWithoutClaim,
        Self::ClaimedTwice,
        Self::RetryWithANewId,
        Self::DisabledIsServed,
        Self::LostWithItsClaim,
        Self::OutOfOrder,
    ];

    /// Whether this thread has it.
    pub(super) fn is_planted(self) -> bool {
        PLANTED.get() == Some(self)
    }
}

thread_local! {
    static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// A planted bug; it is gone with this.
pub(crate) struct Planted;

impl Planted {
    pub(crate) fn on_this_thread(bug: Bug) -> Self {
        PLANTED.set(Some(bug));
        Self
    }
}

impl Drop for Planted {
    fn drop(&mut self) {
        PLANTED.set(None);
    }
}

/// Deliveries that somebody has.
macro_rules! running {
    () => {
        webhook_deliveries::table.filter(webhook_deliveries::state.eq(DeliveryState::Running.as_str()))
    };
}

pub(super) fn before_a_claim(tx: &mut Tx<'_>, endpoint: &str) -> Result<(), StoreError> {
    if Bug::ClaimedTwice.is_planted() {
        diesel::update(running!().filter(webhook_deliveries::endpoint_id.eq(endpoint)))
            .set(webhook_deliveries::state.eq(DeliveryState::Waiting.as_str()))
            .execute(tx)?;
    }
    Ok(())
}

pub(super) fn claimed(mut rows: Vec<DeliveryRow>) -> Vec<DeliveryRow> {
    if Bug::RetryWithANewId.is_planted() {
        let again = rows.iter_mut().filter(|row| row.attempts > 0);
        again.for_each(|row| row.event_id = new_id(Kind::Event));
    }
    rows
}

pub(super) fn before_an_end(tx: &mut Tx<'_>, owner: &str, delivery: &str) -> Result<(), StoreError> {
    if Bug::EndWithoutClaim.is_planted() {
        diesel::update(running!().filter(webhook_deliveries::id.eq(delivery)))
            .set(webhook_deliveries::lease_owner.eq(owner))
            .execute(tx)?;
    }
    Ok(())
}

pub(super) fn before_a_reclaim(tx: &mut Tx<'_>, now_ms: i64) -> Result<(), StoreError> {
    if Bug::LostWithItsClaim.is_planted() {
        diesel::update(running!().filter(webhook_deliveries::lease_until_ms.lt(now_ms)))
            .set((
                webhook_deliveries::state.eq(DeliveryState::Delivered.as_str()),
                webhook_deliveries::finished_ms.eq(now_ms),
            ))
            .execute(tx)?;
    }
    Ok(())
}
