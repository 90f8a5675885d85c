//! What one call carries: its limits, its budgets, the capabilities bound to it, and the trace of what it asked for.

use std::{
    collections::BTreeSet,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_contract::Capability;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use wasmtime::{ResourceLimiter, component::ResourceTable};

use crate::{
    Completeness, Conditions, ErrorCode, Host, HostCall, JsonText, Limits, Records, SdkError,
    bindings::aerocall::hooks::types,
    call_log::CallLog,
    host::Cost,
    host::Started,
    record::{self, Written},
    replay::Player,
    wasi::WasiState,
};

/// Handles a guest may hold at once.
const HANDLES: usize = 256;
/// Recorded calls; later ones are counted in the budget but not kept.
const RECORDS: usize = 2_000;
/// Recorded readings of the clock; later ones are not kept.
const CLOCK_READINGS: usize = 2_000;
/// Calls of host functions that answer at once, after which others run: less than a millisecond.
const CALLS_PER_TURN: u64 = 1_000;
/// Bytes that are as much work as a call.
const BYTES_PER_CALL: u64 = 64;
/// What needs no declaration: the handle that came with the payload is the permission.
const GRANTED: [&str; 1] = ["password"];
/// An answer that costs more is written down by a thread that may take its time.
const QUICKLY_WRITTEN: u64 = 256 << 10;

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
    pub(crate) started: Started,
    pub(crate) deadline: Instant,
    pub(crate) host: Host,
    pub(crate) declared: Arc<BTreeSet<String>>,
    pub(crate) table: ResourceTable,
    pub(crate) log: CallLog,
    pub(crate) wasi: WasiState,
    host_calls_left: u32,
    host_bytes_left: u64,
    record_bytes_left: u64,
    pub(crate) records: Records,
    pub(crate) player: Player,
    /// Randomness of this call, all of it from one seed, so that the call can be run again.
    pub(crate) random: ChaCha20Rng,
    pub(crate) memory_peak_bytes: u64,
    /// Work of host functions that answer at once, since others could run.
    host_work: u64,
}

impl CallState {
    pub(crate) fn new(
        limits: Limits,
        host: Host,
        declared: Arc<BTreeSet<String>>,
        seed: [u8; 32],
        conditions: Conditions,
    ) -> Self {
        let started = Started::now();
        let deadline = started.instant + Duration::from_millis(limits.deadline_ms);
        let mut table = ResourceTable::new();
        table.set_max_capacity(HANDLES);
        Self {
            log: CallLog::new(&limits, deadline),
            wasi: WasiState::default(),
            started,
            deadline,
            host_calls_left: limits.host_calls,
            host_bytes_left: limits.host_bytes,
            record_bytes_left: limits.record_bytes,
            player: Player::new(conditions),
            random: ChaCha20Rng::from_seed(seed),
            records: Records {
                seed,
                ..Records::default()
            },
            limits,
            host,
            declared,
            table,
            memory_peak_bytes: 0,
            host_work: 0,
        }
    }

    /// Lets others run in a host function that answers at once, after so much of its work: a guest that asks for little, over and
    /// over, uses little fuel, by which its turns are measured. `bytes`: what it is given or gives.
    pub(crate) async fn take_turn(&mut self, bytes: u64) -> wasmtime::Result<()> {
        self.check_deadline()?;
        self.host_work += 1 + bytes / BYTES_PER_CALL;
        if self.host_work >= CALLS_PER_TURN {
            self.host_work = 0;
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Ends the call if its time is up.
    pub(crate) fn check_deadline(&self) -> wasmtime::Result<()> {
        match Instant::now() >= self.deadline {
            true => Err(DeadlinePassed.into()),
            false => Ok(()),
        }
    }

    /// Counts a host call and the bytes it brings. `Err` when a budget is used up.
    pub(crate) fn spend(&mut self, bytes: u64) -> Result<(), SdkError> {
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
            .checked_sub(bytes)
            .ok_or_else(|| used_up("bytes of host calls", self.limits.host_bytes))?;
        Ok(())
    }

    /// What a call asks: its cost, and what is written down of it within the budget.
    pub(crate) fn asked(&mut self, cost: u64, arguments: &impl Serialize) -> Asked {
        let text = match self.records.calls.len() < RECORDS {
            true => {
                let written = record::write(arguments, self.record_bytes_left);
                self.kept(written)
            }
            false => JsonText::of_string(""),
        };
        Asked { cost, text }
    }

    /// One call of a capability: declared? within budget? offered here? Then the work, inside the deadline, and a
    /// record of what was asked and answered.
    pub(crate) async fn capability<H, T, W>(
        &mut self,
        name: &'static str,
        asked: Asked,
        handler: Option<Arc<H>>,
        work: impl FnOnce(Arc<H>) -> W,
    ) -> wasmtime::Result<Result<T, types::Error>>
    where
        H: ?Sized,
        T: Cost + Serialize + DeserializeOwned + Send + 'static,
        W: Future<Output = Result<T, SdkError>>,
    {
        let started = Instant::now();
        let capability = name.split('.').next().unwrap_or(name);
        let answer = match self.admit(capability, asked.cost) {
            Ok(()) => match self.player.answer(name, asked.text.as_str())? {
                Some(answer) => answer,
                None => match handler {
                    Some(handler) => within(self.deadline, work(handler)).await?,
                    None => Err(SdkError::unavailable(capability)),
                },
            },
            Err(refused) => {
                self.player.refused(name, asked.text.as_str());
                Err(refused)
            }
        };
        // Counted before it is written down: what is too much is neither kept nor handed over.
        let answer = answer.and_then(|value| self.spend_answer(value.cost()).map(|()| value));
        let answer = match self.records.calls.len() < RECORDS {
            true => self.record(name, asked.text, answer, started).await?,
            false => {
                self.records.completeness = Completeness::Cut;
                answer
            }
        };
        Ok(answer.map_err(Into::into))
    }

    fn admit(&mut self, capability: &str, cost: u64) -> Result<(), SdkError> {
        if !self.declared.contains(capability) && !GRANTED.contains(&capability) {
            return Err(SdkError::new(
                ErrorCode::CapabilityNotDeclared,
                format!(
                    "this hook does not declare `{capability}`; add `capabilities: {{ {} }}` to its `export const config`",
                    declaration(capability)
                ),
            ));
        }
        self.spend(cost)
    }

    fn spend_answer(&mut self, cost: u64) -> Result<(), SdkError> {
        let left = self.host_bytes_left.checked_sub(cost).ok_or_else(|| {
            let limit = self.limits.host_bytes;
            let message = format!("an invocation can exchange at most {limit} bytes with the host");
            SdkError::new(ErrorCode::LimitExceeded, message)
        })?;
        self.host_bytes_left = left;
        Ok(())
    }

    /// Writes down what was asked and answered, and gives the answer back.
    async fn record<T: Cost + Serialize + Send + 'static>(
        &mut self,
        name: &str,
        arguments: JsonText,
        answer: Result<T, SdkError>,
        started: Instant,
    ) -> wasmtime::Result<Result<T, SdkError>> {
        let duration_us = started.elapsed().as_micros() as u64;
        let left = self.record_bytes_left;
        let (answer, written) = match answer {
            Ok(value) if value.cost() > QUICKLY_WRITTEN && left > QUICKLY_WRITTEN => {
                let writing = tokio::task::spawn_blocking(move || {
                    let written = record::write(&value, left);
                    (Ok(value), written)
                });
                within(self.deadline, writing).await?.map_err(wasmtime::Error::from)?
            }
            Ok(value) => {
                let written = record::write(&value, left);
                (Ok(value), written)
            }
            Err(error) => {
                let written = record::write(&serde_json::json!({ "error": error }), left);
                (Err(error), written)
            }
        };
        let call = HostCall {
            name: name.to_owned(),
            arguments,
            answer: self.kept(written),
            duration_us,
        };
        self.records.calls.push(call);
        Ok(answer)
    }

    /// Takes what was written from the budget of records.
    fn kept(&mut self, written: Written) -> JsonText {
        self.record_bytes_left = self.record_bytes_left.saturating_sub(written.bytes);
        if written.completeness == Completeness::Cut {
            self.records.completeness = Completeness::Cut;
        }
        written.text
    }

    /// A mark of data that are not written down: the same for the same data under the same seed.
    pub(crate) fn keyed_mark(&self, data: &[u8]) -> String {
        let digest = Sha256::new()
            .chain_update(self.records.seed)
            .chain_update(data)
            .finalize();
        digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
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

/// What a host call asks.
pub(crate) struct Asked {
    cost: u64,
    text: JsonText,
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
