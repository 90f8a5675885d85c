//! Backtests: a version of a hook, run on recorded invocations.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{HookError, ReplayReason, ReplayTarget, ReplayVerdict, Timestamp};

/// What a backtest would run on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BacktestPlan {
    /// The hook.
    pub hook: String,
    /// Number of recorded invocations that match, at most `limit`.
    pub calls: u32,
    /// Of those, how many can be run again.
    pub replayable: u32,
    /// Of those, how many had a one-time code taken out.
    pub redacted: u32,
    /// Of those, how many exceeded the size limit of records.
    pub cut: u32,
    /// Of those, how many cannot be run again for other reasons, such as a timeout.
    pub unrepeatable: u32,
    /// The oldest record of the environment; whatever happened before has expired. `null` if there is none.
    pub kept_since: Option<Timestamp>,
    /// Number of invocations that this server did not record since it started, because the database did not keep up.
    pub dropped: u64,
}

/// A backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Backtest {
    /// Its id.
    pub id: String,
    /// The hook.
    pub hook: String,
    /// The version that is run.
    pub target: ReplayTarget,
    /// How far it is.
    pub state: BacktestState,
    /// Why it did not go on; `null` unless it was stopped or failed.
    pub reason: Option<String>,
    /// Number of invocations to run.
    pub total: u32,
    /// Number of invocations that were run, or found not to be replayable.
    pub done: u32,
    /// What came of them.
    pub figures: BacktestFigures,
    /// Number of invocations that this server did not record since it started, because the database did not keep up: they are
    /// missing here.
    pub dropped: u64,
    /// Who created it.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ended; `null` until then.
    pub finished_at: Option<Timestamp>,
}

/// How far a backtest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BacktestState {
    /// It goes on.
    Running,
    /// Everything was run.
    Done,
    /// It was stopped, or the server that ran it ended.
    Stopped,
    /// The server could not go on.
    Failed,
}

/// What came of the invocations of a backtest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct BacktestFigures {
    /// The same kind of decision.
    pub same: u32,
    /// Of those, the same reply with the same fuel.
    pub identical: u32,
    /// Allowed or patched then, denied now.
    pub now_denied: u32,
    /// Denied then, allowed or patched now.
    pub now_allowed: u32,
    /// A decision then, a failure now.
    pub new_failures: u32,
    /// Any other change, such as from `allow` to `patch`, or of a failure.
    pub other: u32,
    /// Nothing can be said: the record is incomplete, or the hook asks for something that it had not asked for.
    pub unknown: u32,
    /// Numbers of invocations by their decision then (`allow`, `patch`, `deny`, `failure`) and now (the same, and `unknown`).
    pub matrix: BTreeMap<String, BTreeMap<String, u32>>,
    /// Why nothing can be said, with numbers of invocations: `diverged`, or a reason of a replay.
    pub unknown_reasons: BTreeMap<String, u32>,
    /// Fuel of the invocations that were run.
    pub fuel: BacktestChange,
    /// Time of the invocations that were run, in microseconds: then with hosts that took their time, now without.
    pub time_us: BacktestChange,
}

/// A quantity then and now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct BacktestChange {
    /// Median then.
    pub p50_before: u64,
    /// Median now.
    pub p50_after: u64,
    /// 95th percentile then.
    pub p95_before: u64,
    /// 95th percentile now.
    pub p95_after: u64,
    /// Change of the 95th percentile in percent; `null` if there was nothing then.
    pub p95_percent: Option<f64>,
}

/// The backtests of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BacktestList {
    /// Newest first, at most 20.
    pub backtests: Vec<Backtest>,
}

/// One invocation of a backtest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BacktestRow {
    /// Its id in the list.
    pub id: String,
    /// The invocation.
    pub invocation: String,
    /// The hook point or event.
    pub point: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// What changed.
    pub kind: BacktestKind,
    /// The decision then: `allow`, `patch`, `deny` or `failure`.
    pub from: String,
    /// The decision now: the same, or `unknown`.
    pub to: String,
    /// How both runs compare.
    pub verdict: ReplayVerdict,
    /// Why nothing can be said; `null` unless the verdict is `unknown`.
    pub reason: Option<ReplayReason>,
    /// Which host call diverges, from 1; `null` unless the verdict is `diverged`.
    pub diverges_at: Option<u32>,
    /// The code of the denial or of the failure now; `null` unless it is one.
    pub code: Option<String>,
    /// The message of the denial now; `null` unless it is one.
    pub message: Option<String>,
    /// Why it fails now; `null` unless it does.
    pub error: Option<HookError>,
    /// Fuel then.
    pub fuel_before: u64,
    /// Fuel now; `null` if nothing can be said.
    pub fuel_after: Option<u64>,
}

/// What changed for an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BacktestKind {
    /// The same kind of decision.
    Same,
    /// Allowed or patched then, denied now.
    NowDenied,
    /// Denied then, allowed or patched now.
    NowAllowed,
    /// A decision then, a failure now.
    NewFailure,
    /// Any other change.
    Other,
    /// Nothing can be said.
    Unknown,
}

/// A page of the invocations of a backtest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BacktestRowList {
    /// In the order in which they were run: newest invocations first.
    pub rows: Vec<BacktestRow>,
    /// What to send as `after` for the next page; `null` on the last one.
    pub next: Option<String>,
}
