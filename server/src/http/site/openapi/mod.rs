//! `GET /openapi.json`: the OpenAPI 3.1 document of everything that is served, made from the list of endpoints and the list
//! of error codes. What an endpoint says of itself is all that this knows of it.

mod answer;
mod operation;
mod schema;
mod tidy;

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};
use aerocall_api_types::Permission;
use serde_json::{Map, Value, json};

use crate::{
    flows::steps::endpoint::{Access, Endpoint, Method},
    http::{
        table,
        wire::{
            served::Served,
            session::{self as session_cookie},
        },
    },
};

pub(crate) use operation::{codes, tag};

/// The document does not change while the server runs.
static DOCUMENT: LazyLock<String> = LazyLock::new(text);

/// The handler.
pub(crate) async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body(DOCUMENT.as_str())
}

fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document(&table::all())).unwrap_or_default();
    text.push('\n');
    text
}

fn document(served: &[Served]) -> Value {
    let mut named = answer::Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    for one in served {
        let path = paths.entry(one.endpoint.path).or_insert_with(|| json!({}));
        path[one.endpoint.method.as_str().to_ascii_lowercase()] = operation::of(one, &mut named);
    }
    let mut schemas = schema::named();
    schemas.extend(named.named());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Aerocall",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Authentication backend with hooks. Each operation lists its hook points in `x-aerocall-hooks`, the events \
                            it emits in `x-aerocall-events` and its error codes in `x-aerocall-codes`.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "tags": tags(served),
        "paths": paths,
        "components": {
            "securitySchemes": security_schemes(),
            "schemas": schemas,
            "headers": {
                "RequestId": { "description": "Identifies the request in the server's log.", "schema": { "type": "string" } },
                "ETag": { "description": "The revision, in quotes, for `If-Match` of a change.", "schema": { "type": "string" } },
                "Location": { "description": "Where the browser is redirected to.", "schema": { "type": "string" } },
                "RetryAfter": { "description": "Number of seconds after which the same request may succeed.", "schema": { "type": "integer" } },
                "WWWAuthenticate": { "description": "`Bearer`, with `error=\"invalid_token\"` if the request had an `Authorization` (RFC 6750).", "schema": { "type": "string" } },
            },
        },
    })
}

fn tags(served: &[Served]) -> Vec<Value> {
    let mut names: Vec<String> = Vec::new();
    for one in served {
        let name = tag(one.endpoint);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

fn security_schemes() -> Value {
    json!({
        "key": {
            "type": "apiKey", "in": "header", "name": "X-Aerocall-Key",
            "description": "The project's publishable key, `pk_…`, or its secret key, `sk_…`.",
        },
        "user": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A user's access token." },
        "admin": {
            "type": "http", "scheme": "bearer",
            "description": "An admin token of the server, `at_…`, or of a project, `pt_…`, a personal token, `pat_…`, or a secret key, `sk_…`; with the permission that is listed.",
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": session_cookie::COOKIE_NAME,
            "description": "The session of an account, from `POST /admin/api/v1/session`, whose role has the permission that is listed. For pages of this server: what changes something is refused if `Sec-Fetch-Site` or `Origin` names another site.",
        },
        "csrf": {
            "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
            "description": "The CSRF token of the session, from `GET /admin/api/v1/session`.",
        },
        "personal": {
            "type": "http", "scheme": "bearer", "description": "A personal token, `pat_…`.",
        },
    })
}

/// What opens an endpoint, as alternatives of schemes that stand together.
fn security(served: &Served) -> Value {
    match served.access {
        Access::Open => json!([]),
        Access::Key => json!([{ "key": [] }]),
        Access::User => json!([{ "key": [], "user": [] }]),
        // What somebody needs beside a token (OpenAPI 3.1, 4.8.30).
        Access::Admin => json!([
            { "admin": served.needs.map(Permission::as_str).as_slice() },
            session(served),
        ]),
        Access::Person => json!([{ "personal": [] }, session(served)]),
        Access::Session => json!([session(served)]),
    }
}

/// The session of an account; what changes something needs its CSRF token, too.
fn session(served: &Served) -> Value {
    let needs = served.needs.filter(|_| served.access == Access::Admin);
    let mut schemes = json!({ "session": needs.map(Permission::as_str).as_slice() });
    if served.endpoint.method != Method::Get {
        schemes["csrf"] = json!([]);
    }
    schemes
}

/// Whether the endpoint is one of the auth API.
pub(crate) fn is_auth(endpoint: &Endpoint) -> bool {
    endpoint.path.starts_with("/auth/")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::reference;

    #[test]
    fn documents_are_what_the_endpoints_say() {
        reference::is_committed("docs/openapi.json", &text());
    }

    #[test]
    fn an_endpoint_names_codes_that_exist_and_examples_that_are_json() {
        let mut operations = BTreeSet::new();
        for one in table::all() {
            let endpoint = one.endpoint;
            let place = format!("{} {}", endpoint.method.as_str(), endpoint.path);
            assert!(operations.insert(place.clone()), "{place} is served twice");
            for example in [endpoint.example, endpoint.answer.example]
                .into_iter()
                .filter(|text| !text.is_empty())
            {
                let read = serde_json::from_str::<Value>(example);
                let is_text = matches!(one.body, crate::http::wire::served::Body::Text(_));
                assert!(is_text || read.is_ok(), "{place}: {example}");
            }
            assert!(
                !endpoint.summary.is_empty() && !endpoint.answer.about.is_empty(),
                "{place}"
            );
        }
    }

    #[test]
    fn an_example_is_one_of_the_documents_that_are_answered() {
        for one in table::all() {
            let Some(answer) = one.answer else { continue };
            let place = format!("{} {}", one.endpoint.method.as_str(), one.endpoint.path);
            let example = one.endpoint.answer.example;
            let rewritten = (answer.rewrite)(example).unwrap_or_else(|error| panic!("{place}: {error} in {example}"));
            assert_eq!(rewritten, serde_json::from_str::<Value>(example).unwrap(), "{place}");
        }
    }

    #[test]
    fn what_an_example_sends_are_fields_that_are_described() {
        for one in table::all() {
            let Ok(Value::Object(sent)) = serde_json::from_str(one.endpoint.example) else {
                continue;
            };
            for name in sent.keys() {
                let known = one.endpoint.fields.iter().any(|field| field.name == name);
                assert!(known, "{}: {name} is no field", one.endpoint.path);
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document(&table::all());
        let text = document.to_string();
        for target in text
            .split(r##""$ref":"#"##)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert!(document.pointer(target).is_some(), "{target} leads nowhere");
        }
    }
}
