//! Several hooks at one point.

use serde_json::{Value, json};

use super::change_rows;
use crate::{
    bundles::hook,
    site::{Data, PASSWORD, Site},
};

fn lines(site: &Site, sources: &[(&str, String)]) -> Vec<Value> {
    let line = |(name, source): &(&str, String)| json!({ "name": name, "number": site.version("a", name, source) });
    sources.iter().map(line).collect()
}

/// Appends its name to the trail in the metadata.
fn walker(name: &str) -> (&str, String) {
    let body = format!(
        "const trail = [...(payload.user.metadata.trail ?? []), '{name}']; return {{ patch: {{ user: {{ metadata: {{ trail }} }} }} }};"
    );
    (name, hook("beforeSignup", &body))
}

fn trail(site: &Site, pk: &str, email: &str) -> Value {
    site.registered(pk, email).json["user"]["metadata"]["trail"].clone()
}

#[test]
fn hooks_run_in_order_and_patches_build_on_each_other() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let lines = lines(&site, &[walker("c"), walker("a"), walker("b")]);
    site.deploy("a", json!(lines));
    assert_eq!(
        trail(&site, &pk, "1@example.com"),
        json!(["c", "a", "b"]),
        "as they were sent"
    );

    let mut ordered = lines.clone();
    for (line, order) in ordered.iter_mut().zip([3, -1, 2]) {
        line["order"] = json!(order);
    }
    site.deploy("a", json!(ordered));
    assert_eq!(trail(&site, &pk, "2@example.com"), json!(["a", "b", "c"]), "by `order`");

    let mut disabled = lines.clone();
    disabled[1]["enabled"] = json!(false);
    let answer = site.deploy("a", json!(disabled));
    assert_eq!(
        trail(&site, &pk, "3@example.com"),
        json!(["c", "b"]),
        "a disabled hook is not called"
    );
    assert_eq!(answer.json["hooks"][1]["state"], "disabled");
    assert_eq!(answer.json["points"]["beforeSignup"].as_array().unwrap().len(), 2);
}

#[test]
fn the_first_denial_stops_the_chain() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let count = |key: &str| format!("await Aerocall.cache.increment('{key}');");
    let sources = [
        (
            "first",
            hook(
                "beforeSignup",
                &format!("{} return {{ patch: {{ user: {{ name: 'X' }} }} }};", count("first")),
            ),
        ),
        (
            "stop",
            hook(
                "beforeSignup",
                &format!(
                    "{} throw new Aerocall.Deny(payload.user.name, {{ code: 'stop' }});",
                    count("stop")
                ),
            ),
        ),
        (
            "after",
            hook("beforeSignup", &format!("{} return {{ deny: true }};", count("after"))),
        ),
        ("report", hook("beforeLogin", "")),
    ];
    let lines = lines(&site, &sources);
    site.deploy("a", json!(lines));
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let answer = site.register(&pk, body.clone());
    assert_eq!((answer.code(), &answer.json["error"]["message"]), ("stop", &json!("X")));
    assert_eq!(answer.json["error"]["hook"], "stop");

    let read = "const get = (key: string) => Aerocall.cache.get(key);
                return { patch: { user: { metadata: { seen: [await get('first'), await get('stop'), await get('after')] } } } };";
    site.live("a", &[("read", &hook("beforeSignup", read))]);
    assert_eq!(
        site.register(&pk, body).json["user"]["metadata"]["seen"],
        json!([1, 1, null])
    );
}

#[test]
fn a_bundle_can_stand_at_several_points() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let source = "const mark = (name: string) => async (context: any, payload: any) => \
                  ({ patch: { user: { metadata: { [name]: context.hook } } } });
                  export const beforeSignup = mark('one'), afterSignup = mark('two'), beforeLogin = mark('three');";
    site.live("a", &[("all", source)]);
    let signup = site.registered(&pk, "ada@example.com");
    assert_eq!(
        signup.json["user"]["metadata"],
        json!({ "one": "beforeSignup", "two": "afterSignup" })
    );
    let login = site.login(&pk, "ada@example.com", PASSWORD);
    assert_eq!(login.json["user"]["metadata"]["three"], "beforeLogin");
}

/// The manifest of a kept version, as it was when groups of events were taken: the row, not the bundle. Whether that could be done.
fn keep_a_group(data: &Data) -> bool {
    const CHANGE: &str = "UPDATE hook_versions SET manifest = replace(manifest, 'auth.mfa.enrolled', 'auth.mfa.*')";
    // A trigger keeps versions from being changed.
    let on_sqlite = format!("DROP TRIGGER hook_versions_are_immutable; {CHANGE}");
    let [disable, enable] = ["DISABLE", "ENABLE"].map(|verb| format!("ALTER TABLE hook_versions {verb} TRIGGER USER"));
    change_rows(data, &on_sqlite, &[&disable, CHANGE, &enable])
}

#[test]
fn a_version_from_before_unknown_events_were_refused_is_loaded_and_they_are_named() {
    let site = Site::new();
    site.project("a");
    let source = "export const beforeTokenIssue = async () => {}; export const on = { 'auth.mfa.enrolled': async () => {}, 'queue.q': async () => {}, 'auth.signup': async () => {} };";
    let number = site.version("a", "later", source);
    let data = site.stop();
    if !keep_a_group(&data) {
        return;
    }
    let site = Site::on(data, &[]);
    let answer = site.deploy("a", json!([{ "name": "later", "number": number }]));
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.json["hooks"][0]["notRun"], json!(["auth.mfa.*"]));
    assert!(answer.json["hooks"][0].get("problem").is_none(), "{answer:?}");
}
