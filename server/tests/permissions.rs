//! What admin tokens with scopes may do: every endpoint of the OpenAPI document with every scope, and what a token cannot get at
//! by way of another one.

use serde_json::{Value, json};

use crate::site::{Answer, Site};

const SCOPES: [&str; 9] = [
    "project:read",
    "hooks:read",
    "hooks:deploy",
    "data:read",
    "data:write",
    "settings:read",
    "settings:write",
    "project:manage",
    "server:manage",
];

/// What a scope includes besides itself.
fn includes(scope: &str, needed: &str) -> bool {
    match (scope, needed) {
        (_, "project:read") => true,
        ("server:manage", _) => true,
        ("project:manage", needed) => needed != "server:manage",
        ("hooks:deploy", "hooks:read") | ("data:write", "data:read") | ("settings:write", "settings:read") => true,
        (scope, needed) => scope == needed,
    }
}

/// An operation of the admin API.
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) needs: String,
    pub(crate) is_stream: bool,
}

impl Operation {
    /// Its path, about this project, its production, and things that are not there.
    pub(crate) fn about(&self, project: &str) -> String {
        let named = self
            .path
            .replace("{project}", project)
            .replace("{environment}", "production");
        let mut path = String::new();
        for part in named.split('/').skip(1) {
            path.push('/');
            path.push_str(if part.starts_with('{') { "nope" } else { part });
        }
        path
    }
}

fn operations(site: &Site) -> Vec<Operation> {
    let document = site.get("/openapi.json").json;
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(needs) = operation["security"][0].get("admin") else {
                continue;
            };
            found.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                needs: needs[0].as_str().unwrap().to_owned(),
                is_stream: operation.to_string().contains("text/event-stream"),
            });
        }
    }
    found
}

pub(crate) fn body_of(operation: &Operation) -> Option<Value> {
    match operation.method.as_str() {
        "GET" | "DELETE" => None,
        _ => Some(json!({})),
    }
}

pub(crate) fn ask(site: &Site, token: &str, operation: &Operation, project: &str) -> Answer {
    let body = body_of(operation);
    let path = operation.about(project);
    let path = path.strip_prefix("/admin/api/v1").unwrap();
    site.admin_as(token, &operation.method, path, body)
}

/// A token of the project, or with `server:manage` of the server.
fn token(site: &Site, scopes: &[&str], more: Value) -> String {
    let place = match scopes.contains(&"server:manage") {
        true => "/tokens".to_owned(),
        false => "/projects/a/tokens".to_owned(),
    };
    let mut body = json!({ "name": scopes.join(" "), "scopes": scopes });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().cloned().unwrap_or_default());
    let made = site.admin("POST", &place, Some(body));
    assert_eq!(made.status, 201, "{:?}", made.json);
    made.json["token"].as_str().unwrap().to_owned()
}

#[test]
fn every_endpoint_with_every_scope() {
    let site = Site::new();
    site.project("a");
    let operations = operations(&site);
    assert!(operations.len() > 70, "{}", operations.len());
    for scope in SCOPES {
        let token = token(&site, &[scope], json!({}));
        let (may, may_not): (Vec<_>, Vec<_>) = operations.iter().partition(|one| includes(scope, &one.needs));
        for operation in may_not {
            let answer = ask(&site, &token, operation, "a");
            let place = format!("{scope}: {} {}", operation.method, operation.path);
            // To a token of a project the server itself is not there.
            match operation.needs != "server:manage" {
                true => {
                    assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{place}");
                    assert!(
                        answer.json.to_string().contains(&operation.needs),
                        "{place}: {}",
                        answer.json
                    );
                }
                false => assert_eq!((answer.status, answer.code()), (404, "not_found"), "{place}"),
            }
        }
        for operation in may.into_iter().filter(|operation| !operation.is_stream) {
            // What would delete the project is asked of one that is not there.
            let project = if operation.method == "DELETE" { "gone" } else { "a" };
            let answer = ask(&site, &token, operation, project);
            let place = format!("{scope}: {} {}", operation.method, operation.path);
            assert!(
                ![401, 403].contains(&answer.status) && answer.status < 500,
                "{place}: {}",
                answer.json
            );
        }
    }
}

#[test]
fn what_endpoints_need() {
    let site = Site::new();
    let operations = operations(&site);
    for (method, end, needs) in [
        ("GET", "/projects", "project:read"),
        ("GET", "/hooks", "hooks:read"),
        ("POST", "/hooks/{hook}/versions", "hooks:deploy"),
        ("POST", "/deployments", "hooks:deploy"),
        ("PATCH", "/hooks/{hook}", "hooks:deploy"),
        ("GET", "/users", "data:read"),
        ("GET", "/users/{user}/export", "data:read"),
        ("GET", "/events/stream", "data:read"),
        ("GET", "/invocations/{invocation}", "data:read"),
        ("DELETE", "/users/{user}", "data:write"),
        ("GET", "/secrets", "settings:read"),
        ("PUT", "/secrets/{name}", "settings:write"),
        ("PUT", "/settings/providers", "settings:write"),
        ("POST", "/webhooks", "settings:write"),
        ("POST", "/keys", "project:manage"),
        ("POST", "/projects/{project}/tokens", "project:manage"),
        ("DELETE", "/projects/{project}", "server:manage"),
        ("POST", "/admin/api/v1/tokens", "server:manage"),
        ("GET", "/admin/api/v1/audit", "server:manage"),
    ] {
        let fits = |one: &&Operation| one.method == method && one.path.ends_with(end);
        let found: Vec<&str> = operations.iter().filter(fits).map(|one| one.needs.as_str()).collect();
        assert!(!found.is_empty() && found.contains(&needs), "{method} {end}: {found:?}");
    }
}

#[test]
fn a_token_for_deployments_deploys_and_sees_no_users() {
    let site = Site::new();
    let pk = site.project("a").pk;
    site.registered(&pk, "ada@example.com");
    let number = site.version("a", "gate", "export const beforeSignup = async () => {};");
    let token = token(&site, &["hooks:deploy"], json!({}));
    let environment = "/projects/a/environments/production";
    let line = json!({ "hooks": [{ "name": "gate", "number": number }] });
    let deployed = site.admin_as(&token, "POST", &format!("{environment}/deployments"), Some(line));
    assert_eq!(deployed.status, 201, "{:?}", deployed.json);
    let users = site.admin_as(&token, "GET", &format!("{environment}/users"), None);
    assert_eq!((users.status, users.code()), (403, "forbidden"));
    assert!(!users.json.to_string().contains("ada@"));
}

#[test]
fn a_token_of_an_environment_does_not_see_the_others() {
    let site = Site::new();
    site.project("a");
    let body = json!({ "name": "staging" });
    assert_eq!(site.admin("POST", "/projects/a/environments", Some(body)).status, 201);
    let token = token(&site, &["data:read"], json!({ "environment": "staging" }));
    for (environment, status) in [("staging", 200), ("production", 404), ("nope", 404)] {
        let path = format!("/projects/a/environments/{environment}/users");
        assert_eq!(
            site.admin_as(&token, "GET", &path, None).status,
            status,
            "{environment}"
        );
    }
    let gone = site.admin(
        "DELETE",
        "/projects/a/environments/staging",
        Some(json!({ "confirm": "staging" })),
    );
    assert_eq!(gone.status, 202, "{:?}", gone.json);
    let path = "/projects/a/environments/staging/users";
    assert_eq!(
        site.admin_as(&token, "GET", path, None).status,
        401,
        "it ends with its environment"
    );
}

#[test]
fn what_a_token_may_not_be() {
    let site = Site::new();
    site.project("a");
    let manager = token(&site, &["project:manage"], json!({}));
    let of_project = "/projects/a/tokens";
    let of_server = "/tokens";
    for (place, body, field, says) in [
        (of_project, json!({ "scopes": [] }), "scopes", "at least one of"),
        (of_project, json!({ "scopes": "data:read" }), "scopes", "must be a list"),
        (of_project, json!({ "scopes": ["data:all"] }), "scopes", "hooks:deploy"),
        (of_project, json!({ "scopes": [7] }), "scopes", "must be a list"),
        (
            of_project,
            json!({ "scopes": ["server:manage"] }),
            "scopes",
            "server:manage",
        ),
        (
            of_project,
            json!({ "environment": "nope" }),
            "environment",
            "production",
        ),
        (
            of_project,
            json!({ "environment": "../x" }),
            "environment",
            "name of an environment",
        ),
        (
            of_project,
            json!({ "scopes": ["project:manage"], "environment": "production" }),
            "scopes",
            "whole project",
        ),
        (
            of_server,
            json!({ "environment": "production" }),
            "environment",
            "not a field",
        ),
    ] {
        let mut sent = json!({ "name": "x" });
        sent.as_object_mut().unwrap().extend(body.as_object().cloned().unwrap());
        let answer = site.admin("POST", place, Some(sent.clone()));
        assert_eq!(
            (answer.status, answer.fields()),
            (422, vec![field]),
            "{sent}: {}",
            answer.json
        );
        assert!(answer.json.to_string().contains(says), "{sent}: {}", answer.json);
    }
    // A token of the project, whatever it may do there, makes none of the server.
    let wanted = json!({ "name": "x", "scopes": ["server:manage"] });
    assert_eq!(
        site.admin_as(&manager, "POST", of_server, Some(wanted.clone())).status,
        404
    );
    assert_eq!(site.admin_as(&manager, "POST", of_project, Some(wanted)).status, 422);
}

#[test]
fn a_rotated_token_may_do_what_the_old_one_did() {
    let site = Site::new();
    site.project("a");
    let tokens = "/projects/a/tokens";
    token(&site, &["data:read"], json!({ "environment": "production" }));
    let listed = site.admin("GET", tokens, None).json["tokens"][0].clone();
    assert_eq!(
        (&listed["scopes"], &listed["environment"]),
        (&json!(["project:read", "data:read"]), &json!("production"))
    );
    let id = listed["id"].as_str().unwrap();
    let made = site
        .admin("POST", &format!("{tokens}/{id}/rotate"), Some(json!({})))
        .json;
    assert_eq!(
        (&made["scopes"], &made["environment"]),
        (&listed["scopes"], &listed["environment"])
    );
    let environment = "/projects/a/environments/production";
    let fresh = made["token"].as_str().unwrap();
    assert_eq!(
        site.admin_as(fresh, "GET", &format!("{environment}/users"), None)
            .status,
        200
    );
    assert_eq!(
        site.admin_as(fresh, "GET", &format!("{environment}/hooks"), None)
            .status,
        403
    );
}
