//! Calls of a shadow: run when the request that they belong to is over, a few at a time, and without effects. Those that cannot
//! wait any more are dropped and counted.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aerocall_api_types::{InvocationMode, ShadowFigures};
use aerocall_runtime::{Call, Context, Failure, Outcome};
use serde_json::{Map, Value};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, TryAcquireError},
};

use super::{Cost, Counted, Counts, Rollout, Side};
use crate::{
    base::{ids::Scope, input::Plaintext},
    hooks::{
        HookPoint, Payload,
        chain::decided,
        local::kind,
        records::{self, Entry, Records},
        sdk::{Binding, Platform, Simulation},
    },
    storage::queue::Handling,
};

/// At a time, on this node.
const AT_ONCE: usize = 2;
/// That wait, of all projects and of one rollout.
const WAITING: usize = 256;
const WAITING_PER_ROLLOUT: usize = 64;
/// A shadow that takes longer says so as a failure, whatever the limit of its bundle.
const LONGEST: Duration = Duration::from_secs(10);

/// Places for shadows of this node.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(WAITING)),
        }
    }
}

/// What the live version came to on the same call.
#[derive(Clone, Debug)]
pub(in crate::hooks) struct Decided {
    pub(in crate::hooks) outcome: &'static str,
    pub(in crate::hooks) patch: Option<Map<String, Value>>,
    pub(in crate::hooks) cost: Cost,
}

impl Decided {
    pub(in crate::hooks) fn of(outcome: &Outcome, cost: Cost) -> Self {
        Self {
            outcome: records::outcome(outcome),
            patch: match outcome {
                Outcome::Patch(patch) => Some(patch.clone()),
                _ => None,
            },
            cost,
        }
    }
}

/// A call that a shadow is to be run on.
pub(in crate::hooks) struct Shadowed {
    pub(in crate::hooks) rollout: Arc<Rollout>,
    pub(in crate::hooks) scope: Scope,
    pub(in crate::hooks) context: Context,
    /// As the hook gets it.
    pub(in crate::hooks) document: String,
    /// What a patch is applied to, at a hook point.
    pub(in crate::hooks) at: Option<(HookPoint, Payload)>,
    pub(in crate::hooks) password: Option<Arc<Plaintext>>,
    pub(in crate::hooks) code: Option<String>,
    pub(in crate::hooks) handlings: BTreeMap<String, Handling>,
    pub(in crate::hooks) live: Decided,
    pub(in crate::hooks) platform: Arc<Platform>,
    pub(in crate::hooks) records: Records,
    pub(in crate::hooks) counts: Counts,
    pub(in crate::hooks) places: Places,
}

impl Shadowed {
    /// Runs it on a task of its own.
    pub(in crate::hooks) fn begin(self, runtime: &Handle) {
        let Ok(waiting) = Arc::clone(&self.places.waiting).try_acquire_owned() else {
            return self.drop_one();
        };
        let own = match Arc::clone(&self.rollout.waiting).try_acquire_owned() {
            Ok(own) => own,
            Err(TryAcquireError::NoPermits) => return self.drop_one(),
            Err(TryAcquireError::Closed) => return,
        };
        runtime.spawn(async move {
            // It is never closed.
            let _place = Arc::clone(&self.places.running).acquire_owned().await.ok();
            drop((waiting, own));
            let is_over = self.rollout.has_ended() || self.platform.clock.now_ms() >= self.rollout.plan.until_ms;
            if !is_over {
                Box::pin(self.run()).await;
            }
        });
    }

    fn drop_one(&self) {
        self.counts
            .with(&self.scope, &self.rollout.plan, |figures| figures.shadow.dropped += 1);
    }

    async fn run(self) {
        let candidate = &self.rollout.candidate;
        let Ok(loaded) = &candidate.loaded else {
            let lost = Failure::Unavailable("the version does not load".to_owned());
            return self.count(&Outcome::Failed(lost), None, false);
        };
        let effects = self.platform.effects(&self.scope, 0);
        let simulation = Simulation::default();
        let mut limits = candidate.limits.clone();
        limits.deadline_ms = limits
            .deadline_ms
            .min(u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX));
        let host = self.platform.bind_simulated(
            Binding {
                scope: &self.scope,
                manifest: &candidate.manifest,
                limits: &limits,
                effects: &effects,
                password: self.password.as_ref(),
                handlings: self.handlings.clone(),
            },
            &simulation,
        );
        let call = Call {
            context: self.context.clone(),
            payload: self.document.clone(),
        };
        let code = self.code.as_deref();
        let begun = Entry::begin(&self.scope, candidate, InvocationMode::Shadow, &call, code);
        let mut invocation = Box::pin(loaded.call(call, &limits, host)).await;
        if !effects.take().is_empty() {
            simulation.note();
        }
        effects.discard().await;
        if let Some((point, payload)) = &self.at
            && let Err(failure) = decided(*point, payload, &payload.document(), &invocation.outcome)
        {
            invocation.outcome = Outcome::Failed(failure);
        }
        let cost = Cost::of(&invocation);
        self.count(&invocation.outcome, Some(cost), simulation.is_noted());
        self.records.keep(begun.ended(invocation));
    }

    fn count(&self, outcome: &Outcome, cost: Option<Cost>, is_simulated: bool) {
        let none = Cost { time_us: 0, fuel: 0 };
        let shadow = Decided::of(outcome, cost.unwrap_or(none));
        self.counts.with(&self.scope, &self.rollout.plan, |figures| {
            let live = Counted {
                outcome: self.live.outcome,
                cost: Some(self.live.cost),
            };
            figures.side(Side::Live).count(live);
            figures.side(Side::Candidate).count(Counted {
                outcome: shadow.outcome,
                cost,
            });
            compare(&mut figures.shadow, &self.live, &shadow);
            figures.shadow.simulated += u64::from(is_simulated);
        });
    }
}

/// Places of one rollout.
pub(super) fn waiting() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(WAITING_PER_ROLLOUT))
}

/// Counts a call with both decisions.
fn compare(figures: &mut ShadowFigures, live: &Decided, shadow: &Decided) {
    let (from, to) = (kind(live.outcome), kind(shadow.outcome));
    let line = figures.matrix.entry(from.to_owned()).or_default();
    *line.entry(to.to_owned()).or_default() += 1;
    let is_in = |word: &str| matches!(word, "allow" | "patch");
    *match (from, to) {
        (from, to) if from == to && live.patch == shadow.patch => &mut figures.same,
        ("failure", _) => &mut figures.other,
        (_, "failure") => &mut figures.new_failures,
        (from, "deny") if is_in(from) => &mut figures.now_denied,
        ("deny", to) if is_in(to) => &mut figures.now_allowed,
        (from, to) if is_in(from) && is_in(to) => &mut figures.changed_patches,
        _ => &mut figures.other,
    } += 1;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_directions_are_counted_and_no_failure_is_the_same_as_a_decision() {
        let decided = |word: &'static str, name: &str| Decided {
            outcome: word,
            patch: (word == "patch").then(|| {
                json!({ "user": { "name": name } })
                    .as_object()
                    .cloned()
                    .unwrap_or_default()
            }),
            cost: Cost { time_us: 1, fuel: 1 },
        };
        let mut figures = ShadowFigures::default();
        for (live, shadow) in [
            (("allow", ""), ("allow", "")),
            (("patch", "a"), ("patch", "a")),
            (("patch", "a"), ("patch", "b")),
            (("allow", ""), ("patch", "a")),
            (("allow", ""), ("deny", "")),
            (("patch", "a"), ("deny", "")),
            (("deny", ""), ("allow", "")),
            (("deny", ""), ("hook_timeout", "")),
            (("hook_failed", ""), ("allow", "")),
            (("hook_failed", ""), ("hook_timeout", "")),
        ] {
            compare(&mut figures, &decided(live.0, live.1), &decided(shadow.0, shadow.1));
        }
        let counts = [
            figures.same,
            figures.now_denied,
            figures.now_allowed,
            figures.new_failures,
            figures.changed_patches,
            figures.other,
        ];
        assert_eq!(counts, [3, 2, 1, 1, 2, 1], "{figures:?}");
        assert_eq!(figures.matrix["deny"]["failure"], 1);
    }
}
