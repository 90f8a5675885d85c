//! Every limit of a call in one struct, units in the names. Knows nothing of how a limit is enforced.

use serde::{Deserialize, Serialize};

/// What one call may use. The embedder narrows it per project and per hook; nothing widens it past [`Limits::CEILING`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// Fuel: a repeatable count of work, about one unit per wasm instruction and per byte that is copied. 1e7 is
    /// roughly one millisecond.
    pub fuel: u64,
    /// Linear memory of the instance, engine included.
    pub memory_bytes: u64,
    /// Wall-clock time for the whole call, waiting for the host included.
    pub deadline_ms: u64,
    /// UTF-8 bytes of the payload document.
    pub payload_bytes: u64,
    /// UTF-8 bytes of the reply document.
    pub reply_bytes: u64,
    /// Lines written to the log; later lines are dropped and counted.
    pub log_lines: u32,
    /// UTF-8 bytes written to the log; the line that crosses it is cut, later ones are dropped and counted.
    pub log_bytes: u64,
    /// Calls from the guest to any capability (the log, the clock and randomness included).
    pub host_calls: u32,
    /// Bytes that cross between guest and host in capability calls, both directions together.
    pub host_bytes: u64,
}

impl Limits {
    /// What a hook gets when nobody says otherwise.
    pub const DEFAULT: Self = Self {
        fuel: 2_000_000_000,
        memory_bytes: 32 << 20,
        deadline_ms: 2_000,
        payload_bytes: 1 << 20,
        reply_bytes: 1 << 20,
        log_lines: 200,
        log_bytes: 64 << 10,
        host_calls: 2_000,
        host_bytes: 8 << 20,
    };

    /// The most that any setting can ask for.
    pub const CEILING: Self = Self {
        fuel: 20_000_000_000,
        memory_bytes: 64 << 20,
        deadline_ms: 30_000,
        payload_bytes: 4 << 20,
        reply_bytes: 4 << 20,
        log_lines: 10_000,
        log_bytes: 1 << 20,
        host_calls: 100_000,
        host_bytes: 64 << 20,
    };

    /// The tighter of the two in every field.
    #[must_use]
    pub fn narrowed_to(&self, other: &Self) -> Self {
        Self {
            fuel: self.fuel.min(other.fuel),
            memory_bytes: self.memory_bytes.min(other.memory_bytes),
            deadline_ms: self.deadline_ms.min(other.deadline_ms),
            payload_bytes: self.payload_bytes.min(other.payload_bytes),
            reply_bytes: self.reply_bytes.min(other.reply_bytes),
            log_lines: self.log_lines.min(other.log_lines),
            log_bytes: self.log_bytes.min(other.log_bytes),
            host_calls: self.host_calls.min(other.host_calls),
            host_bytes: self.host_bytes.min(other.host_bytes),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
