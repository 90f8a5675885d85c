//! The time, from one place, so that tests can move it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The server's clock. Clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
    /// Where it was stopped; 0: it runs.
    stopped_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let now = match self.stopped_ms.load(Ordering::Relaxed) {
            0 => system_ms(),
            stopped_ms => stopped_ms,
        };
        now.saturating_add(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Stops the clock, for tests of what is counted by the second; only [`Clock::advance_ms`] moves it from now on.
    pub fn stop(&self) {
        self.stopped_ms.store(system_ms(), Ordering::Relaxed);
    }

    /// Moves the clock forward, for tests of what expires.
    pub fn advance_ms(&self, by: i64) {
        self.ahead_ms.fetch_add(by, Ordering::Relaxed);
    }
}

fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A duration as the store counts time.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The time that a text of RFC 3339 names.
pub(crate) fn parse_iso(text: &str) -> Option<i64> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

/// ISO 8601 in UTC, always with three digits of milliseconds: `2026-01-31T12:00:00.000Z`, as JavaScript writes it, so that
/// texts sort as their times do.
pub(crate) fn iso(ms: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000);
    let shown = at.map(|at| {
        let (year, month, day) = at.to_calendar_date();
        let (hour, minute, second, ms) = at.to_hms_milli();
        let month = u8::from(month);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
    });
    // A time that is none is in no document.
    shown.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_always_has_its_milliseconds() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_769_860_800_120), "2026-01-31T12:00:00.120Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
    }
}
