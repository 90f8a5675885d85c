//! The kinds of event and what each of them holds. An event is kept in the outbox, in the transaction of the change, and
//! dispatched by the worker.

pub(crate) use aerocall_contract::{EventKind, event_schema as schema};
use serde_json::{Value, json};

use crate::base::ids::{Kind, new_id};

/// One event: `{ id, type, version, time, actor, data }`.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: EventKind,
    /// Of the shape of `data`.
    pub(crate) version: i32,
    pub(crate) time_ms: i64,
    /// Who did it: `user:<id>`, `hook:<point>`, `admin:<id>`, `key:<scope>`, `anonymous`.
    pub(crate) actor: String,
    pub(crate) data: Value,
    /// How many jobs led to it: 0 for what a request did.
    pub(crate) hops: i32,
}

impl Event {
    pub(crate) fn new(kind: EventKind, actor: String, data: Value, time_ms: i64) -> Self {
        Self {
            id: new_id(Kind::Event),
            kind,
            version: 1,
            time_ms,
            actor,
            data,
            hops: 0,
        }
    }

    /// The user that it is about.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.data["user"]["id"].as_str()
    }

    /// An event about a user, as the user is after it, and about the session it happened in, if it did.
    pub(crate) fn of_user(
        kind: EventKind,
        actor: String,
        user: &Value,
        session_id: Option<&str>,
        time_ms: i64,
    ) -> Self {
        let mut data = json!({ "user": user });
        if let Some(id) = session_id {
            data["session"] = json!({ "id": id });
        }
        Self::new(kind, actor, data, time_ms)
    }

    /// The same event, as something that so many jobs led to.
    pub(crate) fn after(self, hops: i32) -> Self {
        Self { hops, ..self }
    }
}
