//! How often a call may still do something: the count that the limits of a call set.

use std::sync::atomic::{AtomicU32, Ordering};

/// What is left of a limit.
#[derive(Debug)]
pub(super) struct Budget {
    most: u32,
    left: AtomicU32,
}

impl Budget {
    pub(super) fn new(most: u32) -> Self {
        Self {
            most,
            left: AtomicU32::new(most),
        }
    }

    /// Takes one.
    ///
    /// # Errors
    /// Nothing is left; the limit, for the message.
    pub(super) fn spend(&self) -> Result<(), u32> {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .map(drop)
            .map_err(|_| self.most)
    }
}
