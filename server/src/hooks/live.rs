//! A deployment that runs: its hooks, loaded, in order, with their rules.

use std::sync::Arc;

use aerocall_runtime::{Hook, Limits, LoadError, Manifest, RequestedLimits};

use super::{Breaker, HookPoint, Policy, point::default_policy, rollouts::Rollout};
use crate::base::config::HookConfig;

/// What runs in a scope. Never changed: a deployment replaces it as a whole.
#[derive(Debug)]
pub(crate) struct Live {
    /// Of the deployment.
    pub(crate) number: i32,
    /// Of the scope's last change when it was read.
    pub(crate) revision: i64,
    /// The project's own, which are in those of every hook.
    pub(crate) limits: RequestedLimits,
    /// In the order in which they run.
    pub(crate) hooks: Vec<LiveHook>,
}

/// One hook of a running deployment.
#[derive(Debug)]
pub(crate) struct LiveHook {
    pub(crate) name: String,
    pub(crate) version_number: u32,
    pub(crate) digest: String,
    pub(crate) manifest: Manifest,
    pub(crate) state: State,
    /// `None`: the default of the point.
    pub(crate) policy: Option<Policy>,
    pub(crate) limits: Limits,
    /// Stays as it is while the deployment does.
    pub(crate) breaker: Arc<Breaker>,
    /// A version that no longer loads (say, after an update of the engine) makes its own calls fail, not the server.
    pub(crate) loaded: Result<Arc<Hook>, LoadError>,
    /// Another version beside it, for a time.
    pub(crate) rollout: Option<Arc<Rollout>>,
}

/// Whether a deployed hook is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Enabled,
    Disabled,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

impl Live {
    /// The hooks of a point, in the order in which they run.
    pub(crate) fn at(&self, point: HookPoint) -> impl Iterator<Item = &LiveHook> {
        self.hooks.iter().filter(move |hook| hook.runs_at(point))
    }

    /// What runs in a scope without a deployment.
    pub(crate) fn nothing() -> Self {
        Self {
            number: 0,
            revision: 0,
            limits: RequestedLimits::default(),
            hooks: Vec::new(),
        }
    }

    /// The rollouts that go on.
    pub(super) fn rollouts(&self) -> impl Iterator<Item = &Arc<Rollout>> {
        self.hooks.iter().filter_map(|hook| hook.rollout.as_ref())
    }

    /// The same hooks with circuit breakers of their own.
    pub(crate) fn beside(&self) -> Self {
        Self {
            number: self.number,
            revision: self.revision,
            limits: self.limits.clone(),
            hooks: self.hooks.iter().map(LiveHook::beside).collect(),
        }
    }

    /// The first hook that does not load.
    pub(super) fn broken(&self) -> Option<&str> {
        let broken = self.hooks.iter().find(|hook| hook.loaded.is_err());
        broken.map(|hook| hook.name.as_str())
    }
}

impl LiveHook {
    /// The same hook with a circuit breaker of its own.
    pub(crate) fn beside(&self) -> Self {
        Self {
            name: self.name.clone(),
            version_number: self.version_number,
            digest: self.digest.clone(),
            manifest: self.manifest.clone(),
            state: self.state,
            policy: self.policy,
            limits: self.limits.clone(),
            breaker: Arc::new(self.breaker.beside()),
            loaded: self.loaded.clone(),
            // What is tried is what is live, or what was named.
            rollout: None,
        }
    }

    fn runs_at(&self, point: HookPoint) -> bool {
        self.state == State::Enabled && self.manifest.hooks.iter().any(|name| name == point.name())
    }

    pub(crate) fn policy_at(&self, point: HookPoint) -> Policy {
        self.policy.unwrap_or(default_policy(point))
    }
}

/// The limits of a call: what the bundle asks for, or the runtime's default; never more than the deployment says, than
/// the project may have, than the runtime allows.
pub(crate) fn limits(bundle: &RequestedLimits, deployment: &RequestedLimits, config: &HookConfig) -> Limits {
    let asked = bundle.or(&Limits::DEFAULT);
    let given = deployment.or(&Limits::CEILING);
    asked
        .narrowed_to(&given)
        .narrowed_to(&config.max)
        .narrowed_to(&Limits::CEILING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_widens_a_limit_past_what_the_project_may_have() {
        let config = HookConfig {
            max: Limits {
                deadline_ms: 3_000,
                db_rows: 7,
                ..Limits::CEILING
            },
            concurrent_calls_per_project: 1,
            cache_bytes_per_project: 4_096,
            versions_per_project: 1,
            artifact_bytes: 0,
            compile_wait: std::time::Duration::ZERO,
            tsc: None,
            shown_headers: Vec::new(),
        };
        let greedy = RequestedLimits {
            deadline_ms: Some(60_000),
            db_rows: Some(100_000),
            ..RequestedLimits::default()
        };
        let none = RequestedLimits::default();
        assert_eq!(limits(&greedy, &none, &config).deadline_ms, 3_000);
        assert_eq!(limits(&greedy, &none, &config).db_rows, 7);
        assert_eq!(limits(&none, &none, &config).deadline_ms, Limits::DEFAULT.deadline_ms);
        let tight = RequestedLimits {
            deadline_ms: Some(10),
            ..RequestedLimits::default()
        };
        assert_eq!(limits(&greedy, &tight, &config).deadline_ms, 10);
        assert_eq!(limits(&tight, &greedy, &config).deadline_ms, 10);
    }
}
