//! Which hooks an environment runs at which endpoint.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    app::App,
    base::{event::EventKind, ids::Scope},
    flows::steps::endpoint::Endpoint,
    hooks::{Live, LiveHook, Point, State},
    http::{site::openapi, table},
};

/// What is live in an environment, if anything is.
pub(super) struct Running {
    scope: Scope,
    live: Option<Arc<Live>>,
}

/// A hook point or an event of an endpoint.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) status: Status,
    /// Those that are deployed for it, in the order in which they run.
    pub(super) hooks: Vec<Standing>,
}

/// Whether hooks run at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
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
pub(super) struct Standing {
    name: String,
    version: u32,
    state: State,
    /// At a point.
    policy: Option<&'static str>,
}

impl Running {
    pub(super) fn of(app: &App, scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            live: app.hooks.registry.live(scope),
        }
    }

    pub(super) fn name(&self) -> String {
        self.scope.to_string()
    }

    /// Every endpoint of the auth API with its places.
    pub(super) fn document(&self) -> Value {
        let endpoints = table::all()
            .into_iter()
            .map(|one| one.endpoint)
            .filter(|endpoint| openapi::is_auth(endpoint));
        let of_one = |endpoint: &'static Endpoint| {
            let points = endpoint
                .moments
                .iter()
                .flat_map(|moment| [moment.before(), moment.after()]);
            let points: Vec<Value> = points
                .map(|point| Place::at(point, Some(self)).document("point"))
                .collect();
            let events = endpoint.events.iter();
            let events: Vec<Value> = events
                .map(|event| Place::on(*event, Some(self)).document("name"))
                .collect();
            json!({
                "method": endpoint.method.as_str(),
                "path": endpoint.path,
                "summary": endpoint.summary,
                "hooks": points,
                "events": events,
            })
        };
        json!({ "endpoints": endpoints.map(of_one).collect::<Vec<_>>() })
    }

    fn hooks(&self) -> impl Iterator<Item = &LiveHook> {
        self.live.iter().flat_map(|live| &live.hooks)
    }
}

impl Place {
    pub(super) fn at(point: Point, running: Option<&Running>) -> Self {
        let stands = |hook: &&LiveHook| hook.manifest.hooks.iter().any(|name| name == point.name());
        let standing = |hook: &LiveHook| Standing::new(hook, Some(hook.policy_at(point).as_str()));
        let hooks = running.map(|running| running.hooks().filter(stands).map(standing).collect());
        Self::new(point.name(), hooks)
    }

    pub(super) fn on(event: EventKind, running: Option<&Running>) -> Self {
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

    pub(super) fn names(&self) -> Vec<String> {
        self.hooks
            .iter()
            .map(|hook| format!("{} (version {})", hook.name, hook.version))
            .collect()
    }

    /// `key`: what the name is called.
    fn document(&self, key: &'static str) -> Value {
        let hooks: Vec<Value> = self.hooks.iter().map(Standing::document).collect();
        json!({ key: self.name, "status": self.status.as_str(), "hooks": hooks })
    }
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Unknown | Self::None => "none",
        }
    }
}

impl Standing {
    fn new(hook: &LiveHook, policy: Option<&'static str>) -> Self {
        Self {
            name: hook.name.clone(),
            version: hook.version_number,
            state: hook.state,
            policy,
        }
    }

    fn document(&self) -> Value {
        let mut document = json!({ "name": self.name, "version": self.version, "status": self.state.as_str() });
        if let Some(policy) = self.policy {
            document["failurePolicy"] = policy.into();
        }
        document
    }
}
