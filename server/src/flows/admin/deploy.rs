//! `POST /admin/api/v1/projects/{project}/environments/{env}/deployments`, and what is live.

use std::collections::{BTreeMap, HashMap, HashSet};

use aerocall_runtime::{Manifest, RequestedLimits};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::migrations;
use crate::{
    app::App,
    base::{
        clock,
        error::{Problem, Refusal, Result},
        event::EventKind,
        ids::{HookName, Kind, Scope, new_id},
        input::{Fields, Parsed},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    hooks::{Live, Point, Policy, State, Stored, Switch, schedule},
    storage::{
        store::{DeploymentRow, NewDeployedHook, NewDeployment, VersionRow},
        tenant::Migration,
    },
};

const MAX_HOOKS: usize = 32;

/// What the client sends: `{ hooks: [{ name, digest | number, order?, failurePolicy?, enabled?, limits?, breaker? }],
/// migrations?: [{ name, sql }] }`.
#[derive(Debug)]
pub(crate) struct Input {
    hooks: Vec<Line>,
    migrations: Vec<Migration>,
}

#[derive(Debug)]
struct Line {
    name: HookName,
    version: VersionRef,
    order: i64,
    policy: Option<Policy>,
    state: State,
    limits: RequestedLimits,
    breaker: Switch,
}

#[derive(Clone, Debug)]
enum VersionRef {
    Digest(String),
    Number(i32),
}

/// A deployment as the admin API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentDocument {
    id: String,
    number: i32,
    created_at: String,
    created_by: String,
}

/// What each point runs, in order.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LiveDocument {
    /// In the answer to a deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<DeploymentDocument>,
    /// Migrations that were applied for it, in the answer to a deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    migrations: Option<Vec<String>>,
    /// Of the live deployment; `null` when there is none.
    number: Option<i32>,
    points: BTreeMap<&'static str, Vec<RunningDocument>>,
    hooks: Vec<HookDocument>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RunningDocument {
    name: String,
    number: u32,
    digest: String,
    failure_policy: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HookDocument {
    name: String,
    number: u32,
    digest: String,
    state: &'static str,
    /// `closed`, `open` (it keeps failing and is not run for a while), `half-open` (one call finds out), `off`.
    breaker: &'static str,
    /// Points that the bundle has a hook for, whether or not this server calls them.
    hooks: Vec<String>,
    /// Events that it reacts to.
    events: Vec<String>,
    /// Cron patterns in UTC, by the names of schedules.
    schedules: BTreeMap<String, String>,
    /// What the bundle may use: `cache`, `http:api.example.com`, …
    capabilities: Vec<String>,
    limits: aerocall_runtime::Limits,
    /// Points and events of the bundle that this server does not call.
    not_run: Vec<String>,
    /// Why the version cannot be run, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Makes a set of versions live, all at once.
pub(crate) async fn run(app: &App, scope: &Scope, by: Actor, mut input: Input) -> Result<LiveDocument> {
    let versions = resolve(app, scope, &input).await?;
    let loaded = app.hooks.registry.load_all(scope, &versions).await?;
    let enabled = input.hooks.iter().zip(&loaded);
    let enabled = enabled.filter(|(line, _)| line.state == State::Enabled);
    let enabled = enabled.map(|(line, hook)| (line.name.to_string(), hook.manifest().clone()));
    one_consumer_each(&enabled.collect::<Vec<_>>())?;
    let migrated = migrations::apply(app, scope, std::mem::take(&mut input.migrations)).await?;
    let kept = keep(app, scope, by, input, versions).await?;
    let mut document = take_effect(app, scope, kept).await?;
    // Held until here, so that nothing had to be loaded between the commit and this line.
    drop(loaded);
    document.migrations = Some(migrated);
    Ok(document)
}

/// A deployment that was kept is what runs from now on.
pub(crate) async fn take_effect(app: &App, scope: &Scope, kept: Stored) -> Result<LiveDocument> {
    let deployment = kept.deployment.clone();
    let live = app.hooks.registry.assemble(scope, kept).await?;
    let mut document = LiveDocument::of(&live);
    document.deployment = Some(DeploymentDocument::of(deployment));
    app.hooks.registry.install(scope, live);
    Ok(document)
}

/// What is live now.
pub(crate) fn live(app: &App, scope: &Scope) -> LiveDocument {
    match app.hooks.registry.live(scope) {
        Some(live) => LiveDocument::of(&live),
        None => LiveDocument::of(&Live::nothing()),
    }
}

/// The version of every line, or all lines that name none.
async fn resolve(app: &App, scope: &Scope, input: &Input) -> Result<Vec<VersionRow>> {
    let mut versions = Vec::with_capacity(input.hooks.len());
    let mut problems = Vec::new();
    for line in &input.hooks {
        let (project, name, version) = (scope.project.clone(), line.name.clone(), line.version.clone());
        let found = app.store.read(move |tx| match &version {
            VersionRef::Digest(digest) => tx.version_by_digest(&project, &name, digest),
            VersionRef::Number(number) => tx.version_by_number(&project, &name, *number),
        });
        match found.await? {
            Some(version) => versions.push(version),
            None => problems.push(line.unknown()),
        }
    }
    if problems.is_empty() {
        Ok(versions)
    } else {
        Err(Refusal::invalid_input(problems).into())
    }
}

/// A message has one consumer: two would each have to succeed, and a retry would run both again.
pub(crate) fn one_consumer_each(enabled: &[(String, Manifest)]) -> std::result::Result<(), Refusal> {
    let mut consumers: HashMap<&str, &str> = HashMap::new();
    let mut problems = Vec::new();
    for (name, manifest) in enabled {
        let queues = manifest.events.iter().filter(|event| is_queue(event));
        for queue in queues {
            if let Some(other) = consumers.insert(queue, name) {
                problems.push(Problem {
                    field: "hooks".to_owned(),
                    problem: format!("`{other}` and `{name}` both answer {queue}; disable one of them"),
                });
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid_input(problems))
    }
}

fn is_queue(event: &str) -> bool {
    event.starts_with("queue.")
}

/// The one transaction. Versions never change and never go, so what was resolved before it still holds.
async fn keep(app: &App, scope: &Scope, by: Actor, input: Input, versions: Vec<VersionRow>) -> Result<Stored> {
    let hooks = input
        .hooks
        .iter()
        .zip(versions)
        .map(|(line, version)| line.pointing_at(version))
        .collect();
    let new = NewDeployment {
        id: new_id(Kind::Deployment),
        created_by: by.actor.clone(),
        created_ms: app.clock.now_ms(),
        hooks,
    };
    let scope = scope.clone();
    let kept = app.store.write(move |tx| {
        let deployment = tx.insert_deployment(&scope, &new)?;
        let entry = AuditEntry::new(Action::Deployed, &deployment.id).with(json!({ "number": deployment.number }));
        audit::record(tx, Some(&scope), &by, entry, new.created_ms)?;
        Stored::of(tx, &scope, deployment)
    });
    Ok(kept.await?)
}

impl Input {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let hooks = fields.list("hooks", MAX_HOOKS, Line::read);
        let migrations = migrations::read(&mut fields);
        let mut names = HashSet::new();
        let twice = hooks
            .iter()
            .flatten()
            .find(|line| !names.insert(line.name.clone()))
            .map(|line| line.name.clone());
        if let Some(name) = twice {
            fields.problem("hooks", format!("lists `{name}` twice"));
        }
        fields.finish(hooks.zip(migrations)).map(|(mut hooks, migrations)| {
            // Stable: lines without an order, or with the same one, stay as they were sent.
            hooks.sort_by_key(|line| line.order);
            Self { hooks, migrations }
        })
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
            .optional("enabled", |value| state(&value))
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

    fn pointing_at(&self, version: VersionRow) -> NewDeployedHook {
        NewDeployedHook {
            version_id: version.id,
            failure_policy: self.policy.map(|policy| policy.as_str().to_owned()),
            state: self.state.as_str().to_owned(),
            breaker: self.breaker.as_str().to_owned(),
            limits: serde_json::to_string(&self.limits).unwrap_or_else(|_| "{}".to_owned()),
        }
    }

    fn unknown(&self) -> Problem {
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

pub(crate) fn state(value: &Value) -> Parsed<State> {
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

impl LiveDocument {
    fn of(live: &Live) -> Self {
        let running = |point: Point| {
            let hooks = live.at(point).map(|hook| RunningDocument {
                name: hook.name.clone(),
                number: hook.version_number,
                digest: hook.digest.clone(),
                failure_policy: hook.policy_at(point).as_str(),
            });
            (point.name(), hooks.collect())
        };
        let not_offered = |name: &&String| {
            let is_point = Point::all().any(|point| point.name() == name.as_str());
            let is_event = EventKind::ALL.iter().any(|kind| kind.as_str() == name.as_str());
            !is_queue(name) && !schedule::is_event(name) && !is_point && !is_event
        };
        let hooks = live.hooks.iter().map(|hook| HookDocument {
            name: hook.name.clone(),
            number: hook.version_number,
            digest: hook.digest.clone(),
            state: hook.state.as_str(),
            breaker: hook.breaker.describe(),
            hooks: hook.manifest.hooks.clone(),
            events: hook.manifest.events.clone(),
            schedules: hook.manifest.schedules.clone(),
            capabilities: hook.manifest.capabilities.clone(),
            limits: hook.limits.clone(),
            not_run: hook
                .manifest
                .hooks
                .iter()
                .chain(&hook.manifest.events)
                .filter(not_offered)
                .cloned()
                .collect(),
            problem: hook.loaded.as_ref().err().map(ToString::to_string),
        });
        Self {
            deployment: None,
            migrations: None,
            number: (live.number > 0).then_some(live.number),
            points: Point::all().map(running).collect(),
            hooks: hooks.collect(),
        }
    }
}

impl DeploymentDocument {
    pub(crate) fn of(row: DeploymentRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            created_at: clock::iso(row.created_ms),
            created_by: row.created_by,
        }
    }
}
