//! Versions of hooks: uploaded bundles.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{JobPriority, Timestamp};

/// A version of a hook. Versions are immutable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// The hook.
    pub name: String,
    /// Counts from 1 per hook.
    pub number: i32,
    /// SHA-256 of the bundle's bytes: `sha256:…`.
    pub digest: String,
    /// Size of the bundle in bytes.
    pub size_bytes: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it: `admin:<id>`, `key:<project>/<environment>` or `server`; `null` if that was not kept yet.
    pub author: Option<String>,
    /// What its author said of it; `null` if nothing.
    pub message: Option<String>,
    /// The version that its draft had begun from; `null` if it was uploaded, or its draft began from none.
    pub base: Option<i32>,
    /// What the bundle says about itself.
    pub manifest: Manifest,
}

/// The versions of one hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VersionList {
    /// Newest first.
    pub versions: Vec<Version>,
}

/// What a bundle says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Version of the manifest's format.
    pub format: u32,
    /// Name of the hook file without ending.
    pub name: String,
    /// Version of the interface that the bundle was built against.
    pub contract: String,
    /// The JavaScript engine that the bundle needs. Omitted if the bundle is self-contained, as those of other languages are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ManifestEngine")]
    pub engine: Option<ManifestEngine>,
    /// Language of its source, such as `rust`. Omitted for JavaScript and TypeScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub language: Option<String>,
    /// Compiler that built it, as it names itself. Omitted for JavaScript and TypeScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub toolchain: Option<String>,
    /// Hook points that it has a hook for, sorted.
    pub hooks: Vec<String>,
    /// Events and queues that it handles, sorted: `auth.signup`, `queue.mails`.
    pub events: Vec<String>,
    /// Cron patterns in UTC by name of the schedule. Omitted if there is none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<String, String>,
    /// Events that are handled one after the other: for each, the path in its data of the key that orders them. Omitted if there
    /// is none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub order: BTreeMap<String, String>,
    /// Priorities by event. Omitted if all are normal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub priority: BTreeMap<String, JobPriority>,
    /// Capabilities that it declares, sorted: `cache`, `http:api.example.com`.
    pub capabilities: Vec<String>,
    /// Limits that it requests, by name. Omitted if it requests none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, u64>,
    /// SHA-256 of the bundled source, or of what the compiler of another language made: `sha256:…`.
    pub source_digest: String,
}

/// The JavaScript engine that a bundle needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManifestEngine {
    /// Name of the engine, such as `quickjs`.
    pub name: String,
    /// SHA-256 of the engine's module: `sha256:…`.
    pub digest: String,
}
