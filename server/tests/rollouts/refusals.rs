//! What cannot be a rollout, and who may start one.

use serde_json::{Value, json};

use super::{ENVIRONMENT, HOUR_MS, ROLLOUT, audit, begin, canary, later, marking, put, two};
use crate::site::Site;

#[test]
fn what_is_sent_is_looked_at_field_by_field() {
    let site = Site::new();
    site.project("a");
    let [one, next] = two(&site, "a", &marking("one"), &marking("two"));
    let whole = json!({ "kind": "canary", "version": next, "share": 5, "until": later(&site, HOUR_MS) });
    for (change, field) in [
        (json!({ "kind": "blue" }), "kind"),
        (json!({ "share": 0 }), "share"),
        (json!({ "share": 0.09 }), "share"),
        (json!({ "share": 100.1 }), "share"),
        (json!({ "share": "5" }), "share"),
        (json!({ "share": null }), "share"),
        (json!({ "version": 0 }), "version"),
        (json!({ "version": 99 }), "version"),
        (json!({ "version": "2" }), "version"),
        (json!({ "until": null }), "until"),
        (json!({ "until": "soon" }), "until"),
        (json!({ "until": later(&site, -1) }), "until"),
        (json!({ "until": later(&site, 31 * 24 * HOUR_MS) }), "until"),
        (json!({ "stickyBy": "coin" }), "stickyBy"),
        (json!({ "stopIf": { "failures": 101 } }), "stopIf.failures"),
        (json!({ "stopIf": { "denials": 0.5 } }), "stopIf.denials"),
        (json!({ "stopIf": { "minCalls": 0 } }), "stopIf.minCalls"),
        (json!({ "stopIf": { "minCalls": 1e9 } }), "stopIf.minCalls"),
        (json!({ "stopIf": { "latency": 5 } }), "stopIf.latency"),
        (json!({ "expect": -1 }), "expect"),
        (json!({ "force": {} }), "force.reason"),
        (json!({ "more": 1 }), "more"),
    ] {
        let mut body = whole.clone();
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let answer = put(&site, body);
        assert_eq!(
            (answer.status, answer.fields()),
            (422, vec![field]),
            "{change}: {answer:?}"
        );
    }
    let live = canary(&site, one, 5.0);
    assert_eq!((live.status, live.code()), (409, "rollout_conflict"), "{live:?}");
    let late = begin(&site, "canary", next, json!({ "share": 5, "expect": 7 }));
    assert_eq!((late.status, late.code()), (409, "deployment_conflict"), "{late:?}");
    for (method, path) in [
        ("GET", ROLLOUT.to_owned()),
        ("DELETE", ROLLOUT.to_owned()),
        ("POST", format!("{ROLLOUT}/stop")),
        ("POST", format!("{ROLLOUT}/promote")),
    ] {
        let body = (method == "POST" && path.ends_with("promote")).then(|| json!({}));
        assert_eq!(
            site.admin(method, &path, body).status,
            404,
            "{method} {path}: there is none"
        );
    }
    assert_eq!(audit(&site, "rollout.started").len(), 0);
}

#[test]
fn a_hook_that_is_not_live_or_is_disabled_or_has_one_gets_none() {
    let site = Site::new();
    site.project("a");
    let body = |site: &Site, version: u64| json!({ "kind": "canary", "version": version, "share": 5, "until": later(site, HOUR_MS) });
    assert_eq!(put(&site, body(&site, 1)).status, 404, "no such hook");
    let first = site.version("a", "gate", &marking("one"));
    let nowhere = put(&site, body(&site, first));
    assert_eq!(
        (nowhere.status, nowhere.code()),
        (409, "rollout_conflict"),
        "{nowhere:?}"
    );
    let second = site.version("a", "gate", &marking("two"));
    let third = site.version("a", "gate", &marking("three"));
    let elsewhere = site.version("a", "gate", &crate::bundles::hook("afterLogin", ""));
    let line = json!([{ "name": "gate", "number": first, "enabled": false }]);
    assert_eq!(site.deploy("a", line).status, 201);
    let disabled = put(&site, body(&site, second));
    assert_eq!(
        (disabled.status, disabled.code()),
        (409, "rollout_conflict"),
        "{disabled:?}"
    );
    assert!(disabled.json.to_string().contains("disabled"));
    assert_eq!(
        site.deploy("a", json!([{ "name": "gate", "number": first }])).status,
        201
    );
    let apart = put(&site, body(&site, elsewhere));
    assert_eq!((apart.status, apart.code()), (409, "rollout_conflict"), "{apart:?}");

    assert_eq!(put(&site, body(&site, second)).status, 201);
    for other in [
        body(&site, third),
        json!({ "kind": "shadow", "version": second, "until": later(&site, HOUR_MS) }),
        json!({ "kind": "canary", "version": second, "share": 5, "stickyBy": "ip", "until": later(&site, HOUR_MS) }),
    ] {
        let answer = put(&site, other.clone());
        assert_eq!(
            (answer.status, answer.code()),
            (409, "rollout_conflict"),
            "{other}: {answer:?}"
        );
        assert!(answer.json.to_string().contains("stop it first"));
    }
    // A version of another project is none of this one.
    let theirs = site.project("b");
    let path = "/projects/b/environments/production/hooks/gate/rollout";
    let foreign = site.admin_as(&theirs.sk, "PUT", path, Some(body(&site, second)));
    assert_eq!(foreign.status, 404, "{foreign:?}");
    for method in ["GET", "DELETE"] {
        assert_eq!(site.admin_as(&theirs.sk, method, ROLLOUT, None).status, 404);
    }
    site.version("b", "gate", &marking("theirs"));
    let number = site.admin_as(&theirs.sk, "PUT", path, Some(body(&site, third)));
    assert_eq!((number.status, number.fields()), (422, vec!["version"]), "{number:?}");
}

#[test]
fn a_canary_passes_the_gates_of_a_deployment_and_a_shadow_does_not_need_to() {
    let site = Site::new();
    let project = site.project("a");
    let [_, next] = two(&site, "a", &marking("one"), &marking("two"));
    let document = json!({
        "hook": "beforeSignup", "payload": { "user": { "email": "x@example.com" } }, "expect": { "reply": { "kind": "allow" } },
    });
    let case = site.admin(
        "PUT",
        "/projects/a/hooks/gate/cases/allows",
        Some(json!({ "document": document })),
    );
    assert_eq!(case.status, 201, "{case:?}");
    let refused = canary(&site, next, 5.0);
    assert_eq!(
        (refused.status, refused.code()),
        (409, "deployment_refused"),
        "{refused:?}"
    );
    let forced = |token: &str| {
        let body = json!({ "kind": "canary", "version": next, "share": 5, "until": later(&site, HOUR_MS), "force": { "reason": "known" } });
        site.admin_as(token, "PUT", ROLLOUT, Some(body))
    };
    let weak = forced(&project.sk);
    assert_eq!((weak.status, weak.code()), (403, "forbidden"), "{weak:?}");
    let strong = forced(&site.admin_token);
    assert_eq!(strong.status, 201, "{strong:?}");
    let started = &audit(&site, "rollout.started")[0];
    assert_eq!(
        started["data"]["forced"],
        json!({ "reason": "known", "gates": ["cases"] }),
        "{started}"
    );
    let promote = |body: Value| site.admin("POST", &format!("{ROLLOUT}/promote"), Some(body));
    let refused = promote(json!({}));
    assert_eq!(
        (refused.status, refused.code()),
        (409, "deployment_refused"),
        "{refused:?}"
    );
    let conflict = promote(json!({ "expect": 9, "force": { "reason": "known" } }));
    assert_eq!(
        (conflict.status, conflict.code()),
        (409, "deployment_conflict"),
        "{conflict:?}"
    );
    assert_eq!(site.admin("POST", &format!("{ROLLOUT}/stop"), None).status, 200);
    let shadow = begin(&site, "shadow", next, json!({}));
    assert_eq!(
        (shadow.status, &shadow.json["share"]),
        (201, &json!(100.0)),
        "{shadow:?}"
    );
    let hooks = site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
    assert_eq!(hooks["hooks"][0]["rollout"]["kind"], "shadow");
    // Somebody was ready to pass by what nobody had looked at.
    let changed = begin(&site, "shadow", next, json!({ "force": { "reason": "in a hurry" } }));
    assert_eq!(changed.status, 200, "{changed:?}");
    let changed = &audit(&site, "rollout.changed")[0];
    assert_eq!(
        changed["data"]["forced"],
        json!({ "reason": "in a hurry", "gates": [] }),
        "{changed}"
    );
    let promoted = promote(json!({ "force": { "reason": "known" } }));
    assert_eq!(
        (promoted.status, &promoted.json["deployment"]["forcedReason"]),
        (201, &json!("known")),
        "{promoted:?}"
    );
}

#[test]
fn the_version_of_a_rollout_is_not_deleted_to_make_room() {
    let site = Site::with(&[("AEROCALL_HOOKS_VERSIONS_PER_PROJECT", "3")]);
    site.project("a");
    let [_, next] = two(&site, "a", &marking("one"), &marking("two"));
    assert_eq!(canary(&site, next, 5.0).status, 201);
    for n in 3..6 {
        site.version("a", "gate", &marking(&n.to_string()));
    }
    let listed = site.admin("GET", "/projects/a/hooks/gate/versions", None).json;
    let numbers: Vec<_> = listed["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["number"].as_u64().unwrap())
        .collect();
    // Only what is neither live nor tried made room.
    assert_eq!(numbers, [5, 2, 1], "{listed}");
    assert_eq!(site.admin("POST", &format!("{ROLLOUT}/stop"), None).status, 200);
    site.version("a", "gate", &marking("6"));
    let gone = canary(&site, next, 5.0);
    assert_eq!((gone.status, gone.fields()), (422, vec!["version"]), "{gone:?}");
}
