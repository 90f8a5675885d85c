//! The hooks of a point, one after the other: the first denial stops, patches build on each other.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aerocall_runtime::{Denial, Failure, Outcome, Runtime, SdkError};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{
    Backtests, HookPoint, LiveHook, Payload, Policy, Trials,
    breaker::{Opened, Verdict},
    fault::Fault,
    invoke::Target,
    patch,
    point::Phase,
    registry::Registry,
    rollouts::{Counts, Lane, Places},
};
use crate::{
    base::{
        clock::Clock,
        config::HookConfig,
        error::{Refusal, Result},
        ids::{Scope, Slug},
        input::Plaintext,
        request::{NotedKind, RequestMeta},
    },
    hooks::{
        records::{self, Records},
        sdk::{Effects, Mark, Platform},
    },
    observability::metrics::Metrics,
    security::limits,
};

/// The most time that all hooks of one point may take together.
const POINT_BUDGET: Duration = Duration::from_secs(10);

/// The most time that all hooks of all points of one request may take together.
const REQUEST_BUDGET: Duration = Duration::from_secs(20);

/// Everything that running hooks needs.
pub(crate) struct Hooks {
    pub(crate) registry: Registry,
    pub(crate) platform: Arc<Platform>,
    pub(super) observers: Observers,
    pub(super) clock: Clock,
    /// Hooks that are tried, beside those that requests run.
    pub(crate) trials: Trials,
    pub(crate) backtests: Backtests,
    config: HookConfig,
    /// Calls that a project may still start.
    permits: Mutex<HashMap<Slug, Arc<Semaphore>>>,
}

/// What every invocation is reported to.
pub(crate) struct Observers {
    pub(crate) records: Records,
    pub(crate) metrics: Arc<Metrics>,
    /// What rollouts count.
    pub(crate) counts: Counts,
    pub(crate) shadows: Places,
}

/// The request in whose flow hooks run.
#[derive(Clone, Copy)]
pub(crate) struct FlowContext<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) request: &'a RequestMeta,
    /// What before-hooks do happens with the flow.
    pub(crate) effects: &'a Arc<Effects>,
    /// The password that the client sent, if the flow has one. Hooks get a handle, and after the commit not even that.
    pub(crate) password: Option<&'a Arc<Plaintext>>,
    /// The code that a before-hook gets to deliver: taken out of everything that is kept of its calls.
    pub(crate) code: Option<&'a str>,
    /// When all hooks of the request must have come to an end.
    pub(crate) ends: Instant,
}

impl<'a> FlowContext<'a> {
    /// A request that begins now.
    pub(crate) fn new(scope: &'a Scope, request: &'a RequestMeta, effects: &'a Arc<Effects>) -> Self {
        Self {
            scope,
            request,
            effects,
            password: None,
            code: None,
            ends: Instant::now() + REQUEST_BUDGET,
        }
    }

    /// Hooks that run before the commit get a handle of it.
    pub(crate) fn with_password(self, password: &'a Arc<Plaintext>) -> Self {
        Self {
            password: Some(password),
            ..self
        }
    }

    /// Hooks of the next point get it to deliver.
    pub(crate) fn with_code(self, code: &'a str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }
}

/// What a hook's turn came to.
pub(super) enum Decision {
    /// `allow` or `patch`, and what the next hook gets.
    Next(&'static str, Box<Payload>),
    Denied(Denial),
}

impl Hooks {
    pub(crate) fn new(
        runtime: Arc<Runtime>,
        platform: Arc<Platform>,
        observers: Observers,
        config: HookConfig,
    ) -> Self {
        Self {
            registry: Registry::new(runtime, platform.store.clone(), platform.clock.clone(), config.clone()),
            clock: platform.clock.clone(),
            platform,
            observers,
            trials: Trials::default(),
            backtests: Backtests::default(),
            permits: Mutex::default(),
            config,
        }
    }

    /// The same hooks over other back ends: for requests that are tried. What rests or runs here does not count there.
    pub(crate) fn beside(&self, platform: Arc<Platform>, observers: Observers) -> Self {
        Self {
            registry: self.registry.beside(platform.store.clone()),
            clock: platform.clock.clone(),
            platform,
            observers,
            trials: Trials::default(),
            backtests: Backtests::default(),
            permits: Mutex::default(),
            config: self.config.clone(),
        }
    }

    /// Runs the hooks of the point. Before the commit, a denial refuses the request; after it, there is nothing left to
    /// deny: the rest of the hooks are skipped and the log says so.
    ///
    /// # Errors
    /// A denial, or the failure of a hook whose policy is closed.
    pub(crate) async fn run(&self, at: &FlowContext<'_>, point: HookPoint, payload: Payload) -> Result<Payload> {
        let began = Instant::now();
        let ran = self.run_all(at, point, payload).await;
        let outcome = if ran.is_ok() { "done" } else { "refused" };
        at.request.steps.note(NotedKind::Point(point.name()), outcome, began);
        if let (Some(origin), Ok(payload)) = (&self.platform.origin, &ran) {
            origin.adopt(&payload.named()).await?;
        }
        ran
    }

    async fn run_all(&self, at: &FlowContext<'_>, point: HookPoint, mut payload: Payload) -> Result<Payload> {
        let Some(live) = self.registry.live(at.scope) else {
            return Ok(payload);
        };
        let ends = at.ends.min(Instant::now() + POINT_BUDGET);
        for hook in live.at(point) {
            let turn = Instant::now();
            // On the heap: the flows hold one of these for each of their points.
            let step = Box::pin(self.step(at, point, hook, &payload, ends)).await;
            let outcome = word(&step);
            at.request.hooks.note(point.name(), &hook.name, outcome);
            let noted = NotedKind::Hook {
                point: point.name(),
                name: hook.name.clone(),
            };
            at.request.steps.note(noted, outcome, turn);
            match step {
                Ok(Decision::Next(_, next)) => payload = *next,
                Ok(Decision::Denied(denial)) if point.phase == Phase::Before => return Err(denied(hook, denial).into()),
                Ok(Decision::Denied(denial)) => {
                    tracing::warn!(
                        hook = hook.name,
                        code = denial.code,
                        "a hook denied what has happened already"
                    );
                    break;
                }
                Err(fault) => self.settle(at, point, hook, fault)?,
            }
        }
        Ok(payload)
    }

    /// One hook, unless it has failed so often that it rests.
    pub(super) async fn guarded(
        &self,
        at: &FlowContext<'_>,
        point: HookPoint,
        hook: &LiveHook,
        payload: &Payload,
        remaining: Duration,
        lane: Lane<'_>,
    ) -> std::result::Result<Decision, Fault> {
        let client = limits::client(&at.request.ip);
        let Some(pass) = hook.breaker.pass(&self.clock, client) else {
            let fault = Fault::resting();
            self.count_failure(at.scope, lane, &fault);
            return Err(self.not_run(point.name(), fault));
        };
        let turn = self.turn(at, point, hook, payload, remaining, lane).await;
        let verdict = turn.as_ref().map_or_else(Fault::verdict, |_| Verdict::Good);
        if pass.ended(verdict) == Opened::Now {
            tracing::warn!(
                target: "aerocall::hook",
                scope = %at.scope,
                hook = hook.name,
                digest = hook.digest,
                "the hook keeps failing and is not run for a while"
            );
        }
        turn
    }

    /// One hook, with its effects: those of a before-hook wait for the flow, those of an after-hook happen now, and those
    /// of a hook that fails or denies do not happen.
    async fn turn(
        &self,
        at: &FlowContext<'_>,
        point: HookPoint,
        hook: &LiveHook,
        payload: &Payload,
        remaining: Duration,
        lane: Lane<'_>,
    ) -> std::result::Result<Decision, Fault> {
        let effects = match point.phase {
            Phase::Before => Arc::clone(at.effects),
            Phase::After => self.platform.effects(at.scope, 0),
        };
        let no_effects = |error: SdkError| self.not_run(point.name(), Fault::effects(&error));
        let mark = effects.mark().await.map_err(no_effects)?;
        let shown = payload.document();
        debug_assert_eq!(point.fault(&shown), None, "{}", point.name());
        let target = Target {
            scope: at.scope,
            name: point.name(),
            request: Some(at.request),
            request_id: &at.request.id,
            attempt: 1,
            password: at.password.filter(|_| point.phase == Phase::Before),
            code: at.code,
            effects: &effects,
            lane,
        };
        let mut ran = match self.invoke(&target, hook, shown.to_string(), remaining).await {
            Ok(ran) => ran,
            Err(fault) => {
                effects.undo(mark).await.map_err(no_effects)?;
                return Err(fault);
            }
        };
        let decision = decided(point, payload, &shown, ran.outcome());
        let settled = match decision {
            Ok(Decision::Next(..)) => self.keep(at, point, hook, &effects, mark).await.and(decision),
            _ => effects.undo(mark).await.map_err(not_kept).and(decision),
        };
        let settled = settled.map_err(|failure| {
            let fault = Fault::from(&failure).without(at.code);
            ran.fails(failure);
            fault
        });
        if let Some(rollout) = lane.shadow {
            self.shadow(at, &target, (point, payload), rollout, &ran);
        }
        settled
    }

    /// What the hook did stays; what an after-hook did happens now.
    async fn keep(
        &self,
        at: &FlowContext<'_>,
        point: HookPoint,
        hook: &LiveHook,
        effects: &Effects,
        mark: Mark,
    ) -> std::result::Result<(), Failure> {
        // Before the flow is committed: afterwards it would have happened without what its hooks wrote.
        let checked = match point.phase {
            Phase::Before => effects.check(mark).await,
            Phase::After => Ok(()),
        };
        let kept = match checked {
            Ok(()) => effects.keep(mark).await,
            refused => refused,
        };
        if let Err(error) = kept {
            effects.undo(mark).await.map_err(not_kept)?;
            return Err(not_kept(error));
        }
        match point.phase {
            Phase::Before => Ok(()),
            Phase::After => {
                let actor = format!("hook:{}", hook.name);
                let committed = self.platform.commit(at.scope, effects, actor).await;
                committed.map_err(|error| not_kept(error.described()))
            }
        }
    }

    /// Applies the failure policy.
    fn settle(&self, at: &FlowContext<'_>, point: HookPoint, hook: &LiveHook, fault: Fault) -> Result<()> {
        let policy = hook.policy_at(point);
        tracing::warn!(
            target: "aerocall::hook",
            request_id = at.request.id,
            scope = %at.scope,
            hook = hook.name,
            point = point.name(),
            digest = hook.digest,
            code = fault.code().name,
            policy = policy.as_str(),
            reason = ?fault.reason,
            "hook without a decision"
        );
        match policy {
            Policy::Open => Ok(()),
            Policy::Closed => Err(fault.refusal(&hook.name).into()),
        }
    }

    pub(super) fn permits(&self, project: &Slug) -> Arc<Semaphore> {
        let mut permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Semaphore::new(self.config.concurrent_calls_per_project));
        Arc::clone(permits.entry(project.clone()).or_insert_with(new))
    }
}

/// What came of a hook's turn, for the log.
fn word(step: &std::result::Result<Decision, Fault>) -> &'static str {
    match step {
        Ok(Decision::Next(word, _)) => word,
        Ok(Decision::Denied(_)) => "deny",
        Err(fault) => fault.code().name,
    }
}

/// What the outcome of a hook means for the flow.
pub(super) fn decided(
    point: HookPoint,
    payload: &Payload,
    shown: &Value,
    outcome: &Outcome,
) -> std::result::Result<Decision, Failure> {
    let next = match outcome {
        Outcome::Deny(denial) => return checked(denial).map(Decision::Denied),
        Outcome::Patch(patch) => {
            let applied = patch::apply(payload, shown, point, patch);
            applied.map_err(|problem| patch::refused(problem, patch.clone()))?
        }
        Outcome::Allow => payload.clone(),
        Outcome::Failed(failure) => return Err(failure.clone()),
    };
    Ok(Decision::Next(records::outcome(outcome), Box::new(next)))
}

/// The runtime checks denials too; this keeps a hook from answering with a status outside 4xx whatever happens there.
fn checked(denial: &Denial) -> std::result::Result<Denial, Failure> {
    match denial.status {
        400..=499 => Ok(denial.clone()),
        other => Err(Failure::BadReply {
            path: "deny.status".to_owned(),
            expected: "400 to 499".to_owned(),
            got: other.to_string(),
        }),
    }
}

fn not_kept(why: impl ToString) -> Failure {
    Failure::NotKept(why.to_string())
}

fn denied(hook: &LiveHook, denial: Denial) -> Refusal {
    Refusal {
        status: denial.status,
        code: denial.code.into(),
        message: denial.message.into(),
        hook: Some(hook.name.clone()),
        details: Vec::new(),
        retry_after: None,
        conflict: None,
    }
}
