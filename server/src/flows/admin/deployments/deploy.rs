//! `POST …/deployments`

use std::sync::Arc;

use aerocall_api_types::{DeploymentResult, MissingSecret, Permission};
use aerocall_contract::{Capability, errors};
use aerocall_runtime::Hook;
use serde_json::json;

use super::{
    backtest_gate, cases_gate, expected,
    gates::{self, Stale},
    input::{Input, VersionRef},
    merged::{Planned, merged},
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Kind, Scope, new_id},
        input::Fields,
    },
    domain::{
        audit::{Action, Actor, AuditEntry, Place},
        project::AuthSettings,
    },
    flows::{
        admin::{
            hooks::{live_example, take_effect},
            migrations,
            rollouts::{still_running, with_ended},
            versions::MAX_MESSAGE,
        },
        steps::{
            audited::{self, Audited},
            endpoint::{
                AdminWho as _, BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method,
                environment,
            },
        },
    },
    hooks::Stored,
    storage::{
        store::{DeployedHook, NewDeployment, StoreError, Tx, VersionRow},
        tenant::Migration,
    },
};

/// The hooks of a deployment.
pub(super) const HOOKS: &str = r##"{"type":"array","maxItems":32,"items":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},"digest":{"type":"string"},"number":{"type":"integer","format":"int32"},"order":{"type":"integer","format":"int32"},"failurePolicy":{"type":"string","enum":["open","closed"]},"enabled":{"type":"boolean"},"limits":{"$ref":"#/components/schemas/Limits"}}}}"##;

/// The migrations of a deployment.
const MIGRATIONS: &str = r#"{"type":"array","items":{"type":"object","additionalProperties":false,"required":["name","sql"],"properties":{"name":{"type":"string"},"sql":{"type":"string"}}}}"#;

/// Names of hooks that are to be live no longer.
pub(super) const REMOVES: &str =
    r#"{"type":"array","maxItems":32,"items":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}}"#;

/// Why a gate is passed by.
pub(in crate::flows::admin) const FORCE: &str = r#"{"type":"object","additionalProperties":false,"required":["reason"],"properties":{"reason":{"type":"string","minLength":1,"maxLength":1000}}}"#;

/// Makes a set of versions live, all at once.
pub(crate) struct Deploy;

impl Flow for Deploy {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = DeploymentResult;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/deployments"), "Deploy versions")
        .about("Applies the migrations, then makes this set of versions live all at once in place of the previous deployment: a hook that is not listed is no longer live. A secret that a hook declares and the environment does not have is named in `missingSecrets`; it can be set later. Each hook names its version by either `digest` or `number`. With `keepOthers`, hooks that are not listed stay as they are. A version whose draft had begun before the live version is refused, because it would undo what that one changed: see `POST …/deployments/plan`. `force` deploys it all the same; it needs the permission `project:manage` and, in a session, a fresh proof, and is recorded in the audit log, with the gates that failed. A rollout ends if the deployment makes another version of its hook live, or none. Requests that start after the response use the new deployment; other nodes follow within a second.")
        .fields(&[
            Field::required(
                "hooks",
                FieldKind::Json(HOOKS),
                "The hooks, at most 32, in the order in which they run. `failurePolicy` says what happens when the hook fails: with `open` the request continues, with `closed` it is refused. `limits` can only lower the limits of the project.",
            ),
            Field::optional(
                "migrations",
                FieldKind::Json(MIGRATIONS),
                "SQL migrations of the project's own database, at most 200, in order. An applied migration must not be changed.",
            ),
            Field::optional("expect", FieldKind::Number(0, i32::MAX as i64), "Number of the deployment that is live, 0 if there is none; if it is another one, nothing is changed."),
            Field::optional("message", FieldKind::Text(MAX_MESSAGE), "What is new."),
            Field::optional("force", FieldKind::Json(FORCE), "Deploys even if a gate fails."),
            Field::optional("keepOthers", FieldKind::Flag, "Whether hooks that are live and not listed stay live, where they are in the order; false if omitted."),
            Field::optional("removes", FieldKind::Json(REMOVES), "With `keepOthers`: hooks that are to be live no longer."),
        ])
        .example(r#"{"hooks":[{"name":"signup","number":1,"failurePolicy":"closed"}]}"#)
        .answers(
            201,
            "The live deployment.",
            concat!(
                r#"{"deployment": {"id": "dep_…", "number": 3, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "admin:…", "message": "Refuse disposable addresses", "forcedReason": null}, "migrations": ["0001_orders"], "missingSecrets": [{"hook": "signup", "secret": "crm_token"}], "#,
                live_example!(),
                "}"
            ),
        )
        .errors(&[errors::MIGRATION_FAILED, errors::MIGRATION_REWRITTEN, errors::DEPLOYMENT_CONFLICT, errors::DEPLOYMENT_REFUSED, errors::FRESH_PROOF_REQUIRED]);

    /// As large as a bundle: a deployment carries its migrations.
    const BODY: BodyLimit = BodyLimit::Bundle;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Input::read(fields)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<DeploymentResult> {
        if input.how.force.is_some() {
            caller.who.permissions().require(Permission::ProjectManage)?;
            caller.who.require_fresh(app.clock.now_ms())?;
        }
        deploy(app, &caller.scope, caller.actor(), input).await
    }
}

/// Makes a set of versions live.
pub(crate) async fn deploy(app: &App, scope: &Scope, by: Actor, mut input: Input) -> Result<DeploymentResult> {
    let versions = resolve(app, scope, &input).await?;
    let loaded = app.hooks.registry.load_all(scope, &versions).await?;
    let declared = declared_secrets(&input, &loaded);
    input.one_consumer_each(loaded.iter().map(|hook| Some(hook.manifest())))?;
    let (expect, is_forced) = (input.how.expect, input.how.force.is_some());
    // Before any migration is applied; what is live is looked at again in the transaction.
    let mut passed_by = Box::pin(pass_gates(app, scope, &versions, &input.migrations, expect, is_forced)).await?;
    passed_by.retain(|gate| *gate != BASE);
    let migrations = migrations::apply(app, scope, std::mem::take(&mut input.migrations)).await?;
    let stored = insert(app, scope, by, input, versions, passed_by).await?;
    let (deployment, live) = take_effect(app, scope, stored).await?;
    let missing_secrets = missing_secrets(app, scope, declared).await?;
    // Held until here, so that nothing had to be loaded between the commit and this line.
    drop(loaded);
    Ok(DeploymentResult {
        deployment,
        migrations,
        missing_secrets,
        live,
    })
}

/// The gate about versions that began before what is live.
const BASE: &str = "base";

/// The gates before a version decides anything. Those that failed, if the failure is passed by.
pub(in crate::flows::admin) async fn pass_gates(
    app: &App,
    scope: &Scope,
    versions: &[VersionRow],
    migrations: &[Migration],
    expect: Option<i32>,
    is_forced: bool,
) -> Result<Vec<&'static str>> {
    let (wanted, sent) = (scope.clone(), versions.to_vec());
    let looked = app.store.write(move |tx| look(tx, &wanted, &sent, expect));
    let Looked { stale, live } = looked.await??;
    let mut failed = Vec::new();
    if !stale.is_empty() {
        failed.push(BASE);
    }
    if !failed.is_empty() && !is_forced {
        return Err(gates::refused(&stale).into());
    }
    let backtests = backtest_gate::run(app, scope, versions, &live).await?;
    if backtests.has_failed() {
        failed.push("backtest");
        if !is_forced {
            return Err(backtests.refused().into());
        }
    }
    let cases = cases_gate::run(app, scope, versions, &live, migrations).await?;
    if cases_gate::has_failed(&cases) {
        failed.push("cases");
        if !is_forced {
            return Err(cases_gate::refused(&cases).into());
        }
    }
    Ok(failed)
}

/// What is live, and which of the versions began before it.
struct Looked {
    live: Vec<DeployedHook>,
    stale: Vec<Stale>,
}

fn look(
    tx: &mut Tx<'_>,
    scope: &Scope,
    versions: &[VersionRow],
    expect: Option<i32>,
) -> std::result::Result<std::result::Result<Looked, Refusal>, StoreError> {
    let live = match expected::live(tx, scope, expect)? {
        Err(refusal) => return Ok(Err(refusal)),
        Ok(None) => Vec::new(),
        Ok(Some(live)) => tx.deployed_hooks(&live.id)?,
    };
    let stale = gates::stale(versions, &live);
    Ok(Ok(Looked { live, stale }))
}

/// The secrets that hooks name, each with its hook.
fn declared_secrets(input: &Input, loaded: &[Arc<Hook>]) -> Vec<MissingSecret> {
    let hooks = input.hooks.iter().zip(loaded);
    hooks
        .flat_map(|(line, hook)| declared_by(line.name.as_str(), hook))
        .collect()
}

/// The secrets that a hook names.
pub(super) fn declared_by(name: &str, hook: &Hook) -> Vec<MissingSecret> {
    let names = hook.manifest().parts(Capability::Secrets).unwrap_or_default();
    let secret = |secret: &str| MissingSecret {
        hook: name.to_owned(),
        secret: secret.to_owned(),
    };
    names.into_iter().map(secret).collect()
}

/// Those of them that nobody has set. They can be set at any time, so nothing is refused.
pub(super) async fn missing_secrets(
    app: &App,
    scope: &Scope,
    mut declared: Vec<MissingSecret>,
) -> Result<Vec<MissingSecret>> {
    if !declared.is_empty() {
        let scope = scope.clone();
        let kept = app.store.read(move |tx| tx.secrets(&scope)).await?;
        declared.retain(|one| kept.iter().all(|kept| kept.name != one.secret));
    }
    Ok(declared)
}

/// The version of every line, or all lines that name none.
pub(super) async fn resolve(app: &App, scope: &Scope, input: &Input) -> Result<Vec<VersionRow>> {
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

/// The one transaction. Versions never change; one that has gone since it was resolved made room for newer ones.
/// `passed_by`: gates that failed before, and that the deployment is forced past.
async fn insert(
    app: &App,
    scope: &Scope,
    by: Actor,
    input: Input,
    versions: Vec<VersionRow>,
    passed_by: Vec<&'static str>,
) -> Result<Stored> {
    let created_by = by.author();
    let (scope, place) = (scope.clone(), Place::Environment(scope.clone()));
    let stored = audited::change(app, place, by, move |tx, now_ms| {
        let Input { hooks, how, .. } = &input;
        let Looked { live, stale } = match look(tx, &scope, &versions, how.expect)? {
            Ok(looked) => looked,
            Err(refusal) => return Ok(Audited::Unchanged(Err(refusal))),
        };
        if let Some(rollout) = &how.promotes
            && let Err(refusal) = still_running(tx, &scope, rollout, now_ms)?
        {
            return Ok(Audited::Unchanged(Err(refusal)));
        }
        let base = (!stale.is_empty()).then_some(BASE);
        let gates: Vec<&str> = base.into_iter().chain(passed_by.iter().copied()).collect();
        let forced = how.force.clone().filter(|_| !gates.is_empty());
        if !stale.is_empty() && forced.is_none() {
            return Ok(Audited::Unchanged(Err(gates::refused(&stale))));
        }
        let ids: Vec<String> = versions.iter().map(|version| version.id.clone()).collect();
        if !tx.keep_versions(&scope.project, &ids)? {
            let gone = "a version was deleted, because newer ones were uploaded; upload it again";
            return Ok(Audited::Unchanged(Err(Refusal::invalid_field("hooks", gone))));
        }
        let planned = hooks.iter().zip(&versions).map(|(line, version)| Planned {
            name: version.name.clone(),
            line: line.pointing_at(version.clone()),
            manifest: version.manifest.clone(),
        });
        let hooks = match merged(planned.collect(), &how.extent, &live)? {
            Ok(hooks) => hooks,
            Err(refusal) => return Ok(Audited::Unchanged(Err(refusal))),
        };
        let new = NewDeployment {
            id: new_id(Kind::Deployment),
            created_by,
            created_ms: now_ms,
            message: how.message.clone(),
            forced_reason: forced,
            hooks,
        };
        let made = tx.insert_deployment(&scope, &new)?;
        let mut about = with_ended(json!({ "number": made.row.number }), &made.ended);
        // Also where no gate failed: somebody was ready to pass it by.
        if let Some(reason) = &how.force {
            about["forced"] = json!({ "reason": reason, "gates": gates });
        }
        let entry = AuditEntry::new(Action::Deployed, &made.row.id).with(about);
        Ok(Audited::Changed(Ok(Stored::of(tx, &scope, made.row)?), entry))
    });
    Ok(stored.await??)
}
