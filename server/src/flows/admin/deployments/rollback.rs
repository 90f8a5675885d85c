//! `POST …/deployments/{number}/rollback`

use aerocall_api_types::{DeploymentResult, Permission};
use aerocall_contract::errors;
use serde_json::{Value, json};

use super::{
    ONE_ROLLBACK,
    deploy::{declared_by, missing_secrets},
    expected,
    input::{Extent, expect},
    is_complete,
    merged::{Planned, merged},
    number,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{HookName, Kind, Scope, new_id},
        input::{Fields, Parsed},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::{
        admin::{
            hooks::{live_example, take_effect},
            rollouts::with_ended,
            versions::{MAX_MESSAGE, message},
        },
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method},
        },
    },
    hooks::Stored,
    storage::store::{DeployedHook, DeploymentRow, NewDeployment, StoreError, Tx},
};

/// Makes what an earlier deployment had live again, as a new deployment.
pub(crate) struct RollBack;

/// How far to go back, and what is said of it.
pub(crate) struct Back {
    expect: Option<i32>,
    message: Option<String>,
    /// `None`: all of the deployment.
    hooks: Option<Vec<HookName>>,
}

/// What of the transaction is the same at each of its steps.
struct Request {
    scope: Scope,
    number: i32,
    author: String,
    back: Back,
}

impl Flow for RollBack {
    type Who = EnvironmentAdmin;
    type Input = Back;
    type Output = DeploymentResult;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, ONE_ROLLBACK, "Roll back to a deployment")
        .about("Makes a new deployment that has the hooks of this one: versions, order, failure policies, states and limits. With `hooks`, only these are as they were in it, and the others stay as they are. Migrations and secrets are not rolled back. A rollout ends if another version of its hook becomes live, or none. The last 10 deployments of an environment can always be rolled back to; of older ones versions may have been deleted.")
        .fields(&[
            Field::optional("expect", FieldKind::Number(0, i32::MAX as i64), "Number of the deployment that is live; if it is another one, nothing is changed."),
            Field::optional("message", FieldKind::Text(MAX_MESSAGE), "Why."),
            Field::optional("hooks", FieldKind::Json(r#"{"type":"array","minItems":1,"maxItems":32,"items":{"type":"string"}}"#), "Names of the hooks to roll back; all if omitted."),
        ])
        .example(r#"{"expect":7,"message":"Sign-ups failed"}"#)
        .answers(
            201,
            "The live deployment.",
            concat!(
                r#"{"deployment": {"id": "dep_…", "number": 3, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "admin:…", "message": "Sign-ups failed", "forcedReason": null}, "migrations": [], "missingSecrets": [], "#,
                live_example!(),
                "}"
            ),
        )
        .errors(&[errors::DEPLOYMENT_CONFLICT, errors::VERSION_GONE, errors::UNKNOWN_ENGINE, errors::COMPILE_LIMIT]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Back> {
        Some(Back {
            expect: fields.optional("expect", |value| expect(&value)),
            message: fields.optional("message", message),
            hooks: fields.optional("hooks", hooks),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, back: Back) -> Result<DeploymentResult> {
        let request = Request {
            scope: caller.scope.clone(),
            number: number(caller)?,
            author: caller.actor().author(),
            back,
        };
        let (scope, wanted) = (caller.scope.clone(), request.number);
        let kept = app.store.read(move |tx| match tx.deployment(&scope, wanted)? {
            None => Ok(None),
            Some(row) => Ok(Some(tx.deployed_hooks(&row.id)?)),
        });
        let kept = chosen(kept.await?.ok_or_else(Refusal::not_found)?, &request)?;
        let versions: Vec<_> = kept.into_iter().map(|hook| hook.version).collect();
        // Whether they still load is known before anything changes.
        let loaded = app.hooks.registry.load_all(&caller.scope, &versions).await?;
        let declared = versions
            .iter()
            .zip(&loaded)
            .flat_map(|(version, hook)| declared_by(&version.name, hook));
        let declared = declared.collect();
        let made = caller.change(app, move |tx, now_ms| go_back(tx, &request, now_ms));
        let (deployment, live) = take_effect(app, &caller.scope, made.await??).await?;
        drop(loaded);
        Ok(DeploymentResult {
            deployment,
            migrations: Vec::new(),
            missing_secrets: missing_secrets(app, &caller.scope, declared).await?,
            live,
        })
    }
}

/// The one transaction: what is live and what was is read again under its lock.
fn go_back(
    tx: &mut Tx<'_>,
    request: &Request,
    now_ms: i64,
) -> std::result::Result<Audited<std::result::Result<Stored, Refusal>>, StoreError> {
    let Request {
        scope,
        number,
        author,
        back,
    } = request;
    let live = match expected::live(tx, scope, back.expect)? {
        Ok(live) => live,
        Err(refusal) => return Ok(Audited::Unchanged(Err(refusal))),
    };
    let Some(row) = tx.deployment(scope, *number)? else {
        return Ok(Audited::Unchanged(Err(Refusal::not_found())));
    };
    tx.lock_versions(&scope.project)?;
    let kept = tx.deployed_hooks(&row.id)?;
    if back.hooks.is_none() && !is_complete(&row, kept.len(), live.as_ref().map_or(0, |live| live.number)) {
        return Ok(Audited::Unchanged(Err(gone(&row))));
    }
    let kept = match chosen(kept, request) {
        Ok(kept) => kept,
        Err(refusal) => return Ok(Audited::Unchanged(Err(refusal))),
    };
    let extent = match &back.hooks {
        None => Extent::Whole,
        Some(_) => Extent::Part { removes: Vec::new() },
    };
    let running = match &live {
        Some(live) => tx.deployed_hooks(&live.id)?,
        None => Vec::new(),
    };
    let hooks = match merged(kept.iter().map(Planned::again).collect(), &extent, &running)? {
        Ok(hooks) => hooks,
        Err(refusal) => return Ok(Audited::Unchanged(Err(refusal))),
    };
    let new = NewDeployment {
        id: new_id(Kind::Deployment),
        created_by: author.clone(),
        created_ms: now_ms,
        message: back.message.clone(),
        forced_reason: None,
        hooks,
    };
    let made = tx.insert_deployment(scope, &new)?;
    let mut about = with_ended(json!({ "number": made.row.number, "to": number }), &made.ended);
    if let Some(hooks) = &back.hooks {
        about["hooks"] = hooks.iter().map(HookName::as_str).collect();
    }
    let entry = AuditEntry::new(Action::RolledBack, &made.row.id).with(about);
    Ok(Audited::Changed(Ok(Stored::of(tx, scope, made.row)?), entry))
}

/// The lines that are rolled back to.
fn chosen(kept: Vec<DeployedHook>, request: &Request) -> std::result::Result<Vec<DeployedHook>, Refusal> {
    let Some(names) = &request.back.hooks else {
        return Ok(kept);
    };
    let has = |name: &HookName| kept.iter().any(|hook| hook.version.name == name.as_str());
    if let Some(missing) = names.iter().find(|name| !has(name)) {
        let problem = format!(
            "deployment {} has no hook `{missing}`, or its version was deleted",
            request.number
        );
        return Err(Refusal::invalid_field("hooks", problem));
    }
    let is_chosen = |hook: &DeployedHook| names.iter().any(|name| hook.version.name == name.as_str());
    Ok(kept.into_iter().filter(is_chosen).collect())
}

fn gone(row: &DeploymentRow) -> Refusal {
    Refusal::new(
        errors::VERSION_GONE,
        format!(
            "Versions of deployment {} were deleted, because newer ones were made: roll back to a later one, or name the hooks to roll back",
            row.number
        ),
    )
}

fn hooks(value: Value) -> Parsed<Vec<HookName>> {
    let Value::Array(names) = value else {
        return Err("must be a list of names of hooks".to_owned());
    };
    if names.is_empty() || names.len() > 32 {
        return Err("must have 1 to 32 names of hooks".to_owned());
    }
    let name = |name: Value| HookName::parse(name.as_str().unwrap_or_default());
    names.into_iter().map(name).collect()
}
