//! What a bundle says about itself: a custom section, JSON, written by the compiler and checked here.

use std::collections::{BTreeMap, BTreeSet};

use aerocall_contract::{Capability, NameProblem, names};
use serde::{Deserialize, Serialize};

use crate::RequestedLimits;

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
    /// The language it was written in, such as `rust`; absent for JavaScript and TypeScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What compiled it, as it names itself: the same sources give the same bytes with the same one. Absent for JavaScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// Lifecycle hooks it exports, sorted: `beforeSignup`, …
    pub hooks: Vec<String>,
    /// Events it reacts to, sorted: `auth.signup`, `queue.mails`, …
    pub events: Vec<String>,
    /// When it is called at set times: a cron pattern in UTC for each of its `cron.<name>`, by name. What a pattern may be is
    /// the host's to say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<String, String>,
    /// Events and messages that it gets one after the other, and the path in their data of what tells which of them follow
    /// one another: `{ "queue.sync": "customer" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub order: BTreeMap<String, String>,
    /// Events and messages that go before or after others of their project: `{ "queue.reports": "low" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub priority: BTreeMap<String, Priority>,
    /// Capabilities it may use, sorted: `cache`, `db`, `http:api.example.com`, `secrets:crm_token`, …
    pub capabilities: Vec<String>,
    /// Limits it asks for; the host may give less.
    #[serde(default, skip_serializing_if = "RequestedLimits::is_empty")]
    pub limits: RequestedLimits,
    /// `sha256:…` over the bundled JavaScript, or over what the compiler of another language made.
    pub source_digest: String,
}

/// How urgent something is; the most urgent is the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Priority {
    /// Before everything else.
    High,
    /// As most things.
    #[default]
    Normal,
    /// When there is nothing else.
    Low,
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

impl Manifest {
    /// Whether the bundle declared the capability, whole (`http`) or in part (`http:api.example.com`).
    #[must_use]
    pub fn declares(&self, capability: Capability) -> bool {
        self.capabilities.iter().any(|one| kind(one) == capability.name())
    }

    /// The parts of a capability that the bundle declared: hosts of `http`, names of `secrets`. `None` when it declared
    /// the capability whole; empty when it did not declare it.
    #[must_use]
    pub fn parts(&self, capability: Capability) -> Option<Vec<&str>> {
        let capability = capability.name();
        if self.capabilities.iter().any(|one| one == capability) {
            return None;
        }
        let parts = self.capabilities.iter().filter_map(|one| one.split_once(':'));
        Some(
            parts
                .filter(|(kind, _)| *kind == capability)
                .map(|(_, part)| part)
                .collect(),
        )
    }

    /// Whether hook points, events and capabilities have names that exist. It is asked of what is new: a bundle that was
    /// taken before this rule was is still loaded, and its hooks of unknown names are not called.
    ///
    /// # Errors
    /// The first name that means nothing, and what it may have meant.
    pub fn check_names(&self) -> Result<(), NameProblem> {
        names::check_bundle(
            self.hooks.iter().map(String::as_str),
            self.events.iter().map(String::as_str),
            self.capabilities.iter().map(String::as_str),
        )
    }

    /// What a component of another language has to say of itself: names that can be shown, and a hook.
    ///
    /// # Errors
    /// What is wrong, and how to put it right.
    pub(crate) fn check_language(&self) -> Result<(), String> {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+#.-".contains(&byte);
        let language = self.language.as_deref().unwrap_or("other");
        if !(1..=32).contains(&language.len()) || !language.bytes().all(legal) {
            return Err(format!(
                "the language of the manifest is {language:.40?}: write it with 1 to 32 characters of a-z, 0-9, `+`, `#`, `.` or `-`"
            ));
        }
        let toolchain = self.toolchain.as_deref().unwrap_or_default();
        if toolchain.chars().count() > 200 || toolchain.chars().any(char::is_control) {
            return Err("the toolchain of the manifest is no line of at most 200 characters".to_owned());
        }
        match self.hooks.is_empty() && self.events.is_empty() {
            true => Err(
                "the component has no hook: name what it handles in `hooks` (such as beforeSignup) or `events` of its manifest"
                    .to_owned(),
            ),
            false => Ok(()),
        }
    }

    /// The capabilities without their parts.
    pub(crate) fn kinds(&self) -> BTreeSet<String> {
        self.capabilities.iter().map(|one| kind(one).to_owned()).collect()
    }
}

fn kind(capability: &str) -> &str {
    capability.split_once(':').map_or(capability, |(kind, _)| kind)
}
