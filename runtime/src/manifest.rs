//! What a bundle says about itself: a custom section, JSON, written by the compiler and checked here.

use serde::{Deserialize, Serialize};

/// The manifest of a bundle. Field order is the order in the file; it is part of the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Version of this format: 1.
    pub format: u32,
    /// The hook's name: its file's name without ending.
    pub name: String,
    /// Version of the WIT package the bundle was built against.
    pub contract: String,
    /// Name and digest of the JS engine, absent for other languages and for self-contained bundles' hosts to ignore.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineRef>,
    /// Lifecycle hooks it exports, sorted: `beforeSignup`, …
    pub hooks: Vec<String>,
    /// Events it reacts to, sorted: `auth.signup`, `queue.mails`, …
    pub events: Vec<String>,
    /// Capabilities it may use, sorted: `cache`, `db`, …
    pub capabilities: Vec<String>,
    /// Limits it asks for; the host may give less.
    #[serde(default, skip_serializing_if = "RequestedLimits::is_empty")]
    pub limits: RequestedLimits,
    /// `sha256:…` over the bundled JavaScript.
    pub source_digest: String,
}

/// Which engine a bundle needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EngineRef {
    /// `quickjs` or `javy`.
    pub name: String,
    /// `sha256:…` over the shared engine module.
    pub digest: String,
}

/// The limits a bundle asks for; what it leaves out is the host's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestedLimits {
    /// See [`crate::Limits::fuel`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel: Option<u64>,
    /// See [`crate::Limits::memory_bytes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// See [`crate::Limits::deadline_ms`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
}

impl RequestedLimits {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
