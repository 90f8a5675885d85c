//! Deliveries as admins look for them, and what a replay would send.

use std::collections::{HashMap, HashSet};

use diesel::{IntoSql as _, dsl::count_star, sql_types::Bool};

use super::{
    AFTER_ALL_IDS, DeliveryRow, DeliveryState, StoreError, Tx,
    query::prelude::*,
    schema::{webhook_attempts, webhook_deliveries},
};

/// Which deliveries a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeliveryFilter {
    pub(crate) state: Option<DeliveryState>,
    pub(crate) event: Option<String>,
    /// Of this type of event.
    pub(crate) kind: Option<String>,
    /// Created at this time or later.
    pub(crate) from_ms: Option<i64>,
    /// Created before this time.
    pub(crate) to_ms: Option<i64>,
    /// Older than this one.
    pub(crate) before: Option<String>,
}

/// A delivery, and of which endpoint.
#[derive(Clone, Debug, Queryable)]
pub(crate) struct ListedDelivery {
    pub(crate) endpoint: String,
    pub(crate) row: DeliveryRow,
}

/// What came of the last attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LastAttempt {
    pub(crate) status: Option<i32>,
    pub(crate) error: Option<String>,
}

/// Deliveries of a type that ended without being delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedCount {
    pub(crate) kind: String,
    pub(crate) deliveries: i64,
    pub(crate) oldest_ms: i64,
    pub(crate) newest_ms: i64,
}

impl Tx<'_> {
    /// Of these endpoints, newest first.
    pub(crate) fn deliveries(
        &mut self,
        endpoints: &[String],
        filter: &DeliveryFilter,
        most: i64,
    ) -> Result<Vec<ListedDelivery>, StoreError> {
        let any = |absent: bool| absent.into_sql::<Bool>();
        let state = filter.state.map(DeliveryState::as_str);
        let mut found: Vec<ListedDelivery> = Vec::new();
        // One by one: each has its deliveries in order in an index, all of them together have not.
        for endpoint in endpoints {
            let rows: Vec<ListedDelivery> = webhook_deliveries::table
                .filter(webhook_deliveries::endpoint_id.eq(endpoint))
                .filter(any(state.is_none()).or(webhook_deliveries::state.eq(state.unwrap_or_default())))
                .filter(
                    any(filter.event.is_none())
                        .or(webhook_deliveries::event_id.eq(filter.event.as_deref().unwrap_or_default())),
                )
                .filter(
                    any(filter.kind.is_none())
                        .or(webhook_deliveries::event_type.eq(filter.kind.as_deref().unwrap_or_default())),
                )
                .filter(webhook_deliveries::created_ms.ge(filter.from_ms.unwrap_or(i64::MIN)))
                .filter(webhook_deliveries::created_ms.lt(filter.to_ms.unwrap_or(i64::MAX)))
                .filter(webhook_deliveries::id.lt(filter.before.as_deref().unwrap_or(AFTER_ALL_IDS)))
                .order(webhook_deliveries::id.desc())
                .limit(most)
                .select((webhook_deliveries::endpoint_id, DeliveryRow::columns()))
                .load(self)?;
            found.extend(rows);
        }
        found.sort_unstable_by(|one, other| other.row.id.cmp(&one.row.id));
        found.truncate(usize::try_from(most).unwrap_or_default());
        Ok(found)
    }

    /// What came of the last attempt of each of these deliveries that was tried.
    pub(crate) fn last_attempts(&mut self, deliveries: &[String]) -> Result<HashMap<String, LastAttempt>, StoreError> {
        let rows: Vec<(String, Option<i32>, Option<String>)> = webhook_attempts::table
            .filter(webhook_attempts::delivery_id.eq_any(deliveries))
            .order(webhook_attempts::id)
            .select((
                webhook_attempts::delivery_id,
                webhook_attempts::status,
                webhook_attempts::error,
            ))
            .load(self)?;
        // Later ones take the place of earlier ones.
        let last = |(delivery, status, error)| (delivery, LastAttempt { status, error });
        Ok(rows.into_iter().map(last).collect())
    }

    /// Deliveries of the endpoint since then that a replay would send again, by type.
    pub(crate) fn count_failed(&mut self, endpoint: &str, since_ms: i64) -> Result<Vec<FailedCount>, StoreError> {
        use diesel::dsl::{max, min};
        let rows: Vec<(String, i64, Option<i64>, Option<i64>)> = webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(endpoint))
            .filter(webhook_deliveries::created_ms.ge(since_ms))
            .filter(
                webhook_deliveries::state.eq_any([DeliveryState::Failed.as_str(), DeliveryState::Canceled.as_str()]),
            )
            .group_by(webhook_deliveries::event_type)
            .select((
                webhook_deliveries::event_type,
                count_star(),
                min(webhook_deliveries::created_ms),
                max(webhook_deliveries::created_ms),
            ))
            .order(webhook_deliveries::event_type)
            .load(self)?;
        let count = |(kind, deliveries, oldest_ms, newest_ms): (String, i64, Option<i64>, Option<i64>)| FailedCount {
            kind,
            deliveries,
            oldest_ms: oldest_ms.unwrap_or_default(),
            newest_ms: newest_ms.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(count).collect())
    }

    /// Those of the events that the endpoint has a delivery of.
    pub(crate) fn delivered_events(
        &mut self,
        endpoint: &str,
        events: &[String],
    ) -> Result<HashSet<String>, StoreError> {
        let found: Vec<String> = webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(endpoint))
            .filter(webhook_deliveries::event_id.eq_any(events))
            .select(webhook_deliveries::event_id)
            .load(self)?;
        Ok(found.into_iter().collect())
    }
}
