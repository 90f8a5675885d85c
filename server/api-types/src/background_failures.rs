//! What fails in the background and needs an admin.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{QueueCounts, WebhookEndpoint};

/// The background work of an environment that fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BackgroundFailures {
    /// Queues with dead jobs, by name.
    pub queues: Vec<QueueCounts>,
    /// Webhook endpoints whose last deliveries failed, or that were disabled because of it.
    pub webhooks: Vec<WebhookEndpoint>,
}
