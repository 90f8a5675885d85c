//! Test cases that are kept with a hook.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Object, ReplayTarget, Timestamp};

/// A test case of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookCase {
    /// The hook.
    pub hook: String,
    /// Its name.
    pub name: String,
    /// The hook point or event.
    pub point: String,
    /// The case, as `aerocall test` reads it from `tests/*.json`.
    pub document: Object,
    /// Who created it.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The test cases of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HookCaseList {
    /// By name.
    pub cases: Vec<HookCase>,
}

/// What came of the cases of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookCaseRun {
    /// The hook.
    pub hook: String,
    /// The version that was run.
    pub target: ReplayTarget,
    /// Number of cases that passed.
    pub passed: u32,
    /// Number of cases that failed.
    pub failed: u32,
    /// One by one, by name.
    pub cases: Vec<HookCaseResult>,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookCaseResult {
    /// Its name.
    pub name: String,
    /// Whether everything was as expected.
    pub ok: bool,
    /// What was not.
    pub problems: Vec<String>,
    /// Fuel used; `null` if the hook was not run.
    pub fuel: Option<u64>,
    /// Wall-clock time in microseconds; `null` if the hook was not run.
    pub duration_us: Option<u64>,
}
