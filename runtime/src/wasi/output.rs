//! Standard output and standard error: what is written there becomes lines of the call's log, within its budget.

use async_trait::async_trait;
use bytes::Bytes;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use crate::{LogLevel, call_log::CallLog};

/// Bytes that can be written at once.
const PERMIT_BYTES: usize = 4 << 10;
/// Bytes after which a writer lets others run.
const BYTES_PER_TURN: usize = 64 << 10;

/// One of the two streams. All handles to one write to the same line.
pub(super) struct Output {
    log: CallLog,
    level: LogLevel,
    /// Written since others could run.
    since_turn: usize,
}

impl Output {
    pub(super) fn new(log: CallLog, level: LogLevel) -> Self {
        Self {
            log,
            level,
            since_turn: 0,
        }
    }
}

#[async_trait]
impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        if bytes.len() > PERMIT_BYTES {
            return Err(StreamError::trap("more is written to the stream than it has permitted"));
        }
        self.since_turn += bytes.len() + 1;
        self.log.print(self.level, &bytes).map_err(StreamError::Trap)
    }

    /// A line is written when it is whole: parts of one are no lines because somebody flushed between them.
    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PERMIT_BYTES)
    }
}

#[async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {
        if self.since_turn >= BYTES_PER_TURN {
            self.since_turn = 0;
            tokio::task::yield_now().await;
        }
    }
}
