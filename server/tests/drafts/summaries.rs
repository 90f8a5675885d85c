//! What versions and drafts do, in words.

use serde_json::{Value, json};

use super::{begun, get, post, put, sources::without_section};
use crate::{
    bundles::{self, hook},
    http_client,
    peers::Peer,
    site::Site,
    until::until,
};

const DENIES: &str = "import { message } from './text';\n\
    export const beforeSignup = async (context, { user }, { cache }) => {\n\
      if (await cache.get(user.email)) return { deny: { code: 'seen', message, status: 409 } };\n\
      return { patch: { user: { metadata: { a: 1 } } } };\n\
    };\n";
const SAID: &str =
    "Before sign-up: can deny with `seen` (409, “Once is enough”); sets `user.metadata.a`; reads the cache.";

fn save(site: &Site, revision: i64, gate: &str) {
    let files = json!({ "files": [
        { "path": "hooks/gate.ts", "text": gate },
        { "path": "hooks/text.ts", "text": "export const message = 'Once is enough';\n" },
    ] });
    let saved = put(site, revision, &files);
    assert_eq!(saved.status, 200, "{saved:?}");
}

/// A site with a draft that has this hook.
fn with_draft(gate: &str) -> Site {
    let site = begun();
    save(&site, 1, gate);
    site
}

#[test]
fn a_draft_and_the_version_made_of_it_say_the_same() {
    let site = with_draft(DENIES);
    let draft = get(&site, "/gate/draft/summary");
    assert_eq!(draft.status, 200, "{draft:?}");
    assert_eq!(
        draft.json,
        json!({
            "text": SAID, "origin": "code", "model": null,
            "facts": {
                "points": ["beforeSignup"],
                "denies": [{ "code": "seen", "status": 409, "message": "Once is enough", "file": "hooks/gate.ts", "line": 3 }],
                "patches": ["user.metadata.a"], "calls": ["cache.get"], "hosts": [], "secrets": [], "queues": [],
            },
        })
    );
    assert_eq!(get(&site, "/gate/draft/summary").json, draft.json, "as it is kept");
    let made = post(&site, "/gate/versions", &json!({ "revision": 2 }));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(get(&site, "/gate/versions/1/summary").json, draft.json);
    save(&site, 2, &hook("beforeSignup", ""));
    assert_eq!(
        get(&site, "/gate/draft/summary").json["text"],
        "Before sign-up: denies nothing and changes nothing."
    );
}

#[test]
fn a_draft_that_cannot_be_built_says_why_and_what_is_not_there_is_not_found() {
    let site = with_draft("export const beforeSignup = ;\n");
    let broken = get(&site, "/gate/draft/summary");
    assert_eq!((broken.status, broken.code()), (422, "build_failed"), "{broken:?}");
    assert_eq!(get(&site, "/other/draft/summary").status, 404);
    assert_eq!(get(&site, "/gate/versions/7/summary").status, 404);
    assert_eq!(get(&site, "/gate/versions/x/summary").status, 404);
}

#[test]
fn of_a_bundle_without_sources_the_manifest_is_said() {
    let site = Site::new();
    site.project("a");
    let bundle = bundles::bundle("gate", &hook("beforeSignup", "await fetch('https://a.example/');"));
    let component = without_section(&bundle, "aerocall:source");
    let sent = site.upload("a", "gate", &component);
    assert_eq!(sent.status, 201, "{sent:?}");
    let said = get(&site, "/gate/versions/1/summary");
    assert_eq!(
        said.json["text"],
        "At `beforeSignup`: may use `http:a.example`. Its sources are not at hand, so what it decides is not said.",
        "{said:?}"
    );
    assert_eq!(said.json["facts"]["hosts"], json!(["a.example"]));
}

#[test]
fn an_uploaded_version_is_read_from_the_sources_that_it_carries() {
    let site = Site::new();
    site.project("a");
    site.version("a", "gate", &hook("beforeSignup", "return { deny: { code: 'no' } };"));
    assert_eq!(
        get(&site, "/gate/versions/1/summary").json["text"],
        "Before sign-up: can deny with `no` (403).",
    );
}

/// What the list of endpoints says that hooks do.
fn listed(site: &Site) -> Value {
    let path = "/projects/a/environments/production/endpoints";
    site.admin("GET", path, None).json["summaries"].clone()
}

#[test]
fn the_list_of_endpoints_has_what_enabled_hooks_do_as_far_as_it_is_known() {
    let site = Site::new();
    site.project("a");
    let source = hook("beforeSignup", "return { deny: { code: 'no' } };");
    site.live("a", &[("gate", &source), ("other", &hook("beforeLogin", ""))]);
    assert_eq!(listed(&site), json!([]), "nothing is built for a list");
    let said = get(&site, "/gate/versions/1/summary").json;
    assert_eq!(
        listed(&site),
        json!([{ "hook": "gate", "version": 1, "summary": said }])
    );
    let off = json!({ "enabled": false });
    let path = "/projects/a/environments/production/hooks/gate";
    let switched = site.admin("PATCH", path, Some(off));
    assert_eq!(switched.status, 200, "{switched:?}");
    assert_eq!(listed(&site), json!([]));
}

#[test]
fn the_list_of_hooks_has_what_the_live_and_the_newest_versions_do_as_far_as_it_is_known() {
    let site = Site::new();
    site.project("a");
    let denies = |code: &str| hook("beforeSignup", &format!("return {{ deny: {{ code: '{code}' }} }};"));
    site.live("a", &[("gate", &denies("old")), ("other", &hook("beforeLogin", ""))]);
    site.version("a", "gate", &denies("middle"));
    site.version("a", "gate", &denies("new"));
    let listed = || get(&site, "").json["summaries"].clone();
    assert_eq!(listed(), json!([]), "nothing is built for a list");
    let said = |number: i32| {
        let summary = get(&site, &format!("/gate/versions/{number}/summary")).json;
        json!({ "hook": "gate", "version": number, "summary": summary })
    };
    let (live, _, newest) = (said(1), said(2), said(3));
    assert_eq!(
        listed(),
        json!([live, newest]),
        "neither live nor the newest is left out, and so is what nobody has asked for"
    );
}

#[test]
fn a_model_writes_it_in_the_background_once_and_until_then_the_code_does() {
    let program = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ai/scripted.mjs");
    let model = Peer::run(&program, &[]);
    let site = Site::with(&[
        ("AEROCALL_ASSISTANT_PROVIDER", "openai"),
        ("AEROCALL_ASSISTANT_BASE_URL", &format!("{}/v1", model.base)),
        ("AEROCALL_ASSISTANT_MODEL", "explain"),
        ("AEROCALL_ASSISTANT_SUMMARIES", "model"),
        ("AEROCALL_ASSISTANT_ALLOW_PRIVATE", "127.0.0.1/32"),
    ]);
    site.project("a");
    assert_eq!(post(&site, "", &json!({ "name": "gate" })).status, 201);
    save(&site, 1, DENIES);
    let first = get(&site, "/gate/draft/summary").json;
    assert_eq!(
        (&first["origin"], &first["text"]),
        (&json!("code"), &json!(SAID)),
        "{first}"
    );
    let said = until(|| Some(get(&site, "/gate/draft/summary").json).filter(|said| said["origin"] == "model"));
    assert_eq!(
        (&said["text"], &said["model"], &said["facts"]),
        (&json!("It lets everybody in."), &json!("explain"), &first["facts"]),
        "{said}"
    );
    let asked = http_client::send("GET", &format!("{}/requests", model.base), &[], b"")
        .unwrap()
        .json();
    assert_eq!(asked.as_array().map(Vec::len), Some(1), "{asked}");
    let log = site
        .admin("GET", "/projects/a/environments/production/audit", None)
        .json;
    assert!(log["audit"].to_string().contains("\"task\":\"summary\""), "{log}");
    let made = post(&site, "/gate/versions", &json!({ "revision": 2 }));
    assert_eq!(made.status, 201, "{made:?}");
    let deployed = site.deploy("a", json!([{ "name": "gate", "number": 1 }]));
    assert_eq!(deployed.status, 201, "{deployed:?}");
    let said = until(|| Some(get(&site, "/gate/versions/1/summary").json).filter(|said| said["origin"] == "model"));
    assert_eq!(listed(&site)[0]["summary"], said);
}
