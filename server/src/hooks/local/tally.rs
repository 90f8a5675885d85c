//! What came of many replays: decisions then and now, fuel and time. What is not known is never counted as the same.

use aerocall_api_types::{BacktestChange, BacktestFigures, BacktestKind, ReplayReasonCode, ReplayVerdict};

use super::{Judged, RecordedInvocation, kind};

/// A sum that grows.
#[derive(Debug, Default)]
pub struct Tally {
    figures: BacktestFigures,
    fuel: Series,
    time_us: Series,
}

/// What a replay was compared with.
#[derive(Clone, Copy, Debug)]
pub struct Compared {
    /// The decision then.
    pub from: &'static str,
    /// The decision now, or `unknown`.
    pub to: &'static str,
    /// What changed.
    pub kind: BacktestKind,
}

#[derive(Debug, Default)]
struct Series {
    before: Vec<u64>,
    after: Vec<u64>,
}

impl Tally {
    /// Counts a replay. `time_us`: of the recorded run.
    pub fn add(&mut self, recorded: &RecordedInvocation, judged: &Judged, time_us: u64) -> Compared {
        let from = kind(&recorded.outcome);
        let to = match judged.verdict {
            ReplayVerdict::Diverged => return self.unknown(from, "diverged"),
            ReplayVerdict::Unknown => return self.unknown(from, judged.reason.map_or("unknown", word)),
            _ => kind(judged.outcome),
        };
        self.fuel.add(recorded.fuel, judged.fuel);
        let now_us = u64::try_from(judged.run.invocation.duration.as_micros()).unwrap_or(u64::MAX);
        self.time_us.add(time_us, now_us);
        if judged.verdict == ReplayVerdict::Identical {
            self.figures.identical += 1;
        }
        let (kind, count) = match (from, to) {
            (from, to) if from == to => (BacktestKind::Same, &mut self.figures.same),
            (_, "failure") => (BacktestKind::NewFailure, &mut self.figures.new_failures),
            ("allow" | "patch", "deny") => (BacktestKind::NowDenied, &mut self.figures.now_denied),
            ("deny", "allow" | "patch") => (BacktestKind::NowAllowed, &mut self.figures.now_allowed),
            _ => (BacktestKind::Other, &mut self.figures.other),
        };
        *count += 1;
        self.cell(from, to);
        Compared { from, to, kind }
    }

    /// Counts an invocation that cannot be run again.
    pub fn not_replayable(&mut self, outcome: &str, reason: ReplayReasonCode) -> Compared {
        self.unknown(kind(outcome), word(reason))
    }

    /// So far.
    pub fn figures(&mut self) -> BacktestFigures {
        BacktestFigures {
            fuel: self.fuel.change(),
            time_us: self.time_us.change(),
            ..self.figures.clone()
        }
    }

    fn unknown(&mut self, from: &'static str, reason: &str) -> Compared {
        self.figures.unknown += 1;
        *self.figures.unknown_reasons.entry(reason.to_owned()).or_default() += 1;
        self.cell(from, "unknown");
        Compared {
            from,
            to: "unknown",
            kind: BacktestKind::Unknown,
        }
    }

    fn cell(&mut self, from: &str, to: &str) {
        let line = self.figures.matrix.entry(from.to_owned()).or_default();
        *line.entry(to.to_owned()).or_default() += 1;
    }
}

impl Series {
    fn add(&mut self, before: u64, after: u64) {
        self.before.push(before);
        self.after.push(after);
    }

    fn change(&mut self) -> BacktestChange {
        self.before.sort_unstable();
        self.after.sort_unstable();
        let (before, after) = (percentile(&self.before, 95), percentile(&self.after, 95));
        BacktestChange {
            p50_before: percentile(&self.before, 50),
            p50_after: percentile(&self.after, 50),
            p95_before: before,
            p95_after: after,
            p95_percent: (before > 0).then(|| {
                let percent = (after as f64 / before as f64 - 1.0) * 100.0;
                (percent * 10.0).round() / 10.0
            }),
        }
    }
}

/// The least value that so many percent are not above (nearest rank).
fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

/// As documents spell it.
fn word(reason: ReplayReasonCode) -> &'static str {
    match reason {
        ReplayReasonCode::Expired => "expired",
        ReplayReasonCode::Redacted => "redacted",
        ReplayReasonCode::Cut => "cut",
        ReplayReasonCode::TimedOut => "timed_out",
        ReplayReasonCode::NotRun => "not_run",
        ReplayReasonCode::NotKept => "not_kept",
        ReplayReasonCode::VersionDeleted => "version_deleted",
        ReplayReasonCode::NoSuchPoint => "no_such_point",
        ReplayReasonCode::Unreadable => "unreadable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_there() {
        assert_eq!(percentile(&[], 95), 0);
        assert_eq!(percentile(&[7], 50), 7);
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 95)), (50, 95));
        let mut series = Series::default();
        (1..=20).for_each(|n| series.add(100, 100 + n));
        let change = series.change();
        assert_eq!(
            (change.p95_before, change.p95_after, change.p95_percent),
            (100, 119, Some(19.0))
        );
    }

    #[test]
    fn what_is_unknown_is_its_own_column() {
        let mut tally = Tally::default();
        tally.not_replayable("hook_timeout", ReplayReasonCode::TimedOut);
        tally.not_replayable("allow", ReplayReasonCode::Redacted);
        let figures = tally.figures();
        assert_eq!((figures.unknown, figures.same), (2, 0));
        assert_eq!(figures.matrix["failure"]["unknown"], 1);
        assert_eq!(figures.matrix["allow"]["unknown"], 1);
        assert_eq!(figures.unknown_reasons["timed_out"], 1);
        assert_eq!(figures.fuel.p95_percent, None);
    }
}
