//! Webhook endpoints of an environment, their secrets, what was delivered, and sending it again.

mod change;
mod create;
mod delete;
mod deliveries;
mod get;
mod list;
mod plan_replay;
mod replay;
mod rotate_secret;
mod test;

use std::net::IpAddr;

use aerocall_api_types::WebhookEndpoint;
use aerocall_contract::errors;
use serde_json::Value;
use url::{Host, Url};

use crate::{
    app::App,
    base::{
        clock,
        config::Network,
        error::{Refusal, Result},
        ids::Scope,
        input::Parsed,
        stored,
    },
    flows::steps::endpoint::{BodyLimit, FieldKind},
    storage::store::EndpointRow,
};

pub(crate) use change::ChangeWebhook;
pub(crate) use create::CreateWebhook;
pub(crate) use delete::DeleteWebhook;
pub(in crate::flows::admin) use deliveries::delivery;
pub(crate) use deliveries::{GetDelivery, ListAllDeliveries, ListDeliveries, Redeliver};
pub(crate) use get::GetWebhook;
pub(crate) use list::ListWebhooks;
pub(in crate::flows::admin) use list::all;
pub(crate) use plan_replay::PlanReplay;
pub(crate) use replay::ReplayDeliveries;
pub(crate) use rotate_secret::RotateWebhookSecret;
pub(crate) use test::TestWebhook;

/// An address, fifty types, ten conditions.
const BODY: BodyLimit = BodyLimit::Bytes(64 << 10);

const MAX_URL_BYTES: usize = 2_000;
/// How names end that no public host has (RFC 6762, RFC 8375, and ICANN's reservation of `internal`).
const PRIVATE_ENDINGS: [&str; 5] = [".internal", ".local", ".localhost", ".home.arpa", ".test"];

const TYPES: FieldKind = FieldKind::Json(r#"{"type":"array","minItems":1,"maxItems":50,"items":{"type":"string"}}"#);
const CONDITIONS: FieldKind = FieldKind::Json(
    r#"{"type": "array", "maxItems": 10, "items": {"type": "object", "required": ["path"], "minProperties": 2, "maxProperties": 2, "properties": {"path": {"type": "string", "pattern": "^/"}, "equals": {}, "in": {"type": "array"}, "startsWith": {"type": "string"}, "endsWith": {"type": "string"}, "exists": {"type": "boolean"}}, "additionalProperties": false}}"#,
);
const ORDER: &[&str] = &["none", "subject"];
const CODES: &[&str] = &["withheld", "included"];
const ABOUT_URL: &str = "URL that events are sent to by POST; must use https.";
const ABOUT_TYPES: &str =
    "Event types to deliver: types such as `auth.signup`, groups such as `auth.mfa.*`, or `*` for all.";
const ABOUT_CONDITIONS: &str = "Conditions on the event, all of which must hold: `path` (JSON Pointer, RFC 6901) and one of `equals`, `in`, `startsWith`, `endsWith`, `exists`.";
const ABOUT_DESCRIPTION: &str = "Description for admins.";
const ABOUT_ORDER: &str = "`none`: in any order. `subject`: events about one user in order, each sent only after the previous one was delivered or finally failed.";
const ABOUT_CODES: &str = "`included`: one-time codes for text messages are sent to this endpoint for delivery, unless a script hook delivers them.";
const ABOUT_OWNER: &str = "Address that gets a mail when the endpoint is disabled automatically.";

/// For the reference.
const EXAMPLE: &str = r#"{"id": "whk_…", "url": "https://example.com/webhooks", "description": "", "events": ["auth.signup"], "filter": [{"path": "/data/user/email", "endsWith": "@example.com"}], "state": "enabled", "disabledBy": null, "order": "none", "codes": "withheld", "ownerEmail": null, "failingSince": null, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}"#;
const DELIVERY: &str = r#"{"id": "dlv_…", "event": "evt_…", "type": "auth.signup", "state": "waiting", "attempts": 0, "nextAttemptAt": "2026-01-31T12:00:00.000Z", "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null}"#;

/// The endpoint of the path.
async fn endpoint(app: &App, scope: &Scope, id: &str) -> Result<EndpointRow> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let row = app.store.read(move |tx| tx.endpoint(&scope, &id)).await?;
    Ok(row.ok_or_else(Refusal::not_found)?)
}

/// Nothing is sent to a disabled endpoint, by whatever way.
async fn enabled(app: &App, scope: &Scope, id: &str) -> Result<EndpointRow> {
    let row = endpoint(app, scope, id).await?;
    match row.is_enabled() {
        true => Ok(row),
        false => Err(Refusal::new(
            errors::WEBHOOK_DISABLED,
            "The endpoint is disabled; enable it first: PATCH with {\"state\":\"enabled\"}",
        )
        .into()),
    }
}

/// The text of an address; [`checked`] says whether a message could leave for it.
fn url(value: Value) -> Parsed<String> {
    match value {
        Value::String(text) if text.len() <= MAX_URL_BYTES => Ok(text),
        Value::String(_) => Err(format!("must have at most {MAX_URL_BYTES} bytes")),
        _ => Err("must be a string".to_owned()),
    }
}

/// An address that a message could leave for. Plain http only to the private networks that are open, because events have personal data.
fn checked(app: &App, url: &str) -> Result<String> {
    let refused = |problem: String| Refusal::invalid_field("url", problem);
    let checked = app.hooks.platform.egress.check(url);
    let url = checked.map_err(|error| refused(error.to_string()))?;
    if url.scheme() != "https" && !is_private(&url, &app.config.egress.private_networks) {
        return Err(refused("must begin with https://".to_owned()).into());
    }
    if url.fragment().is_some() {
        return Err(refused("must have no fragment (#…)".to_owned()).into());
    }
    Ok(url.into())
}

/// Whether a URL names a host of private networks that are open: by an address of theirs, or by a name that no public host has.
fn is_private(url: &Url, open: &[Network]) -> bool {
    let by_name = |name: &str| !name.contains('.') || PRIVATE_ENDINGS.iter().any(|ending| name.ends_with(ending));
    let by_address = |address: IpAddr| open.iter().any(|network| network.contains(address));
    match url.host() {
        Some(Host::Ipv4(address)) => by_address(address.into()),
        Some(Host::Ipv6(address)) => by_address(address.into()),
        Some(Host::Domain(name)) => !open.is_empty() && by_name(name.trim_end_matches('.')),
        None => false,
    }
}

fn document(row: EndpointRow) -> Result<WebhookEndpoint> {
    Ok(WebhookEndpoint {
        events: stored::json(&row.event_types)?,
        filter: stored::json(&row.conditions)?,
        state: stored::word(&row.state)?,
        disabled_by: row.disabled_by.as_deref().map(stored::word).transpose()?,
        order: stored::word(&row.ordering)?,
        codes: stored::word(&row.codes)?,
        id: row.id,
        url: row.url,
        description: row.description,
        owner_email: row.owner_email,
        failing_since: row.failing_since_ms.map(|at_ms| clock::iso(at_ms).into()),
        created_at: clock::iso(row.created_ms).into(),
        updated_at: clock::iso(row.updated_ms).into(),
    })
}
