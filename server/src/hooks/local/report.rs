//! What a call came to where a hook is tried: the object that `aerocall run --json` prints.

use aerocall_runtime::{HostCall, Invocation, LogLine};
use serde::Serialize;
use serde_json::Value;

/// What a call came to.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The decision, or why there is none: [`aerocall_runtime::Outcome::document`].
    pub reply: Value,
    /// What the hook logged.
    pub logs: Vec<LogLine>,
    /// Fuel used.
    pub fuel: u64,
    /// The most memory that the instance had.
    pub memory_peak_bytes: u64,
    /// Wall-clock time.
    pub duration_us: u64,
    /// What was asked of the host.
    pub host_calls: Vec<HostCall>,
    /// The hook point or event.
    pub hook: String,
    /// Of the bundle; empty if there is none.
    pub digest: String,
}

impl Report {
    /// Of an invocation.
    #[must_use]
    pub fn of(invocation: Invocation, hook: &str, digest: &str) -> Self {
        Self {
            reply: invocation.outcome.document(),
            logs: invocation.logs,
            fuel: invocation.fuel,
            memory_peak_bytes: invocation.memory_peak_bytes,
            duration_us: u64::try_from(invocation.duration.as_micros()).unwrap_or(u64::MAX),
            host_calls: invocation.records.calls,
            hook: hook.to_owned(),
            digest: digest.to_owned(),
        }
    }

    /// `allow`, `deny`, `patch` or `failure`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.reply["kind"].as_str().unwrap_or_default()
    }

    /// Whether there is no decision.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.kind() == "failure"
    }
}
