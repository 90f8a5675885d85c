//! Events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Object, Timestamp};

/// A record of something that happened. Webhook endpoints, script hooks and the stream of events get the same document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Identifies the event.
    pub id: String,
    /// Its type, such as `auth.signup`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of the structure of `data`.
    pub version: i32,
    /// When it happened.
    pub time: Timestamp,
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// Who caused it: `user:…`, `hook:…`, `admin:…`, `key:…` or `anonymous`.
    pub actor: String,
    /// Id of the user it is about; `null` if it is about none.
    pub subject: Option<String>,
    /// What happened, by the type; see `docs/events.schema.json`.
    pub data: Object,
}

/// A page of the events of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventList {
    /// Newest first.
    pub events: Vec<Event>,
    /// Send it as `before` to get the next page; `null` on the last page.
    pub next: Option<String>,
}
