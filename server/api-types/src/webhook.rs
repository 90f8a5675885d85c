//! Webhook endpoints, their secrets and deliveries.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Timestamp;

/// A URL that receives the events it subscribes to, without its secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEndpoint {
    /// Identifies the endpoint.
    pub id: String,
    /// URL that events are sent to by POST.
    pub url: String,
    /// Description for admins; may be empty.
    pub description: String,
    /// Event types to deliver: types such as `auth.signup`, groups such as `auth.mfa.*`, or `*` for all.
    pub events: Vec<String>,
    /// Conditions on the event, all of which must hold.
    pub filter: Vec<WebhookCondition>,
    /// Whether events are delivered to it.
    pub state: WebhookState,
    /// Who disabled it; `null` while it is enabled.
    pub disabled_by: Option<WebhookDisabledBy>,
    /// Whether events wait for one another.
    pub order: WebhookOrder,
    /// Whether one-time codes are sent to it.
    pub codes: WebhookCodes,
    /// Address that gets a mail when the endpoint is disabled automatically.
    pub owner_email: Option<String>,
    /// Since when every delivery has failed; `null` if the last one succeeded.
    pub failing_since: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One condition on an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookCondition {
    /// Where in the event: a JSON Pointer (RFC 6901).
    pub path: String,
    /// What must be there.
    #[serde(flatten)]
    pub test: WebhookTest,
}

/// What must be there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum WebhookTest {
    /// Exactly this value: a string, a number, a boolean or null.
    Equals(Value),
    /// One of these: strings, numbers, booleans or null.
    In(Vec<Value>),
    /// A string that begins like this.
    StartsWith(String),
    /// A string that ends like this.
    EndsWith(String),
    /// Whether anything but null is there.
    Exists(bool),
}

/// Whether events are delivered to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// They are.
    Enabled,
    /// They are not.
    Disabled,
}

/// Who disabled an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookDisabledBy {
    /// An admin.
    Admin,
    /// The server, because the endpoint answered 410.
    Gone,
    /// The server, because every delivery failed for days.
    Failing,
}

/// Whether events wait for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookOrder {
    /// In any order.
    None,
    /// Events about one user in order, each sent only after the previous one was delivered or finally failed.
    Subject,
}

/// Whether one-time codes for text messages are sent to an endpoint for delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookCodes {
    /// They are not.
    Withheld,
    /// They are, unless a script hook delivers them.
    Included,
}

/// The webhook endpoints of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookEndpointList {
    /// Oldest first.
    pub webhooks: Vec<WebhookEndpoint>,
}

/// A webhook endpoint that was created, with its secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewWebhookEndpoint {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: WebhookEndpoint,
    /// Signs the messages (Standard Webhooks 1.0); returned only here.
    pub secret: String,
}

/// A new secret of a webhook endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSecret {
    /// Id of the webhook endpoint.
    pub id: String,
    /// Signs the messages (Standard Webhooks 1.0); returned only here.
    pub secret: String,
    /// Until when messages are also signed with the old secrets.
    pub older_until: Timestamp,
}

/// One event for one webhook endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Identifies the delivery.
    pub id: String,
    /// Id of the event.
    pub event: String,
    /// Type of the event.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// Number of attempts so far; they count from zero when it is resent.
    pub attempts: i32,
    /// When it is tried next; `null` if it has ended.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ended; `null` if it has not.
    pub finished_at: Option<Timestamp>,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is sent as soon as possible, or tried again later.
    Waiting,
    /// An attempt is under way.
    Running,
    /// The endpoint has accepted it.
    Delivered,
    /// It was given up.
    Failed,
    /// The endpoint was disabled before it was sent.
    Canceled,
}

/// A delivery with its endpoint and what came of its last attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedDelivery {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// Id of the webhook endpoint.
    pub webhook: String,
    /// URL of the webhook endpoint.
    pub url: String,
    /// HTTP status of the last response; `null` if there was none.
    pub last_status: Option<i32>,
    /// Why the last attempt failed; `null` if it did not, or if there was none.
    pub last_error: Option<String>,
}

/// A page of deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryList {
    /// Newest first.
    pub deliveries: Vec<ListedDelivery>,
    /// Send it as `before` to get the next page; `null` on the last page.
    pub next: Option<String>,
}

/// A delivery with what is sent and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryDetail {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// The request, without its signatures.
    pub request: DeliveryRequest,
    /// The attempts, oldest first; at most the last 100.
    pub log: Vec<Attempt>,
}

/// The request of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryRequest {
    /// Always `POST`.
    pub method: String,
    /// The URL of the webhook endpoint.
    pub url: String,
    /// Headers by name, without the signatures.
    pub headers: BTreeMap<String, String>,
    /// The body, as it is sent; `null` if the event is no longer stored.
    pub body: Option<String>,
}

/// One try to send a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// HTTP status of the response; `null` if there was none.
    pub status: Option<i32>,
    /// Why it failed; `null` if it did not.
    pub error: Option<String>,
    /// Headers of the response, at most 40, each of at most 500 characters; cookies are hidden.
    pub response_headers: Vec<AttemptHeader>,
    /// Beginning of the body of the response (4 KiB); `null` if there was none.
    pub response: Option<String>,
}

/// A header of a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AttemptHeader {
    /// In lower case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// What a replay would send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplayPlan {
    /// How many deliveries.
    pub count: u64,
    /// Whether only a part was looked through, so that there may be more.
    pub is_cut: bool,
    /// The oldest delivery or event; `null` if there is none.
    pub oldest_at: Option<Timestamp>,
    /// The newest delivery or event; `null` if there is none.
    pub newest_at: Option<Timestamp>,
    /// By type of event.
    pub by_type: Vec<ReplayCount>,
}

/// Deliveries of a type of event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayCount {
    /// Type of the event.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many deliveries.
    pub count: u64,
}

/// Deliveries were sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replayed {
    /// How many.
    pub replayed: u64,
    /// Send it as `after` in another request to go on; `null` if there is nothing left.
    pub next: Option<String>,
}
