//! `POST …/deployments/plan`

use std::collections::BTreeSet;

use aerocall_api_types::{
    ChangeKind, DeploymentPlan, Difference, FailurePolicy, Gate, GateName, GateState, HookState, Manifest, Permission,
    PlannedChange, PlannedVersion,
};
use aerocall_contract::{Capability, errors};
use aerocall_runtime::Manifest as RuntimeManifest;

use super::{
    backtest_gate, cases_gate,
    deploy::{HOOKS, missing_secrets, resolve},
    gates::{base_gate, gate, stale},
    input::{Extent, Input, Line},
    types_gate,
};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::Scope,
        input::{Fields, HostList},
        stored,
    },
    domain::project::AuthSettings,
    flows::{
        admin::versions::{difference, manifest_changes},
        steps::endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    storage::store::{DeployedHook, RolloutRow, Setting, SettingName, VersionRow},
};

/// Says what a deployment would change, and which gates would refuse it.
pub(crate) struct PlanDeployment;

impl Flow for PlanDeployment {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = DeploymentPlan;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/deployments/plan"),
        "Plan a deployment",
    )
    .about("Says what the same `hooks` would change if they were deployed now, and changes nothing. A gate that is `failed` refuses the deployment unless it is forced; one that is a `warning` does not. The gate `backtest` says what came of the newest finished backtest of exactly this version that had no filter; it fails only if the environment demands one (`PUT …/settings/gates`), and the hook has recorded invocations. `expect` is what to send with the deployment, so that it is refused if somebody else deploys in the meantime.")
    .fields(&[
        Field::required("hooks", FieldKind::Json(HOOKS), "As in a deployment."),
        Field::optional("keepOthers", FieldKind::Flag, "As in a deployment."),
        Field::optional("removes", FieldKind::Json(super::deploy::REMOVES), "As in a deployment."),
    ])
    .example(r#"{"hooks":[{"name":"signup","number":2}]}"#)
    .answers(
        200,
        "The plan.",
        r#"{"expect": 7, "changes": [{"hook": "signup", "change": "changed", "before": {"number": 1, "digest": "sha256:…", "state": "enabled", "failurePolicy": null}, "after": {"number": 2, "digest": "sha256:…", "state": "enabled", "failurePolicy": null}, "capabilities": {"added": ["cache"], "removed": []}, "points": {"added": [], "removed": []}}], "capabilities": {"added": ["cache"], "removed": []}, "gates": [{"name": "build", "state": "passed", "detail": null}, {"name": "base", "state": "passed", "detail": null}, {"name": "types", "state": "not_checked", "detail": "the server has no TypeScript compiler: its operator can name one in hooks.tsc"}, {"name": "capabilities", "state": "warning", "detail": "`signup` may use cache from now on"}, {"name": "secrets", "state": "passed", "detail": null}, {"name": "cases", "state": "passed", "detail": "7 test cases passed"}, {"name": "backtest", "state": "passed", "detail": "version 2 of `signup` decides 3 of 200 recorded invocations otherwise (1.5 %), 0 of them with a failure"}, {"name": "rollouts", "state": "passed", "detail": null}]}"#,
    )
    .errors(&[errors::COMPILE_LIMIT]);

    /// As of a deployment.
    const BODY: BodyLimit = BodyLimit::Bundle;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Input::read_plan(fields)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<DeploymentPlan> {
        let scope = &caller.scope;
        let versions = resolve(app, scope, &input).await?;
        let (expect, live) = live(app, scope).await?;
        let changes = changes(&input, &versions, &live)?;
        let gates = gates(app, scope, (&input, &versions, &live), &changes).await?;
        let all = |side: fn(&PlannedChange) -> &Vec<String>| -> Vec<String> {
            let names: BTreeSet<String> = changes.iter().flat_map(|change| side(change).clone()).collect();
            names.into_iter().collect()
        };
        Ok(DeploymentPlan {
            expect,
            capabilities: Difference {
                added: all(|change| &change.capabilities.added),
                removed: all(|change| &change.capabilities.removed),
            },
            changes,
            gates,
        })
    }
}

async fn live(app: &App, scope: &Scope) -> Result<(i32, Vec<DeployedHook>)> {
    let scope = scope.clone();
    let read = app.store.read(move |tx| match tx.deployments(&scope, 1)?.pop() {
        None => Ok((0, Vec::new())),
        Some(live) => Ok((live.number, tx.deployed_hooks(&live.id)?)),
    });
    Ok(read.await?)
}

/// Hook by hook: those that are sent, then those that are live and not sent.
fn changes(input: &Input, versions: &[VersionRow], live: &[DeployedHook]) -> Result<Vec<PlannedChange>> {
    let mut changes = Vec::new();
    for (line, version) in input.hooks.iter().zip(versions) {
        let before = live.iter().find(|hook| hook.version.name == version.name);
        let after = line.pointing_at(version.clone());
        let after_shown = PlannedVersion {
            number: version.number,
            digest: version.digest.clone(),
            state: stored::word(&after.state)?,
            failure_policy: policy(after.failure_policy.as_deref())?,
        };
        let before_shown = before.map(shown).transpose()?;
        let change = match &before_shown {
            None => ChangeKind::Added,
            Some(before) if *before == after_shown => ChangeKind::Unchanged,
            Some(_) => ChangeKind::Changed,
        };
        let empty = Manifest::default();
        let old = before.map(|hook| manifest(&hook.version)).transpose()?;
        let changed = manifest_changes(old.as_ref().unwrap_or(&empty), &manifest(version)?);
        changes.push(PlannedChange {
            hook: version.name.clone(),
            change,
            before: before_shown,
            after: Some(after_shown),
            capabilities: changed.capabilities,
            points: changed.points,
        });
    }
    let is_sent = |hook: &&DeployedHook| input.hooks.iter().any(|line| line.name.as_str() == hook.version.name);
    let is_kept = |hook: &&DeployedHook| match &input.how.extent {
        Extent::Whole => false,
        Extent::Part { removes } => removes.iter().all(|name| name.as_str() != hook.version.name),
    };
    for hook in live.iter().filter(|hook| !is_sent(hook) && !is_kept(hook)) {
        let old = manifest(&hook.version)?;
        let points: Vec<String> = old.hooks.iter().chain(&old.events).cloned().collect();
        changes.push(PlannedChange {
            hook: hook.version.name.clone(),
            change: ChangeKind::Removed,
            before: Some(shown(hook)?),
            after: None,
            capabilities: difference(&old.capabilities, &[]),
            points: difference(&points, &[]),
        });
    }
    Ok(changes)
}

fn shown(hook: &DeployedHook) -> Result<PlannedVersion> {
    Ok(PlannedVersion {
        number: hook.version.number,
        digest: hook.version.digest.clone(),
        state: stored::word::<HookState>(&hook.state)?,
        failure_policy: policy(hook.failure_policy.as_deref())?,
    })
}

pub(super) fn policy(stored: Option<&str>) -> Result<Option<FailurePolicy>> {
    stored.map(stored::word).transpose()
}

fn manifest(version: &VersionRow) -> Result<Manifest> {
    stored::json(&version.manifest)
}

/// What was sent, its versions, and what is live.
type Sides<'a> = (&'a Input, &'a [VersionRow], &'a [DeployedHook]);

async fn gates(
    app: &App,
    scope: &Scope,
    (input, versions, live): Sides<'_>,
    changes: &[PlannedChange],
) -> Result<Vec<Gate>> {
    Ok(vec![
        build(app, scope, versions).await?,
        base_gate(&stale(versions, live)),
        types_gate::run(app, scope, versions, live).await?,
        capabilities(app, scope, changes).await?,
        secrets(app, scope, input, versions).await?,
        cases_gate::as_gate(&cases_gate::run(app, scope, versions, live, &input.migrations).await?),
        backtest_gate::run(app, scope, versions, live).await?.as_gate(),
        rollouts(app, scope, changes).await?,
    ])
}

/// Whether every version loads.
async fn build(app: &App, scope: &Scope, versions: &[VersionRow]) -> Result<Gate> {
    Ok(match app.hooks.registry.load_all(scope, versions).await {
        Ok(_) => as_gate(GateName::Build, &lowered_limits(app, versions)?),
        Err(Error::Refused(refusal)) if refusal.status == 422 => {
            let hook = refusal.hook.as_deref().unwrap_or_default();
            gate(
                GateName::Build,
                (GateState::Failed, format!("`{hook}`: {}", refusal.message)),
            )
        }
        Err(error) => return Err(error),
    })
}

/// Limits that versions ask for and this server does not give.
fn lowered_limits(app: &App, versions: &[VersionRow]) -> Result<Vec<String>> {
    let most = &app.config.hooks.max;
    let mut warnings = Vec::new();
    for version in versions {
        let asked: RuntimeManifest = stored::json(&version.manifest)?;
        warnings.extend(asked.limits.above(most).into_iter().map(|limit| {
            format!(
                "`{}` asks for a `{}` of {}, and gets {}, the most that this server gives",
                version.name, limit.json_name, limit.asked, limit.bound
            )
        }));
    }
    Ok(warnings)
}

/// Passed, unless there is something to say.
fn as_gate(name: GateName, warnings: &[String]) -> Gate {
    let state = match warnings.is_empty() {
        true => GateState::Passed,
        false => GateState::Warning,
    };
    gate(name, (state, warnings.join("; ")))
}

/// Rollouts that end with it.
async fn rollouts(app: &App, scope: &Scope, changes: &[PlannedChange]) -> Result<Gate> {
    let scope = scope.clone();
    let running = app.store.read(move |tx| tx.running_rollouts(&scope)).await?;
    let ends = |row: &RolloutRow| {
        let change = changes.iter().find(|change| change.hook == row.hook)?;
        let (kind, version, hook) = (&row.kind, row.version_number, &row.hook);
        match &change.after {
            Some(after) if after.number == version => Some(format!(
                "makes version {version} of `{hook}` live, so that its {kind} ends"
            )),
            Some(after) if after.number == row.live_number && after.state == HookState::Enabled => None,
            _ => Some(format!("ends the {kind} of version {version} of `{hook}`")),
        }
    };
    let warnings: Vec<String> = running.iter().filter_map(ends).collect();
    Ok(as_gate(GateName::Rollouts, &warnings))
}

/// What hooks may use from now on, and hosts that the environment's list leaves out.
async fn capabilities(app: &App, scope: &Scope, changes: &[PlannedChange]) -> Result<Gate> {
    let wanted = scope.clone();
    let kept = app
        .store
        .read(move |tx| tx.setting(&wanted, SettingName::HttpHosts))
        .await?;
    let hosts = match kept {
        Some(Setting::Open(text)) => HostList::stored(&text).unwrap_or_default(),
        _ => HostList::default(),
    };
    let allowed = hosts.names();
    let mut warnings = Vec::new();
    for change in changes.iter().filter(|change| !change.capabilities.added.is_empty()) {
        warnings.push(format!(
            "`{}` may use {} from now on",
            change.hook,
            change.capabilities.added.join(", ")
        ));
        let declared = change
            .capabilities
            .added
            .iter()
            .filter_map(|name| name.strip_prefix("http:"));
        let left_out = declared.filter(|host| hosts.has_any() && !allowed.iter().any(|name| name == host));
        warnings.extend(left_out.map(|host| format!("the environment's list of hosts may leave out {host}")));
    }
    Ok(as_gate(GateName::Capabilities, &warnings))
}

/// Secrets that the versions name and the environment does not have.
async fn secrets(app: &App, scope: &Scope, input: &Input, versions: &[VersionRow]) -> Result<Gate> {
    let mut declared = Vec::new();
    for (line, version) in input.hooks.iter().zip(versions) {
        let manifest: RuntimeManifest = stored::json(&version.manifest)?;
        let names = manifest.parts(Capability::Secrets).unwrap_or_default();
        declared.extend(names.into_iter().map(|secret| named(line, secret)));
    }
    let missing = missing_secrets(app, scope, declared).await?;
    let warnings: Vec<String> = missing
        .iter()
        .map(|one| {
            format!(
                "`{}` uses the secret {}, which the environment does not have",
                one.hook, one.secret
            )
        })
        .collect();
    Ok(as_gate(GateName::Secrets, &warnings))
}

fn named(line: &Line, secret: &str) -> aerocall_api_types::MissingSecret {
    aerocall_api_types::MissingSecret {
        hook: line.name.to_string(),
        secret: secret.to_owned(),
    }
}
