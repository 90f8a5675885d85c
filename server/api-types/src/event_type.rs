//! Types of events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Object;

/// A type of event, as webhooks, script hooks and the event stream know it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventType {
    /// Its name, such as `auth.signup`.
    pub name: String,
    /// When it happens.
    pub description: String,
    /// What else a webhook endpoint can subscribe to it by, such as `auth.*`.
    pub groups: Vec<String>,
    /// JSON Schema of the event.
    pub schema: Object,
    /// An event of this type, with every member.
    pub sample: Object,
}

/// Every type of event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventTypeList {
    /// In the order of the documentation.
    pub event_types: Vec<EventType>,
}
