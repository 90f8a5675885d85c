//! What the code of a hook says of what it does, as whoever builds it has read it.

use serde::{Deserialize, Serialize};

/// What a hook does, in a sentence or two, and the facts that the sentences are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The sentences. Names of the code stand between backticks.
    pub text: String,
    /// The facts.
    pub facts: Facts,
}

/// What the code of a hook says. None of it was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// Hook points, then events, queues and schedules, by name.
    pub points: Vec<String>,
    /// Where it denies.
    pub denies: Vec<Denies>,
    /// Members of the payload that it patches.
    pub patches: Vec<String>,
    /// Functions of the SDK that it calls.
    pub calls: Vec<String>,
    /// Hosts that it sends requests to; `*` for those that only a call knows.
    pub hosts: Vec<String>,
    /// Secrets that it uses; `*` as above.
    pub secrets: Vec<String>,
    /// Queues that it adds jobs to; `*` as above.
    pub queues: Vec<String>,
}

/// A place at which a hook denies; what only a call knows is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Denies {
    /// Its code.
    pub code: Option<String>,
    /// Its status.
    pub status: Option<u16>,
    /// Its message. What only a call knows of it is `…`.
    pub message: Option<String>,
    /// The file, relative to the project.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}
