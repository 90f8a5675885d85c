//! What is recorded, logged and counted of an invocation: the outcome that the client got, whatever the hook returned.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    logbook,
    site::{Answer, PASSWORD, Project, Site, until},
};

fn sign_up(site: &Site, project: &Project, email: &str) -> Answer {
    site.register(&project.pk, json!({ "email": email, "password": PASSWORD }))
}

/// The invocation of a request, whole.
fn recorded(site: &Site, request: &str) -> Value {
    let path = "/projects/a/environments/production/invocations";
    let listed = until(|| {
        let list = site.admin("GET", &format!("{path}?requestId={request}"), None).json;
        list["invocations"].get(0).cloned()
    });
    let whole = site
        .admin("GET", &format!("{path}/{}", listed["id"].as_str().unwrap()), None)
        .json;
    assert_eq!(whole["outcome"], listed["outcome"]);
    whole
}

/// How many invocations of a hook point `/metrics` has counted, by outcome.
fn counted(site: &Site, point: &str) -> Vec<String> {
    let text = site.page("/metrics", &[]).2;
    let of_point = format!("aerocall_hook_calls_total{{point=\"{point}\",outcome=\"");
    let counts = text.lines().filter_map(|line| line.strip_prefix(&of_point));
    counts.map(|line| line.replace("\"}", "")).collect()
}

/// The line of the log about the invocation.
fn logged(invocation: &Value) -> String {
    let lines = logbook::lines_with(invocation["id"].as_str().unwrap());
    let called = lines.into_iter().find(|line| line.contains("hook called"));
    called.unwrap()
}

#[test]
fn a_refused_patch_is_a_failure_for_everybody() {
    logbook::open();
    let site = Site::new();
    let project = site.project("a");
    let source = hook("beforeSignup", "return { patch: { user: { email: 'nobody' } } };");
    site.live("a", &[("gate", &source)]);
    let answer = sign_up(&site, &project, "ada@example.com");
    assert_eq!((answer.status, answer.code()), (502, "hook_bad_reply"));
    let detail = &answer.json["error"]["details"][0];
    let message = format!("`user.email` of the patch {}", detail["problem"].as_str().unwrap());

    let whole = recorded(&site, answer.header("x-request-id"));
    let failure = json!({
        "kind": "failure", "code": "hook_bad_reply", "message": message,
        "error": { "name": "Error", "message": message }, "patch": { "user": { "email": "nobody" } },
    });
    assert_eq!(
        (&whole["outcome"], &whole["reply"]),
        (&json!("hook_bad_reply"), &failure)
    );
    assert_eq!(counted(&site, "beforeSignup"), ["hook_bad_reply 1"]);
    let line = logged(&whole);
    assert!(line.contains("outcome=\"hook_bad_reply\""), "{line}");
    let request = logbook::lines_with(answer.header("x-request-id"));
    assert!(
        request
            .iter()
            .any(|line| line.contains("beforeSignup/gate=hook_bad_reply")),
        "{request:#?}"
    );

    // With the policy `open` the client goes on without the hook, which has failed all the same.
    let number = site.version("a", "gate", &source);
    let line = json!([{ "name": "gate", "number": number, "failurePolicy": "open" }]);
    assert_eq!(site.deploy("a", line).status, 201);
    let answer = sign_up(&site, &project, "bob@example.com");
    assert_eq!(
        (answer.status, &answer.json["user"]["email"]),
        (201, &json!("bob@example.com"))
    );
    assert_eq!(
        recorded(&site, answer.header("x-request-id"))["outcome"],
        "hook_bad_reply"
    );
    assert_eq!(counted(&site, "beforeSignup"), ["hook_bad_reply 2"]);
}

#[test]
fn an_after_hook_whose_rows_cannot_be_committed_has_failed() {
    let site = Site::new();
    let project = site.project("a");
    let body = "await Aerocall.db.execute('INSERT INTO members (team) VALUES (7)'); return { patch: { user: { metadata: { a: 1 } } } };";
    let number = site.version("a", "join", &hook("afterSignup", body));
    let tables = "CREATE TABLE teams (id INTEGER PRIMARY KEY);
        CREATE TABLE members (team INTEGER REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED);";
    let deployment = json!({
        "hooks": [{ "name": "join", "number": number }], "migrations": [{ "name": "1", "sql": tables }],
    });
    let path = "/projects/a/environments/production/deployments";
    assert_eq!(site.admin("POST", path, Some(deployment)).status, 201);
    let answer = sign_up(&site, &project, "ada@example.com");
    assert_eq!(
        (answer.status, &answer.json["user"]["metadata"]),
        (201, &json!({})),
        "{answer:?}"
    );
    let whole = recorded(&site, answer.header("x-request-id"));
    assert_eq!(whole["outcome"], "hook_failed", "{whole}");
    let message = whole["reply"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("the effects of the hook could not be kept: "),
        "{message}"
    );
    assert_eq!(counted(&site, "afterSignup"), ["hook_failed 1"]);
}
