//! One call of one hook: what it gets, what it may use, and the record of what happened.

use std::time::Duration;

use aerocall_runtime::{Call, Context, Invocation, Outcome, RequestInfo};
use serde_json::Value;

use super::{At, Hooks, LiveHook, Point, fault::Fault};
use crate::ids::{Kind, new_id};

impl Hooks {
    /// Runs the hook on the payload. `left`: of the time that all hooks of the point have together.
    pub(super) async fn invoke(
        &self,
        at: &At<'_>,
        point: Point,
        hook: &LiveHook,
        payload: &Value,
        left: Duration,
    ) -> Result<Outcome, Fault> {
        let loaded = hook
            .loaded
            .as_ref()
            .map_err(|error| Fault::unavailable(error.to_string()))?;
        let _room = self
            .room(&at.scope.project)
            .try_acquire_owned()
            .map_err(|_| Fault::unavailable("the project runs as many hooks as it may"))?;
        let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        if left_ms == 0 {
            return Err(Fault::timeout(
                "the hooks before this one used up the time of the point",
            ));
        }
        let mut limits = hook.limits.clone();
        limits.deadline_ms = limits.deadline_ms.min(left_ms);

        let context = self.context(at, point, hook);
        let id = context.invocation_id.clone();
        let call = Call {
            context,
            payload: payload.to_string(),
        };
        let invocation = Box::pin(loaded.call(call, &limits, self.host(at.scope))).await;
        record(at, point, hook, &id, &invocation);
        match invocation.outcome {
            Outcome::Failed(failure) => Err(failure.into()),
            decided => Ok(decided),
        }
    }

    fn context(&self, at: &At<'_>, point: Point, hook: &LiveHook) -> Context {
        let request = at.request;
        Context {
            project_id: at.scope.project.to_string(),
            environment: at.scope.environment.to_string(),
            request_id: request.id.clone(),
            invocation_id: new_id(Kind::Invocation),
            hook: point.name().to_owned(),
            endpoint: format!("{} {}", request.method, request.path),
            time_ms: u64::try_from(self.clock.now_ms()).unwrap_or(0),
            attempt: 1,
            request: Some(RequestInfo {
                ip: request.ip.clone(),
                user_agent: request.user_agent.clone(),
                method: request.method.clone(),
                path: request.path.clone(),
                locale: request.locale.clone(),
                headers: request.headers.clone(),
            }),
            version_number: hook.version_number,
        }
    }
}

/// The record of the call. The payload and the host calls are not in it: they hold what users typed.
fn record(at: &At<'_>, point: Point, hook: &LiveHook, id: &str, invocation: &Invocation) {
    let outcome = match &invocation.outcome {
        Outcome::Allow => "allow",
        Outcome::Deny(_) => "deny",
        Outcome::Patch(_) => "patch",
        Outcome::Failed(failure) => failure.code(),
    };
    tracing::info!(
        target: "aerocall::hook",
        invocation_id = id,
        request_id = at.request.id,
        scope = %at.scope,
        hook = hook.name,
        point = point.name(),
        version = hook.version_number,
        digest = hook.digest,
        outcome,
        duration_us = u64::try_from(invocation.duration.as_micros()).unwrap_or(u64::MAX),
        fuel = invocation.fuel,
        memory_peak_bytes = invocation.memory_peak_bytes,
        logs_dropped = invocation.logs_dropped,
        "hook called"
    );
    for line in &invocation.logs {
        // `{:?}` escapes newlines and terminal codes: a hook cannot forge a line of the log.
        tracing::debug!(target: "aerocall::hook", invocation_id = id, level = ?line.level, "{:?}", line.message);
    }
}
