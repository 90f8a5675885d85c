//! `aerocall.toml` of a hook project. Knows its keys and what they mean, nothing of hooks' files.

use std::{collections::BTreeMap, path::Path};

use aerocall_compiler::{Declared, capabilities::Grant, check_schedule};
use aerocall_runtime::RequestedLimits;
use aerocall_rust_build::Target;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{Failed, mistakes};

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
    /// The file itself, for the places of mistakes.
    #[serde(skip)]
    text: String,
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
    pub(crate) capabilities: Option<Vec<Granted>>,
    #[serde(default)]
    pub(crate) limits: LimitSettings,
    /// Cron patterns by the names of schedules.
    #[serde(default)]
    pub(crate) schedules: BTreeMap<String, String>,
    /// Where the hook is, relative to the project, if it is not in `hooks/`.
    pub(crate) source: Option<String>,
    /// What a Rust crate is built for.
    pub(crate) target: Option<RustTarget>,
    /// Hook points and events of a component that does not list them itself.
    pub(crate) exports: Option<Vec<String>>,
}

/// A target of Rust, by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RustTarget(pub(crate) Target);

impl<'de> Deserialize<'de> for RustTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map(Self).map_err(D::Error::custom)
    }
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

/// `[hooks.<name>.limits]`: every limit of the runtime, with underscores.
#[derive(Clone, Debug, Default)]
pub(crate) struct LimitSettings(RequestedLimits);

impl<'de> Deserialize<'de> for LimitSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = BTreeMap::<LimitName, u64>::deserialize(deserializer)?;
        let document: serde_json::Value = given
            .into_iter()
            .map(|(name, value)| (name.0.to_owned(), value))
            .collect();
        serde_json::from_value(document).map(Self).map_err(D::Error::custom)
    }
}

/// The name of a limit, as bundles have it: `deadlineMs`. A type of its own, so that a name that does not exist is reported with its
/// line.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LimitName(&'static str);

impl<'de> Deserialize<'de> for LimitName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        RequestedLimits::json_name(&name).map(Self).ok_or_else(|| {
            let known = RequestedLimits::NAMES.join(", ");
            D::Error::custom(format!("unknown limit `{name}`; known limits: {known}"))
        })
    }
}

/// A capability as a text: `cache`, `http:api.example.com`, `secrets:crm_token`.
#[derive(Clone, Debug)]
pub(crate) struct Granted(Grant);

impl<'de> Deserialize<'de> for Granted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Granted).map_err(D::Error::custom)
    }
}

impl Settings {
    /// Reads the file of a project; without one, nothing is set.
    pub(crate) fn read(root: &Path) -> Result<Self, Failed> {
        let path = root.join(FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Failed::file(&path, &error)),
        };
        let mistake = |mistake| Failed::Mistake(Box::new(mistake));
        let text = std::str::from_utf8(&bytes).map_err(|error| mistake(mistakes::no_text(&bytes, error)))?;
        let read: Self = toml::from_str(text).map_err(|error| mistake(mistakes::of_parser(text, &error)))?;
        let settings = Self {
            text: text.to_owned(),
            ..read
        };
        settings.check()?;
        Ok(settings)
    }

    /// What the types of the values do not tell.
    fn check(&self) -> Result<(), Failed> {
        if let Some(server) = &self.project.server
            && !["https://", "http://"].iter().any(|scheme| server.starts_with(scheme))
        {
            let hint = format!("server = \"https://{server}\"");
            return Err(self.wrong(&["project", "server"], "`server` is not a URL", Some(&hint)));
        }
        for (name, hook) in &self.hooks {
            let limits = &hook.limits.0;
            if let Some(limit) = limits.too_small().iter().chain(&limits.too_large()).next() {
                let message = format!("`{}` {}", limit.name, limit.why);
                return Err(self.wrong(&["hooks", name, "limits", limit.name], message, Some(&limit.hint)));
            }
            for (schedule, pattern) in &hook.schedules {
                if let Err(problem) = check_schedule(schedule, pattern) {
                    let keys = ["hooks", name, "schedules", schedule];
                    return Err(self.wrong(&keys, problem.message, problem.hint.as_deref()));
                }
            }
        }
        Ok(())
    }

    /// A mistake at a key of the file.
    pub(crate) fn wrong(&self, keys: &[&str], message: impl Into<String>, hint: Option<&str>) -> Failed {
        let mistake = mistakes::at(&self.text, keys, message);
        Failed::Mistake(Box::new(match hint {
            None => mistake,
            Some(hint) => mistake.hint(hint),
        }))
    }

    /// What is set for a hook.
    pub(crate) fn hook(&self, name: &str) -> HookSettings {
        self.hooks.get(name).cloned().unwrap_or_default()
    }
}

impl HookSettings {
    /// What the compiler puts into the bundle.
    pub(crate) fn declared(&self) -> Declared {
        let granted = self.capabilities.as_ref();
        Declared {
            capabilities: granted.map(|grants| grants.iter().map(|granted| granted.0.clone()).collect()),
            limits: self.limits.0.clone(),
            schedules: self.schedules.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_of_the_runtime_can_be_set() {
        for name in RequestedLimits::NAMES {
            let settings: Settings = toml::from_str(&format!("[hooks.a.limits]\n{name} = 7\n")).unwrap();
            let limits = serde_json::to_value(settings.hook("a").declared().limits).unwrap();
            let set: Vec<&serde_json::Value> = limits.as_object().unwrap().values().collect();
            assert_eq!(set, [7], "{name}: {limits}");
        }
    }

    #[test]
    fn an_unknown_limit_is_reported_with_its_line() {
        for text in ["deadlineMs = 7", "deadline = 7"] {
            let problem = toml::from_str::<Settings>(&format!("[hooks.a]\n[hooks.a.limits]\n{text}\n")).unwrap_err();
            let problem = problem.to_string();
            assert!(
                problem.contains("line 3") && problem.contains("deadline_ms"),
                "{problem}"
            );
        }
    }
}
