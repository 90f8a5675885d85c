//! A part of the time in equal steps.

use crate::{
    base::{
        clock,
        error::{Problem, Refusal, Result},
    },
    flows::steps::endpoint::{Field, FieldKind},
};

/// How the parameter is described.
pub(in crate::flows::admin) const STEP: Field = Field::optional(
    "step",
    FieldKind::Number(1, 86_400),
    "Length of a step in seconds. If omitted, one that makes at most 120 steps.",
);

/// Steps of one answer.
const MOST: i64 = 500;
/// Steps of an answer whose length nobody has chosen.
const USUAL: i64 = 120;
/// The longest time, in seconds.
const LONGEST_S: i64 = 31 * 86_400;
/// Lengths that people count in, in seconds.
const LENGTHS_S: [i64; 13] = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 10_800, 21_600, 86_400];

/// Where they begin, how long and how many they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flows::admin) struct Steps {
    pub(in crate::flows::admin) from_ms: i64,
    pub(in crate::flows::admin) step_ms: i64,
    pub(in crate::flows::admin) count: usize,
}

impl Steps {
    /// From `from_ms`, or so many seconds before the end; to `to_ms`, or now. They begin at a multiple of their length.
    ///
    /// # Errors
    /// There are too many of them, or none.
    pub(in crate::flows::admin) fn new(
        from_ms: Option<i64>,
        to_ms: Option<i64>,
        step_s: Option<i64>,
        usual_s: i64,
        now_ms: i64,
    ) -> Result<Self> {
        // What is recorded in this millisecond is of it.
        let to_ms = to_ms.unwrap_or(now_ms + 1);
        let from_ms = from_ms.unwrap_or(to_ms.saturating_sub(usual_s * 1_000));
        let length_ms = to_ms.saturating_sub(from_ms);
        if length_ms <= 0 {
            return Err(refused("to", "must be later than from".to_owned()));
        }
        if length_ms > LONGEST_S * 1_000 {
            return Err(refused("from", "must be at most 31 days before to".to_owned()));
        }
        let fits = |step: &i64| length_ms <= step * 1_000 * USUAL;
        let step_s = step_s.or_else(|| LENGTHS_S.into_iter().find(fits)).unwrap_or(86_400);
        let step_ms = step_s * 1_000;
        let from_ms = from_ms.div_euclid(step_ms) * step_ms;
        let count = (to_ms - from_ms + step_ms - 1) / step_ms;
        if count > MOST {
            return Err(refused("step", format!("makes {count} steps, more than {MOST}")));
        }
        Ok(Self {
            from_ms,
            step_ms,
            count: usize::try_from(count).unwrap_or_default(),
        })
    }

    /// The step that a time is in.
    pub(in crate::flows::admin) fn at(&self, ms: i64) -> Option<usize> {
        let step = usize::try_from((ms - self.from_ms).div_euclid(self.step_ms)).ok()?;
        (step < self.count).then_some(step)
    }

    pub(in crate::flows::admin) fn begin_of(&self, step: usize) -> String {
        clock::iso(self.begin_ms(step))
    }

    pub(in crate::flows::admin) fn end_ms(&self) -> i64 {
        self.begin_ms(self.count)
    }

    pub(in crate::flows::admin) fn seconds(&self) -> u32 {
        u32::try_from(self.step_ms / 1_000).unwrap_or(u32::MAX)
    }

    fn begin_ms(&self, step: usize) -> i64 {
        let steps = i64::try_from(step).unwrap_or_default();
        self.from_ms + steps * self.step_ms
    }
}

fn refused(field: &str, problem: String) -> crate::base::error::Error {
    let details = vec![Problem {
        field: field.to_owned(),
        problem,
    }];
    Refusal::invalid_input(details).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    fn steps(from_ms: i64, to_ms: i64, step_s: Option<i64>) -> Option<(i64, i64, usize)> {
        let steps = Steps::new(Some(from_ms), Some(to_ms), step_s, HOUR, 0).ok()?;
        Some((steps.from_ms, steps.step_ms, steps.count))
    }

    #[test]
    fn they_begin_at_a_multiple_of_their_length_and_cover_the_time() {
        assert_eq!(steps(61_000, 180_001, Some(60)), Some((60_000, 60_000, 3)));
        assert_eq!(steps(0, HOUR * 1_000, None), Some((0, 30_000, 120)));
        assert_eq!(steps(0, 31 * 86_400_000, None), Some((0, 86_400_000, 31)));
        assert_eq!(steps(5, 5, None), None);
        assert_eq!(steps(0, 32 * 86_400_000, None), None);
        assert_eq!(steps(0, HOUR * 1_000, Some(1)), None, "3,600 steps");
        let usual = Steps::new(None, None, None, HOUR, 7_200_000).unwrap();
        assert_eq!(usual.at(7_200_000), Some(usual.count - 1), "now is in the last");
        assert_eq!((usual.at(usual.from_ms - 1), usual.at(usual.end_ms())), (None, None));
    }
}
