//! What a deployment is to consist of, as the client sends it.

use std::collections::HashSet;

use aerocall_runtime::{Manifest, RequestedLimits};
use serde_json::Value;

use crate::{
    base::{
        error::{Problem, Refusal},
        ids::HookName,
        input::{Fields, Parsed},
    },
    flows::admin::{hooks::one_consumer_each, migrations},
    hooks::{Policy, State, Switch},
    storage::{
        store::{NewDeployedHook, VersionRow},
        tenant::Migration,
    },
};

const MAX_HOOKS: usize = 32;

/// `{ hooks: [{ name, digest | number, order?, failurePolicy?, enabled?, limits?, breaker? }],
/// migrations?: [{ name, sql }] }`.
#[derive(Debug)]
pub(crate) struct Input {
    /// In the order in which they run.
    pub(in crate::flows::admin) hooks: Vec<Line>,
    pub(in crate::flows::admin) migrations: Vec<Migration>,
}

/// One hook.
#[derive(Debug)]
pub(in crate::flows::admin) struct Line {
    pub(in crate::flows::admin) name: HookName,
    pub(super) version: VersionRef,
    pub(super) state: State,
    order: i64,
    policy: Option<Policy>,
    limits: RequestedLimits,
    breaker: Switch,
}

/// How a version is named.
#[derive(Clone, Debug)]
pub(super) enum VersionRef {
    Digest(String),
    Number(i32),
}

impl Input {
    pub(crate) fn read(fields: &mut Fields) -> Option<Self> {
        let hooks = fields.list("hooks", MAX_HOOKS, Line::read);
        let migrations = migrations::read(fields);
        let mut names = HashSet::new();
        let twice = hooks
            .iter()
            .flatten()
            .find(|line| !names.insert(line.name.clone()))
            .map(|line| line.name.clone());
        if let Some(name) = twice {
            fields.problem("hooks", format!("lists `{name}` twice"));
        }
        hooks.zip(migrations).map(|(mut hooks, migrations)| {
            // Stable: lines without an order, or with the same one, stay as they were sent.
            hooks.sort_by_key(|line| line.order);
            Self { hooks, migrations }
        })
    }
}

impl Input {
    /// Whether a message has one consumer, among the hooks that are enabled. `manifests`: of the hooks in their order, as far as
    /// they are known.
    pub(in crate::flows::admin) fn one_consumer_each<'m>(
        &self,
        manifests: impl Iterator<Item = Option<&'m Manifest>>,
    ) -> Result<(), Refusal> {
        let hooks = self.hooks.iter().zip(manifests);
        let enabled = hooks.filter(|(line, _)| line.state == State::Enabled);
        let enabled = enabled.filter_map(|(line, manifest)| Some((line.name.to_string(), manifest?.clone())));
        one_consumer_each(&enabled.collect::<Vec<_>>())
    }
}

impl Line {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.required("name", |value| HookName::parse(text(&value)?));
        let digest = fields.optional("digest", |value| Ok(VersionRef::Digest(text(&value)?.to_owned())));
        let number = fields.optional("number", |value| whole(&value).map(VersionRef::Number));
        let order = fields
            .optional("order", |value| whole(&value).map(i64::from))
            .unwrap_or(0);
        let policy = fields.optional("failurePolicy", |value| Policy::parse(text(&value)?));
        let state = fields
            .optional("enabled", |value| read_state(&value))
            .unwrap_or(State::Enabled);
        let limits = fields.optional("limits", limits).unwrap_or_default();
        let breaker = fields
            .optional("breaker", |value| breaker(&value))
            .unwrap_or(Switch::On);
        let version = match (digest, number) {
            (Some(version), None) | (None, Some(version)) => Some(version),
            _ => {
                fields.problem("digest", "exactly one of digest and number is required");
                None
            }
        };
        name.zip(version).map(|(name, version)| Self {
            name,
            version,
            order,
            policy,
            state,
            limits,
            breaker,
        })
    }

    pub(super) fn pointing_at(&self, version: VersionRow) -> NewDeployedHook {
        NewDeployedHook {
            version_id: version.id,
            failure_policy: self.policy.map(|policy| policy.as_str().to_owned()),
            state: self.state.as_str().to_owned(),
            breaker: self.breaker.as_str().to_owned(),
            limits: serde_json::to_string(&self.limits).unwrap_or_else(|_| "{}".to_owned()),
        }
    }

    pub(super) fn unknown(&self) -> Problem {
        let version = match &self.version {
            VersionRef::Digest(digest) => digest.chars().take(80).collect(),
            VersionRef::Number(number) => number.to_string(),
        };
        Problem {
            field: "hooks".to_owned(),
            problem: format!("`{}` has no version {version}; upload it first", self.name),
        }
    }
}

fn text(value: &Value) -> Parsed<&str> {
    value.as_str().ok_or_else(|| "must be a string".to_owned())
}

fn whole(value: &Value) -> Parsed<i32> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number.ok_or_else(|| "must be a whole number".to_owned())
}

/// `enabled` as a state.
pub(in crate::flows::admin) fn read_state(value: &Value) -> Parsed<State> {
    match value.as_bool() {
        Some(true) => Ok(State::Enabled),
        Some(false) => Ok(State::Disabled),
        None => Err("must be true or false".to_owned()),
    }
}

fn breaker(value: &Value) -> Parsed<Switch> {
    match value.as_bool() {
        Some(true) => Ok(Switch::On),
        Some(false) => Ok(Switch::Off),
        None => Err("must be true or false".to_owned()),
    }
}

fn limits(value: Value) -> Parsed<RequestedLimits> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
