//! The endpoints of events and webhooks: as `admin_api` has the others.

use actix_web::web;

use super::{
    admin_api::{BEFORE, LIMIT},
    event_examples as examples, events, webhooks,
};
use crate::{
    flows::steps::endpoint::{Endpoint, Field, FieldKind, Method},
    http::{
        admin::describe::{environment, served},
        wire::served::{Body, Served},
    },
};

pub(crate) fn endpoints() -> Vec<Served> {
    [happened(), receivers(), delivered(), again()]
        .into_iter()
        .flatten()
        .collect()
}

/// What happened.
fn happened() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/events"), "List events")
        .about("Newest first. Events are kept for the time set in the server's settings (`events.keep_seconds`).")
        .fields(&[
            LIMIT,
            Field::optional(
                "type",
                FieldKind::Text(200),
                "Only events of this type, such as `auth.signup`.",
            ),
            Field::optional(
                "subject",
                FieldKind::Text(200),
                "Only events about this user (user id).",
            ),
            BEFORE,
        ])
        .answers(200, "The events.", examples::EVENTS);
    const ONE: Endpoint =
        Endpoint::get(environment!("/events/{event}"), "Get an event").answers(200, "The event.", examples::EVENT);
    const STREAM: Endpoint = Endpoint::get(environment!("/events/stream"), "Stream events")
        .about(
            "Server-Sent Events as they happen, with `id`, `event` (the type) and `data` (the event). A stream ends after 15 minutes; a client that reconnects with `Last-Event-ID` continues where it stopped. A project has at most 20 streams at a time per server process.",
        )
        .fields(&[
            Field::optional("type", FieldKind::Text(200), "Only events of this type."),
            Field::optional("after", FieldKind::Text(200), "Id of the event to start after; for clients that cannot send `Last-Event-ID`."),
        ])
        .answers(200, "The stream.", "id: evt_…\nevent: auth.signup\ndata: {…}")
        .errors(&["too_many_streams"]);
    vec![
        served(const { &LIST }, || web::get().to(events::list)),
        served(const { &ONE }, || web::get().to(events::one)),
        Served {
            body: Body::Text("text/event-stream"),
            ..served(const { &STREAM }, || web::get().to(events::follow))
        },
    ]
}

const TYPES: FieldKind = FieldKind::Json(r#"{"type":"array","minItems":1,"maxItems":50,"items":{"type":"string"}}"#);
const CONDITIONS: FieldKind = FieldKind::Json(examples::CONDITIONS);
const ORDER: &[&str] = &["none", "subject"];
const CODES: &[&str] = &["withheld", "included"];
const ABOUT_TYPES: &str =
    "Event types to deliver: types such as `auth.signup`, groups such as `auth.mfa.*`, or `*` for all.";
const ABOUT_CONDITIONS: &str = "Conditions on the event, all of which must hold: `path` (JSON Pointer, RFC 6901) and one of `equals`, `in`, `startsWith`, `endsWith`, `exists`.";
const ABOUT_ORDER: &str = "`none`: in any order. `subject`: events about one user in order, each sent only after the previous one was delivered or finally failed.";
const ABOUT_CODES: &str = "`included`: one-time codes for text messages are sent to this endpoint for delivery, unless a script hook delivers them.";
const ABOUT_OWNER: &str = "Address that gets a mail when the endpoint is disabled automatically.";

/// Who is told of it.
fn receivers() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/webhooks"), "List webhook endpoints").answers(
        200,
        "The webhook endpoints, without their secrets.",
        examples::WEBHOOKS,
    );
    const CREATE: Endpoint = Endpoint::plain(Method::Post, environment!("/webhooks"), "Create a webhook endpoint")
        .about("Messages are signed as in Standard Webhooks 1.0. The secret is returned only here. An environment has at most 50 endpoints.")
        .fields(&[
            Field::required("url", FieldKind::Text(2_000), "URL that events are sent to by POST; must use https."),
            Field::required("events", TYPES, ABOUT_TYPES),
            Field::optional("filter", CONDITIONS, ABOUT_CONDITIONS),
            Field::optional("description", FieldKind::Text(500), "Description for admins."),
            Field::optional("order", FieldKind::OneOf(ORDER), ABOUT_ORDER),
            Field::optional("codes", FieldKind::OneOf(CODES), ABOUT_CODES),
            Field::optional("ownerEmail", FieldKind::Email, ABOUT_OWNER),
        ])
        .example(r#"{"url":"https://example.com/webhooks","events":["auth.signup","auth.mfa.*"]}"#)
        .answers(201, "The webhook endpoint, with its secret.", examples::NEW_WEBHOOK)
        .errors(&["limit_reached"]);
    const ONE: Endpoint = Endpoint::get(environment!("/webhooks/{webhook}"), "Get a webhook endpoint").answers(
        200,
        "The webhook endpoint, without its secret.",
        examples::WEBHOOK,
    );
    const CHANGE: Endpoint = Endpoint::plain(
        Method::Patch,
        environment!("/webhooks/{webhook}"),
        "Update a webhook endpoint",
    )
    .about("Omitted fields stay unchanged. Disabling an endpoint cancels its waiting deliveries.")
    .fields(&[
        Field::optional(
            "url",
            FieldKind::Text(2_000),
            "URL that events are sent to by POST; must use https.",
        ),
        Field::optional("events", TYPES, ABOUT_TYPES),
        Field::optional("filter", CONDITIONS, ABOUT_CONDITIONS),
        Field::optional("description", FieldKind::Text(500), "Description for admins."),
        Field::optional("order", FieldKind::OneOf(ORDER), ABOUT_ORDER),
        Field::optional("codes", FieldKind::OneOf(CODES), ABOUT_CODES),
        Field::optional("ownerEmail", FieldKind::Email, ABOUT_OWNER),
        Field::optional(
            "state",
            FieldKind::OneOf(&["enabled", "disabled"]),
            "Whether events are delivered to it.",
        ),
    ])
    .example(r#"{"state":"disabled"}"#)
    .answers(200, "The webhook endpoint.", examples::WEBHOOK);
    const DELETE: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/webhooks/{webhook}"),
        "Delete a webhook endpoint",
    )
    .about("Deletes the endpoint with its secrets and deliveries.")
    .answers(200, "The id of the deleted endpoint.", examples::DELETED);
    const ROTATE: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/rotate-secret"),
        "Rotate a webhook secret",
    )
    .about("Creates a new secret. Until the old secrets expire, messages carry one signature for each secret, so that the receiver can switch without losing messages.")
    .fields(&[Field::optional(
        "overlapSeconds",
        FieldKind::Number(0, 2_592_000),
        "How long the old secrets stay valid, in seconds; one day if omitted.",
    )])
    .example(r#"{"overlapSeconds":3600}"#)
    .answers(200, "The new secret, returned only here.", examples::ROTATED);
    vec![
        served(const { &LIST }, || web::get().to(webhooks::list)),
        served(const { &CREATE }, || web::post().to(webhooks::create)),
        served(const { &ONE }, || web::get().to(webhooks::one)),
        served(const { &CHANGE }, || web::patch().to(webhooks::change)),
        served(const { &DELETE }, || web::delete().to(webhooks::delete)),
        served(const { &ROTATE }, || web::post().to(webhooks::rotate)),
    ]
}

/// What became of it.
fn delivered() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/webhooks/{webhook}/deliveries"), "List deliveries")
        .fields(&[
            LIMIT,
            Field::optional(
                "state",
                FieldKind::OneOf(&["waiting", "running", "delivered", "failed", "canceled"]),
                "Only deliveries in this state.",
            ),
            Field::optional("event", FieldKind::Text(200), "Only deliveries of this event."),
            BEFORE,
        ])
        .answers(200, "The deliveries, newest first.", examples::DELIVERIES);
    const ONE: Endpoint = Endpoint::get(
        environment!("/webhooks/{webhook}/deliveries/{delivery}"),
        "Get a delivery",
    )
    .about("The request without its signatures, and the attempts (at most 100) with the beginning of each response.")
    .answers(200, "The delivery.", examples::DELIVERY);
    vec![
        served(const { &LIST }, || web::get().to(webhooks::deliveries)),
        served(const { &ONE }, || web::get().to(webhooks::delivery)),
    ]
}

/// Sending it again.
fn again() -> Vec<Served> {
    const DISABLED: &[&str] = &["webhook_disabled"];
    const TEST: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/test"),
        "Send a test event",
    )
    .about("Sends a `webhook.test` event to this endpoint only, whatever its event types and filter.")
    .answers(202, "The delivery.", examples::DELIVERY_LINE)
    .errors(DISABLED);
    const AGAIN: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/deliveries/{delivery}/replay"),
        "Resend a delivery",
    )
    .about(
        "Sends a delivery that has ended once more. The message keeps its id, so that the receiver can recognise it.",
    )
    .answers(202, "The delivery, waiting to be sent again.", examples::DELIVERY_LINE)
    .errors(&["webhook_disabled", "delivery_not_ended"]);
    const REPLAY: Endpoint = Endpoint::plain(Method::Post, environment!("/webhooks/{webhook}/replay"), "Resend failed or missing deliveries")
        .about("Resends all failed deliveries, or creates up to 20,000 missing ones per request. If `next` is not null, send another request with it as `after`.")
        .fields(&[
            Field::required(
                "what",
                FieldKind::OneOf(&["failed", "missing"]),
                "`failed`: deliveries that failed or were canceled. `missing`: events that match the endpoint and have no delivery.",
            ),
            Field::required(
                "since",
                FieldKind::Json(r#"{"type":"string","format":"date-time"}"#),
                "Only events and deliveries since this time (RFC 3339).",
            ),
            Field::optional(
                "limit",
                FieldKind::Json(r#"{"type":"integer","minimum":1,"maximum":20000}"#),
                "Number of missing deliveries to create in this request; 20,000 if omitted. Only for `missing`.",
            ),
            Field::optional(
                "after",
                FieldKind::Text(100),
                "`next` of the previous response. Only for `missing`.",
            ),
        ])
        .example(r#"{"what":"failed","since":"2026-01-31T12:00:00Z"}"#)
        .answers(202, "The number of deliveries sent again.", r#"{"replayed": 12, "next": null}"#)
        .errors(DISABLED);
    vec![
        served(const { &TEST }, || web::post().to(webhooks::test)),
        served(const { &AGAIN }, || web::post().to(webhooks::again)),
        served(const { &REPLAY }, || web::post().to(webhooks::replay)),
    ]
}
