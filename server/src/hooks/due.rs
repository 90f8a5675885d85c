//! The job of a schedule that is due.

use aerocall_runtime::Priority;
use serde_json::json;

use super::schedule;
use crate::{
    base::{
        clock,
        ids::{Kind, Scope, new_id},
    },
    domain::events::Frame,
    storage::{queue::event_queue, store::NewJob},
};

/// A schedule of a hook at a time that is due, and who says that it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) hook: &'a str,
    pub(crate) name: &'a str,
    pub(crate) actor: &'a str,
    pub(crate) priority: Priority,
    pub(crate) due_ms: i64,
}

impl Due<'_> {
    /// Its job; one for each time.
    pub(crate) fn job(&self, now_ms: i64) -> NewJob {
        let (event, due) = (schedule::event(self.name), clock::iso(self.due_ms));
        let frame = Frame {
            id: &new_id(Kind::Event),
            kind: &event,
            version: 1,
            time_ms: now_ms,
            scope: self.scope,
            actor: self.actor,
            subject: None,
            data: json!({ "scheduledAt": due }),
        };
        NewJob {
            id: new_id(Kind::Job),
            queue: event_queue(&event, self.hook),
            message: frame.document().to_string(),
            idempotency_key: Some(due),
            order_key: None,
            priority: self.priority,
            hops: 0,
            run_at_ms: now_ms,
            created_ms: now_ms,
        }
    }
}
