//! An event as everybody sees it: script hooks, webhooks, the stream, the admin API. One document, so that what is written
//! for one of them fits the others.

use aerocall_api_types::Event;
use serde_json::{Value, json};

use crate::{
    base::{
        clock,
        error::{Error, Result},
        ids::Scope,
        stored,
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

/// A kept event, for the admin API.
pub(crate) fn event(row: &EventRow) -> Result<Event> {
    let scope = row.scope()?;
    Ok(Event {
        id: row.id.clone(),
        kind: row.kind.clone(),
        version: row.version,
        time: clock::iso(row.time_ms).into(),
        project: scope.project.to_string(),
        environment: scope.environment.to_string(),
        actor: row.actor.clone(),
        subject: row.subject.clone(),
        data: stored::json(&row.data)?,
    })
}

/// The same as JSON, for filters and bodies.
pub(crate) fn document(row: &EventRow) -> Result<Value> {
    serde_json::to_value(event(row)?).map_err(|error| Error::unexpected("writing an event", error))
}
