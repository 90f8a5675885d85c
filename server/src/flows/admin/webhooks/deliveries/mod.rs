//! Deliveries of a webhook endpoint: what was delivered, is waiting, or failed.

mod get;
mod list;
mod redeliver;

use aerocall_api_types::Delivery;

use crate::{
    base::{clock, error::Result, stored},
    storage::store::DeliveryRow,
};

pub(crate) use get::GetDelivery;
pub(crate) use list::ListDeliveries;
pub(crate) use redeliver::Redeliver;

pub(super) fn delivery(row: DeliveryRow) -> Result<Delivery> {
    Ok(Delivery {
        state: stored::word(&row.state)?,
        id: row.id,
        event: row.event_id,
        kind: row.event_type,
        attempts: row.attempts,
        next_attempt_at: (row.finished_ms.is_none()).then(|| clock::iso(row.run_at_ms).into()),
        created_at: clock::iso(row.created_ms).into(),
        finished_at: row.finished_ms.map(|at_ms| clock::iso(at_ms).into()),
    })
}
