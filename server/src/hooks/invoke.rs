//! One call of one hook: what it gets, what it may use, and the record of what happened.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aerocall_contract::Capability;
use aerocall_runtime::{Call, Context, Failure, Invocation, Outcome, RequestInfo};
use tracing::Instrument as _;

use super::{
    Hooks, LiveHook, Observers,
    breaker::Verdict,
    fault::Fault,
    rollouts::{Cost, Counted, Decided, Lane, Plan, Side},
};
use crate::{
    base::{
        ids::{Kind, Scope, new_id},
        input::Plaintext,
        request::RequestMeta,
    },
    hooks::{
        records::{self, Begun, Entry},
        sdk::{Binding, Effects},
    },
    observability::metrics::Called,
    storage::queue::Handling,
};

/// What a hook is called for.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) scope: &'a Scope,
    /// The point or the event.
    pub(crate) name: &'a str,
    /// Of a flow.
    pub(crate) request: Option<&'a RequestMeta>,
    /// Of the request, or of what the hook answers: an event, a job.
    pub(crate) request_id: &'a str,
    /// From 1.
    pub(crate) attempt: u32,
    pub(crate) password: Option<&'a Arc<Plaintext>>,
    /// In the payload, and in nothing that is kept.
    pub(crate) code: Option<&'a str>,
    pub(crate) effects: &'a Arc<Effects>,
    pub(crate) lane: Lane<'a>,
}

/// An invocation that has ended. It is recorded, logged and counted when this goes, and until then whoever asked for it may
/// find that its decision cannot be carried out: what is on record is what the client was answered.
pub(super) struct Ran<'h> {
    observers: &'h Observers,
    ended: Option<(Begun, Invocation)>,
    /// The rollout that counts it.
    counted: Option<(Plan, Side)>,
}

impl Ran<'_> {
    pub(super) fn outcome(&self) -> &Outcome {
        // It is taken only when this goes.
        self.ended
            .as_ref()
            .map_or(&Outcome::Allow, |(_, invocation)| &invocation.outcome)
    }

    /// For whoever compares it with another version.
    pub(super) fn decided(&self) -> Option<Decided> {
        let (_, invocation) = self.ended.as_ref()?;
        Some(Decided::of(&invocation.outcome, Cost::of(invocation)))
    }

    /// The decision came to nothing.
    pub(super) fn fails(&mut self, failure: Failure) {
        if let Some((_, invocation)) = &mut self.ended {
            invocation.outcome = Outcome::Failed(failure);
        }
    }
}

impl Drop for Ran<'_> {
    fn drop(&mut self) {
        if let Some((begun, invocation)) = self.ended.take() {
            self.observers.metrics.called(&Called {
                name: begun.point(),
                outcome: records::outcome(&invocation.outcome),
                took: invocation.duration,
                fuel: invocation.fuel,
            });
            if let Some((plan, side)) = &self.counted {
                self.observers
                    .counts
                    .count(begun.scope(), plan, *side, counted(&invocation));
            }
            self.observers.records.keep(begun.ended(invocation));
        }
    }
}

fn counted(invocation: &Invocation) -> Counted {
    Counted {
        outcome: records::outcome(&invocation.outcome),
        cost: Some(Cost::of(invocation)),
    }
}

impl Hooks {
    /// Runs the hook on a payload. `left`: of the time that all hooks of the point have together.
    ///
    /// # Errors
    /// The hook cannot be run.
    pub(super) async fn invoke(
        &self,
        target: &Target<'_>,
        hook: &LiveHook,
        payload: String,
        left: Duration,
    ) -> Result<Ran<'_>, Fault> {
        let ran = self.ran(target, hook, payload, left).await;
        ran.map_err(|fault| {
            if fault.verdict() != Verdict::NotRun {
                self.count_failure(target.scope, target.lane, &fault);
            }
            self.not_run(target.name, fault)
        })
    }

    /// A version that could not be run has failed, to the rollout that counts it.
    pub(super) fn count_failure(&self, scope: &Scope, lane: Lane<'_>, fault: &Fault) {
        if let Some((plan, side)) = lane.counted {
            let call = Counted {
                outcome: fault.code().name,
                cost: None,
            };
            self.observers.counts.count(scope, plan, side, call);
        }
    }

    /// A hook that was to run at a point, or for an event, and could not be: counted, since whoever asked learns of it.
    pub(super) fn not_run(&self, name: &str, fault: Fault) -> Fault {
        self.observers.metrics.not_called(name, fault.code().name);
        fault
    }

    async fn ran(
        &self,
        target: &Target<'_>,
        hook: &LiveHook,
        payload: String,
        left: Duration,
    ) -> Result<Ran<'_>, Fault> {
        let loaded = hook
            .loaded
            .as_ref()
            .map_err(|error| Fault::unavailable(error.to_string()))?;
        let _room = self
            .permits(&target.scope.project)
            .try_acquire_owned()
            .map_err(|_| Fault::unavailable("the project runs as many hooks as it may").not_run())?;
        let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        if left_ms == 0 {
            return Err(Fault::timeout("the hooks before this one used up the time of the point").not_run());
        }
        let mut limits = hook.limits.clone();
        limits.deadline_ms = limits.deadline_ms.min(left_ms);

        let host = self.platform.bind(Binding {
            scope: target.scope,
            manifest: &hook.manifest,
            limits: &limits,
            effects: target.effects,
            password: target.password,
            handlings: self.handlings(target.scope, hook),
        });
        let call = Call {
            context: self.context(target, hook),
            payload,
        };
        let begun = Entry::begin(target.scope, hook, target.lane.mode, &call, target.code);
        // Of the highest level, so that every line of the log that the call leads to has it.
        let span = tracing::error_span!(
            target: "aerocall::hook",
            "hook",
            invocation_id = call.context.invocation_id,
            hook = hook.name,
            point = target.name,
            scope = %target.scope,
        );
        let invocation = Box::pin(loaded.call(call, &limits, host)).instrument(span).await;
        Ok(Ran {
            observers: &self.observers,
            ended: Some((begun, invocation)),
            counted: target.lane.counted.map(|(plan, side)| (plan.clone(), side)),
        })
    }

    /// Of the messages that the call may send.
    pub(super) fn handlings(&self, scope: &Scope, hook: &LiveHook) -> BTreeMap<String, Handling> {
        match hook.manifest.declares(Capability::Queue) {
            true => self
                .registry
                .live(scope)
                .map(|live| live.handlings())
                .unwrap_or_default(),
            false => BTreeMap::new(),
        }
    }

    pub(super) fn context(&self, target: &Target<'_>, hook: &LiveHook) -> Context {
        let seen = |request: &RequestMeta| RequestInfo {
            ip: request.ip.clone(),
            user_agent: request.user_agent.clone(),
            method: request.method.clone(),
            path: request.path.clone(),
            locale: request.locale.clone(),
            headers: request.headers.clone(),
        };
        let endpoint = |request: &RequestMeta| format!("{} {}", request.method, request.path);
        Context {
            project_id: target.scope.project.to_string(),
            environment: target.scope.environment.to_string(),
            request_id: target.request_id.to_owned(),
            invocation_id: new_id(Kind::Invocation),
            hook: target.name.to_owned(),
            endpoint: target.request.map(endpoint).unwrap_or_default(),
            time_ms: u64::try_from(self.clock.now_ms()).unwrap_or(0),
            attempt: target.attempt,
            request: target.request.map(seen),
            version_number: hook.version_number,
        }
    }
}
