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
        .about("Newest first, as long as the settings keep them.")
        .fields(&[
            LIMIT,
            Field::optional(
                "type",
                FieldKind::Text(200),
                "Of this type alone, such as `auth.signup`.",
            ),
            Field::optional("subject", FieldKind::Text(200), "About this user alone."),
            BEFORE,
        ])
        .answers(200, "The events.", examples::EVENTS);
    const ONE: Endpoint =
        Endpoint::get(environment!("/events/{event}"), "An event").answers(200, "The event.", examples::EVENT);
    const STREAM: Endpoint = Endpoint::get(environment!("/events/stream"), "Follow events")
        .about(
            "Server-Sent Events as they happen: `id`, `event` and `data`, which is the event. A client that comes back with \
             `Last-Event-ID` goes on where it was. A stream ends after 15 minutes.",
        )
        .fields(&[
            Field::optional("type", FieldKind::Text(200), "Of this type alone."),
            Field::optional("after", FieldKind::Text(200), "Begin after this event, where the header cannot be sent."),
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
const ABOUT_TYPES: &str = "Types such as `auth.signup`, groups such as `auth.mfa.*`, or `*`.";
const ABOUT_CONDITIONS: &str = "Conditions on the event that must all hold: `path` (JSON Pointer) and one of `equals`, `in`, \
                                `startsWith`, `endsWith`, `exists`.";
const ABOUT_ORDER: &str =
    "`subject`: events of one user one after another, each after the one before has arrived or failed for good.";
const ABOUT_CODES: &str =
    "`included`: text messages with one-time codes are sent to it for delivery, if no script hook does it.";
const ABOUT_OWNER: &str = "Who gets a mail when the endpoint is disabled.";

/// Who is told of it.
fn receivers() -> Vec<Served> {
    const LIST: Endpoint = Endpoint::get(environment!("/webhooks"), "List webhook endpoints").answers(
        200,
        "Without their secrets.",
        examples::WEBHOOKS,
    );
    const CREATE: Endpoint = Endpoint::plain(Method::Post, environment!("/webhooks"), "Make a webhook endpoint")
        .about("Messages follow Standard Webhooks 1.0. The secret is shown here and never again.")
        .fields(&[
            Field::required("url", FieldKind::Text(2_000), "Where events are posted to, with https."),
            Field::required("events", TYPES, ABOUT_TYPES),
            Field::optional("filter", CONDITIONS, ABOUT_CONDITIONS),
            Field::optional("description", FieldKind::Text(500), "For people."),
            Field::optional("order", FieldKind::OneOf(ORDER), ABOUT_ORDER),
            Field::optional("codes", FieldKind::OneOf(CODES), ABOUT_CODES),
            Field::optional("ownerEmail", FieldKind::Email, ABOUT_OWNER),
        ])
        .example(r#"{"url":"https://example.com/webhooks","events":["auth.signup","auth.mfa.*"]}"#)
        .answers(201, "The endpoint with its secret.", examples::NEW_WEBHOOK)
        .errors(&["limit_reached"]);
    const ONE: Endpoint = Endpoint::get(environment!("/webhooks/{webhook}"), "A webhook endpoint").answers(
        200,
        "Without its secret.",
        examples::WEBHOOK,
    );
    const CHANGE: Endpoint = Endpoint::plain(
        Method::Patch,
        environment!("/webhooks/{webhook}"),
        "Change a webhook endpoint",
    )
    .about("What is left out stays as it is. What waits for an endpoint that is disabled is canceled.")
    .fields(&[
        Field::optional("url", FieldKind::Text(2_000), "Where events are posted to, with https."),
        Field::optional("events", TYPES, ABOUT_TYPES),
        Field::optional("filter", CONDITIONS, ABOUT_CONDITIONS),
        Field::optional("description", FieldKind::Text(500), "For people."),
        Field::optional("order", FieldKind::OneOf(ORDER), ABOUT_ORDER),
        Field::optional("codes", FieldKind::OneOf(CODES), ABOUT_CODES),
        Field::optional("ownerEmail", FieldKind::Email, ABOUT_OWNER),
        Field::optional(
            "state",
            FieldKind::OneOf(&["enabled", "disabled"]),
            "Whether anything is sent to it.",
        ),
    ])
    .example(r#"{"state":"disabled"}"#)
    .answers(200, "The endpoint.", examples::WEBHOOK);
    const DELETE: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/webhooks/{webhook}"),
        "Delete a webhook endpoint",
    )
    .about("With its secrets and what is known of its deliveries.")
    .answers(200, "It is gone.", examples::DELETED);
    const ROTATE: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/rotate-secret"),
        "Make a new webhook secret",
    )
    .about("Messages carry a signature of each secret until the old ones end, so that a receiver can change over.")
    .fields(&[Field::optional(
        "overlapSeconds",
        FieldKind::Number(0, 2_592_000),
        "How long the old ones sign; a day if left out.",
    )])
    .example(r#"{"overlapSeconds":3600}"#)
    .answers(200, "The new secret, shown here and never again.", examples::ROTATED);
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
    const LIST: Endpoint = Endpoint::get(
        environment!("/webhooks/{webhook}/deliveries"),
        "List deliveries of a webhook",
    )
    .fields(&[
        LIMIT,
        Field::optional(
            "state",
            FieldKind::OneOf(&["waiting", "running", "delivered", "failed", "canceled"]),
            "In this state alone.",
        ),
        Field::optional("event", FieldKind::Text(200), "Of this event alone."),
        BEFORE,
    ])
    .answers(200, "Newest first.", examples::DELIVERIES);
    const ONE: Endpoint = Endpoint::get(
        environment!("/webhooks/{webhook}/deliveries/{delivery}"),
        "A delivery of a webhook",
    )
    .about("The request without its signatures, and every attempt with the beginning of what was answered.")
    .answers(200, "The delivery.", examples::DELIVERY);
    vec![
        served(const { &LIST }, || web::get().to(webhooks::deliveries)),
        served(const { &ONE }, || web::get().to(webhooks::delivery)),
    ]
}

/// Sending it again.
fn again() -> Vec<Served> {
    const DISABLED: &[&str] = &["webhook_disabled"];
    const TEST: Endpoint = Endpoint::plain(Method::Post, environment!("/webhooks/{webhook}/test"), "Send a test")
        .about("A `webhook.test` event for this endpoint alone, whatever its filter.")
        .answers(202, "The delivery.", examples::DELIVERY_LINE)
        .errors(DISABLED);
    const AGAIN: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/deliveries/{delivery}/replay"),
        "Send a delivery again",
    )
    .about("The message keeps its id.")
    .answers(202, "The delivery, which waits again.", examples::DELIVERY_LINE)
    .errors(&["webhook_disabled", "delivery_not_ended"]);
    const REPLAY: Endpoint = Endpoint::plain(Method::Post, environment!("/webhooks/{webhook}/replay"), "Send many again")
        .about("At most 20,000 missing events at a time: `next` is where the next request goes on, as its `after`; null when there is nothing left.")
        .fields(&[
            Field::required(
                "what",
                FieldKind::OneOf(&["failed", "missing"]),
                "`failed`: deliveries that failed or were canceled; `missing`: events that it wants and has no delivery of.",
            ),
            Field::required(
                "since",
                FieldKind::Json(r#"{"type":"string","format":"date-time"}"#),
                "From that time on (RFC 3339).",
            ),
            Field::optional(
                "limit",
                FieldKind::Json(r#"{"type":"integer","minimum":1,"maximum":20000}"#),
                "How many missing ones at a time; 20,000 if it is left out.",
            ),
            Field::optional(
                "after",
                FieldKind::Text(100),
                "`next` of the request before this one.",
            ),
        ])
        .example(r#"{"what":"failed","since":"2026-01-31T12:00:00Z"}"#)
        .answers(202, "How many.", r#"{"replayed": 12, "next": null}"#)
        .errors(DISABLED);
    vec![
        served(const { &TEST }, || web::post().to(webhooks::test)),
        served(const { &AGAIN }, || web::post().to(webhooks::again)),
        served(const { &REPLAY }, || web::post().to(webhooks::replay)),
    ]
}
