//! Calls of a hook that has a rollout, and the work behind it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_api_types::{InvocationMode, RolloutKind};

use tokio::runtime::Handle;

use super::{About, Lane, Rollout, Shadowed, Side, chosen, end_overdue};
use crate::{
    base::error::Result,
    hooks::{
        FlowContext, HookPoint, Hooks, LiveHook, Payload,
        chain::Decision,
        fault::Fault,
        invoke::{Ran, Target},
    },
};

impl Hooks {
    /// Writes what rollouts have counted here. One that stops by it stops here at once.
    pub(crate) async fn write_counts(&self) -> Result<()> {
        let stopped = self
            .observers
            .counts
            .write(&self.platform.store, self.clock.now_ms())
            .await?;
        for scope in stopped {
            self.registry.restore_scope(&scope).await?;
        }
        Ok(())
    }

    /// Ends the rollouts that run here and whose time is over.
    pub(crate) async fn end_overdue_rollouts(&self) -> Result<()> {
        let now_ms = self.clock.now_ms();
        for scope in self.registry.overdue(now_ms) {
            let owned = scope.clone();
            self.platform
                .store
                .write_again(move |tx| end_overdue(tx, &owned, now_ms))
                .await?;
            self.registry.restore_scope(&scope).await?;
        }
        Ok(())
    }

    /// One hook, in the version that the call belongs to. A call that a canary fails is decided by the live version, as if there
    /// were no canary.
    pub(in crate::hooks) async fn step(
        &self,
        at: &FlowContext<'_>,
        point: HookPoint,
        hook: &LiveHook,
        payload: &Payload,
        ends: Instant,
    ) -> std::result::Result<Decision, Fault> {
        let remaining = || ends.saturating_duration_since(Instant::now());
        let about = About::Flow {
            payload,
            request: at.request,
        };
        let chosen = chosen(hook, point.name(), &self.platform.master, self.clock.now_ms(), &about);
        let lane = match chosen {
            Some((rollout, Side::Candidate)) if rollout.plan.kind == RolloutKind::Canary => {
                // The live version may have to be run as well.
                let decided = self.canary(at, point, rollout, payload, remaining() / 2).await;
                match decided {
                    Some(decision) => return Ok(decision),
                    None => Lane::LIVE,
                }
            }
            Some((rollout, Side::Live)) if rollout.plan.kind == RolloutKind::Canary => Lane {
                counted: Some((&rollout.plan, Side::Live)),
                ..Lane::LIVE
            },
            Some((rollout, Side::Candidate)) => Lane {
                shadow: Some(rollout),
                ..Lane::LIVE
            },
            _ => Lane::LIVE,
        };
        self.guarded(at, point, hook, payload, remaining(), lane).await
    }

    /// A shadow is run on a call that the live version has decided, when its request is over.
    pub(in crate::hooks) fn shadow(
        &self,
        at: &FlowContext<'_>,
        target: &Target<'_>,
        (point, payload): (HookPoint, &Payload),
        rollout: &Arc<Rollout>,
        ran: &Ran<'_>,
    ) {
        let document = payload.document().to_string();
        if let Some(shadowed) = self.shadowed(target, rollout, document, Some((point, payload.clone())), ran) {
            let runtime = Handle::current();
            at.request.hooks.afterwards(Box::new(move || shadowed.begin(&runtime)));
        }
    }

    /// What a shadow needs of a call; `None`: the live version came to nothing that could be compared.
    pub(in crate::hooks) fn shadowed(
        &self,
        target: &Target<'_>,
        rollout: &Arc<Rollout>,
        document: String,
        at: Option<(HookPoint, Payload)>,
        ran: &Ran<'_>,
    ) -> Option<Shadowed> {
        let candidate = &rollout.candidate;
        Some(Shadowed {
            live: ran.decided()?,
            scope: target.scope.clone(),
            context: self.context(target, candidate),
            document,
            at,
            password: target.password.map(Arc::clone),
            code: target.code.map(str::to_owned),
            handlings: self.handlings(target.scope, candidate),
            rollout: Arc::clone(rollout),
            platform: Arc::clone(&self.platform),
            records: self.observers.records.clone(),
            counts: self.observers.counts.clone(),
            places: self.observers.shadows.clone(),
        })
    }

    /// The version of a canary; `None`: it failed.
    async fn canary(
        &self,
        at: &FlowContext<'_>,
        point: HookPoint,
        rollout: &Rollout,
        payload: &Payload,
        remaining: Duration,
    ) -> Option<Decision> {
        let candidate = &rollout.candidate;
        let lane = Lane {
            mode: InvocationMode::Canary,
            counted: Some((&rollout.plan, Side::Candidate)),
            shadow: None,
        };
        let turn = Box::pin(self.guarded(at, point, candidate, payload, remaining, lane)).await;
        let failed = |fault: &Fault| {
            at.request.hooks.note(point.name(), &candidate.name, fault.code().name);
            tracing::warn!(
                target: "aerocall::hook",
                request_id = at.request.id,
                scope = %at.scope,
                hook = candidate.name,
                point = point.name(),
                digest = candidate.digest,
                code = fault.code().name,
                reason = ?fault.reason,
                "a canary failed; the live version decides"
            );
        };
        turn.inspect_err(failed).ok()
    }
}
