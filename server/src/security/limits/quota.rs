//! What a window of time has left. Windows begin on the clock's own seconds, minutes and hours, so that a count is one step
//! on one key; over the edge of two windows, twice as much may come in a row.

use crate::base::error::Refusal;

/// A count in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) name: &'static str,
    pub(crate) most: u32,
    /// This request included.
    used: i64,
    pub(crate) window_s: i64,
    /// Until the window ends, rounded up.
    pub(crate) resets_s: i64,
}

impl Quota {
    pub(super) fn new(name: &'static str, most: u32, used: i64, length_ms: i64, now_ms: i64) -> Self {
        let left_ms = length_ms - now_ms.rem_euclid(length_ms);
        Self {
            name,
            most,
            used,
            window_s: length_ms / 1_000,
            resets_s: (left_ms + 999) / 1_000,
        }
    }

    pub(crate) fn left(&self) -> i64 {
        (i64::from(self.most) - self.used).max(0)
    }

    /// # Errors
    /// The quota is used up.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self.used > i64::from(self.most) {
            true => Err(Refusal::rate_limited(u32::try_from(self.resets_s).unwrap_or(1))),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Quota;

    #[test]
    fn the_last_of_a_window_passes_and_the_next_waits_for_its_end() {
        let used = |used| Quota::new("ip", 3, used, 60_000, 61_500);
        assert_eq!((used(1).left(), used(3).left(), used(9).left()), (2, 0, 0));
        assert!(used(3).check().is_ok());
        assert_eq!(used(4).check().unwrap_err().retry_after, Some(59));
    }
}
