//! What came of the calls of both sides: sums that can be added up, whichever node counted them.

use std::collections::BTreeMap;

use aerocall_api_types::{Percentiles, RolloutSide, ShadowFigures};
use aerocall_runtime::Invocation;
use serde::{Deserialize, Serialize};

use super::Side;

/// Of a rollout, as the store has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Figures {
    pub(crate) live: SideFigures,
    pub(crate) candidate: SideFigures,
    pub(crate) shadow: ShadowFigures,
}

/// Of the calls of one version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SideFigures {
    pub(crate) calls: u64,
    pub(crate) failures: u64,
    pub(crate) denials: u64,
    pub(super) time_us: Histogram,
    pub(super) fuel: Histogram,
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// `allow`, `deny`, `patch`, or the error code of a failure.
    pub(crate) outcome: &'static str,
    /// `None`: it was not run.
    pub(crate) cost: Option<Cost>,
}

/// What a call took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) time_us: u64,
    pub(crate) fuel: u64,
}

impl Cost {
    pub(crate) fn of(invocation: &Invocation) -> Self {
        Self {
            time_us: u64::try_from(invocation.duration.as_micros()).unwrap_or(u64::MAX),
            fuel: invocation.fuel,
        }
    }
}

/// Numbers of values by size: 16 buckets for each power of two, so that a value is known within 4 %.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Histogram(BTreeMap<u16, u64>);

/// Buckets of a power of two, and their bits.
const PARTS: u64 = 16;
const PART_BITS: u32 = 4;

impl Figures {
    pub(crate) fn side(&mut self, side: Side) -> &mut SideFigures {
        match side {
            Side::Live => &mut self.live,
            Side::Candidate => &mut self.candidate,
        }
    }

    pub(crate) fn add(&mut self, more: &Self) {
        self.live.add(&more.live);
        self.candidate.add(&more.candidate);
        let (sum, more) = (&mut self.shadow, &more.shadow);
        sum.same += more.same;
        sum.now_denied += more.now_denied;
        sum.now_allowed += more.now_allowed;
        sum.new_failures += more.new_failures;
        sum.changed_patches += more.changed_patches;
        sum.other += more.other;
        sum.simulated += more.simulated;
        sum.dropped += more.dropped;
        for (from, line) in &more.matrix {
            let into = sum.matrix.entry(from.clone()).or_default();
            for (to, count) in line {
                *into.entry(to.clone()).or_default() += count;
            }
        }
    }
}

impl SideFigures {
    pub(crate) fn count(&mut self, call: Counted) {
        self.calls += 1;
        match call.outcome {
            "allow" | "patch" => {}
            "deny" => self.denials += 1,
            _ => self.failures += 1,
        }
        if let Some(cost) = call.cost {
            self.time_us.count(cost.time_us);
            self.fuel.count(cost.fuel);
        }
    }

    fn add(&mut self, more: &Self) {
        self.calls += more.calls;
        self.failures += more.failures;
        self.denials += more.denials;
        self.time_us.add(&more.time_us);
        self.fuel.add(&more.fuel);
    }

    pub(crate) fn document(&self, version: i32) -> RolloutSide {
        let percent = |count: u64| (self.calls > 0).then(|| percent(count, self.calls));
        RolloutSide {
            version,
            calls: self.calls,
            failures: self.failures,
            failures_percent: percent(self.failures),
            denials: self.denials,
            denials_percent: percent(self.denials),
            time_us: self.time_us.percentiles(),
            fuel: self.fuel.percentiles(),
        }
    }
}

/// With two decimals.
pub(super) fn percent(count: u64, of: u64) -> f64 {
    (count as f64 * 10_000.0 / of as f64).round() / 100.0
}

impl Histogram {
    fn count(&mut self, value: u64) {
        *self.0.entry(bucket(value)).or_default() += 1;
    }

    fn add(&mut self, more: &Self) {
        for (bucket, count) in &more.0 {
            *self.0.entry(*bucket).or_default() += count;
        }
    }

    fn percentiles(&self) -> Percentiles {
        Percentiles {
            p50: self.below(50),
            p95: self.below(95),
        }
    }

    /// The value that so many percent of all are not greater than (nearest rank).
    fn below(&self, percent: u64) -> Option<u64> {
        let all: u64 = self.0.values().sum();
        let rank = (all * percent).div_ceil(100);
        let mut seen = 0;
        let found = self.0.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        found.map(|(bucket, _)| middle(*bucket))
    }
}

fn bucket(value: u64) -> u16 {
    if value < PARTS {
        return value as u16;
    }
    let power = value.ilog2();
    let part = (value >> (power - PART_BITS)) & (PARTS - 1);
    // At most (63 - 3) * 16 + 15.
    ((power - PART_BITS + 1) as u16) * PARTS as u16 + part as u16
}

fn middle(bucket: u16) -> u64 {
    let (power, part) = (u64::from(bucket) / PARTS, u64::from(bucket) % PARTS);
    if power == 0 {
        return part;
    }
    // What the store has may be of anybody: a bucket that does not exist is none.
    let shift = u32::try_from(power - 1).unwrap_or(0).min(u64::BITS - PART_BITS - 1);
    ((PARTS + part) << shift) + ((1_u64 << shift) >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(outcome: &'static str, time_us: u64) -> Counted {
        Counted {
            outcome,
            cost: Some(Cost { time_us, fuel: 1 }),
        }
    }

    #[test]
    fn percentiles_are_those_of_the_values_within_their_buckets() {
        let mut side = SideFigures::default();
        assert_eq!(side.document(1).time_us, Percentiles::default());
        assert_eq!(side.document(1).failures_percent, None);
        for time in 1..=1_000 {
            side.count(called("allow", time));
        }
        side.count(called("hook_timeout", u64::MAX));
        side.count(called("deny", 0));
        let shown = side.document(1);
        let near = |found: Option<u64>, wanted: f64| (found.unwrap() as f64 - wanted).abs() / wanted < 0.04;
        assert!(
            near(shown.time_us.p50, 500.0) && near(shown.time_us.p95, 950.0),
            "{shown:?}"
        );
        assert_eq!((shown.calls, shown.failures, shown.denials), (1_002, 1, 1));
        assert_eq!(shown.failures_percent, Some(0.1));
    }

    #[test]
    fn a_value_is_known_within_four_percent() {
        let powers = (0..64).flat_map(|power| {
            [
                1_u64 << power,
                (1 << power) - 1,
                u64::MAX >> power,
                0xa5a5_a5a5_a5a5_a5a5 >> power,
            ]
        });
        for value in (0..5_000).chain(powers) {
            let found = middle(bucket(value));
            assert!(
                found.abs_diff(value) as f64 / (value.max(1) as f64) < 0.04,
                "{value} is shown as {found}"
            );
        }
    }

    #[test]
    fn it_does_not_matter_which_node_counts() {
        let mut nodes: [Figures; 3] = Default::default();
        let mut alone = Figures::default();
        let mut bits = 1_u64;
        for _ in 0..500 {
            // An LCG (Knuth): what it is does not matter, only that it is the same each time.
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let [outcome, node] = [bits >> 60 & 3, (bits >> 40) % 3].map(|part| usize::try_from(part).unwrap());
            let call = called(["allow", "deny", "patch", "hook_failed"][outcome], bits >> (bits % 64));
            let side = if bits >> 50 & 1 == 0 {
                Side::Live
            } else {
                Side::Candidate
            };
            for figures in [&mut nodes[node], &mut alone] {
                figures.side(side).count(call);
                let line = figures.shadow.matrix.entry(call.outcome.to_owned()).or_default();
                *line.entry("allow".to_owned()).or_default() += 1;
            }
        }
        let mut sum = Figures::default();
        for node in &nodes {
            let stored = serde_json::to_string(node).unwrap();
            sum.add(&serde_json::from_str(&stored).unwrap());
        }
        assert_eq!(sum, alone);
    }
}
