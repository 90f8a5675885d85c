//! Everything that is recorded of one request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Delivery, Event, Invocation, InvocationDetail, JobSummary, Mail, Timestamp};

/// Everything that is recorded of one request of the auth API, or of one job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequestTrace {
    /// Its id.
    pub id: String,
    /// Method and path, as in the API reference; `null` without an invocation, and for jobs.
    pub endpoint: Option<String>,
    /// When the first of what follows was recorded.
    pub at: Timestamp,
    /// Hooks that it ran, in order, with their host calls.
    pub invocations: Vec<InvocationDetail>,
    /// Events of its transactions, oldest first.
    pub events: Vec<Event>,
    /// Jobs of its transactions and of its events, oldest first.
    pub jobs: Vec<JobSummary>,
    /// Mails of its transactions, oldest first.
    pub mails: Vec<Mail>,
    /// Deliveries of its events to webhooks, oldest first.
    pub deliveries: Vec<Delivery>,
    /// Invocations of the script hooks that handled its jobs, oldest first.
    pub later: Vec<Invocation>,
    /// Whether this is all: of each list at most 100 are shown.
    pub is_complete: bool,
}
