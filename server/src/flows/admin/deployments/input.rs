//! What a deployment is to consist of, as the client sends it.

use std::collections::HashSet;

use aerocall_runtime::{Manifest, RequestedLimits};
use serde_json::Value;

use crate::{
    base::{
        error::{Error, Problem, Refusal, Result},
        ids::HookName,
        input::{Fields, Parsed},
        stored,
    },
    flows::{
        admin::{
            hooks::one_consumer_each,
            migrations,
            versions::{self, message},
        },
        steps::invocation_limits,
    },
    hooks::{Policy, State, Switch},
    storage::{
        store::{DeployedHook, NewDeployedHook, VersionRow},
        tenant::Migration,
    },
};

const MAX_HOOKS: usize = 32;

/// `{ hooks: [{ name, digest | number, order?, failurePolicy?, enabled?, limits?, breaker? }],
/// migrations?: [{ name, sql }], expect?, message?, force?: { reason }, keepOthers?, removes? }`.
#[derive(Debug)]
pub(crate) struct Input {
    /// In the order in which they run.
    pub(in crate::flows::admin) hooks: Vec<Line>,
    pub(in crate::flows::admin) migrations: Vec<Migration>,
    pub(super) how: How,
}

/// How the deployment is made.
#[derive(Debug, Default)]
pub(super) struct How {
    /// The deployment that has to be live; 0: none.
    pub(super) expect: Option<i32>,
    /// What is said of it.
    pub(super) message: Option<String>,
    /// Why it is made even if a gate fails.
    pub(super) force: Option<String>,
    pub(super) extent: Extent,
    /// The rollout whose version it makes live; it has to go on until then.
    pub(super) promotes: Option<String>,
}

/// What becomes of hooks that are live and not sent.
#[derive(Debug, Default)]
pub(super) enum Extent {
    /// They are live no longer.
    #[default]
    Whole,
    /// They stay as they are, but for these, which are live no longer.
    Part { removes: Vec<HookName> },
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

/// How a rollout's version is made live.
#[derive(Debug)]
pub(in crate::flows::admin) struct Promotion {
    pub(in crate::flows::admin) rollout: String,
    pub(in crate::flows::admin) version: i32,
    pub(in crate::flows::admin) expect: i32,
    pub(in crate::flows::admin) message: Option<String>,
    pub(in crate::flows::admin) force: Option<String>,
}

impl Input {
    /// The live deployment with another version of one hook; everything else of its line stays.
    pub(in crate::flows::admin) fn promoting(promotion: Promotion, kept: &DeployedHook) -> Result<Self> {
        let damaged = |problem: String| Error::unexpected("reading a stored deployment", problem);
        let line = Line {
            name: HookName::parse(&kept.version.name).map_err(damaged)?,
            version: VersionRef::Number(promotion.version),
            state: State::Enabled,
            order: 0,
            policy: kept
                .failure_policy
                .as_deref()
                .map(Policy::parse)
                .transpose()
                .map_err(damaged)?,
            limits: stored::json(&kept.limits)?,
            breaker: match kept.breaker.as_str() {
                "off" => Switch::Off,
                _ => Switch::On,
            },
        };
        Ok(Self {
            hooks: vec![line],
            migrations: Vec::new(),
            how: How {
                expect: Some(promotion.expect),
                message: promotion.message,
                force: promotion.force,
                extent: Extent::Part { removes: Vec::new() },
                promotes: Some(promotion.rollout),
            },
        })
    }

    /// A deployment.
    pub(crate) fn read(fields: &mut Fields) -> Option<Self> {
        let expect = fields.optional("expect", |value| expect(&value));
        let message = fields.optional("message", message);
        let force = read_force(fields);
        let migrations = migrations::read(fields);
        let input = Self::read_plan(fields);
        input.zip(migrations).map(|(input, migrations)| Self {
            migrations,
            how: How {
                expect,
                message,
                force,
                ..input.how
            },
            hooks: input.hooks,
        })
    }

    /// What there is to plan of a deployment.
    pub(super) fn read_plan(fields: &mut Fields) -> Option<Self> {
        let keeps_others = fields.optional("keepOthers", flag).unwrap_or_default();
        let has_removes = fields.has("removes");
        let removes = fields.optional("removes", removes).unwrap_or_default();
        if has_removes && !keeps_others {
            fields.problem(
                "removes",
                "needs keepOthers: without it, every hook that is not listed is removed",
            );
        }
        let extent = match keeps_others {
            true => Extent::Part { removes },
            false => Extent::Whole,
        };
        let hooks = fields.list("hooks", MAX_HOOKS, Line::read);
        let mut names = HashSet::new();
        let twice = hooks
            .iter()
            .flatten()
            .find(|line| !names.insert(line.name.clone()))
            .map(|line| line.name.clone());
        if let Some(name) = twice {
            fields.problem("hooks", format!("lists `{name}` twice"));
        }
        hooks.map(|mut hooks| {
            // Stable: lines without an order, or with the same one, stay as they were sent.
            hooks.sort_by_key(|line| line.order);
            Self {
                hooks,
                migrations: Vec::new(),
                how: How {
                    extent,
                    ..How::default()
                },
            }
        })
    }
}

impl Input {
    /// Whether a message has one consumer, among the hooks that are enabled. `manifests`: of the hooks in their order, as far as
    /// they are known.
    pub(in crate::flows::admin) fn one_consumer_each<'m>(
        &self,
        manifests: impl Iterator<Item = Option<&'m Manifest>>,
    ) -> std::result::Result<(), Refusal> {
        let hooks = self.hooks.iter().zip(manifests);
        let enabled = hooks.filter(|(line, _)| line.state == State::Enabled);
        let enabled = enabled.filter_map(|(line, manifest)| Some((line.name.to_string(), manifest?.clone())));
        one_consumer_each(&enabled.collect::<Vec<_>>())
    }
}

/// Why gates are passed by.
pub(in crate::flows::admin) fn read_force(fields: &mut Fields) -> Option<String> {
    let has_force = fields.has("force");
    fields.object("force", |fields| match has_force {
        true => fields.required("reason", versions::message),
        false => None,
    })
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
        let limits = fields.optional("limits", invocation_limits::parse).unwrap_or_default();
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

/// The number of a deployment that has to be live.
pub(in crate::flows::admin) fn expect(value: &Value) -> Parsed<i32> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number
        .filter(|number| *number >= 0)
        .ok_or_else(|| "must be the number of a deployment, or 0 for none".to_owned())
}

fn flag(value: Value) -> Parsed<bool> {
    value.as_bool().ok_or_else(|| "must be true or false".to_owned())
}

fn removes(value: Value) -> Parsed<Vec<HookName>> {
    match value {
        Value::Array(names) if names.len() <= MAX_HOOKS => {
            let name = |name: Value| HookName::parse(text(&name)?);
            names.into_iter().map(name).collect()
        }
        _ => Err(format!("must be a list of at most {MAX_HOOKS} names of hooks")),
    }
}

fn breaker(value: &Value) -> Parsed<Switch> {
    match value.as_bool() {
        Some(true) => Ok(Switch::On),
        Some(false) => Ok(Switch::Off),
        None => Err("must be true or false".to_owned()),
    }
}
