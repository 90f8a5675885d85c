//! Figures of the whole store, for whoever watches the server.

use diesel::dsl::{count_star, min};

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{jobs, mails, outbox_events, webhook_deliveries},
};

/// How much of what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    /// When the oldest event happened that was not dispatched yet.
    pub(crate) oldest_event_ms: Option<i64>,
    pub(crate) waiting_events: i64,
    /// By state.
    pub(crate) jobs: Vec<(String, i64)>,
    pub(crate) mails: Vec<(String, i64)>,
    pub(crate) deliveries: Vec<(String, i64)>,
}

impl Tx<'_> {
    pub(crate) fn figures(&mut self) -> Result<Figures, StoreError> {
        let waiting = outbox_events::table.filter(outbox_events::dispatched_ms.is_null());
        Ok(Figures {
            oldest_event_ms: waiting.select(min(outbox_events::time_ms)).get_result(self)?,
            waiting_events: waiting.select(count_star()).get_result(self)?,
            jobs: jobs::table
                .group_by(jobs::state)
                .select((jobs::state, count_star()))
                .load(self)?,
            mails: mails::table
                .group_by(mails::state)
                .select((mails::state, count_star()))
                .load(self)?,
            deliveries: webhook_deliveries::table
                .group_by(webhook_deliveries::state)
                .select((webhook_deliveries::state, count_star()))
                .load(self)?,
        })
    }
}
