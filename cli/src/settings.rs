//! `aerocall.toml` of a hook project. Knows its keys and what they mean, nothing of hooks' files.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use aerocall_compiler::{Declared, capabilities::Capability};
use aerocall_runtime::RequestedLimits;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::Failed;

/// The file's name.
pub(crate) const FILE: &str = "aerocall.toml";

/// Everything that can stand in the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) project: ProjectSettings,
    /// By the hook's name: its file's name without ending.
    #[serde(default)]
    pub(crate) hooks: BTreeMap<String, HookSettings>,
}

/// `[project]`: where `aerocall deploy` goes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectSettings {
    pub(crate) id: Option<String>,
    pub(crate) environment: Option<String>,
    /// Of the server, such as `https://auth.example.com`.
    pub(crate) server: Option<String>,
}

/// `[hooks.<name>]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HookSettings {
    pub(crate) failure_policy: Option<FailurePolicy>,
    /// Hooks of one point run in this order; 0 when left out.
    pub(crate) order: Option<i32>,
    pub(crate) enabled: Option<bool>,
    /// The most that the hook may touch.
    pub(crate) capabilities: Option<Vec<Named>>,
    #[serde(default)]
    pub(crate) limits: LimitSettings,
}

/// What holds when the hook has no decision.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FailurePolicy {
    /// The request goes on.
    Open,
    /// The request stops.
    Closed,
}

/// `[hooks.<name>.limits]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitSettings {
    pub(crate) fuel: Option<u64>,
    pub(crate) memory_bytes: Option<u64>,
    pub(crate) deadline_ms: Option<u64>,
}

/// A capability by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named(Capability);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let found = Capability::ALL.into_iter().find(|capability| capability.name() == name);
        found.map(Named).ok_or_else(|| {
            let known = Capability::ALL.map(Capability::name).join(", ");
            D::Error::custom(format!("there is no capability `{name}`; there are: {known}"))
        })
    }
}

impl Settings {
    /// Reads the file of a project; without one, nothing is set.
    pub(crate) fn read(root: &Path) -> Result<Self, Failed> {
        let path = root.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| Failed::Usage(format!("{}: {error}", path.display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Failed::file(&path, &error)),
        }
    }

    /// What is set for a hook.
    pub(crate) fn hook(&self, name: &str) -> HookSettings {
        self.hooks.get(name).cloned().unwrap_or_default()
    }
}

impl HookSettings {
    /// What the compiler puts into the bundle.
    pub(crate) fn declared(&self) -> Declared {
        let names = self.capabilities.as_ref();
        Declared {
            capabilities: names.map(|names| names.iter().map(|named| named.0).collect::<BTreeSet<_>>()),
            limits: RequestedLimits {
                fuel: self.limits.fuel,
                memory_bytes: self.limits.memory_bytes,
                deadline_ms: self.limits.deadline_ms,
                ..RequestedLimits::default()
            },
        }
    }
}

impl FailurePolicy {
    /// As the admin API spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}
