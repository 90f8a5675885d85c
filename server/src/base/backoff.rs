//! How long to wait before something that failed is tried again (exponential backoff with jitter).

use std::time::Duration;

/// A wait that grows by a factor with each failure, up to the longest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    factor: u32,
    longest: Duration,
}

impl Backoff {
    pub(crate) const fn new(first: Duration, factor: u32, longest: Duration) -> Self {
        Self { first, factor, longest }
    }

    pub(crate) const fn doubling(first: Duration, longest: Duration) -> Self {
        Self::new(first, 2, longest)
    }

    /// The wait after so many failures in a row, of which the first counts as one.
    pub(crate) fn after(&self, failures: i64) -> Duration {
        let growths = u32::try_from(failures.saturating_sub(1).max(0)).unwrap_or(u32::MAX);
        let factor = self.factor.saturating_pow(growths);
        self.first.saturating_mul(factor).min(self.longest)
    }
}

/// The wait, longer or shorter by up to a share of it, so that what failed together does not come back together.
/// `fraction`, from 0 to 1, is chosen at random.
pub(crate) fn spread(wait: Duration, share: f64, fraction: f64) -> Duration {
    wait.mul_f64(1.0 - share + 2.0 * share * fraction.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest_and_never_overflow() {
        let seconds = |backoff: Backoff, failures| backoff.after(failures).as_secs();
        let doubling = Backoff::doubling(Duration::from_secs(1), Duration::from_secs(900));
        let doubled: Vec<u64> = (1..=12).map(|failures| seconds(doubling, failures)).collect();
        assert_eq!(doubled, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!((seconds(doubling, 0), seconds(doubling, i64::MIN)), (1, 1));
        assert_eq!(seconds(doubling, i64::MAX), 900);
        let by_six = Backoff::new(Duration::from_secs(30), 6, Duration::from_secs(86_400));
        assert_eq!([1, 2, 3].map(|failures| seconds(by_six, failures)), [30, 180, 1_080]);
    }

    #[test]
    fn a_spread_is_at_most_a_share_of_the_wait() {
        let at = |fraction| spread(Duration::from_secs(100), 0.2, fraction).as_secs_f64();
        for (fraction, expected) in [(0.0, 80.0), (0.5, 100.0), (1.0, 120.0), (7.0, 120.0)] {
            assert!((at(fraction) - expected).abs() < 1e-6, "{fraction}");
        }
    }
}
