//! The time, from one place, so that tests can move it.
//!
//! Nodes share leases, due times and lifetimes, so they have to agree on the time. Where they share a database server they
//! follow its clock ([`Clock::follow`]): what a node's machine believes, or is set to while it runs, changes nothing. On one
//! machine its clock is everybody's.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A difference that is no news: what a busy machine takes to read an answer.
const TOLERANCE_MS: i64 = 200;
/// What nobody follows.
const NOBODY: i64 = i64::MIN;

/// From here on the time that is followed is counted by the machine's steady clock.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The server's clock. Clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Hands>);

#[derive(Debug)]
struct Hands {
    /// What a followed clock showed at [`BEGAN`].
    followed_ms: AtomicI64,
    /// Moved by a test.
    ahead_ms: AtomicI64,
    /// Where a test stopped it; 0: it runs.
    stopped_ms: AtomicI64,
    /// The machine's clock, set by a test.
    set_by_ms: AtomicI64,
}

impl Default for Hands {
    fn default() -> Self {
        Self {
            followed_ms: AtomicI64::new(NOBODY),
            ahead_ms: AtomicI64::default(),
            stopped_ms: AtomicI64::default(),
            set_by_ms: AtomicI64::default(),
        }
    }
}

impl Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let now = match self.0.stopped_ms.load(Ordering::Relaxed) {
            0 => self.running_ms(),
            stopped_ms => stopped_ms,
        };
        now.saturating_add(self.0.ahead_ms.load(Ordering::Relaxed))
    }

    /// Shows from now on what another clock shows: the database's, which all nodes ask. How far this one was ahead of it, if
    /// that is worth telling.
    pub(crate) fn follow(&self, theirs_ms: i64) -> Option<i64> {
        let ahead_ms = self.running_ms().saturating_sub(theirs_ms);
        let is_followed = self.0.followed_ms.load(Ordering::Relaxed) != NOBODY;
        if is_followed && ahead_ms.abs() <= TOLERANCE_MS {
            return None;
        }
        self.0
            .followed_ms
            .store(theirs_ms - millis(BEGAN.elapsed()), Ordering::Relaxed);
        (ahead_ms.abs() > TOLERANCE_MS).then_some(ahead_ms)
    }

    /// Stops the clock, for tests of what is counted by the second; only [`Clock::advance_ms`] moves it from now on.
    pub fn stop(&self) {
        self.0.stopped_ms.store(self.running_ms(), Ordering::Relaxed);
    }

    /// Moves the clock forward, for tests of what expires.
    pub fn advance_ms(&self, by: i64) {
        self.0.ahead_ms.fetch_add(by, Ordering::Relaxed);
    }

    /// Sets the clock of the machine, for tests of what a wrong one does.
    #[doc(hidden)]
    pub fn set_machine_by_ms(&self, by: i64) {
        self.0.set_by_ms.store(by, Ordering::Relaxed);
    }

    fn running_ms(&self) -> i64 {
        match self.0.followed_ms.load(Ordering::Relaxed) {
            NOBODY => system_ms().saturating_add(self.0.set_by_ms.load(Ordering::Relaxed)),
            followed_ms => followed_ms.saturating_add(millis(BEGAN.elapsed())),
        }
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

/// The day in UTC: `2026-01-31`.
pub(crate) fn day(ms: i64) -> String {
    iso(ms).chars().take(10).collect()
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
    fn a_clock_that_follows_another_does_not_care_what_its_machine_believes() {
        let clock = Clock::default();
        let theirs_ms = clock.now_ms() - 300_000;
        let about = |expected: i64| (clock.now_ms() - expected).abs() < 5_000;
        assert!(clock.follow(theirs_ms).is_some_and(|ahead_ms| ahead_ms >= 300_000));
        assert!(about(theirs_ms));
        clock.set_machine_by_ms(86_400_000);
        assert!(about(theirs_ms));
        assert_eq!(clock.follow(clock.now_ms()), None, "no news");
        clock.advance_ms(60_000);
        assert!(about(theirs_ms + 60_000), "tests move it all the same");
        assert_eq!(
            clock.follow(clock.now_ms() - 60_000),
            None,
            "and are not taken for a wrong clock"
        );
    }

    #[test]
    fn a_time_always_has_its_milliseconds() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_769_860_800_120), "2026-01-31T12:00:00.120Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
    }
}
