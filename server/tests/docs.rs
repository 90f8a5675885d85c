//! The reference for people: open to all, with the hooks of a project only for its admins, and nothing that runs.

use serde_json::json;

use crate::site::Site;

const GATE: &str = "export const beforeSignup = async () => undefined;";
const WELCOME: &str = "export const on = { 'auth.signup': async () => undefined };";

#[test]
fn the_reference_loads_nothing_but_its_own_style() {
    let site = Site::new();
    for path in ["/docs", "/docs/errors", "/docs/errors/invalid_input"] {
        let (status, headers, text) = site.page(path, &[]);
        let header = |name: &str| headers[name].to_str().unwrap();
        assert_eq!(
            (status, header("content-type")),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self';") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(text.contains("<link rel=\"stylesheet\" href=\"/docs/style.css\">"));
    }
    let (status, headers, _) = site.page("/docs/style.css", &[]);
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (200, "text/css; charset=utf-8")
    );
    assert_eq!(site.get("/docs/errors/%3Cscript%3E").code(), "not_found");
}

#[test]
fn only_an_admin_of_the_project_sees_which_hooks_run() {
    let site = Site::new();
    let (project, other) = (site.project("a"), site.project("b"));
    site.live("a", &[("gate", GATE), ("welcome", WELCOME)]);
    let path = "/docs?project=a&environment=production";
    assert_eq!(site.get(path).code(), "unauthorized");
    assert_eq!(site.get("/docs?project=a").fields(), ["environment"]);
    let as_admin = |key: &str| site.page(path, &[("authorization", &format!("Bearer {key}"))]);
    assert_eq!(as_admin(&other.sk).0, 404);
    let (status, headers, text) = as_admin(&project.sk);
    assert_eq!((status, headers["cache-control"].to_str().unwrap()), (200, "no-store"));
    assert!(
        text.contains("<code>beforeSignup</code> <span class=\"on\">enabled</span> gate (version 1)"),
        "{text}"
    );
    assert!(text.contains("<code>afterSignup</code> <span class=\"off\">no hook</span>"));
    assert!(!site.page("/docs", &[]).2.contains("gate (version"));
}

#[test]
fn an_admin_reads_endpoints_with_their_hooks_and_events() {
    let site = Site::new();
    let project = site.project("a");
    let (gate, welcome) = (site.version("a", "gate", GATE), site.version("a", "welcome", WELCOME));
    let lines = json!([{ "name": "gate", "number": gate, "enabled": false }, { "name": "welcome", "number": welcome }]);
    assert_eq!(site.deploy("a", lines).status, 201);
    let answer = site.admin_as(
        &project.sk,
        "GET",
        "/projects/a/environments/production/endpoints",
        None,
    );
    let endpoints = answer.json["endpoints"].as_array().unwrap();
    let register = endpoints
        .iter()
        .find(|endpoint| endpoint["path"] == "/auth/register")
        .unwrap();
    let none = json!({ "calls": 0, "denials": 0, "failures": 0, "p95Us": null, "last": null });
    let hook = json!({ "name": "gate", "version": 1, "status": "disabled", "rollout": null, "figures": none, "failurePolicy": "closed" });
    assert_eq!(
        register["hooks"][0],
        json!({ "point": "beforeSignup", "status": "disabled", "figures": none, "hooks": [hook] })
    );
    assert_eq!(
        register["hooks"][1],
        json!({ "point": "afterSignup", "status": "none", "figures": none, "hooks": [] })
    );
    let hook = json!({ "name": "welcome", "version": 1, "status": "enabled", "rollout": null, "figures": none });
    assert_eq!(
        register["events"][0],
        json!({ "name": "auth.signup", "status": "enabled", "figures": none, "hooks": [hook], "webhooks": [] })
    );
    let me = endpoints
        .iter()
        .find(|endpoint| endpoint["path"] == "/auth/me" && endpoint["method"] == "GET")
        .unwrap();
    assert_eq!((&me["hooks"], &me["events"]), (&json!([]), &json!([])));
    let stranger = site.project("b");
    let refused = site.admin_as(
        &stranger.sk,
        "GET",
        "/projects/a/environments/production/endpoints",
        None,
    );
    assert_eq!(refused.status, 404);
}
