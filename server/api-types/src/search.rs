//! What is found by a few letters or by an id.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchResults {
    /// What an id names, or else hooks and then users.
    pub results: Vec<SearchResult>,
}

/// One thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchResult {
    /// What it is.
    pub kind: SearchKind,
    /// Identifies it; of a hook the name.
    pub id: String,
    /// What people know it by: an email address, the name of a hook, a type of event.
    pub title: String,
}

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A user, by email address or id.
    User,
    /// A hook of the project, by name.
    Hook,
    /// An invocation, by id.
    Invocation,
    /// A request, by id.
    Request,
    /// An event, by id.
    Event,
    /// A job, by id.
    Job,
    /// A mail, by id.
    Mail,
}
