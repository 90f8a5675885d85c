//! What callers of the admin API may do: every endpoint of the OpenAPI document with every scope of a token and with every role
//! of an account, and what a token cannot get at by way of another one.

use serde_json::{Value, json};

use crate::{
    people::{Browser, administrator, person},
    site::{Answer, Site},
};

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
struct Operation {
    method: String,
    path: String,
    needs: String,
    is_stream: bool,
}

impl Operation {
    /// Its path, about this project, its production, and things that are not there.
    fn about(&self, project: &str) -> String {
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

fn body_of(operation: &Operation) -> Option<Value> {
    match operation.method.as_str() {
        "GET" | "DELETE" => None,
        _ => Some(json!({})),
    }
}

fn ask(site: &Site, token: &str, operation: &Operation, project: &str) -> Answer {
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

/// An operation that a session may send.
struct OfSession {
    operation: Operation,
    /// For people about themselves: everybody with an account may send it.
    is_own: bool,
}

fn operations_of_sessions(site: &Site) -> Vec<OfSession> {
    let document = site.get("/openapi.json").json;
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let schemes = operation["security"].as_array().unwrap();
            let Some(session) = schemes.iter().find(|scheme| scheme.get("session").is_some()) else {
                continue;
            };
            let needs = session["session"][0].as_str();
            assert_eq!(session.get("csrf").is_some(), method != "get", "{method} {path}");
            found.push(OfSession {
                is_own: needs.is_none(),
                operation: Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    needs: needs.unwrap_or("project:read").to_owned(),
                    is_stream: operation.to_string().contains("text/event-stream"),
                },
            });
        }
    }
    // What ends the session, or the project, comes last.
    found.sort_by_key(|one| {
        let Operation { method, path, .. } = &one.operation;
        let ends = ["/session", "/projects/{project}", "/environments/{environment}"];
        (
            method == "DELETE" && ends.iter().any(|end| path.ends_with(end)),
            path.ends_with("/session"),
        )
    });
    found
}

/// What a role permits, written out once more.
fn permits(role: &str, needed: &str) -> bool {
    let reads = ["project:read", "hooks:read", "data:read", "settings:read"].contains(&needed);
    let writes = ["hooks:deploy", "data:write", "settings:write"].contains(&needed);
    match role {
        "viewer" => reads,
        "developer" => reads || writes,
        "owner" => reads || writes || needed == "project:manage",
        "administrator" => true,
        _ => panic!("{role}"),
    }
}

/// How an answer has to be.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// Whatever comes of it.
    Allowed,
    /// It is not there for them.
    NotFound,
    Forbidden,
    Unauthorized,
}

/// `role`: in the project `a`; of those without one, `other` and `nobody`.
fn expected(role: &str, of: &OfSession) -> Expected {
    let Operation { path, needs, .. } = &of.operation;
    match (role, path.contains("{project}")) {
        ("nobody", _) => Expected::Unauthorized,
        _ if of.is_own => Expected::Allowed,
        ("administrator", _) => Expected::Allowed,
        // For everybody with an account.
        (_, false) if needs == "project:read" => Expected::Allowed,
        (_, false) => Expected::NotFound,
        ("other", true) => Expected::NotFound,
        (_, true) if needs == "server:manage" => Expected::NotFound,
        (role, true) if permits(role, needs) => Expected::Allowed,
        (_, true) => Expected::Forbidden,
    }
}

#[test]
fn every_endpoint_with_every_role() {
    let site = Site::new();
    site.project("a");
    site.project("b");
    let people = [
        ("viewer", person(&site, "viewer", Some(("a", "viewer")))),
        ("developer", person(&site, "developer", Some(("a", "developer")))),
        ("owner", person(&site, "owner", Some(("a", "owner")))),
        ("other", person(&site, "other", Some(("b", "owner")))),
        ("administrator", administrator(&site, "ada")),
    ];
    let all = operations_of_sessions(&site);
    assert!(all.len() > 95, "{}", all.len());
    let mut seen = std::collections::BTreeMap::new();
    for (role, browser) in &people {
        for of in &all {
            let expected = expected(role, of);
            if of.operation.is_stream && expected == Expected::Allowed {
                continue;
            }
            let answer = ask_as(browser, &of.operation);
            let place = format!("{role}: {} {}: {}", of.operation.method, of.operation.path, answer.json);
            *seen.entry((*role, format!("{expected:?}"))).or_insert(0) += 1;
            match expected {
                Expected::Allowed => {
                    let is_refused = answer.status == 403 && answer.code() == "forbidden";
                    assert!(!is_refused && answer.status < 500, "{place}");
                    // What names nothing but the project is there.
                    let variables = of.operation.path.replace("{project}", "").replace("{environment}", "");
                    if !variables.contains('{') && !of.is_own {
                        assert_ne!(answer.status, 404, "{place}");
                    }
                    assert!(answer.status != 401 || of.is_own, "{place}");
                }
                Expected::NotFound => assert_eq!((answer.status, answer.code()), (404, "not_found"), "{place}"),
                Expected::Forbidden => {
                    assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{place}");
                    assert!(answer.json.to_string().contains(&of.operation.needs), "{place}");
                }
                Expected::Unauthorized => panic!("{place}"),
            }
        }
        assert_eq!(browser.get("/session").status, 401, "{role} has signed out");
    }
    for of in &all {
        let answer = ask(&site, "", &of.operation, "a");
        let place = format!("nobody: {} {}", of.operation.method, of.operation.path);
        assert_eq!((answer.status, answer.code()), (401, "unauthorized"), "{place}");
    }
    // The table has something of each.
    for role in ["viewer", "developer", "owner", "other"] {
        for kind in ["Allowed", "NotFound"] {
            assert!(seen.contains_key(&(role, kind.to_owned())), "{role} {kind}: {seen:?}");
        }
    }
    for role in ["viewer", "developer"] {
        assert!(seen.contains_key(&(role, "Forbidden".to_owned())), "{role}: {seen:?}");
    }
}

fn ask_as(browser: &Browser<'_>, operation: &Operation) -> Answer {
    let path = operation.about("a");
    browser.send(
        &operation.method,
        path.strip_prefix("/admin/api/v1").unwrap(),
        body_of(operation),
    )
}

#[test]
fn no_endpoint_that_changes_something_takes_a_cookie_alone() {
    let site = Site::new();
    site.project("a");
    let ada = administrator(&site, "ada");
    let changing = operations_of_sessions(&site)
        .into_iter()
        .filter(|of| of.operation.method != "GET");
    let mut asked = 0;
    for OfSession { operation, .. } in changing {
        let about = operation.about("a");
        let path = about.strip_prefix("/admin/api/v1").unwrap();
        for headers in [
            &[("origin", site.base.as_str())][..],
            &[("x-csrf-token", ada.csrf.as_str())],
            &[("x-csrf-token", ada.csrf.as_str()), ("origin", "https://evil.example")],
            &[("x-csrf-token", ada.csrf.as_str()), ("sec-fetch-site", "cross-site")],
        ] {
            let answer = ada.send_with(&operation.method, path, headers, body_of(&operation));
            let place = format!("{} {path} {headers:?}", operation.method);
            assert_eq!((answer.status, answer.code()), (403, "csrf_refused"), "{place}");
        }
        asked += 1;
    }
    assert!(asked > 50, "{asked}");
    assert_eq!(ada.get("/projects/a").status, 200, "nothing was done");
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
