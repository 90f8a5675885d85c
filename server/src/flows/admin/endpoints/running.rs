//! Which hooks an environment runs at which hook point and for which event, and which webhooks get the event.

use std::sync::Arc;

use aerocall_api_types::{DayFigures, EndpointHook, EndpointWebhook, PlaceStatus, RunningRollout, WebhookState};

use super::day::Day;
use crate::{
    app::App,
    base::{error::Result, event::EventKind, ids::Scope},
    hooks::{HookPoint, Live, LiveHook, Policy, State},
    outbound::webhooks::Filter,
    storage::store::EndpointRow,
};

/// What is live in an environment, if anything is.
pub(crate) struct Running {
    scope: Scope,
    live: Option<Arc<Live>>,
    webhooks: Vec<(EndpointRow, Filter)>,
}

/// A hook point or an event of an endpoint.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) status: Status,
    /// Those that are deployed for it, in the order in which they run.
    pub(crate) hooks: Vec<Standing>,
    /// Those that get the event, if their conditions hold.
    pub(crate) webhooks: Vec<Receiver>,
}

/// A webhook that gets an event.
pub(crate) struct Receiver {
    id: String,
    url: String,
    is_enabled: bool,
}

/// Whether hooks run at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// No project was asked about.
    Unknown,
    /// At least one runs, or a webhook gets the event.
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
    pub(crate) async fn of(app: &App, scope: &Scope) -> Result<Self> {
        let asked = scope.clone();
        let rows = app.store.read(move |tx| tx.endpoints(&asked)).await?;
        let with_filter = |row: EndpointRow| Filter::of(&row).map(|filter| (row, filter));
        Ok(Self {
            scope: scope.clone(),
            live: app.hooks.registry.live(scope),
            webhooks: rows.into_iter().map(with_filter).collect::<Result<_>>()?,
        })
    }

    pub(crate) fn name(&self) -> String {
        self.scope.to_string()
    }

    fn receivers(&self, event: &str) -> Vec<Receiver> {
        let gets = |(_, filter): &&(EndpointRow, Filter)| filter.is_for(event);
        let receiver = |(row, _): &(EndpointRow, Filter)| Receiver {
            id: row.id.clone(),
            url: row.url.clone(),
            is_enabled: row.is_enabled(),
        };
        self.webhooks.iter().filter(gets).map(receiver).collect()
    }

    /// Hooks that are run.
    pub(super) fn enabled(&self) -> impl Iterator<Item = &LiveHook> {
        self.hooks().filter(|hook| hook.state == State::Enabled)
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
        Self::new(point.name(), hooks, Vec::new())
    }

    pub(crate) fn on(event: EventKind, running: Option<&Running>) -> Self {
        let stands = |hook: &&LiveHook| hook.manifest.events.iter().any(|name| name == event.as_str());
        let standing = |hook: &LiveHook| Standing::new(hook, None);
        let hooks = running.map(|running| running.hooks().filter(stands).map(standing).collect());
        let receivers = running.map(|running| running.receivers(event.as_str()));
        Self::new(event.as_str(), hooks, receivers.unwrap_or_default())
    }

    /// `hooks`: `None` if nobody asked about a project.
    fn new(name: &str, hooks: Option<Vec<Standing>>, webhooks: Vec<Receiver>) -> Self {
        let is_received = webhooks.iter().any(|webhook| webhook.is_enabled);
        let status = match &hooks {
            None => Status::Unknown,
            Some(hooks) if is_received || hooks.iter().any(|hook| hook.state == State::Enabled) => Status::Enabled,
            Some(hooks) if hooks.is_empty() && webhooks.is_empty() => Status::None,
            Some(_) => Status::Disabled,
        };
        Self {
            name: name.to_owned(),
            status,
            hooks: hooks.unwrap_or_default(),
            webhooks,
        }
    }

    /// Of hooks, and of webhooks that get something.
    pub(crate) fn names(&self) -> Vec<String> {
        let hooks = self.hooks.iter();
        let hooks = hooks.map(|hook| format!("{} (version {})", hook.name, hook.version));
        let webhooks = self.webhooks.iter().filter(|webhook| webhook.is_enabled);
        hooks
            .chain(webhooks.map(|webhook| format!("webhook {}", webhook.id)))
            .collect()
    }

    /// For the admin API.
    pub(super) fn deployed(&self, day: &Day) -> Vec<EndpointHook> {
        let document = |hook: &Standing| hook.document(day.of_hook(&self.name, &hook.name));
        self.hooks.iter().map(document).collect()
    }

    /// For the admin API; with addresses for those who may see them.
    pub(super) fn receivers(&self, may_see: bool) -> Vec<EndpointWebhook> {
        let webhooks = self.webhooks.iter().map(|webhook| EndpointWebhook {
            id: webhook.id.clone(),
            url: may_see.then(|| webhook.url.clone()),
            state: match webhook.is_enabled {
                true => WebhookState::Enabled,
                false => WebhookState::Disabled,
            },
        });
        webhooks.collect()
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

    fn document(&self, figures: DayFigures) -> EndpointHook {
        EndpointHook {
            name: self.name.clone(),
            version: self.version,
            status: self.state.into(),
            rollout: self.rollout.clone(),
            figures,
            failure_policy: self.policy.map(Into::into),
        }
    }
}
