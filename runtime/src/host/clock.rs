//! `wit/clock.wit`: the host's clock, and waiting inside the call's deadline. WASI's clocks are the same.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::{
    bindings::aerocall::hooks::clock as wire,
    state::{CallState, within},
};

/// Which clock is read. Both are readings of one recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The time of day, which somebody may set.
    Wall,
    /// Begins with the time of day at the start of the call, and never goes back.
    Monotonic,
}

/// When a call began.
#[derive(Clone, Copy)]
pub(crate) struct Started {
    pub(crate) instant: Instant,
    wall: Duration,
}

impl Started {
    pub(crate) fn now() -> Self {
        Self {
            instant: Instant::now(),
            wall: since_epoch(),
        }
    }
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl CallState {
    /// A reading of a clock, in milliseconds since 1970, to the microsecond. It is recorded.
    pub(crate) fn clock(&mut self, clock: Clock) -> wasmtime::Result<f64> {
        let ms = self.player.reading().unwrap_or_else(|| {
            let since = match clock {
                Clock::Wall => since_epoch(),
                Clock::Monotonic => self.started.wall + self.started.instant.elapsed(),
            };
            since.as_micros() as f64 / 1000.0
        });
        self.clock_read(ms);
        Ok(ms)
    }
}

impl wire::Host for CallState {
    async fn now_ms(&mut self) -> wasmtime::Result<f64> {
        self.take_turn(0).await?;
        self.clock(Clock::Wall)
    }

    async fn sleep_ms(&mut self, ms: u32) -> wasmtime::Result<()> {
        if self.player.slept(f64::from(ms)) {
            return Ok(());
        }
        within(self.deadline, tokio::time::sleep(Duration::from_millis(u64::from(ms)))).await
    }
}
