//! An event as everybody sees it: script hooks, webhooks, the stream, the admin API. One document, so that what is written
//! for one of them fits the others.

use serde_json::{Value, json};

use crate::{
    base::{
        clock,
        error::{Error, Result},
        ids::Scope,
    },
    storage::store::EventRow,
};

/// What an event is made of, wherever it comes from.
pub(crate) struct Frame<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    /// Of the shape of `data`.
    pub(crate) version: i32,
    pub(crate) time_ms: i64,
    pub(crate) scope: &'a Scope,
    pub(crate) actor: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) data: Value,
}

impl Frame<'_> {
    /// `{ id, type, version, time, project, environment, actor, subject, data }`.
    pub(crate) fn document(self) -> Value {
        json!({
            "id": self.id,
            "type": self.kind,
            "version": self.version,
            "time": clock::iso(self.time_ms),
            "project": self.scope.project,
            "environment": self.scope.environment,
            "actor": self.actor,
            "subject": self.subject,
            "data": self.data,
        })
    }
}

/// The document of a kept event.
pub(crate) fn document(row: &EventRow) -> Result<Value> {
    let data: Value =
        serde_json::from_str(&row.data).map_err(|error| Error::unexpected("reading a stored event", error))?;
    let frame = Frame {
        id: &row.id,
        kind: &row.kind,
        version: row.version,
        time_ms: row.time_ms,
        scope: &row.scope()?,
        actor: &row.actor,
        subject: row.subject.as_deref(),
        data,
    };
    Ok(frame.document())
}
