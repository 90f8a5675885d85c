//! An event as everybody sees it: script hooks, webhooks, the stream, the admin API. One document, so that what is written
//! for one of them fits the others.

use serde_json::{Value, json};

use crate::{
    clock,
    error::{Error, Result},
    store::EventRow,
};

/// `{ id, type, version, time, project, environment, actor, subject, data }`.
pub(crate) fn document(row: &EventRow) -> Result<Value> {
    let data: Value =
        serde_json::from_str(&row.data).map_err(|error| Error::unexpected("reading a stored event", error))?;
    let scope = row.scope()?;
    Ok(json!({
        "id": row.id,
        "type": row.kind,
        "version": row.version,
        "time": clock::iso(row.time_ms),
        "project": scope.project,
        "environment": scope.environment,
        "actor": row.actor,
        "subject": row.subject,
        "data": data,
    }))
}
