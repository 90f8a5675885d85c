//! Lines for the people who run the hook. Mirrors `wit/log.wit`.
//!
//! These are the macros of the crate [`log`](https://docs.rs/log), so what libraries log stands in the log of the invocation, too;
//! so do events of `tracing` with the feature `tracing`. Lines are never sent to the client; those beyond the limits are dropped
//! and counted.
//!
//! ```
//! use aerocall_hooks::log;
//!
//! fn note(seen: i64, network: &str) {
//!     log::info!("sign-up {seen}");
//!     if seen > 5 {
//!         log::warn!("sign-up {seen} from {network}");
//!     }
//! }
//! ```

pub use ::log::{Level, debug, error, info, log, trace, warn};

use crate::platform;

struct Lines;

impl ::log::Log for Lines {
    fn enabled(&self, _: &::log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &::log::Record<'_>) {
        let message = record.args();
        match message.as_str() {
            Some(message) => platform::log(record.level(), message),
            None => platform::log(record.level(), &message.to_string()),
        }
    }

    fn flush(&self) {}
}

/// Takes the lines of the crate `log`; in a test, only if nobody else does.
pub(crate) fn install() {
    if ::log::set_logger(&Lines).is_ok() {
        ::log::set_max_level(::log::LevelFilter::Trace);
    }
    #[cfg(feature = "tracing")]
    crate::tracing::install();
}
