//! A live deployment as the admin API shows it.

use aerocall_api_types::{FailurePolicy, HookState, LiveHook, LiveHooks, PointHook};
use aerocall_contract::ScriptEvent;

use crate::{
    flows::steps::invocation_limits,
    hooks::{self, HookPoint, Live, Policy, State},
};

pub(super) fn live_hooks(live: &Live) -> LiveHooks {
    LiveHooks {
        number: (live.number > 0).then_some(live.number),
        points: HookPoint::all()
            .map(|point| (point.name().to_owned(), at_point(live, point)))
            .collect(),
        hooks: live.hooks.iter().map(live_hook).collect(),
    }
}

fn at_point(live: &Live, point: HookPoint) -> Vec<PointHook> {
    let hooks = live.at(point).map(|hook| PointHook {
        name: hook.name.clone(),
        number: hook.version_number,
        digest: hook.digest.clone(),
        failure_policy: hook.policy_at(point).into(),
    });
    hooks.collect()
}

fn live_hook(hook: &hooks::LiveHook) -> LiveHook {
    let manifest = &hook.manifest;
    let unknown = manifest
        .hooks
        .iter()
        .chain(&manifest.events)
        .filter(|name| !is_known(name));
    LiveHook {
        name: hook.name.clone(),
        number: hook.version_number,
        digest: hook.digest.clone(),
        state: hook.state.into(),
        rollout: hook.rollout.as_ref().map(|rollout| rollout.shown()),
        breaker: hook.breaker.describe(),
        hooks: manifest.hooks.clone(),
        events: manifest.events.clone(),
        schedules: manifest.schedules.clone(),
        capabilities: manifest.capabilities.clone(),
        limits: invocation_limits::effective(&hook.limits),
        not_run: unknown.cloned().collect(),
        problem: hook.loaded.as_ref().err().map(ToString::to_string),
    }
}

/// Whether this server calls hooks at a point or for an event with this name. Versions that were uploaded before unknown
/// names were refused may have others.
fn is_known(name: &str) -> bool {
    HookPoint::named(name).is_some() || ScriptEvent::parse(name).is_ok()
}

impl From<State> for HookState {
    fn from(state: State) -> Self {
        match state {
            State::Enabled => Self::Enabled,
            State::Disabled => Self::Disabled,
        }
    }
}

impl From<Policy> for FailurePolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Open => Self::Open,
            Policy::Closed => Self::Closed,
        }
    }
}
