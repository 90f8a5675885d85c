//! `PATCH …/hooks/{hook}`: runs a hook of the live deployment, or leaves it out, without an upload.
//!
//! Deployments never change: what comes of it is a new one that equals the live one but for this.

use aerocall_api_types::{HookStateResult, Permission};
use aerocall_runtime::Manifest;
use serde_json::json;

use super::{get_live::live, hook_name, live_example, one_consumer_each, take_effect};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{HookName, Kind, Scope, new_id},
        input::Fields,
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::{
        admin::{deployments::read_state, rollouts::with_ended},
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
        },
    },
    hooks::{State, Stored},
    storage::store::{DeployedHook, NewDeployedHook, NewDeployment, StoreError, Tx},
};

/// Makes a deployment live in which the hook has this state.
pub(crate) struct SetHookState;

/// What the transaction found and did.
enum Switched {
    /// There is no such hook in the live deployment.
    NoSuchHook,
    /// It was so already.
    AsItWas,
    /// It cannot be, and why.
    Refused(Refusal),
    Live(Stored),
}

impl Flow for SetHookState {
    type Who = EnvironmentAdmin;
    type Input = State;
    type Output = HookStateResult;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Patch,
        environment!("/hooks/{hook}"),
        "Enable or disable a hook",
    )
    .about("Creates a new deployment that differs from the live one only in this hook's state. Changes nothing if the hook has that state already. A rollout of a hook that is disabled ends.")
    .fields(&[Field::required("enabled", FieldKind::Flag, "Whether the hook is run.")])
    .example(r#"{"enabled":false}"#)
    .answers(
        200,
        "The live deployment.",
        concat!(
            r#"{"deployment": {"id": "dep_…", "number": 3, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "admin:…", "message": "Refuse disposable addresses", "forcedReason": null}, "#,
            live_example!(),
            "}"
        ),
    );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<State> {
        fields.required("enabled", |value| read_state(&value))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, state: State) -> Result<HookStateResult> {
        let name = hook_name(caller.part("hook")?)?;
        let scope = &caller.scope;
        let (owned, created_by) = (scope.clone(), caller.actor().author());
        let switched = caller.change(app, move |tx, now_ms| {
            switch(tx, &owned, created_by, &name, state, now_ms)
        });
        match switched.await? {
            Switched::NoSuchHook => Err(Refusal::not_found().into()),
            Switched::Refused(refusal) => Err(refusal.into()),
            Switched::AsItWas => Ok(HookStateResult {
                deployment: None,
                live: live(app, scope),
            }),
            Switched::Live(stored) => {
                let (deployment, live) = take_effect(app, scope, stored).await?;
                Ok(HookStateResult {
                    deployment: Some(deployment),
                    live,
                })
            }
        }
    }
}

/// Looked at and written under one lock: a deployment that is made meanwhile is neither lost nor brought back.
fn switch(
    tx: &mut Tx<'_>,
    scope: &Scope,
    created_by: String,
    name: &HookName,
    state: State,
    now_ms: i64,
) -> std::result::Result<Audited<Switched>, StoreError> {
    tx.lock_deployments(scope)?;
    let Some(live) = tx.deployments(scope, 1)?.pop() else {
        return Ok(Audited::Unchanged(Switched::NoSuchHook));
    };
    let mut hooks = tx.deployed_hooks(&live.id)?;
    let Some(hook) = hooks.iter_mut().find(|hook| hook.version.name == name.as_str()) else {
        return Ok(Audited::Unchanged(Switched::NoSuchHook));
    };
    if hook.state == state.as_str() {
        return Ok(Audited::Unchanged(Switched::AsItWas));
    }
    state.as_str().clone_into(&mut hook.state);
    if let Err(refusal) = one_consumer_each(&enabled(&hooks)?) {
        return Ok(Audited::Unchanged(Switched::Refused(refusal)));
    }
    let new = NewDeployment {
        id: new_id(Kind::Deployment),
        created_by,
        created_ms: now_ms,
        message: None,
        forced_reason: None,
        hooks: hooks.iter().map(NewDeployedHook::of).collect(),
    };
    let made = tx.insert_deployment(scope, &new)?;
    let action = match state {
        State::Enabled => Action::HookEnabled,
        State::Disabled => Action::HookDisabled,
    };
    let about = with_ended(json!({ "deployment": made.row.number }), &made.ended);
    let entry = AuditEntry::new(action, name.as_str()).with(about);
    let stored = Stored::of(tx, scope, made.row)?;
    Ok(Audited::Changed(Switched::Live(stored), entry))
}

fn enabled(hooks: &[DeployedHook]) -> std::result::Result<Vec<(String, Manifest)>, StoreError> {
    let manifest = |hook: &DeployedHook| match serde_json::from_str(&hook.version.manifest) {
        Ok(manifest) => Ok((hook.version.name.clone(), manifest)),
        Err(_) => Err(StoreError::Inconsistent("a manifest cannot be read back")),
    };
    let is_enabled = |hook: &&DeployedHook| hook.state == State::Enabled.as_str();
    hooks.iter().filter(is_enabled).map(manifest).collect()
}
