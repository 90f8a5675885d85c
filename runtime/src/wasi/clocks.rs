//! `wasi:clocks` and `wasi:io/poll`: the recorded clock of the call, and timers that end with its deadline.
//!
//! What a poll answers follows from the clock alone: every stream is always ready, and of timers those are whose time has come by
//! a reading that is recorded. So a call that is run again sees the same timers end in the same order.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::{
    DynPollable, Pollable,
    bindings::{
        clocks::{monotonic_clock, wall_clock},
        io::poll,
    },
    subscribe,
};

use crate::{
    host::Clock,
    state::{CallState, within},
};

/// What the clocks tell apart, in nanoseconds.
const RESOLUTION_NS: u64 = 1_000;

/// Until when each timer runs, in nanoseconds of the monotonic clock, by its place in the table.
#[derive(Default)]
pub(crate) struct Timers(BTreeMap<u32, u64>);

/// Stands for a timer in the table, where streams have themselves. Whether it has ended is found in [`Timers`].
struct Timer;

#[async_trait]
impl Pollable for Timer {
    async fn ready(&mut self) {}
}

impl CallState {
    fn monotonic_ns(&mut self) -> wasmtime::Result<u64> {
        Ok(micros(self.clock(Clock::Monotonic)?) * 1_000)
    }

    fn timer(&mut self, until_ns: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let timer = self.table.push(Timer)?;
        let pollable = subscribe(&mut self.table, timer)?;
        self.wasi.timers.0.insert(pollable.rep(), until_ns);
        Ok(pollable)
    }

    /// When a pollable is ready: `None` if it is now and always.
    fn ready_at(&self, pollable: &Resource<DynPollable>) -> wasmtime::Result<Option<u64>> {
        self.table.get(pollable)?;
        Ok(self.wasi.timers.0.get(&pollable.rep()).copied())
    }

    /// Waits for the first of them; the answer is the time then.
    async fn wait_for(&mut self, earliest_ns: u64) -> wasmtime::Result<u64> {
        let now = self.monotonic_ns()?;
        let Some(left) = earliest_ns.checked_sub(now).filter(|left| *left > 0) else {
            // A loop that polls what has ended would not let anybody else run.
            tokio::task::yield_now().await;
            return Ok(now);
        };
        let left = Duration::from_nanos(left);
        if !self.player.slept(left.as_secs_f64() * 1_000.0) {
            within(self.deadline, tokio::time::sleep(left)).await?;
        }
        // The timer of the host may be a little early, by its own clock.
        Ok(self.monotonic_ns()?.max(earliest_ns))
    }
}

/// Whole microseconds of what the clock says in milliseconds: what a recording keeps exactly.
fn micros(ms: f64) -> u64 {
    (ms * 1_000.0).round() as u64
}

impl wall_clock::Host for CallState {
    fn now(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        let micros = micros(self.clock(Clock::Wall)?);
        Ok(wall_clock::Datetime {
            seconds: micros / 1_000_000,
            nanoseconds: (micros % 1_000_000) as u32 * 1_000,
        })
    }

    fn resolution(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        Ok(wall_clock::Datetime {
            seconds: 0,
            nanoseconds: RESOLUTION_NS as u32,
        })
    }
}

impl monotonic_clock::Host for CallState {
    fn now(&mut self) -> wasmtime::Result<u64> {
        self.monotonic_ns()
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(RESOLUTION_NS)
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.timer(when)
    }

    fn subscribe_duration(&mut self, duration: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let until = self.monotonic_ns()?.saturating_add(duration);
        self.timer(until)
    }
}

impl poll::Host for CallState {
    async fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        // How many there can be is limited by the handles that can be lent to a host function.
        if pollables.is_empty() {
            return Err(wasmtime::Error::msg("a poll of nothing never ends"));
        }
        self.take_turn(0).await?;
        let ends = pollables.iter().map(|pollable| self.ready_at(pollable));
        let ends = ends.collect::<wasmtime::Result<Vec<_>>>()?;
        let now = match ends.iter().min().copied().flatten() {
            Some(earliest) => self.wait_for(earliest).await?,
            // One of them is always ready. Which timers have ended as well needs a look at the clock.
            None if ends.iter().any(Option::is_some) => self.monotonic_ns()?,
            None => 0,
        };
        let ready = (0_u32..).zip(ends).filter(|(_, end)| end.is_none_or(|end| end <= now));
        Ok(ready.map(|(index, _)| index).collect())
    }
}

impl poll::HostPollable for CallState {
    async fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        self.take_turn(0).await?;
        match self.ready_at(&pollable)? {
            Some(end) => Ok(end <= self.monotonic_ns()?),
            None => Ok(true),
        }
    }

    async fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        self.take_turn(0).await?;
        if let Some(end) = self.ready_at(&pollable)? {
            self.wait_for(end).await?;
        }
        Ok(())
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        self.wasi.timers.0.remove(&pollable.rep());
        poll::HostPollable::drop(&mut self.table, pollable)
    }
}
