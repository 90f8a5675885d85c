//! The endpoints that are about the server itself, and the keys of its projects: health, metrics, keys, documents.

use actix_web::{Route, web};

use super::{docs, health, metrics, openapi};
use crate::{
    flows::steps::endpoint::{Access, Endpoint, Field, FieldKind},
    http::{
        auth::handler as auth,
        wire::served::{Body, Served},
    },
};

/// Everything that is served outside of the auth API and the admin API.
pub(crate) fn endpoints() -> Vec<Served> {
    [watched(), keys(), documents()].into_iter().flatten().collect()
}

fn open(endpoint: &'static Endpoint, body: Body, route: fn() -> Route) -> Served {
    Served {
        endpoint,
        access: Access::Open,
        body,
        route,
    }
}

/// What whoever watches a process asks it, be it a server or a worker.
pub(crate) fn watched() -> Vec<Served> {
    const ALIVE: Endpoint =
        Endpoint::get("/healthz", "Whether the process answers").answers(200, "It does.", r#"{"status": "ok"}"#);
    const READY: Endpoint = Endpoint::get("/readyz", "Whether the server can work")
        .about("Each service that this server uses is asked, at most once a second and for at most two: `database`, `tenant_database`, and where the settings name them `cache` (Redis) and, unless it runs no worker, `broker` (RabbitMQ). With any of them missing the status is 503. A balancer that rather has slower or fewer answers than none names what it can do without: `?exclude=cache,broker`. A server that was told to stop says `stopping`, with 503, as long as it still answers (`http.drain_seconds`).")
        .fields(&[Field::optional("exclude", FieldKind::Text(200), "Services that may be missing, with commas between them.")])
        .answers(
            200,
            "`ready`; or `not_ready` and which of them does not answer; or `stopping`.",
            r#"{"status": "ready", "checks": {"database": {"ok": true}, "tenant_database": {"ok": true}, "cache": {"ok": true}, "broker": {"ok": true}}}"#,
        )
        .errors(&["invalid_input"]);
    const METRICS: Endpoint = Endpoint::get("/metrics", "Figures for Prometheus")
        .about("In the OpenMetrics text format. For the networks of `metrics.networks`, or with the bearer token `metrics.token`.")
        .answers(200, "The figures.", "")
        .errors(&["not_found"]);
    vec![
        open(const { &ALIVE }, Body::Json, || web::get().to(health::alive)),
        open(const { &READY }, Body::JsonMaybeMissing, || {
            web::get().to(health::ready)
        }),
        open(const { &METRICS }, Body::Text(metrics::TYPE), || {
            web::get().to(metrics::serve)
        }),
    ]
}

fn keys() -> Vec<Served> {
    const JWKS: Endpoint = Endpoint::get("/.well-known/jwks.json", "Public keys that tokens are checked with")
        .about("Of the project of the key, which may be in the header or in `?key=`; or of `?project=…&environment=…`.")
        .fields(&[
            Field::optional("key", FieldKind::Text(200), "The publishable key."),
            Field::optional("project", FieldKind::Text(63), "With `environment`."),
            Field::optional("environment", FieldKind::Text(63), "With `project`."),
        ])
        .answers(
            200,
            "A JSON Web Key Set (RFC 7517).",
            r#"{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "…", "alg": "EdDSA", "use": "sig", "x": "…"}]}"#,
        )
        .errors(&["missing_api_key", "invalid_api_key", "not_found"]);
    vec![open(const { &JWKS }, Body::Json, || web::get().to(auth::jwks))]
}

fn documents() -> Vec<Served> {
    const HTML: Body = Body::Text("text/html; charset=utf-8");
    const OPENAPI: Endpoint =
        Endpoint::get("/openapi.json", "This document").answers(200, "OpenAPI 3.1.", r#"{"openapi": "3.1.0"}"#);
    const EVENTS: Endpoint = Endpoint::get("/docs/events.schema.json", "What is in each event").answers(
        200,
        "A JSON Schema (2020-12).",
        r#"{"title": "Events of Aerocall Hooks"}"#,
    );
    const DOCS: Endpoint = Endpoint::get("/docs", "The reference for people")
        .about("With `?project=…&environment=…` and an admin's bearer it shows which hooks run where.")
        .fields(&[
            Field::optional("project", FieldKind::Text(63), "With `environment`."),
            Field::optional("environment", FieldKind::Text(63), "With `project`."),
        ])
        .answers(200, "A page.", "")
        .errors(&["unauthorized", "not_found"]);
    const STYLE: Endpoint =
        Endpoint::get("/docs/style.css", "How the reference looks").answers(200, "A style sheet.", "");
    const ERRORS: Endpoint = Endpoint::get("/docs/errors", "Every error code").answers(200, "A page.", "");
    const ERROR: Endpoint = Endpoint::get("/docs/errors/{code}", "An error code").answers(200, "A page.", "");
    vec![
        open(const { &OPENAPI }, Body::Json, || web::get().to(openapi::serve)),
        open(const { &EVENTS }, Body::Json, || {
            web::get().to(crate::http::admin::events::schema)
        }),
        open(const { &DOCS }, HTML, || web::get().to(docs::reference)),
        open(const { &STYLE }, Body::Text("text/css; charset=utf-8"), || {
            web::get().to(docs::style)
        }),
        open(const { &ERRORS }, HTML, || web::get().to(docs::errors)),
        open(const { &ERROR }, HTML, || web::get().to(docs::error)),
    ]
}
