//! What a hook does, said in a sentence or two, and the facts that the sentence is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::SummarySource;

/// What a version of a hook or a draft does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeSummary {
    /// One or two sentences.
    pub text: String,
    /// Who wrote the text.
    pub origin: SummarySource,
    /// The model that wrote it; `null` if the server did.
    pub model: Option<String>,
    /// What the code says.
    pub facts: CodeFacts,
}

/// What the code of a hook says of what it does. None of it was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeFacts {
    /// Hook points and events, and queues and schedules, by name.
    pub points: Vec<String>,
    /// Where it denies.
    pub denies: Vec<DenialFact>,
    /// Members of the payload that it patches.
    pub patches: Vec<String>,
    /// Functions of the SDK that it calls: `db.query`.
    pub calls: Vec<String>,
    /// Hosts that it sends requests to.
    pub hosts: Vec<String>,
    /// Names of the secrets that it uses.
    pub secrets: Vec<String>,
    /// Queues that it adds jobs to.
    pub queues: Vec<String>,
}

/// A place at which a hook denies; what is not written there as it is, is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DenialFact {
    /// Its code.
    pub code: Option<String>,
    /// Its status.
    pub status: Option<u16>,
    /// Its message.
    pub message: Option<String>,
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}
