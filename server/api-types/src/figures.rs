//! Figures of invocations, from their records.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{InvocationOutcome, Timestamp};

/// A figure over time, for each hook, hook point, outcome or version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FigureSeries {
    /// What is counted or measured.
    pub metric: FigureMetric,
    /// What there is a series for.
    pub by: FigureKey,
    /// Where the first value begins.
    pub from: Timestamp,
    /// Where the last value ends.
    pub to: Timestamp,
    /// The time that a value is about, in seconds.
    pub step_seconds: u32,
    /// Whether all records of this time were read: `false` if there are more than 50,000, of which the newest were.
    pub is_complete: bool,
    /// Those with most invocations first; at most 20, and one for the rest.
    pub series: Vec<Figures>,
}

/// The values of one series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Its hook, hook point, outcome or version; `null`: of all the rest, and of everything if there is one series.
    pub key: Option<String>,
    /// Invocations of the whole time.
    pub calls: u32,
    /// One for each step, in order: a number, or microseconds for `p50` and `p95`; `null` where nothing was measured.
    pub values: Vec<Option<i64>>,
}

/// What is counted or measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureMetric {
    /// Invocations.
    Calls,
    /// Invocations that refused a request.
    Denials,
    /// Invocations that failed.
    Failures,
    /// The time that half of the invocations stay below.
    P50,
    /// The time that 95 of 100 invocations stay below.
    P95,
}

/// What there is a series for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureKey {
    /// Everything together.
    All,
    /// Each hook.
    Hook,
    /// Each hook point, event, queue and schedule.
    Point,
    /// Each outcome.
    Outcome,
    /// Each version of each hook: `signup@3`.
    Version,
}

/// What the invocations of the last 24 hours came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayFigures {
    /// Invocations.
    pub calls: u32,
    /// Those that refused a request.
    pub denials: u32,
    /// Those that failed.
    pub failures: u32,
    /// The time in microseconds that 95 of 100 stay below; `null` without an invocation.
    pub p95_us: Option<i64>,
    /// The newest; `null` without one.
    pub last: Option<LastInvocation>,
}

/// The newest invocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LastInvocation {
    /// Its id.
    pub invocation: String,
    /// Its outcome.
    pub outcome: InvocationOutcome,
    /// When it was recorded.
    pub at: Timestamp,
}

/// The invocations of an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HourFigures {
    /// Where the hour begins.
    pub at: Timestamp,
    /// Invocations.
    pub calls: u32,
    /// Those that refused a request.
    pub denials: u32,
    /// Those that failed.
    pub failures: u32,
}
