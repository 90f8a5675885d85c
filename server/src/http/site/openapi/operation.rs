//! One endpoint as an operation of the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{answer::Schemas, is_auth, schema, security};
use crate::{
    base::reference::errors::{self, Area, Code},
    flows::steps::endpoint::{Access, Endpoint, Field, FieldKind, Method, Presence, Proof},
    http::wire::served::{Body, Served},
};

const ALWAYS: &[Code] = &[errors::INTERNAL_ERROR, errors::BUSY];
const WITH_KEY: &[Code] = &[errors::MISSING_API_KEY, errors::INVALID_API_KEY];
const WITH_USER: &[Code] = &[errors::INVALID_TOKEN, errors::ACCOUNT_BANNED];
const WITH_ADMIN: &[Code] = &[errors::UNAUTHORIZED, errors::FORBIDDEN];
const WITH_BODY: &[Code] = &[
    errors::MALFORMED_BODY,
    errors::BODY_TIMEOUT,
    errors::BODY_TOO_LARGE,
    errors::UNSUPPORTED_MEDIA_TYPE,
    errors::INVALID_INPUT,
];
const IN_AUTH: &[Code] = &[errors::RATE_LIMITED];

pub(super) fn of(served: &Served, schemas: &mut Schemas) -> Value {
    let endpoint = served.endpoint;
    let mut operation = json!({
        "operationId": operation_id(endpoint),
        "tags": [tag(endpoint)],
        "summary": endpoint.summary,
        "security": security(served),
        "parameters": parameters(served),
        "responses": responses(served, schemas),
        "x-aerocall-codes": codes(served).iter().map(|code| code.name).collect::<Vec<_>>(),
    });
    if !endpoint.about.is_empty() {
        operation["description"] = endpoint.about.into();
    }
    if let Some(body) = request_body(endpoint, schemas) {
        operation["requestBody"] = body;
    }
    if !endpoint.steps.is_empty() {
        operation["x-aerocall-hooks"] = json!(points(endpoint));
    }
    if !endpoint.events.is_empty() {
        operation["x-aerocall-events"] = endpoint.events.iter().map(|event| event.as_str()).collect();
    }
    operation
}

/// The hook points of an endpoint, in the order in which they come.
pub(super) fn points(endpoint: &Endpoint) -> Vec<&'static str> {
    let sides = endpoint.steps.iter().flat_map(|step| [step.before(), step.after()]);
    sides.map(|point| point.name()).collect()
}

/// `POST /auth/password/forgot` is `postAuthPasswordForgot`.
fn operation_id(endpoint: &Endpoint) -> String {
    let words = endpoint
        .short_path()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.fold(endpoint.method.as_str().to_ascii_lowercase(), |id, word| {
        let (first, rest) = word.split_at(1);
        id + &first.to_ascii_uppercase() + rest
    })
}

/// What an endpoint is filed under, from its path.
pub(crate) fn tag(endpoint: &Endpoint) -> String {
    let parts: Vec<&str> = endpoint.path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["auth", group, _, ..] => format!("Authentication: {group}"),
        ["auth", ..] => "Authentication".to_owned(),
        ["admin", "api", "v1", "projects", _, "environments", _, group, ..] => format!("Admin: {group}"),
        ["admin", "api", "v1", "projects", _, group, ..] => format!("Admin: {group}"),
        ["admin", "api", "v1", group, ..] => format!("Admin: {group}"),
        _ => "Server".to_owned(),
    }
}

fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

fn parameters(served: &Served) -> Vec<Value> {
    let endpoint = served.endpoint;
    let of_path = variables(endpoint.path).map(
        |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } }),
    );
    let in_query = |field: &Field| {
        json!({
            "name": field.name,
            "in": "query",
            "required": field.presence == Presence::Required,
            "description": field.about,
            "schema": schema::of(field.kind),
        })
    };
    let fields = match endpoint.method {
        Method::Get => endpoint.fields,
        _ => &[],
    };
    let if_match = served.revisions.is_sent().then(|| {
        json!({
            "name": "If-Match",
            "in": "header",
            "required": true,
            "description": "The revision that the request goes on from, in quotes, as `ETag` had it.",
            "schema": { "type": "string" },
        })
    });
    of_path.chain(fields.iter().map(in_query)).chain(if_match).collect()
}

/// Every request of the auth API that can have a body has one, if an empty object.
fn has_body(endpoint: &Endpoint) -> bool {
    match endpoint.method {
        Method::Get => false,
        Method::Delete => !endpoint.fields.is_empty(),
        _ => !endpoint.fields.is_empty() || is_auth(endpoint),
    }
}

fn request_body(endpoint: &Endpoint, schemas: &mut Schemas) -> Option<Value> {
    if !has_body(endpoint) {
        return None;
    }
    if let [
        Field {
            kind: kind @ (FieldKind::Component | FieldKind::Form(_)),
            about,
            ..
        },
        others @ ..,
    ] = endpoint.fields
    {
        let mut content = match kind {
            FieldKind::Form(fields) => {
                let schema = schemas.request(&operation_id(endpoint), schema::object(fields));
                json!({ "application/x-www-form-urlencoded": { "schema": schema } })
            }
            _ => json!({ "application/wasm": { "schema": schema::of(*kind) } }),
        };
        if !others.is_empty() {
            let schema = schemas.request(&operation_id(endpoint), schema::object(others));
            content["application/json"] = json!({ "schema": schema });
        }
        return Some(json!({ "required": true, "description": about, "content": content }));
    }
    let mut content = json!({ "schema": schemas.request(&operation_id(endpoint), schema::object(endpoint.fields)) });
    if let Ok(example) = serde_json::from_str::<Value>(endpoint.example) {
        content["example"] = example;
    }
    Some(json!({ "required": true, "content": { "application/json": content } }))
}

/// Every code that an endpoint refuses with, hooks' own aside; by status, then by name.
pub(crate) fn codes(served: &Served) -> Vec<Code> {
    let endpoint = served.endpoint;
    let mut own: Vec<Code> = ALWAYS.iter().chain(endpoint.errors).copied().collect();
    own.extend(match served.access {
        Access::Open => [].iter(),
        Access::Key | Access::User => WITH_KEY.iter(),
        Access::Admin | Access::Person | Access::Session => WITH_ADMIN.iter(),
    });
    if served.access.is_admin() && endpoint.method != Method::Get {
        own.push(errors::CSRF_REFUSED);
    }
    if served.proof == Proof::Fresh {
        own.push(errors::FRESH_PROOF_REQUIRED);
    }
    if served.access == Access::User {
        own.extend(WITH_USER);
    }
    if has_body(endpoint) {
        own.extend(WITH_BODY);
    }
    // An admin's project may be another one's; a query has its rules, too.
    if served.access.is_admin() || variables(endpoint.path).next().is_some() {
        own.push(errors::NOT_FOUND);
    }
    if served.access.is_admin() || !endpoint.fields.is_empty() || is_auth(endpoint) {
        own.push(errors::INVALID_INPUT);
    }
    if is_auth(endpoint) {
        own.extend(IN_AUTH);
    }
    let is_given = |code: &&Code| match code.area {
        Area::Hooks => !endpoint.steps.is_empty(),
        Area::Sdk => false,
        Area::Api | Area::Bundles => own.contains(code),
    };
    let mut codes: Vec<Code> = errors::ALL.iter().filter(is_given).copied().collect();
    codes.sort_by_key(|code| (code.status, code.name));
    codes
}

fn responses(served: &Served, schemas: &mut Schemas) -> Value {
    let mut responses = Map::new();
    let error = schemas.of_error();
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in codes(served) {
        by_status.entry(code.status).or_default().push(code);
    }
    for (status, codes) in by_status {
        let lines = codes.iter().map(|code| format!("- `{}`: {}", code.name, code.meaning));
        let mut response = refusal(&lines.collect::<Vec<_>>().join("\n"), &error);
        if matches!(status, 429 | 503) {
            response["headers"]["Retry-After"] = json!({ "$ref": "#/components/headers/RetryAfter" });
        }
        if status == 401 {
            response["headers"]["WWW-Authenticate"] = json!({ "$ref": "#/components/headers/WWWAuthenticate" });
        }
        responses.insert(status.to_string(), response);
    }
    for status in good(served) {
        responses.insert(status.to_string(), good_response(served, schemas));
    }
    if !served.endpoint.steps.is_empty() {
        let about = "A hook denied the request; code, message and status are chosen by the hook.";
        responses.insert("4XX".to_owned(), refusal(about, &error));
    }
    Value::Object(responses)
}

fn good(served: &Served) -> Vec<u16> {
    match served.body {
        Body::JsonMaybeNew => vec![200, 201],
        Body::JsonMaybeMissing => vec![200, 503],
        Body::JsonMaybeLater => vec![served.endpoint.answer.status, 202],
        Body::Json | Body::Text(_) => vec![served.endpoint.answer.status],
    }
}

fn good_response(served: &Served, schemas: &mut Schemas) -> Value {
    let answer = served.endpoint.answer;
    let mut response = json!({
        "description": answer.about,
        "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
    });
    if served.revisions.is_answered() {
        response["headers"]["ETag"] = json!({ "$ref": "#/components/headers/ETag" });
    }
    if matches!(answer.status, 300..=399) {
        response["headers"]["Location"] = json!({ "$ref": "#/components/headers/Location" });
    }
    if let Body::Text(kind) = served.body {
        let essence = kind.split(';').next().unwrap_or(kind);
        response["content"] = json!({ essence: { "schema": { "type": "string" } } });
    } else if let Ok(example) = serde_json::from_str::<Value>(answer.example) {
        response["content"] = json!({ "application/json": { "schema": schemas.of(served), "example": example } });
    }
    response
}

fn refusal(about: &str, error: &Value) -> Value {
    json!({
        "description": about,
        "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
        "content": { "application/json": { "schema": error } },
    })
}
