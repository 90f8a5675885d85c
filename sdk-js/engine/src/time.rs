//! The clock and whether this is build or call: at build there is no host to ask, and a snapshot must not depend on
//! when it was taken.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::contract::clock;

/// 2025-01-01T00:00:00Z: what a module sees that asks for the time while it is evaluated at build.
const BUILD_TIME_MS: u64 = 1_735_689_600_000;

static CALLING: AtomicBool = AtomicBool::new(false);
static ASKED_AT_BUILD: AtomicBool = AtomicBool::new(false);
static BUILD_CLOCK_MS: AtomicU64 = AtomicU64::new(BUILD_TIME_MS);

/// From here on the host answers.
pub(crate) fn begin_call() {
    CALLING.store(true, Ordering::Relaxed);
}

/// Whether a call is being answered; otherwise a module is being evaluated at build.
pub(crate) fn in_call() -> bool {
    CALLING.load(Ordering::Relaxed)
}

/// Whether the module asked for the time while it was evaluated; the answer is frozen into the snapshot.
pub(crate) fn asked_at_build() -> bool {
    ASKED_AT_BUILD.load(Ordering::Relaxed)
}

/// Forgets what the engine itself asked before the hook's module was evaluated.
pub(crate) fn forget_asked() {
    ASKED_AT_BUILD.store(false, Ordering::Relaxed);
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    if in_call() {
        return clock::now_ms();
    }
    ASKED_AT_BUILD.store(true, Ordering::Relaxed);
    BUILD_CLOCK_MS.load(Ordering::Relaxed) as f64
}

/// Waits for the host in a call; at build the clock jumps.
pub(crate) fn sleep_ms(ms: u32) {
    if in_call() {
        clock::sleep_ms(ms);
    } else {
        BUILD_CLOCK_MS.fetch_add(u64::from(ms), Ordering::Relaxed);
    }
}
