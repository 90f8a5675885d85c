//! Which hooks an environment runs at which hook point and for which event.

use std::sync::Arc;

use aerocall_api_types::{EndpointHook, PlaceStatus, RunningRollout};

use crate::{
    app::App,
    base::{event::EventKind, ids::Scope},
    hooks::{HookPoint, Live, LiveHook, Policy, State},
};

/// What is live in an environment, if anything is.
pub(crate) struct Running {
    scope: Scope,
    live: Option<Arc<Live>>,
}

/// A hook point or an event of an endpoint.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) status: Status,
    /// Those that are deployed for it, in the order in which they run.
    pub(crate) hooks: Vec<Standing>,
}

/// Whether hooks run at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// No project was asked about.
    Unknown,
    /// At least one runs.
    Enabled,
    /// There are some, and all are switched off.
    Disabled,
    /// There is none.
    None,
}

/// A hook that stands at a place.
pub(crate) struct Standing {
    name: String,
    version: u32,
    state: State,
    /// At a point.
    policy: Option<Policy>,
    rollout: Option<RunningRollout>,
}

impl Running {
    pub(crate) fn of(app: &App, scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            live: app.hooks.registry.live(scope),
        }
    }

    pub(crate) fn name(&self) -> String {
        self.scope.to_string()
    }

    fn hooks(&self) -> impl Iterator<Item = &LiveHook> {
        self.live.iter().flat_map(|live| &live.hooks)
    }
}

impl Place {
    pub(crate) fn at(point: HookPoint, running: Option<&Running>) -> Self {
        let stands = |hook: &&LiveHook| hook.manifest.hooks.iter().any(|name| name == point.name());
        let standing = |hook: &LiveHook| Standing::new(hook, Some(hook.policy_at(point)));
        let hooks = running.map(|running| running.hooks().filter(stands).map(standing).collect());
        Self::new(point.name(), hooks)
    }

    pub(crate) fn on(event: EventKind, running: Option<&Running>) -> Self {
        let stands = |hook: &&LiveHook| hook.manifest.events.iter().any(|name| name == event.as_str());
        let standing = |hook: &LiveHook| Standing::new(hook, None);
        let hooks = running.map(|running| running.hooks().filter(stands).map(standing).collect());
        Self::new(event.as_str(), hooks)
    }

    /// `hooks`: `None` if nobody asked about a project.
    fn new(name: &str, hooks: Option<Vec<Standing>>) -> Self {
        let status = match &hooks {
            None => Status::Unknown,
            Some(hooks) if hooks.is_empty() => Status::None,
            Some(hooks) if hooks.iter().any(|hook| hook.state == State::Enabled) => Status::Enabled,
            Some(_) => Status::Disabled,
        };
        Self {
            name: name.to_owned(),
            status,
            hooks: hooks.unwrap_or_default(),
        }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.hooks
            .iter()
            .map(|hook| format!("{} (version {})", hook.name, hook.version))
            .collect()
    }

    /// For the admin API.
    pub(super) fn deployed(&self) -> Vec<EndpointHook> {
        self.hooks.iter().map(Standing::document).collect()
    }
}

impl From<Status> for PlaceStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Enabled => Self::Enabled,
            Status::Disabled => Self::Disabled,
            Status::Unknown | Status::None => Self::None,
        }
    }
}

impl Standing {
    fn new(hook: &LiveHook, policy: Option<Policy>) -> Self {
        Self {
            name: hook.name.clone(),
            version: hook.version_number,
            state: hook.state,
            policy,
            rollout: hook.rollout.as_ref().map(|rollout| rollout.shown()),
        }
    }

    fn document(&self) -> EndpointHook {
        EndpointHook {
            name: self.name.clone(),
            version: self.version,
            status: self.state.into(),
            rollout: self.rollout.clone(),
            failure_policy: self.policy.map(Into::into),
        }
    }
}
