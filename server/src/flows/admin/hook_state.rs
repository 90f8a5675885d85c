//! `PATCH …/environments/{environment}/hooks/{hook}`: calls a hook of the live deployment, or leaves it out, without an upload.
//!
//! Deployments never change: what comes of it is a new one that equals the live one but for this.

use aerocall_runtime::Manifest;
use serde_json::{Map, Value, json};

use super::deploy::{self, LiveDocument};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{HookName, Kind, Scope, new_id},
        input::Fields,
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    hooks::{State, Stored},
    storage::store::{DeployedHook, NewDeployedHook, NewDeployment, StoreError, Tx},
};

/// What the client sends: `{ enabled }`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input {
    state: State,
}

impl Input {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let state = fields.required("enabled", |value| deploy::state(&value));
        fields.finish(state.map(|state| Self { state }))
    }
}

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

/// Makes a deployment live in which the hook has this state.
pub(crate) async fn run(app: &App, scope: &Scope, by: Actor, name: HookName, input: Input) -> Result<LiveDocument> {
    let (wanted, now_ms) = (scope.clone(), app.clock.now_ms());
    let switched = app
        .store
        .write(move |tx| switch(tx, &wanted, &by, &name, input.state, now_ms));
    match switched.await? {
        Switched::NoSuchHook => Err(Refusal::not_found().into()),
        Switched::Refused(refusal) => Err(refusal.into()),
        Switched::AsItWas => Ok(deploy::live(app, scope)),
        Switched::Live(kept) => deploy::take_effect(app, scope, kept).await,
    }
}

/// Looked at and written under one lock: a deployment that is made meanwhile is neither lost nor brought back.
fn switch(
    tx: &mut Tx<'_>,
    scope: &Scope,
    by: &Actor,
    name: &HookName,
    state: State,
    now_ms: i64,
) -> std::result::Result<Switched, StoreError> {
    tx.lock_deployments(scope)?;
    let Some(live) = tx.deployments(scope, 1)?.pop() else {
        return Ok(Switched::NoSuchHook);
    };
    let mut hooks = tx.deployed_hooks(&live.id)?;
    let Some(hook) = hooks.iter_mut().find(|hook| hook.version.name == name.as_str()) else {
        return Ok(Switched::NoSuchHook);
    };
    if hook.state == state.as_str() {
        return Ok(Switched::AsItWas);
    }
    state.as_str().clone_into(&mut hook.state);
    if let Err(refusal) = deploy::one_consumer_each(&enabled(&hooks)?) {
        return Ok(Switched::Refused(refusal));
    }
    let new = NewDeployment {
        id: new_id(Kind::Deployment),
        created_by: by.actor.clone(),
        created_ms: now_ms,
        hooks: hooks.iter().map(NewDeployedHook::of).collect(),
    };
    let deployment = tx.insert_deployment(scope, &new)?;
    let action = match state {
        State::Enabled => Action::HookEnabled,
        State::Disabled => Action::HookDisabled,
    };
    let entry = AuditEntry::new(action, name.as_str()).with(json!({ "deployment": deployment.number }));
    audit::record(tx, Some(scope), by, entry, now_ms)?;
    Ok(Switched::Live(Stored::of(tx, scope, deployment)?))
}

fn enabled(hooks: &[DeployedHook]) -> std::result::Result<Vec<(String, Manifest)>, StoreError> {
    let manifest = |hook: &DeployedHook| match serde_json::from_str(&hook.version.manifest) {
        Ok(manifest) => Ok((hook.version.name.clone(), manifest)),
        Err(_) => Err(StoreError::Inconsistent("a manifest cannot be read back")),
    };
    let is_enabled = |hook: &&DeployedHook| hook.state == State::Enabled.as_str();
    hooks.iter().filter(is_enabled).map(manifest).collect()
}
