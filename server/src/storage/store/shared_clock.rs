//! The clock that all nodes share: the one of the database server. The only place that reads it for the server's own use. A
//! file is used by the processes of one machine, which share its clock anyway.

use std::time::{Duration, Instant};

use super::{Store, StoreError};
use crate::base::clock::{Clock, millis};

/// An answer that took longer says too little about the time.
const PROMPT: Duration = Duration::from_secs(2);

impl Store {
    /// Lets this clock follow the shared one, where there is one.
    pub(crate) async fn lead(&self, clock: &Clock) -> Result<(), StoreError> {
        let clock = clock.clone();
        self.read(move |tx| {
            let asked = Instant::now();
            let Some(theirs_ms) = tx.clock_ms()? else { return Ok(()) };
            let took = asked.elapsed();
            if took > PROMPT {
                return Ok(());
            }
            // Read in the middle of the way there and back.
            if let Some(ahead_ms) = clock.follow(theirs_ms + millis(took / 2)) {
                tracing::warn!(
                    ahead_ms,
                    "this machine's clock differs from the database's, which is followed"
                );
            }
            Ok(())
        })
        .await
    }
}
