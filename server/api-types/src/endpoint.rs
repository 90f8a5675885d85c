//! Endpoints of the auth API with the hooks that an environment runs at them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CodeSummary, DayFigures, FailurePolicy, HookState, HourFigures, Object, RunningRollout, WebhookState};

/// Every endpoint of the auth API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointList {
    /// In the order of the API reference.
    pub endpoints: Vec<EndpointWithHooks>,
    /// What the live versions of the enabled hooks do. A version that nobody has asked for yet is left out:
    /// `GET …/hooks/{hook}/versions/{number}/summary`.
    pub summaries: Vec<VersionSummary>,
}

/// What a version of a hook does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VersionSummary {
    /// The hook.
    pub hook: String,
    /// Number of the version.
    pub version: u32,
    /// As `GET …/hooks/{hook}/versions/{number}/summary` answers it.
    pub summary: CodeSummary,
}

/// An endpoint of the auth API with its hook points and events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointWithHooks {
    /// HTTP method.
    pub method: String,
    /// Path, with variable parts in braces.
    pub path: String,
    /// What it does, in one line.
    pub summary: String,
    /// Its effects, limits and units.
    pub about: String,
    /// A body that works; `null` if it takes none.
    pub example: Option<Object>,
    /// Its hook points, in the order in which they are reached.
    pub hooks: Vec<EndpointPoint>,
    /// Events that it can emit.
    pub events: Vec<EndpointEvent>,
    /// What the invocations at its hook points came to in the last 24 hours.
    pub figures: DayFigures,
    /// The same by hour, in order.
    pub hours: Vec<HourFigures>,
}

/// A hook point of an endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointPoint {
    /// The hook point.
    pub point: String,
    /// Whether hooks run there.
    pub status: PlaceStatus,
    /// What their invocations came to in the last 24 hours.
    pub figures: DayFigures,
    /// The hooks that are deployed for it, in the order in which they run.
    pub hooks: Vec<EndpointHook>,
}

/// An event of an endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointEvent {
    /// Type of the event.
    pub name: String,
    /// Whether script hooks handle it, or webhooks get it.
    pub status: PlaceStatus,
    /// What the invocations of script hooks came to in the last 24 hours.
    pub figures: DayFigures,
    /// The script hooks that are deployed for it.
    pub hooks: Vec<EndpointHook>,
    /// The webhooks that get it, if their conditions hold: by its type, a group such as `auth.mfa.*`, or `*`.
    pub webhooks: Vec<EndpointWebhook>,
}

/// A webhook that gets an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointWebhook {
    /// Identifies the webhook.
    pub id: String,
    /// Where it is sent; `null` if the caller may not read the settings.
    pub url: Option<String>,
    /// Whether it gets anything.
    pub state: WebhookState,
}

/// Whether hooks run at a hook point or for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceStatus {
    /// At least one hook is enabled, or one webhook that gets the event.
    Enabled,
    /// There are hooks or webhooks, and all are disabled.
    Disabled,
    /// There is no hook, and no webhook.
    None,
}

/// A hook that is deployed for a hook point or an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointHook {
    /// The hook.
    pub name: String,
    /// Number of the live version.
    pub version: u32,
    /// Whether it is run.
    pub status: HookState,
    /// The rollout of another version that goes on; `null` if there is none.
    pub rollout: Option<RunningRollout>,
    /// What its invocations there came to in the last 24 hours.
    pub figures: DayFigures,
    /// What happens to the request when the hook fails. Omitted for events, which are handled after the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "FailurePolicy")]
    pub failure_policy: Option<FailurePolicy>,
}
