//! Records as the admin API shows them: a line of a list, and the whole.

use serde_json::{Map, Value, json};

use crate::{
    base::{
        clock,
        error::{Error, Result},
    },
    storage::store::InvocationRow,
};

/// What a line of the list takes from the record.
const IN_LISTS: [&str; 2] = ["logs", "logsDropped"];
/// What only the whole record shows.
const IN_WHOLE: [&str; 5] = ["context", "payload", "reply", "hostCalls", "completeness"];

/// A line of a list: the columns, the log, and the error of a call that failed.
pub(crate) fn list_document(row: &InvocationRow) -> Result<Value> {
    let mut record = record(row)?;
    let mut document = columns(row);
    if let Some(error) = record["reply"].get("error") {
        document.insert("error".to_owned(), error.clone());
    }
    for name in IN_LISTS {
        document.insert(name.to_owned(), record[name].take());
    }
    Ok(Value::Object(document))
}

/// Everything but the seed.
pub(crate) fn whole_document(row: &InvocationRow) -> Result<Value> {
    let mut record = record(row)?;
    let mut document = columns(row);
    for name in IN_LISTS.into_iter().chain(IN_WHOLE) {
        document.insert(name.to_owned(), record[name].take());
    }
    Ok(Value::Object(document))
}

fn record(row: &InvocationRow) -> Result<Value> {
    serde_json::from_str(&row.record).map_err(|error| Error::unexpected("reading a stored record", error))
}

fn columns(row: &InvocationRow) -> Map<String, Value> {
    let columns = json!({
        "id": row.id,
        "requestId": row.request_id,
        "hook": row.hook,
        "point": row.point,
        "version": row.version_number,
        "digest": row.digest,
        "outcome": row.outcome,
        "durationUs": row.duration_us,
        "fuel": row.fuel,
        "memoryPeakBytes": row.memory_peak_bytes,
        "createdAt": clock::iso(row.created_ms),
    });
    match columns {
        Value::Object(columns) => columns,
        _ => Map::new(),
    }
}
