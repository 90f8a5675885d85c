//! Hooks that are edited on the server: drafts with revisions, builds, versions made of them, and what two versions differ in.

use serde_json::{Value, json};

use crate::{
    bundles::{self, hook},
    site::{Answer, Site},
};

mod builds;
mod deploys;
mod model;
mod sources;
mod summaries;
mod trials;
mod types;

/// The files of a hook with this one.
fn files(text: &str) -> Value {
    json!({ "files": [{ "path": "hooks/gate.ts", "text": text }] })
}

/// A request about a hook of project `a`, with a revision in `If-Match`.
pub(crate) fn ask(site: &Site, method: &str, path: &str, revision: Option<&str>, body: Option<&Value>) -> Answer {
    let bearer = format!("Bearer {}", site.admin_token);
    let path = format!("/admin/api/v1/projects/a/hooks{path}");
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(revision.map(|revision| ("if-match", revision)));
    let sent = body.map(Value::to_string).unwrap_or_default();
    if body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    site.send(method, &path, &headers, sent.as_bytes())
}

fn get(site: &Site, path: &str) -> Answer {
    ask(site, "GET", path, None, None)
}

fn post(site: &Site, path: &str, body: &Value) -> Answer {
    ask(site, "POST", path, None, Some(body))
}

fn put(site: &Site, revision: i64, body: &Value) -> Answer {
    ask(site, "PUT", "/gate/draft", Some(&format!("\"{revision}\"")), Some(body))
}

/// A site with project `a` and a new hook `gate` that has a draft of revision 1.
fn begun() -> Site {
    let site = Site::new();
    site.project("a");
    let made = post(&site, "", &json!({ "name": "gate" }));
    assert_eq!((made.status, made.header("etag")), (201, "\"1\""), "{made:?}");
    site
}

#[test]
fn a_draft_is_begun_changed_and_deleted_by_its_revision() {
    let site = begun();
    let draft = get(&site, "/gate/draft");
    assert_eq!((draft.status, draft.header("etag")), (200, "\"1\""));
    assert_eq!(draft.json["files"][0]["path"], "hooks/gate.ts");
    assert_eq!(draft.json["base"], Value::Null);
    let changed = put(&site, 1, &files(&hook("beforeSignup", "")));
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""), "{changed:?}");
    assert_eq!(get(&site, "/gate/draft").json, changed.json);
    let without = ask(&site, "PUT", "/gate/draft", None, Some(&files("")));
    assert_eq!((without.status, without.code()), (428, "precondition_required"));
    for bad in ["2", "*", "\"x\"", "\"1\", \"2\""] {
        let answer = ask(&site, "PUT", "/gate/draft", Some(bad), Some(&files("")));
        assert_eq!((answer.status, answer.fields()), (422, vec!["If-Match"]), "{bad}");
    }
    // As a proxy that compresses leaves it.
    assert_eq!(
        ask(&site, "PUT", "/gate/draft", Some("W/\"2\""), Some(&files("// a"))).status,
        200
    );
    let gone = ask(&site, "DELETE", "/gate/draft", Some("\"3\""), None);
    assert_eq!((gone.status, &gone.json["deleted"]), (200, &json!("gate")), "{gone:?}");
    assert_eq!(get(&site, "/gate/draft").status, 404);
    assert_eq!(ask(&site, "DELETE", "/nope/draft", Some("\"99\""), None).status, 404);
    let log = site.admin("GET", "/projects/a/environments/production/audit", None);
    let actions: Vec<&str> = log.json["audit"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["action"].as_str())
        .filter(|action| action.starts_with("hook_draft"))
        .collect();
    assert_eq!(
        actions,
        [
            "hook_draft.deleted",
            "hook_draft.updated",
            "hook_draft.updated",
            "hook_draft.created"
        ]
    );
}

#[test]
fn a_conflict_has_both_sides_and_changes_nothing() {
    let site = begun();
    let theirs = put(&site, 1, &files("// theirs"));
    let late = put(&site, 1, &files("// mine"));
    assert_eq!((late.status, late.code()), (412, "draft_conflict"));
    let conflict = &late.json["error"]["conflict"];
    assert_eq!(conflict["yours"]["revision"], 1);
    assert_eq!(conflict["theirs"], theirs.json);
    assert_eq!(get(&site, "/gate/draft").json, theirs.json);
    let deleted = ask(&site, "DELETE", "/gate/draft", Some("\"1\""), None);
    assert_eq!((deleted.status, deleted.code()), (412, "draft_conflict"));
    // One that was deleted and begun anew is another one, with a revision that the first never had.
    assert_eq!(ask(&site, "DELETE", "/gate/draft", Some("\"2\""), None).status, 200);
    let lost = put(&site, 2, &files("// mine"));
    assert_eq!((lost.status, lost.code()), (412, "draft_conflict"));
    assert_eq!(lost.json["error"]["conflict"]["theirs"], Value::Null);
    let anew = post(&site, "", &json!({ "name": "gate" }));
    assert_eq!((anew.status, anew.json["revision"].as_i64()), (201, Some(3)));
    assert_eq!(put(&site, 1, &files("")).code(), "draft_conflict");
    assert_eq!(put(&site, 2, &files("")).code(), "draft_conflict");
}

#[test]
fn of_editors_at_the_same_time_each_change_is_there_or_refused() {
    let site = begun();
    let rounds = 12;
    let kept: usize = std::thread::scope(|scope| {
        let editors: Vec<_> = (0..3)
            .map(|editor| {
                let site = &site;
                scope.spawn(move || {
                    let mut kept = 0;
                    for round in 0..rounds {
                        let draft = get(site, "/gate/draft").json;
                        let revision = draft["revision"].as_i64().unwrap();
                        let text = draft["files"][0]["text"].as_str().unwrap();
                        let text = match revision {
                            1 => format!("// {editor}.{round}\n"),
                            _ => format!("{text}// {editor}.{round}\n"),
                        };
                        let answer = put(site, revision, &files(&text));
                        match answer.status {
                            200 => kept += 1,
                            412 => assert!(
                                answer.json["error"]["conflict"]["theirs"]["revision"].as_i64() > Some(revision)
                            ),
                            other => panic!("{other}: {answer:?}"),
                        }
                    }
                    kept
                })
            })
            .collect();
        editors.into_iter().map(|editor| editor.join().unwrap()).sum()
    });
    let draft = get(&site, "/gate/draft").json;
    let lines = draft["files"][0]["text"].as_str().unwrap().lines().count();
    assert!(kept >= rounds, "{kept}");
    assert_eq!(lines, kept, "every change that was accepted is in the text");
    assert_eq!(draft["revision"], json!(kept + 1));
}

#[test]
fn what_a_draft_cannot_be() {
    let site = begun();
    for (body, field) in [
        (json!({ "files": [] }), "files"),
        (json!({ "files": [{ "path": "../x.ts", "text": "" }] }), "files[0].path"),
        (
            json!({ "files": [{ "path": "/etc/passwd", "text": "" }] }),
            "files[0].path",
        ),
        (json!({ "files": [{ "path": "a.ts", "text": 7 }] }), "files[0].text"),
        (
            json!({ "files": [{ "path": "a.ts", "text": "\u{0}" }] }),
            "files[0].text",
        ),
        (
            json!({ "files": [{ "path": "a.ts", "text": "x".repeat((1 << 20) + 1) }] }),
            "files",
        ),
        (
            json!({ "files": [{ "path": "a.ts", "text": "" }], "settings": { "limits": { "deadline": 1 } } }),
            "settings.limits",
        ),
        (
            json!({ "files": [{ "path": "a.ts", "text": "" }], "settings": { "entry": "../a.ts" } }),
            "settings.entry",
        ),
        (
            json!({ "files": [{ "path": "a.ts", "text": "" }], "settings": { "color": 1 } }),
            "settings.color",
        ),
    ] {
        let answer = put(&site, 1, &body);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{answer:?}");
    }
    assert_eq!(get(&site, "/gate/draft").json["revision"], 1);
    let again = post(&site, "", &json!({ "name": "gate" }));
    assert_eq!((again.status, again.code()), (409, "hook_exists"));
    let template = post(&site, "", &json!({ "name": "b", "template": "nope" }));
    assert_eq!((template.status, template.fields()), (422, vec!["template"]));
    let name = post(&site, "", &json!({ "name": "../b" }));
    assert_eq!((name.status, name.fields()), (422, vec!["name"]));
}

#[test]
fn drafts_are_those_of_their_project_and_need_its_rights() {
    let site = begun();
    site.project("b");
    let token = |scopes: Value| {
        let body = json!({ "name": "x", "scopes": scopes });
        let made = site.admin("POST", "/projects/b/tokens", Some(body));
        made.json["token"].as_str().unwrap().to_owned()
    };
    let reads = token(json!(["hooks:read"]));
    for path in ["/projects/a/hooks", "/projects/a/hooks/gate/draft"] {
        assert_eq!(site.admin_as(&reads, "GET", path, None).status, 404, "{path}");
    }
    assert_eq!(
        site.admin_as(&reads, "GET", "/projects/b/hooks", None).json,
        json!({ "hooks": [], "summaries": [] })
    );
    let body = Some(json!({ "name": "mine" }));
    assert_eq!(site.admin_as(&reads, "POST", "/projects/b/hooks", body).status, 403);
}

#[test]
fn the_list_says_which_hooks_have_versions_and_drafts_and_where_they_are_live() {
    let site = begun();
    site.live("a", &[("other", &hook("beforeSignup", ""))]);
    let listed = get(&site, "").json;
    assert_eq!(listed["hooks"].as_array().unwrap().len(), 2);
    let (gate, other) = (&listed["hooks"][0], &listed["hooks"][1]);
    assert_eq!(
        (&gate["name"], &gate["newest"], &gate["live"]),
        (&json!("gate"), &Value::Null, &json!([]))
    );
    assert_eq!(gate["draft"]["revision"], 1);
    assert_eq!(
        (&other["name"], &other["newest"], &other["draft"]),
        (&json!("other"), &json!(1), &Value::Null)
    );
    let live = json!([{ "environment": "production", "number": 1, "state": "enabled", "deployment": 1 }]);
    assert_eq!(other["live"], live);
}

#[test]
fn a_version_says_who_made_it_and_what_of() {
    let site = Site::new();
    let project = site.project("a");
    let component = bundles::bundle("gate", &hook("beforeSignup", ""));
    let bearer = format!("Bearer {}", project.sk);
    let uploaded = site.send(
        "POST",
        "/admin/api/v1/projects/a/hooks/gate/versions?message=First%20try",
        &[("authorization", &bearer), ("content-type", "application/wasm")],
        &component,
    );
    assert_eq!(uploaded.status, 201, "{uploaded:?}");
    let one = get(&site, "/gate/versions/1");
    assert_eq!(one.json, uploaded.json);
    assert_eq!(
        (&one.json["author"], &one.json["message"], &one.json["base"]),
        (&json!("key:a/production"), &json!("First try"), &Value::Null)
    );
    for path in [
        "/gate/versions/2",
        "/gate/versions/0",
        "/gate/versions/x",
        "/other/versions/1",
        "/gate/versions/2/files",
    ] {
        assert_eq!(get(&site, path).status, 404, "{path}");
    }
}
