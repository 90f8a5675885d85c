//! What roles of accounts permit: every endpoint of the OpenAPI document that takes a session, with everybody.

use super::{Browser, administrator, person};
use crate::{
    permissions::{Operation, ask, body_of},
    site::{Answer, Site},
};

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
