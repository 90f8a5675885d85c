//! `wit/log.wit`: lines go into the invocation, within its budget.

use crate::{LogLevel, bindings::aerocall::hooks::log as wire, state::CallState};

impl wire::Host for CallState {
    async fn write(&mut self, level: wire::Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            wire::Level::Debug => LogLevel::Debug,
            wire::Level::Info => LogLevel::Info,
            wire::Level::Warn => LogLevel::Warn,
            wire::Level::Error => LogLevel::Error,
        };
        self.take_turn(message.len() as u64).await?;
        self.log.write(level, message);
        Ok(())
    }
}
