//! `wit/clock.wit`: the host's clock, and waiting inside the call's deadline.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::{
    bindings::aerocall::hooks::clock as wire,
    state::{CallState, within},
};

impl wire::Host for CallState {
    fn now_ms(&mut self) -> wasmtime::Result<f64> {
        let ms = self.player.reading().unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            since.as_micros() as f64 / 1000.0
        });
        self.clock_read(ms);
        Ok(ms)
    }

    async fn sleep_ms(&mut self, ms: u32) -> wasmtime::Result<()> {
        if self.player.slept(ms) {
            return Ok(());
        }
        within(self.deadline, tokio::time::sleep(Duration::from_millis(u64::from(ms)))).await
    }
}
