//! Rollouts: a version of a hook beside the live one, for a time.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A rollout of a version of a hook, with the figures of both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rollout {
    /// Its id.
    pub id: String,
    /// The hook.
    pub hook: String,
    /// Whether replies of the version count.
    pub kind: RolloutKind,
    /// Number of the version that is tried.
    pub version: i32,
    /// Its digest: `sha256:…`.
    pub digest: String,
    /// Number of the version that was live when the rollout began.
    pub live_version: i32,
    /// Percentage of the calls that the version gets.
    pub share: f64,
    /// Which calls get the same version.
    pub sticky_by: RolloutKey,
    /// When it ends by itself.
    pub until: Timestamp,
    /// When it stops by itself before.
    pub stop_if: RolloutStop,
    /// Whether it goes on.
    pub state: RolloutState,
    /// Why it does not go on; `null` while it does.
    pub reason: Option<String>,
    /// What the figures say.
    pub verdict: RolloutVerdict,
    /// What came of the calls since it began.
    pub comparison: RolloutComparison,
    /// Who started it.
    pub created_by: String,
    /// When it was started.
    pub created_at: Timestamp,
    /// When share, end or rules were last changed.
    pub updated_at: Timestamp,
    /// Who ended it: `server` if it stopped or ended by itself; `null` while it goes on.
    pub ended_by: Option<String>,
    /// When it ended; `null` while it goes on.
    pub ended_at: Option<Timestamp>,
}

/// The rollouts of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RolloutList {
    /// Newest first: those that go on, and the last that have ended.
    pub rollouts: Vec<Rollout>,
}

/// A rollout that goes on, where a hook is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunningRollout {
    /// Its id.
    pub id: String,
    /// Whether replies of the version count.
    pub kind: RolloutKind,
    /// Number of the version that is tried.
    pub version: u32,
    /// Percentage of the calls that the version gets.
    pub share: f64,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// Whether replies of the version count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutKind {
    /// They never do: it runs after the response, and without effects.
    Shadow,
    /// They do, for a share of the calls.
    Canary,
}

/// Which calls get the same version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutKey {
    /// Those about the same user.
    User,
    /// Those from the same IP address (IPv6: the same /64).
    Ip,
}

/// Whether a rollout goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutState {
    /// It goes on.
    Running,
    /// Somebody stopped it, or one of its rules did.
    Stopped,
    /// Its time is over.
    Ended,
    /// Its version is live.
    Promoted,
    /// A deployment made another version of the hook live, or none.
    Replaced,
}

/// What the figures of a rollout say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutVerdict {
    /// The version has had too few calls to say anything.
    TooEarly,
    /// Nothing stops it.
    Holding,
    /// It was stopped.
    Stopped,
}

/// When a rollout stops by itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RolloutStop {
    /// If more than this percentage of its calls failed; `null`: never for failures.
    pub failures: Option<f64>,
    /// If its calls were denied more than this many times as often as those of the live version, and at least five were;
    /// `null`: never for denials.
    pub denials: Option<f64>,
    /// Nothing is decided before it has had this number of calls.
    pub min_calls: u32,
}

/// What came of the calls of both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RolloutComparison {
    /// The live version. With a shadow: of the calls that the shadow was run on as well.
    pub live: RolloutSide,
    /// The version that is tried.
    pub candidate: RolloutSide,
    /// Decisions side by side; `null` for a canary, whose calls have one decision each.
    pub shadow: Option<ShadowFigures>,
}

/// What came of the calls of one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RolloutSide {
    /// Number of the version.
    pub version: i32,
    /// Number of calls.
    pub calls: u64,
    /// Of those, how many failed.
    pub failures: u64,
    /// The same in percent; `null` without calls.
    pub failures_percent: Option<f64>,
    /// Of the calls, how many were denied.
    pub denials: u64,
    /// The same in percent; `null` without calls.
    pub denials_percent: Option<f64>,
    /// Time in microseconds, within 4 %.
    pub time_us: Percentiles,
    /// Fuel, within 4 %.
    pub fuel: Percentiles,
}

/// How a quantity is distributed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Percentiles {
    /// Median; `null` without calls.
    pub p50: Option<u64>,
    /// 95th percentile; `null` without calls.
    pub p95: Option<u64>,
}

/// What a shadow would have decided on the calls that the live version decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct ShadowFigures {
    /// The same decision, with the same patch if it is one.
    pub same: u64,
    /// Let in by the live version, denied by the shadow.
    pub now_denied: u64,
    /// Denied by the live version, let in by the shadow.
    pub now_allowed: u64,
    /// Decided by the live version, while the shadow failed.
    pub new_failures: u64,
    /// Both let it in, with different patches.
    pub changed_patches: u64,
    /// Any other change.
    pub other: u64,
    /// Numbers of calls by the decision of the live version (`allow`, `patch`, `deny`, `failure`) and of the shadow.
    pub matrix: BTreeMap<String, BTreeMap<String, u64>>,
    /// Of the calls, how many had at least one effect that was only simulated: what came after it is a guess.
    pub simulated: u64,
    /// Number of calls that the shadow was not run on, because it could not keep up.
    pub dropped: u64,
}
