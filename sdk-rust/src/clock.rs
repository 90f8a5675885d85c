//! Time as the host tells it, so that a recorded call can be run again. Mirrors `wit/clock.wit`.

use std::time::Duration;

use crate::{Timestamp, platform};

/// Now. `std::time` has no clock in a hook.
///
/// ```
/// use std::time::Duration;
/// use aerocall_hooks::{Timestamp, clock};
///
/// fn is_old(created: Timestamp) -> bool {
///     clock::now().since(created) > Duration::from_secs(90 * 86_400)
/// }
/// ```
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_unix_ms(platform::now_ms() as i64)
}

/// Waits. The deadline of the invocation goes on and ends the wait.
///
/// ```
/// use std::time::Duration;
/// use aerocall_hooks::{Result, cache, clock};
///
/// fn lock(key: &str) -> Result<bool> {
///     for _ in 0..3 {
///         if cache::set_if_absent(key, &true, Duration::from_secs(5))? {
///             return Ok(true);
///         }
///         clock::sleep(Duration::from_millis(50));
///     }
///     Ok(false)
/// }
/// ```
pub fn sleep(time: Duration) {
    platform::sleep(time);
}
