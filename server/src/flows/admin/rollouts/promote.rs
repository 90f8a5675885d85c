//! `POST …/hooks/{hook}/rollout/promote`

use aerocall_api_types::{DeploymentResult, Permission};
use aerocall_contract::errors;

use super::{RUNNING, find, over};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::{
        admin::{
            deployments::{FORCE, Input, Promotion, deploy, expect, read_force},
            hooks::{hook_name, live_example},
            versions::{MAX_MESSAGE, message},
        },
        steps::endpoint::{
            AdminWho as _, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment,
        },
    },
};

/// Makes the version of a rollout live.
pub(crate) struct PromoteRollout;

/// How.
pub(crate) struct How {
    message: Option<String>,
    expect: Option<i32>,
    force: Option<String>,
}

impl Flow for PromoteRollout {
    type Who = EnvironmentAdmin;
    type Input = How;
    type Output = DeploymentResult;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/hooks/{hook}/rollout/promote"),
        "Promote the rollout of a hook",
    )
    .about("Makes a new deployment that has the version of the rollout in place of the live one; everything else stays as it is, and the rollout ends. The gates are those of a deployment. Whoever had the version of a canary keeps it.")
    .fields(&[
        Field::optional("message", FieldKind::Text(MAX_MESSAGE), "What is new."),
        Field::optional(
            "expect",
            FieldKind::Number(0, i32::MAX as i64),
            "Number of the deployment that is live; if it is another one, nothing is changed.",
        ),
        Field::optional("force", FieldKind::Json(FORCE), "Deploys even if a gate fails."),
    ])
    .example(r#"{"message":"Refuse disposable addresses"}"#)
    .answers(
        201,
        "The live deployment.",
        concat!(
            r#"{"deployment": {"id": "dep_…", "number": 4, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "admin:…", "message": "Refuse disposable addresses", "forcedReason": null}, "migrations": [], "missingSecrets": [], "#,
            live_example!(),
            "}"
        ),
    )
    .errors(&[
        errors::ROLLOUT_OVER,
        errors::DEPLOYMENT_CONFLICT,
        errors::DEPLOYMENT_REFUSED,
        errors::FRESH_PROOF_REQUIRED,
    ]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<How> {
        Some(How {
            message: fields.optional("message", message),
            expect: fields.optional("expect", |value| expect(&value)),
            force: read_force(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, how: How) -> Result<DeploymentResult> {
        let hook = hook_name(caller.part("hook")?)?;
        if how.force.is_some() {
            caller.who.permissions().require(Permission::ProjectManage)?;
            caller.who.require_fresh(app.clock.now_ms())?;
        }
        let row = find(app, &caller.scope, &hook).await?;
        if row.state != RUNNING || row.until_ms <= app.clock.now_ms() {
            return Err(over(&row).into());
        }
        let scope = caller.scope.clone();
        let read = app.store.read(move |tx| match tx.deployments(&scope, 1)?.pop() {
            None => Ok(None),
            Some(live) => Ok(Some((live.number, tx.deployed_hooks(&live.id)?))),
        });
        let live = read.await?;
        let line = live.as_ref().and_then(|(number, hooks)| {
            let line = hooks.iter().find(|line| line.version.id == row.live_version_id);
            line.map(|line| (*number, line))
        });
        // What it was compared with is not live any more: it has just ended.
        let (number, line) = line.ok_or_else(|| over(&row))?;
        let promotion = Promotion {
            version: row.version_number,
            expect: how.expect.unwrap_or(number),
            message: how.message,
            force: how.force,
            rollout: row.id,
        };
        let input = Input::promoting(promotion, line)?;
        deploy(app, &caller.scope, caller.actor(), input).await
    }
}
