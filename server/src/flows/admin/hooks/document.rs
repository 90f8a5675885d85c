//! A live deployment as the admin API shows it.

use aerocall_api_types::{EffectiveLimits, FailurePolicy, HookState, LiveHook, LiveHooks, PointHook};
use aerocall_contract::ScriptEvent;
use aerocall_runtime::Limits;

use crate::hooks::{self, Live, Point, Policy, State};

pub(super) fn live_hooks(live: &Live) -> LiveHooks {
    LiveHooks {
        number: (live.number > 0).then_some(live.number),
        points: Point::all()
            .map(|point| (point.name().to_owned(), at_point(live, point)))
            .collect(),
        hooks: live.hooks.iter().map(live_hook).collect(),
    }
}

fn at_point(live: &Live, point: Point) -> Vec<PointHook> {
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
        breaker: hook.breaker.describe(),
        hooks: manifest.hooks.clone(),
        events: manifest.events.clone(),
        schedules: manifest.schedules.clone(),
        capabilities: manifest.capabilities.clone(),
        limits: limits(&hook.limits),
        not_run: unknown.cloned().collect(),
        problem: hook.loaded.as_ref().err().map(ToString::to_string),
    }
}

/// Whether this server calls hooks at a point or for an event with this name. Versions that were uploaded before unknown
/// names were refused may have others.
fn is_known(name: &str) -> bool {
    Point::named(name).is_some() || ScriptEvent::parse(name).is_ok()
}

fn limits(limits: &Limits) -> EffectiveLimits {
    EffectiveLimits {
        fuel: limits.fuel,
        memory_bytes: limits.memory_bytes,
        deadline_ms: limits.deadline_ms,
        payload_bytes: limits.payload_bytes,
        reply_bytes: limits.reply_bytes,
        log_lines: limits.log_lines,
        log_bytes: limits.log_bytes,
        host_calls: limits.host_calls,
        host_bytes: limits.host_bytes,
        record_bytes: limits.record_bytes,
        db_rows: limits.db_rows,
        db_statement_ms: limits.db_statement_ms,
        http_requests: limits.http_requests,
        http_response_bytes: limits.http_response_bytes,
        emails: limits.emails,
        queue_messages: limits.queue_messages,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_of_the_runtime_is_shown() {
        let shown = serde_json::to_value(limits(&Limits::DEFAULT)).unwrap();
        assert_eq!(shown, serde_json::to_value(Limits::DEFAULT).unwrap());
    }
}
