//! What one call carries: its limits, its budgets, the capabilities bound to it, and the trace of what it asked for.

use std::{
    collections::BTreeSet,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_contract::Capability;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use serde_json::Value as Json;
use wasmtime::{ResourceLimiter, component::ResourceTable};

use crate::{
    Completeness, ErrorCode, Host, HostCall, Limits, LogLevel, LogLine, Records, SdkError,
    bindings::aerocall::hooks::types,
};

/// Handles a guest may hold at once.
const HANDLES: usize = 256;
/// Recorded calls; later ones are counted in the budget but not kept.
const RECORDS: usize = 2_000;
/// Recorded readings of the clock; later ones are not kept.
const CLOCK_READINGS: usize = 2_000;
/// What needs no declaration: the handle that came with the payload is the permission.
const GRANTED: [&str; 1] = ["password"];
/// Bytes that are kept of a value that is too large to be kept whole.
const CUT_BYTES: u64 = 4 << 10;

/// Ends the call: the limiter refused memory.
#[derive(Debug, thiserror::Error)]
#[error("out of memory")]
pub(crate) struct MemoryRefused;

/// Ends the call: the deadline has passed.
#[derive(Debug, thiserror::Error)]
#[error("deadline passed")]
pub(crate) struct DeadlinePassed;

/// The data of a call's store.
pub(crate) struct CallState {
    pub(crate) limits: Limits,
    pub(crate) deadline: Instant,
    pub(crate) host: Host,
    pub(crate) declared: Arc<BTreeSet<String>>,
    pub(crate) table: ResourceTable,
    pub(crate) logs: Vec<LogLine>,
    pub(crate) logs_dropped: u32,
    log_bytes_left: u64,
    host_calls_left: u32,
    host_bytes_left: u64,
    record_bytes_left: u64,
    pub(crate) records: Records,
    /// Randomness of this call, all of it from one seed, so that the call can be run again.
    pub(crate) random: ChaCha20Rng,
    pub(crate) memory_peak_bytes: u64,
}

impl CallState {
    pub(crate) fn new(limits: Limits, host: Host, declared: Arc<BTreeSet<String>>, seed: [u8; 32]) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(HANDLES);
        Self {
            deadline: Instant::now() + Duration::from_millis(limits.deadline_ms),
            log_bytes_left: limits.log_bytes,
            host_calls_left: limits.host_calls,
            host_bytes_left: limits.host_bytes,
            record_bytes_left: limits.record_bytes,
            random: ChaCha20Rng::from_seed(seed),
            records: Records {
                seed,
                ..Records::default()
            },
            limits,
            host,
            declared,
            table,
            logs: Vec::new(),
            logs_dropped: 0,
            memory_peak_bytes: 0,
        }
    }

    /// Takes a log line within the budget of lines and bytes; the line that crosses it is cut, later ones are dropped.
    pub(crate) fn log(&mut self, level: LogLevel, mut message: String) {
        if self.log_bytes_left == 0 || self.logs.len() as u64 >= u64::from(self.limits.log_lines) {
            self.logs_dropped += 1;
            return;
        }
        if message.len() as u64 > self.log_bytes_left {
            message.truncate(message.floor_char_boundary(self.log_bytes_left as usize));
            message.push('…');
            self.log_bytes_left = 0;
        } else {
            self.log_bytes_left -= message.len() as u64;
        }
        self.logs.push(LogLine { level, message });
    }

    /// Counts a host call and the bytes it brings. `Err` when a budget is used up.
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), SdkError> {
        let used_up = |what: &str, limit: u64| {
            SdkError::new(
                ErrorCode::LimitExceeded,
                format!("an invocation can make at most {limit} {what} ({limit} used)"),
            )
        };
        self.host_calls_left = self
            .host_calls_left
            .checked_sub(1)
            .ok_or_else(|| used_up("host calls", u64::from(self.limits.host_calls)))?;
        self.host_bytes_left = self
            .host_bytes_left
            .checked_sub(bytes as u64)
            .ok_or_else(|| used_up("bytes of host calls", self.limits.host_bytes))?;
        Ok(())
    }

    /// One call of a capability: declared? within budget? offered here? Then the work, inside the deadline, and a
    /// record of what was asked and answered.
    pub(crate) async fn capability<H, T, W>(
        &mut self,
        name: &'static str,
        arguments: Json,
        handler: Option<Arc<H>>,
        work: impl FnOnce(Arc<H>) -> W,
    ) -> wasmtime::Result<Result<T, types::Error>>
    where
        H: ?Sized,
        T: Recorded,
        W: Future<Output = Result<T, SdkError>>,
    {
        let started = Instant::now();
        let capability = name.split('.').next().unwrap_or(name);
        let answer = match self.admit(capability, &arguments, handler) {
            Ok(handler) => within(self.deadline, work(handler)).await?,
            Err(refused) => Err(refused),
        };
        let (answer, recorded) = self.take_in(answer);
        self.record(name, arguments, recorded, started.elapsed());
        Ok(answer.map_err(Into::into))
    }

    fn admit<H: ?Sized>(
        &mut self,
        capability: &str,
        arguments: &Json,
        handler: Option<Arc<H>>,
    ) -> Result<Arc<H>, SdkError> {
        if !self.declared.contains(capability) && !GRANTED.contains(&capability) {
            return Err(SdkError::new(
                ErrorCode::CapabilityNotDeclared,
                format!(
                    "this hook does not declare `{capability}`; add `capabilities: {{ {} }}` to its `export const config`",
                    declaration(capability)
                ),
            ));
        }
        self.spend(json_bytes(arguments))?;
        handler.ok_or_else(|| SdkError::unavailable(capability))
    }

    /// Counts what the guest receives, and writes it down once for both: the budget and the record.
    fn take_in<T: Recorded>(&mut self, answer: Result<T, SdkError>) -> (Result<T, SdkError>, Json) {
        let answer = answer.and_then(|value| {
            let recorded = value.record();
            self.spend_answer(value.bytes(&recorded)).map(|()| (value, recorded))
        });
        match answer {
            Ok((value, recorded)) => (Ok(value), recorded),
            Err(error) => {
                let recorded = serde_json::json!({ "error": error });
                (Err(error), recorded)
            }
        }
    }

    fn spend_answer(&mut self, bytes: usize) -> Result<(), SdkError> {
        let left = self.host_bytes_left.checked_sub(bytes as u64).ok_or_else(|| {
            let limit = self.limits.host_bytes;
            let message = format!("an invocation can exchange at most {limit} bytes with the host");
            SdkError::new(ErrorCode::LimitExceeded, message)
        })?;
        self.host_bytes_left = left;
        Ok(())
    }

    fn record(&mut self, name: &str, arguments: Json, answer: Json, duration: Duration) {
        if self.records.calls.len() >= RECORDS {
            self.records.completeness = Completeness::Cut;
            return;
        }
        let call = HostCall {
            name: name.to_owned(),
            arguments: self.kept(arguments),
            answer: self.kept(answer),
            duration_us: duration.as_micros() as u64,
        };
        self.records.calls.push(call);
    }

    /// The value as long as the budget of records lasts, then what is left of it, with a mark.
    fn kept(&mut self, value: Json) -> Json {
        let bytes = json_bytes(&value) as u64;
        if let Some(left) = self.record_bytes_left.checked_sub(bytes) {
            self.record_bytes_left = left;
            return value;
        }
        self.records.completeness = Completeness::Cut;
        let text = value.to_string();
        let end = text.floor_char_boundary(self.record_bytes_left.min(CUT_BYTES) as usize);
        self.record_bytes_left = self.record_bytes_left.saturating_sub(end as u64);
        Json::String(format!("{}…", &text[..end]))
    }

    /// A reading of the clock, kept for a run to come.
    pub(crate) fn clock_read(&mut self, ms: f64) {
        if self.records.clock_ms.len() < CLOCK_READINGS {
            self.records.clock_ms.push(ms);
        } else {
            self.records.completeness = Completeness::Cut;
        }
    }
}

/// The declaration that would allow the capability.
fn declaration(capability: &str) -> String {
    Capability::named(capability).map_or_else(|_| capability.to_owned(), Capability::declaration)
}

/// Runs a host function inside the call's deadline; past it, the whole call ends.
pub(crate) async fn within<T>(deadline: Instant, work: impl Future<Output = T>) -> wasmtime::Result<T> {
    tokio::time::timeout_at(deadline.into(), work)
        .await
        .map_err(|_| wasmtime::Error::from(DeadlinePassed))
}

/// An answer as the record of the call keeps it.
pub(crate) trait Recorded {
    /// The answer as JSON.
    fn record(&self) -> Json;
    /// About how many bytes the guest receives.
    fn bytes(&self, recorded: &Json) -> usize {
        json_bytes(recorded)
    }
}

impl<T: serde::Serialize> Recorded for T {
    fn record(&self) -> Json {
        serde_json::to_value(self).unwrap_or(Json::Null)
    }
}

fn json_bytes(value: &Json) -> usize {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => 8,
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(json_bytes).sum(),
        Json::Object(members) => members.iter().map(|(key, value)| key.len() + json_bytes(value)).sum(),
    }
}

impl ResourceLimiter for CallState {
    fn memory_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        // Refusing would let JavaScript see and catch it, or not; ending the call is the same for every hook.
        if desired as u64 > self.limits.memory_bytes {
            return Err(MemoryRefused.into());
        }
        self.memory_peak_bytes = self.memory_peak_bytes.max(desired as u64);
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= 20_000)
    }

    fn instances(&self) -> usize {
        8
    }

    fn tables(&self) -> usize {
        4
    }

    fn memories(&self) -> usize {
        1
    }
}

impl From<SdkError> for types::Error {
    fn from(error: SdkError) -> Self {
        use types::ErrorCode as Wire;
        let code = match error.code {
            ErrorCode::Unavailable => Wire::Unavailable,
            ErrorCode::CapabilityNotDeclared => Wire::CapabilityNotDeclared,
            ErrorCode::Denied => Wire::Denied,
            ErrorCode::InvalidArgument => Wire::InvalidArgument,
            ErrorCode::NotFound => Wire::NotFound,
            ErrorCode::Conflict => Wire::Conflict,
            ErrorCode::TooLarge => Wire::TooLarge,
            ErrorCode::LimitExceeded => Wire::LimitExceeded,
            ErrorCode::Timeout => Wire::Timeout,
            ErrorCode::BackendUnavailable => Wire::BackendUnavailable,
            ErrorCode::Internal => Wire::Internal,
        };
        Self {
            code,
            message: error.message,
            retryable: error.retryable,
        }
    }
}
