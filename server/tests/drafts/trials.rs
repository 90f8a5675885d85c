//! Drafts that are tried before there is a version of them: on an input, on a recorded invocation, on many.

use serde_json::{Value, json};

use super::{begun, files, get, put};
use crate::{
    bundles::hook,
    site::{PASSWORD, Site, until},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

fn ask(site: &Site, path: &str, body: Value) -> Value {
    let answer = site.admin("POST", &format!("{ENVIRONMENT}{path}"), Some(body));
    assert!(matches!(answer.status, 200 | 201), "{path}: {answer:?}");
    answer.json
}

/// Saves a draft with this body.
fn save(site: &Site, body: &str) {
    let revision = get(site, "/gate/draft").json["revision"].as_i64().unwrap();
    let saved = put(site, revision, &files(&hook("beforeSignup", body)));
    assert_eq!(saved.status, 200, "{saved:?}");
}

#[test]
fn a_draft_is_run_replayed_and_backtested_as_it_is_saved() {
    let site = begun();
    let pk = site.admin(
        "POST",
        &format!("{ENVIRONMENT}/keys"),
        Some(json!({ "name": "test", "kind": "publishable" })),
    );
    let pk = pk.json["key"].as_str().unwrap_or_else(|| panic!("{pk:?}")).to_owned();
    site.live("a", &[("gate", &hook("beforeSignup", ""))]);
    for n in 0..3 {
        site.register(
            &pk,
            json!({ "email": format!("user{n}@work.example"), "password": PASSWORD }),
        );
    }
    site.recorded();
    save(
        &site,
        "if (payload.user.email.startsWith('user1@')) return { deny: { code: 'no', message: 'not you' } };",
    );

    let payload = json!({ "user": { "email": "user1@b.example", "metadata": {}, "publicMetadata": {} }, "provider": "password", "client": {} });
    let run = json!({ "target": "draft", "point": "beforeSignup", "payload": payload });
    let ran = ask(&site, "/hooks/gate/run", run.clone());
    assert_eq!((&ran["outcome"], &ran["version"]), (&json!("deny"), &json!(0)), "{ran}");

    let list = site
        .admin("GET", &format!("{ENVIRONMENT}/invocations?hook=gate"), None)
        .json;
    let id = list["invocations"][1]["id"].as_str().unwrap();
    let replayed = ask(
        &site,
        &format!("/invocations/{id}/replay"),
        json!({ "target": "draft" }),
    );
    assert_eq!(
        (&replayed["verdict"], &replayed["replayed"]["outcome"]),
        (&json!("changed"), &json!("deny")),
        "{replayed}"
    );

    let begun = ask(&site, "/backtests", json!({ "hook": "gate", "target": "draft" }));
    let path = format!("{ENVIRONMENT}/backtests/{}", begun["id"].as_str().unwrap());
    let ended = until(|| {
        let shown = site.admin("GET", &path, None).json;
        (shown["state"] != "running").then_some(shown)
    });
    assert_eq!(
        (&ended["figures"]["same"], &ended["figures"]["nowDenied"]),
        (&json!(2), &json!(1)),
        "{ended}"
    );

    save(&site, "return {{;");
    let broken = site.admin("POST", &format!("{ENVIRONMENT}/hooks/gate/run"), Some(run));
    assert_eq!((broken.status, broken.code()), (422, "build_failed"), "{broken:?}");
    assert!(broken.fields()[0].starts_with("hooks/gate.ts:1:"), "{broken:?}");
}
