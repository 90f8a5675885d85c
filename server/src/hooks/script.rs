//! Script hooks: a hook that answers an event or a message of a queue, outside of any request.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aerocall_api_types::{InvocationMode, RolloutKind};
use aerocall_contract::names::queue_of;
use aerocall_runtime::{Failure, Outcome};
use tokio::runtime::Handle;

use super::{
    Hooks, Live, LiveHook, State,
    fault::Fault,
    invoke::{Ran, Target},
    rollouts::{self, About, Lane, Rollout, Side},
};
use crate::{
    base::{error::Error, ids::Scope},
    hooks::sdk::{Effects, Redactor},
    storage::queue::Handling,
};

/// What a script hook is called with.
pub(crate) struct Script<'a> {
    pub(crate) scope: &'a Scope,
    /// `queue.mails`, `auth.signup`, …
    pub(crate) event: &'a str,
    /// The one hook that is to answer; otherwise the first that does.
    pub(crate) hook: Option<&'a str>,
    /// What it answers: stands where a request's id would.
    pub(crate) cause: &'a str,
    /// From 1.
    pub(crate) attempt: u32,
    /// In the payload, and in nothing that is kept.
    pub(crate) code: Option<&'a str>,
    /// The event document.
    pub(crate) payload: String,
    pub(crate) effects: &'a Arc<Effects>,
}

/// How a script hook ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// What it did is committed.
    Done,
    /// It succeeded, and what it did could not be committed.
    NotKept(NotKept),
    /// It did nothing; the same call may succeed later.
    Failed { code: &'static str, reason: String },
    /// It says that no retry will help: it threw a denial.
    GivenUp { reason: String },
    /// No enabled hook of the live deployment answers this event.
    Nobody,
}

/// Why what a hook did was not committed.
#[derive(Debug)]
pub(crate) struct NotKept {
    pub(crate) error: Error,
    /// Whether nothing of it was, as far as is known.
    pub(crate) is_undone: bool,
}

impl Live {
    /// The enabled hooks that answer an event, in the order of the deployment.
    pub(crate) fn scripts(&self, event: &str) -> impl Iterator<Item = &LiveHook> {
        let answers = move |hook: &&LiveHook| {
            hook.state == State::Enabled && hook.manifest.events.iter().any(|name| name == event)
        };
        self.hooks.iter().filter(answers)
    }

    /// How the consumers of queues want their messages, by what they answer.
    pub(super) fn handlings(&self) -> BTreeMap<String, Handling> {
        let enabled = self.hooks.iter().filter(|hook| hook.state == State::Enabled);
        let of_hook = |hook: &LiveHook| {
            let queues = hook.manifest.events.iter().filter(|event| queue_of(event).is_some());
            let handling = |event: &String| (event.clone(), Handling::of(&hook.manifest, event));
            queues.map(handling).collect::<Vec<_>>()
        };
        // Of several consumers of a queue the first gets the messages.
        enabled.rev().flat_map(of_hook).collect()
    }
}

impl Hooks {
    /// Runs the script hook of an event. Its effects are staged in `effects`, which `keep` commits: what is recorded and counted of
    /// the call is what came of it.
    pub(crate) async fn script(
        &self,
        script: Script<'_>,
        keep: impl Future<Output = std::result::Result<(), NotKept>> + Send,
    ) -> Ended {
        let Some(live) = self.registry.live(script.scope) else {
            return Ended::Nobody;
        };
        let is_meant = |hook: &&LiveHook| script.hook.is_none_or(|name| hook.name == name);
        let Some(hook) = live.scripts(script.event).find(is_meant) else {
            return Ended::Nobody;
        };
        let code = script.code;
        let about = About::Script {
            payload: &script.payload,
            cause: script.cause,
        };
        let chosen = rollouts::chosen(hook, script.event, &self.platform.master, self.clock.now_ms(), &about);
        let mut ran = match Box::pin(self.scripted(&script, hook, chosen)).await {
            Ok(ran) => ran,
            Err(fault) => return failed(fault),
        };
        let ended = match ran.outcome() {
            Outcome::Deny(denial) => Ended::GivenUp {
                reason: clean(code, format!("{}: {}", denial.code, denial.message)),
            },
            Outcome::Failed(failure) => failed(Fault::from(failure).without(code)),
            Outcome::Allow | Outcome::Patch(_) => match keep.await {
                Ok(()) => Ended::Done,
                Err(not_kept) => {
                    ran.fails(Failure::NotKept(not_kept.error.described()));
                    Ended::NotKept(not_kept)
                }
            },
        };
        if let Some((rollout, Side::Candidate)) = chosen
            && rollout.plan.kind == RolloutKind::Shadow
        {
            let target = script.target(Lane::LIVE);
            let shadowed = self.shadowed(&target, rollout, script.payload.clone(), None, &ran);
            if let Some(shadowed) = shadowed {
                shadowed.begin(&Handle::current());
            }
        }
        ended
    }
}

impl Script<'_> {
    fn target<'t>(&'t self, lane: Lane<'t>) -> Target<'t> {
        Target {
            scope: self.scope,
            name: self.event,
            request: None,
            request_id: self.cause,
            attempt: self.attempt,
            password: None,
            code: self.code,
            effects: self.effects,
            lane,
        }
    }
}

impl Hooks {
    /// The hook in the version that the call belongs to. What a canary fails is done by the live version.
    async fn scripted(
        &self,
        script: &Script<'_>,
        hook: &LiveHook,
        chosen: Option<(&Arc<Rollout>, Side)>,
    ) -> std::result::Result<Ran<'_>, Fault> {
        let time = |hook: &LiveHook| Duration::from_millis(hook.limits.deadline_ms);
        let mut lane = Lane::LIVE;
        match chosen.filter(|(rollout, _)| rollout.plan.kind == RolloutKind::Canary) {
            Some((rollout, Side::Candidate)) => {
                let candidate = &rollout.candidate;
                let target = script.target(Lane {
                    mode: InvocationMode::Canary,
                    counted: Some((&rollout.plan, Side::Candidate)),
                    shadow: None,
                });
                match self
                    .invoke(&target, candidate, script.payload.clone(), time(candidate))
                    .await
                {
                    Ok(ran) if !matches!(ran.outcome(), Outcome::Failed(_)) => return Ok(ran),
                    Ok(_) | Err(_) => script.effects.discard().await,
                }
                tracing::warn!(
                    target: "aerocall::hook",
                    scope = %script.scope,
                    hook = candidate.name,
                    point = script.event,
                    digest = candidate.digest,
                    "a canary failed; the live version runs"
                );
            }
            Some((rollout, Side::Live)) => lane.counted = Some((&rollout.plan, Side::Live)),
            None => {}
        }
        self.invoke(&script.target(lane), hook, script.payload.clone(), time(hook))
            .await
    }
}

/// Without the code that the hook was given.
fn clean(code: Option<&str>, reason: String) -> String {
    match code {
        Some(code) => Redactor::of_code(code).text(reason),
        None => reason,
    }
}

fn failed(fault: Fault) -> Ended {
    Ended::Failed {
        code: fault.code().name,
        reason: fault.reason,
    }
}
