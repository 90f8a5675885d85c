//! When a message that did not arrive is sent again: the schedule of Standard Webhooks 1.0, spread a little, and what the
//! receiver asks for.

use std::time::Duration;

use crate::base::backoff::spread;

/// Waits before the attempts after the first.
const WAITS: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3_600),
    Duration::from_secs(5 * 3_600),
    Duration::from_secs(10 * 3_600),
    Duration::from_secs(10 * 3_600),
];

/// Of a wait, so that messages that failed together do not come back together.
const SPREAD: f64 = 0.1;

/// The most that a receiver may ask us to wait (Retry-After, RFC 9110, 10.2.3).
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// The wait after that many attempts of which none succeeded; `None` after the last. `fraction`, from 0 to 1, spreads by a
/// tenth, so that messages that failed together do not come back together.
pub(crate) fn next_wait(attempts: usize, asked: Option<Duration>, fraction: f64) -> Option<Duration> {
    let wait = WAITS.get(attempts.checked_sub(1)?)?;
    let spread = spread(*wait, SPREAD, fraction);
    Some(asked.map_or(spread, |asked| spread.max(asked.min(LONGEST))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_attempts_in_about_28_hours() {
        let waits: Vec<u64> = (1..)
            .map_while(|done| next_wait(done, None, 0.5))
            .map(|wait| wait.as_secs())
            .collect();
        assert_eq!(waits, [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
    }

    #[test]
    fn a_receiver_can_ask_for_more_time_but_not_for_less_and_not_for_ever() {
        let asked = |seconds| next_wait(1, Some(Duration::from_secs(seconds)), 0.5).unwrap().as_secs();
        assert_eq!(asked(1), 5);
        assert_eq!(asked(120), 120);
        assert_eq!(asked(u64::MAX), LONGEST.as_secs());
    }

    #[test]
    fn waits_are_spread_by_a_tenth() {
        let at = |fraction| next_wait(2, None, fraction).unwrap().as_secs_f64();
        assert!((at(0.0) - 270.0).abs() < 1e-6 && (at(1.0) - 330.0).abs() < 1e-6);
    }
}
