//! The endpoints that are about the server itself, and the keys of its projects: health, metrics, keys, documents.

use actix_web::{Route, web};
use aerocall_api_types::{Document, Health, JwkSet, Object, Readiness};
use aerocall_contract::errors;

use super::{docs, health, metrics, openapi};
use crate::{
    flows::steps::endpoint::{Access, AnswerType, Endpoint, Field, FieldKind, Proof, Revisions},
    http::{
        auth::handler as auth,
        wire::served::{Body, Served},
    },
};

/// Everything that is served outside of the auth API and the admin API.
pub(crate) fn endpoints() -> Vec<Served> {
    [watched(), keys(), documents()].into_iter().flatten().collect()
}

/// An endpoint whose answer is a document of this type.
fn typed<T: Document>(endpoint: &'static Endpoint, body: Body, route: fn() -> Route) -> Served {
    Served {
        answer: Some(AnswerType::of::<T>()),
        ..open(endpoint, body, route)
    }
}

fn open(endpoint: &'static Endpoint, body: Body, route: fn() -> Route) -> Served {
    Served {
        endpoint,
        access: Access::Open,
        needs: None,
        proof: Proof::Any,
        revisions: Revisions::None,
        body,
        answer: None,
        route,
    }
}

/// What whoever watches a process asks it, be it a server or a worker.
pub(crate) fn watched() -> Vec<Served> {
    const ALIVE: Endpoint =
        Endpoint::get("/healthz", "Check liveness").answers(200, "The process is running.", r#"{"status": "ok"}"#);
    const READY: Endpoint = Endpoint::get("/readyz", "Check readiness")
        .about("Checks the services that this process uses, at most once a second and for at most two seconds each: `database`, `tenant_database`, and if configured `cache` (Redis) and, in a process that runs jobs, `broker` (RabbitMQ). Databases are asked to write, at most every five seconds. If a service does not respond or a database takes no changes, the status is 503 and `problem` says what is wrong: its disk is full, it is read-only, a lock is held, its file was deleted, and so on. A load balancer can exclude services that the server can do without: `?exclude=cache,broker`. A server that is shutting down responds with `stopping` and 503 until it closes (`http.drain_seconds`).")
        .fields(&[Field::optional("exclude", FieldKind::Text(200), "Services to ignore, separated by commas.")])
        .answers(
            200,
            "`ready`, `not_ready` (`checks` says which service has which problem) or `stopping`.",
            r#"{"status": "ready", "checks": {"database": {"ok": true}, "tenant_database": {"ok": true}, "cache": {"ok": true}, "broker": {"ok": true}}}"#,
        )
        .errors(&[errors::INVALID_INPUT]);
    const METRICS: Endpoint = Endpoint::get("/metrics", "Get Prometheus metrics")
        .about("Metrics in the OpenMetrics text format. Requires the bearer token `metrics.token` if that is set; otherwise allowed only from the networks in `metrics.networks`. Refused with `not_found`.")
        .answers(200, "The metrics.", "")
        .errors(&[errors::NOT_FOUND]);
    vec![
        typed::<Health>(const { &ALIVE }, Body::Json, || web::get().to(health::alive)),
        typed::<Readiness>(const { &READY }, Body::JsonMaybeMissing, || {
            web::get().to(health::ready)
        }),
        open(const { &METRICS }, Body::Text(metrics::TYPE), || {
            web::get().to(metrics::serve)
        }),
    ]
}

fn keys() -> Vec<Served> {
    const JWKS: Endpoint = Endpoint::get("/.well-known/jwks.json", "Get the JSON Web Key Set")
        .about("The public keys that verify the access tokens of an environment. The environment is that of the API key in `X-Aerocall-Key` or in `?key=`, or the one named by `?project=…&environment=…`.")
        .fields(&[
            Field::optional("key", FieldKind::Text(200), "The publishable key of the project."),
            Field::optional("project", FieldKind::Text(63), "Project id; together with `environment`."),
            Field::optional("environment", FieldKind::Text(63), "Environment; together with `project`."),
        ])
        .answers(
            200,
            "A JSON Web Key Set (RFC 7517).",
            r#"{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "…", "alg": "EdDSA", "use": "sig", "x": "…"}]}"#,
        )
        .errors(&[errors::MISSING_API_KEY, errors::INVALID_API_KEY, errors::NOT_FOUND]);
    vec![typed::<JwkSet>(const { &JWKS }, Body::Json, || {
        web::get().to(auth::jwks)
    })]
}

fn documents() -> Vec<Served> {
    const HTML: Body = Body::Text("text/html; charset=utf-8");
    const OPENAPI: Endpoint = Endpoint::get("/openapi.json", "Get the OpenAPI document").answers(
        200,
        "The OpenAPI 3.1 document.",
        r#"{"openapi": "3.1.0"}"#,
    );
    const EVENTS: Endpoint = Endpoint::get("/docs/events.schema.json", "Get the event schema").answers(
        200,
        "The JSON Schema (2020-12) of all events.",
        r#"{"title": "Events of Aerocall Hooks"}"#,
    );
    const DOCS: Endpoint = Endpoint::get("/docs", "View the API reference")
        .about("With `?project=…&environment=…` and an admin token or secret key as bearer token, it also shows which hooks run at each endpoint.")
        .fields(&[
            Field::optional("project", FieldKind::Text(63), "Project id; together with `environment`."),
            Field::optional("environment", FieldKind::Text(63), "Environment; together with `project`."),
        ])
        .answers(200, "An HTML page.", "")
        .errors(&[errors::UNAUTHORIZED, errors::NOT_FOUND]);
    const STYLE: Endpoint =
        Endpoint::get("/docs/style.css", "Get the style sheet of the API reference").answers(200, "A style sheet.", "");
    const ERRORS: Endpoint = Endpoint::get("/docs/errors", "View all error codes").answers(200, "An HTML page.", "");
    const ERROR: Endpoint =
        Endpoint::get("/docs/errors/{code}", "View an error code").answers(200, "An HTML page.", "");
    vec![
        typed::<Object>(const { &OPENAPI }, Body::Json, || web::get().to(openapi::serve)),
        typed::<Object>(const { &EVENTS }, Body::Json, || web::get().to(docs::event_schema)),
        open(const { &DOCS }, HTML, || web::get().to(docs::reference)),
        open(const { &STYLE }, Body::Text("text/css; charset=utf-8"), || {
            web::get().to(docs::style)
        }),
        open(const { &ERRORS }, HTML, || web::get().to(docs::errors)),
        open(const { &ERROR }, HTML, || web::get().to(docs::error)),
    ]
}
