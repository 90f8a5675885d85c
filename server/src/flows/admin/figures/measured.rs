//! What invocations come to: counts by what their outcome is, and percentiles of their times.

use aerocall_api_types::{DayFigures, FigureMetric, LastInvocation};

use crate::{
    base::clock, flows::admin::invocations::filter::Class, hooks::records::shown_outcome, storage::store::MeasuredRow,
};

/// Some invocations.
#[derive(Clone, Debug, Default)]
pub(in crate::flows::admin) struct Tally {
    pub(in crate::flows::admin) calls: u32,
    pub(in crate::flows::admin) denials: u32,
    pub(in crate::flows::admin) failures: u32,
    times: Vec<i64>,
    /// By the order of their records.
    last: Option<LastInvocation>,
}

impl Tally {
    /// With one more: the newest comes first.
    pub(in crate::flows::admin) fn add(&mut self, row: &MeasuredRow) {
        self.calls += 1;
        match Class::of(&row.outcome) {
            Class::Deny => self.denials += 1,
            Class::Failure => self.failures += 1,
            Class::Allow | Class::Patch => {}
        }
        self.times.push(row.duration_us);
        if self.last.is_none() {
            self.last = shown_outcome(&row.outcome).ok().map(|outcome| LastInvocation {
                invocation: row.id.clone(),
                outcome,
                at: clock::iso(row.created_ms).into(),
            });
        }
    }

    /// One figure; `None` where nothing was measured.
    pub(in crate::flows::admin) fn figure(&mut self, metric: FigureMetric) -> Option<i64> {
        match metric {
            FigureMetric::Calls => Some(self.calls.into()),
            FigureMetric::Denials => Some(self.denials.into()),
            FigureMetric::Failures => Some(self.failures.into()),
            FigureMetric::P50 => self.percentile(50),
            FigureMetric::P95 => self.percentile(95),
        }
    }

    /// Everything.
    pub(in crate::flows::admin) fn day(mut self) -> DayFigures {
        DayFigures {
            calls: self.calls,
            denials: self.denials,
            failures: self.failures,
            p95_us: self.percentile(95),
            last: self.last,
        }
    }

    /// The time that so many of 100 stay below, which is one of them (nearest rank).
    fn percentile(&mut self, percent: usize) -> Option<i64> {
        self.times.sort_unstable();
        let rank = (self.times.len() * percent).div_ceil(100);
        self.times.get(rank.saturating_sub(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let row = |duration_us: i64, outcome: &str| MeasuredRow {
            id: "inv_1".to_owned(),
            hook: "a".to_owned(),
            point: "beforeSignup".to_owned(),
            version_number: 1,
            outcome: outcome.to_owned(),
            duration_us,
            created_ms: 0,
        };
        let mut tally = Tally::default();
        assert_eq!(
            (tally.percentile(95), tally.figure(FigureMetric::Calls)),
            (None, Some(0))
        );
        for time in 1..=20 {
            tally.add(&row(time * 100, if time == 20 { "hook_timeout" } else { "deny" }));
        }
        assert_eq!((tally.percentile(50), tally.percentile(95)), (Some(1_000), Some(1_900)));
        assert_eq!((tally.calls, tally.denials, tally.failures), (20, 19, 1));
    }
}
