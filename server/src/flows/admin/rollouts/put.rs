//! `PUT …/hooks/{hook}/rollout`

use aerocall_api_types::{Permission, Rollout, RolloutKey, RolloutKind};
use aerocall_contract::errors;
use aerocall_runtime::Manifest;
use serde_json::{Value, json};

use super::{
    ONE, RUNNING, apply, conflict, example,
    input::{FIELDS, Input},
    rollout,
};
use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Refusal, Result},
        ids::{HookName, Kind, Scope, new_id},
        input::Fields,
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::{
        admin::{
            deployments::{expected_live, pass_gates},
            hooks::hook_name,
        },
        steps::{
            audited::Audited,
            endpoint::{AdminWho as _, Caller, Endpoint, EnvironmentAdmin, Flow, Method, Put},
        },
    },
    hooks::{
        State, Stored,
        rollouts::{Figures, end_overdue},
    },
    storage::store::{DeployedHook, RolloutChange, RolloutRow, StoreError, Tx, VersionRow},
};

/// Of one environment that have ended; the oldest make room.
const MAX_ENDED: usize = 50;

/// Starts a rollout, or changes the one that goes on.
pub(crate) struct PutRollout;

/// What the transaction needs.
struct Request {
    scope: Scope,
    hook: HookName,
    version: VersionRow,
    by: String,
    input: Input,
    /// Gates that failed and are passed by.
    passed_by: Vec<&'static str>,
    stop_if: String,
}

/// What is stored afterwards, to be taken over here.
type Made = (Put<RolloutRow>, Option<Stored>);

impl Flow for PutRollout {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = Put<Rollout>;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Put, ONE, "Start or change a rollout of a hook")
        .about("Runs another version of a live hook beside the live one, with the failure policy and the limits that the deployment has for it, at the hook points and for the events that both versions have. Users are assigned to a version by a hash, so that a user gets the same version each time, and keeps it when the share is raised. A call that the version of a canary fails is decided by the live version, so that no client sees the failure. A canary has to pass the gates of a deployment; `force` needs the permission `project:manage` and, in a session, a fresh proof, and is recorded in the audit log with the gates that failed. Migrations are not applied. Of a rollout that goes on, `share`, `until` and `stopIf` can be changed. A hook has one rollout at a time; it ends when a deployment or a rollback makes another version of the hook live.")
        .fields(FIELDS)
        .example(r#"{"kind":"canary","version":4,"share":5,"until":"2026-02-01T12:00:00Z"}"#)
        .answers(201, "The rollout.", example!())
        .errors(&[
            errors::ROLLOUT_CONFLICT,
            errors::DEPLOYMENT_CONFLICT,
            errors::DEPLOYMENT_REFUSED,
            errors::FRESH_PROOF_REQUIRED,
            errors::UNKNOWN_ENGINE,
            errors::COMPILE_LIMIT,
        ]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Input::read(fields)
    }

    fn status(output: &Put<Rollout>) -> u16 {
        output.status()
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, mut input: Input) -> Result<Put<Rollout>> {
        let (scope, hook) = (&caller.scope, hook_name(caller.part("hook")?)?);
        input.check_end(app.clock.now_ms())?;
        if input.force.is_some() {
            caller.who.permissions().require(Permission::ProjectManage)?;
            caller.who.require_fresh(app.clock.now_ms())?;
        }
        let (version, live) = look(app, scope, &hook, input.version).await?;
        // Held until it is live, so that it is compiled by then.
        let loaded = app
            .hooks
            .registry
            .load_all(scope, std::slice::from_ref(&version))
            .await?;
        let passed_by = match input.kind {
            RolloutKind::Canary => {
                let versions = std::slice::from_ref(&version);
                Box::pin(pass_gates(
                    app,
                    scope,
                    versions,
                    &[],
                    input.expect,
                    input.force.is_some(),
                ))
                .await?
            }
            RolloutKind::Shadow => Vec::new(),
        };
        // What the gates were asked about is what is live when it begins.
        input.expect = input.expect.or(Some(live));
        let stop_if = serde_json::to_string(&input.stop);
        let request = Request {
            scope: scope.clone(),
            hook,
            version,
            by: caller.actor().author(),
            input,
            passed_by,
            stop_if: stop_if.map_err(|error| Error::unexpected("writing a rollout", error))?,
        };
        let made = caller.change(app, move |tx, now_ms| put(tx, &request, now_ms));
        let (kept, stored) = made.await??;
        apply(app, scope, stored).await?;
        drop(loaded);
        kept.try_map(|row| rollout(app, row))
    }
}

/// The version, and the number of the live deployment.
async fn look(app: &App, scope: &Scope, hook: &HookName, number: i32) -> Result<(VersionRow, i32)> {
    let (owned, name) = (scope.clone(), hook.clone());
    let read = app.store.read(move |tx| {
        let version = tx.version_by_number(&owned.project, &name, number)?;
        let is_known = version.is_some() || !tx.versions(&owned.project, &name)?.is_empty();
        let live = tx.deployments(&owned, 1)?.pop().map_or(0, |live| live.number);
        Ok((version, is_known, live))
    });
    match read.await? {
        (Some(version), _, live) => Ok((version, live)),
        (None, true, _) => {
            let problem = format!(
                "`{hook}` has no version {number}: it was never made, or was deleted to make room for newer ones; upload it first"
            );
            Err(Refusal::invalid_field("version", problem).into())
        }
        (None, false, _) => Err(Refusal::not_found().into()),
    }
}

/// The one transaction, under the lock of the environment's deployments.
fn put(
    tx: &mut Tx<'_>,
    request: &Request,
    now_ms: i64,
) -> std::result::Result<Audited<std::result::Result<Made, Refusal>>, StoreError> {
    let Request {
        scope, input, version, ..
    } = request;
    let refused = |refusal| Ok(Audited::Unchanged(Err(refusal)));
    let live = match expected_live(tx, scope, input.expect)? {
        Ok(live) => live,
        Err(refusal) => return refused(refusal),
    };
    let lines = match live {
        Some(live) => tx.deployed_hooks(&live.id)?,
        None => Vec::new(),
    };
    let line = lines.iter().find(|line| line.version.name == request.hook.as_str());
    let Some(line) = line else {
        let problem = format!("`{}` is not live in this environment; deploy it first", request.hook);
        return refused(conflict(problem));
    };
    if let Err(refusal) = fits(line, version)? {
        return refused(refusal);
    }
    let ids = [version.id.clone()];
    if !tx.keep_versions(&scope.project, &ids)? {
        let gone = "was deleted, because newer ones were uploaded; upload it again";
        return refused(Refusal::invalid_field("version", gone));
    }
    let running = tx.rollout(scope, &request.hook)?.filter(|row| row.state == RUNNING);
    let (put, action) = match running {
        // Its time is over, and nobody has noted it yet.
        Some(row) if row.until_ms <= now_ms => {
            end_overdue(tx, scope, now_ms)?;
            (Put::New(insert(tx, request, line, now_ms)?), Action::RolloutStarted)
        }
        Some(row) => match change(tx, request, &row, now_ms)? {
            Ok(()) => {
                let changed = tx.rollout(scope, &request.hook)?;
                (Put::Replaced(changed.unwrap_or(row)), Action::RolloutChanged)
            }
            Err(refusal) => return refused(refusal),
        },
        None => (Put::New(insert(tx, request, line, now_ms)?), Action::RolloutStarted),
    };
    tx.changed(scope)?;
    let (Put::New(row) | Put::Replaced(row)) = &put;
    let entry = AuditEntry::new(action, row.id.as_str()).with(about(request, row));
    Ok(Audited::Changed(Ok((put, Stored::newest(tx, scope)?)), entry))
}

/// Whether a version can be tried beside what is live.
fn fits(
    line: &DeployedHook,
    version: &VersionRow,
) -> std::result::Result<std::result::Result<(), Refusal>, StoreError> {
    let (name, number) = (&version.name, version.number);
    if line.state != State::Enabled.as_str() {
        let problem = format!("`{name}` is disabled, so nothing would be run; enable it first");
        return Ok(Err(conflict(problem)));
    }
    if line.version.id == version.id {
        return Ok(Err(conflict(format!("Version {number} of `{name}` is live already"))));
    }
    let live = places(&line.version)?;
    if places(version)?.iter().all(|place| !live.contains(place)) {
        let problem =
            format!("Version {number} of `{name}` has no hook point and no event in common with the live one");
        return Ok(Err(conflict(problem)));
    }
    Ok(Ok(()))
}

/// Hook points and events of a version.
fn places(version: &VersionRow) -> std::result::Result<Vec<String>, StoreError> {
    let manifest: Manifest = serde_json::from_str(&version.manifest)
        .map_err(|_| StoreError::Inconsistent("a manifest cannot be read back"))?;
    Ok(manifest.hooks.into_iter().chain(manifest.events).collect())
}

fn change(
    tx: &mut Tx<'_>,
    request: &Request,
    row: &RolloutRow,
    now_ms: i64,
) -> std::result::Result<std::result::Result<(), Refusal>, StoreError> {
    let input = &request.input;
    if row.version_id != request.version.id || row.kind != kind(input.kind) || row.sticky_by != key(input.key) {
        return Ok(Err(conflict(format!(
            "A {} of version {} of `{}` goes on, sticky by {}: stop it first. Only share, until and stopIf of it can be changed",
            row.kind, row.version_number, row.hook, row.sticky_by
        ))));
    }
    let change = RolloutChange {
        share: input.share,
        until_ms: input.until_ms,
        stop_if: request.stop_if.clone(),
        now_ms,
    };
    tx.change_rollout(&request.scope, &row.id, &change)?;
    Ok(Ok(()))
}

fn insert(
    tx: &mut Tx<'_>,
    request: &Request,
    live: &DeployedHook,
    now_ms: i64,
) -> std::result::Result<RolloutRow, StoreError> {
    let Request {
        scope, version, input, ..
    } = request;
    let ended = tx.rollouts(scope)?.into_iter().filter(|row| row.state != RUNNING);
    for old in ended.skip(MAX_ENDED - 1) {
        tx.delete_rollout(scope, &old.id)?;
    }
    let figures = serde_json::to_string(&Figures::default());
    let row = RolloutRow {
        id: new_id(Kind::Rollout),
        hook: request.hook.to_string(),
        kind: kind(input.kind).to_owned(),
        version_id: version.id.clone(),
        version_number: version.number,
        digest: version.digest.clone(),
        live_version_id: live.version.id.clone(),
        live_number: live.version.number,
        share: input.share,
        sticky_by: key(input.key).to_owned(),
        until_ms: input.until_ms,
        stop_if: request.stop_if.clone(),
        state: RUNNING.to_owned(),
        reason: None,
        figures: figures.map_err(|_| StoreError::Inconsistent("no figures cannot be written"))?,
        created_by: request.by.clone(),
        created_ms: now_ms,
        updated_ms: now_ms,
        ended_by: None,
        ended_ms: None,
    };
    tx.insert_rollout(scope, &row)?;
    Ok(row)
}

fn about(request: &Request, row: &RolloutRow) -> Value {
    let mut about = json!({
        "hook": row.hook, "kind": row.kind, "version": row.version_number, "liveVersion": row.live_number,
        "share": super::percent_of(row.share), "until": clock::iso(row.until_ms), "stopIf": request.input.stop,
    });
    if let Some(reason) = &request.input.force {
        about["forced"] = json!({ "reason": reason, "gates": request.passed_by });
    }
    about
}

fn kind(kind: RolloutKind) -> &'static str {
    match kind {
        RolloutKind::Shadow => "shadow",
        RolloutKind::Canary => "canary",
    }
}

fn key(key: RolloutKey) -> &'static str {
    match key {
        RolloutKey::User => "user",
        RolloutKey::Ip => "ip",
    }
}
