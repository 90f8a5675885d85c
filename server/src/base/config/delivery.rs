//! The settings of events and webhooks.

use std::time::Duration;

use super::{ConfigError, layers::Layers};

/// Events.
#[derive(Clone, Debug)]
pub struct EventConfig {
    /// How long events are kept.
    pub keep: Duration,
}

/// Webhooks.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// Timeout of one attempt, including the response body.
    pub timeout: Duration,
    /// Attempts at the same time in this process.
    pub concurrent: usize,
    /// Attempts at the same time of one project.
    pub concurrent_per_project: usize,
    /// Attempts at the same time for one endpoint.
    pub concurrent_per_endpoint: usize,
    /// An endpoint without a successful delivery for this long is disabled.
    pub disable_after: Duration,
    /// How long ended deliveries are kept with their attempts.
    pub keep: Duration,
}

pub(super) fn events(layers: &Layers) -> Result<EventConfig, ConfigError> {
    Ok(EventConfig {
        keep: Duration::from_secs(layers.number("events.keep_seconds", 60..=315_360_000)?),
    })
}

pub(super) fn webhooks(layers: &Layers) -> Result<WebhookConfig, ConfigError> {
    Ok(WebhookConfig {
        timeout: Duration::from_millis(layers.number("webhooks.timeout_ms", 100..=15_000)?),
        concurrent: layers.number("webhooks.concurrent", 1..=4_096)?,
        concurrent_per_project: layers.number("webhooks.concurrent_per_project", 1..=1_024)?,
        concurrent_per_endpoint: layers.number("webhooks.concurrent_per_endpoint", 1..=256)?,
        disable_after: Duration::from_secs(layers.number("webhooks.disable_after_seconds", 60..=31_536_000)?),
        keep: Duration::from_secs(layers.number("webhooks.keep_seconds", 60..=31_536_000)?),
    })
}
