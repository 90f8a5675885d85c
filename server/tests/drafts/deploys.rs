//! Deployments with a precondition, plans and their gates, and the way back.

use serde_json::{Value, json};

use super::{begun, files, post, put};
use crate::{
    bundles::hook,
    site::{Answer, Site},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

fn deploy(site: &Site, body: Value) -> Answer {
    site.admin("POST", &format!("{ENVIRONMENT}/deployments"), Some(body))
}

fn one(number: u64) -> Value {
    json!([{ "name": "gate", "number": number }])
}

fn plan(site: &Site, body: Value) -> Value {
    let answer = site.admin("POST", &format!("{ENVIRONMENT}/deployments/plan"), Some(body));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

fn gate<'p>(plan: &'p Value, name: &str) -> &'p Value {
    let gates = plan["gates"].as_array().unwrap();
    gates.iter().find(|gate| gate["name"] == name).unwrap()
}

fn rollback(site: &Site, to: u64, body: Value) -> Answer {
    site.admin("POST", &format!("{ENVIRONMENT}/deployments/{to}/rollback"), Some(body))
}

fn live(site: &Site) -> Value {
    let live = site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
    let line = |hook: &Value| json!([hook["name"], hook["number"], hook["state"]]);
    live["hooks"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_deployment_that_expects_another_one_changes_nothing() {
    let site = Site::new();
    site.project("a");
    site.version("a", "gate", &hook("beforeSignup", ""));
    let migrations = json!([{ "name": "001-a", "sql": "CREATE TABLE a (id INTEGER)" }]);
    let wrong = deploy(&site, json!({ "hooks": one(1), "expect": 3, "migrations": migrations }));
    assert_eq!((wrong.status, wrong.code()), (409, "deployment_conflict"));
    let conflict = &wrong.json["error"]["conflict"];
    assert_eq!(
        (&conflict["yours"], &conflict["theirs"]),
        (&json!({ "number": 3 }), &Value::Null)
    );
    let applied = site.admin("GET", &format!("{ENVIRONMENT}/migrations"), None);
    assert_eq!(applied.json["migrations"], json!([]), "nor are migrations applied");
    let first = deploy(&site, json!({ "hooks": one(1), "expect": 0, "message": "First" }));
    assert_eq!(
        (first.status, &first.json["deployment"]["message"]),
        (201, &json!("First")),
        "{first:?}"
    );
    let late = deploy(&site, json!({ "hooks": one(1), "expect": 0 }));
    assert_eq!(late.code(), "deployment_conflict");
    assert_eq!(late.json["error"]["conflict"]["theirs"]["message"], "First");
    for bad in [json!(-1), json!("1"), json!(1.5)] {
        assert_eq!(
            deploy(&site, json!({ "hooks": one(1), "expect": bad })).fields(),
            ["expect"]
        );
    }
    let shown = site.admin("GET", &format!("{ENVIRONMENT}/deployments/1"), None).json;
    assert_eq!(
        (&shown["complete"], &shown["hooks"][0]["number"]),
        (&json!(true), &json!(1))
    );
    for number in ["0", "2", "x"] {
        let answer = site.admin("GET", &format!("{ENVIRONMENT}/deployments/{number}"), None);
        assert_eq!(answer.status, 404, "{number}");
    }
}

#[test]
fn of_deployments_at_the_same_time_that_expect_the_same_one_is_made() {
    let site = Site::new();
    site.project("a");
    site.version("a", "gate", &hook("beforeSignup", ""));
    for round in 0..4 {
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let deploys: Vec<_> = (0..3)
                .map(|_| scope.spawn(|| deploy(&site, json!({ "hooks": one(1), "expect": round })).status))
                .collect();
            deploys.into_iter().map(|deploy| deploy.join().unwrap()).collect()
        });
        assert_eq!(
            statuses.iter().filter(|status| **status == 201).count(),
            1,
            "{statuses:?}"
        );
        assert_eq!(
            statuses.iter().filter(|status| **status == 409).count(),
            2,
            "{statuses:?}"
        );
    }
}

/// A hook whose version 2 is live, and a version 3 whose draft had begun from version 1.
fn behind() -> Site {
    let site = begun();
    assert_eq!(
        post(&site, "/gate/versions", &json!({ "revision": 1 })).json["number"],
        1
    );
    site.version("a", "gate", &hook("beforeSignup", "return { allow: true };"));
    assert_eq!(deploy(&site, json!({ "hooks": one(2) })).status, 201);
    let mine = files(&hook("beforeSignup", "return { deny: true };"));
    assert_eq!(put(&site, 1, &mine).status, 200);
    let made = post(&site, "/gate/versions", &json!({ "revision": 2 }));
    assert_eq!(
        (&made.json["number"], &made.json["base"]),
        (&json!(3), &json!(1)),
        "{made:?}"
    );
    site
}

#[test]
fn what_began_before_the_live_version_is_refused_unless_somebody_who_may_forces_it() {
    let site = behind();
    let planned = plan(&site, json!({ "hooks": one(3) }));
    assert_eq!(
        (&planned["expect"], &gate(&planned, "base")["state"]),
        (&json!(1), &json!("failed"))
    );
    let refused = deploy(&site, json!({ "hooks": one(3) }));
    assert_eq!((refused.status, refused.code()), (409, "deployment_refused"));
    let conflict = &refused.json["error"]["conflict"];
    assert_eq!(conflict["yours"], json!([{ "hook": "gate", "number": 3 }]));
    assert_eq!(conflict["theirs"], json!([{ "hook": "gate", "number": 2 }]));
    let force = json!({ "hooks": one(3), "force": { "reason": "Production is down" } });
    let token = |scopes: Value| {
        let body = json!({ "name": "x", "scopes": scopes });
        let made = site.admin("POST", "/projects/a/tokens", Some(body));
        made.json["token"].as_str().unwrap().to_owned()
    };
    let path = format!("{ENVIRONMENT}/deployments");
    let deploys = site.admin_as(&token(json!(["hooks:deploy"])), "POST", &path, Some(force.clone()));
    assert_eq!((deploys.status, deploys.code()), (403, "forbidden"));
    for bad in [json!({}), json!({ "reason": " " }), json!("yes")] {
        let answer = deploy(&site, json!({ "hooks": one(3), "force": bad }));
        assert_eq!(answer.status, 422, "{answer:?}");
    }
    let forced = site.admin_as(&token(json!(["project:manage"])), "POST", &path, Some(force.clone()));
    assert_eq!(forced.status, 201, "{forced:?}");
    assert_eq!(forced.json["deployment"]["forcedReason"], "Production is down");
    let log = site
        .admin("GET", "/projects/a/environments/production/audit", None)
        .json;
    let entry = log["audit"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["action"] == "deployment.created")
        .unwrap();
    assert_eq!(
        entry["data"]["forced"],
        json!({ "reason": "Production is down", "gates": ["base"] })
    );
    // Where no gate fails, nothing is forced; the log says that it would have been.
    let again = deploy(&site, force);
    assert_eq!(
        (again.status, &again.json["deployment"]["forcedReason"]),
        (201, &Value::Null)
    );
    let audit = site.admin("GET", &format!("{ENVIRONMENT}/audit?limit=1"), None).json;
    assert_eq!(
        audit["audit"][0]["data"]["forced"],
        json!({ "reason": "Production is down", "gates": [] }),
        "{audit}"
    );
    // Going back is meant so.
    assert_eq!(deploy(&site, json!({ "hooks": one(1) })).status, 201);
    assert_eq!(deploy(&site, json!({ "hooks": one(3) })).status, 201);
}

#[test]
fn a_plan_says_what_changes_and_what_is_missing() {
    let site = Site::new();
    site.project("a");
    let uses = hook(
        "beforeSignup",
        "await Aerocall.http.fetch('https://api.crm.example/', { headers: { authorization: await Aerocall.secrets.get('crm_token') } });",
    );
    site.live(
        "a",
        &[
            ("gate", &hook("beforeSignup", "await Aerocall.cache.get('x');")),
            ("old", &hook("beforeLogin", "")),
        ],
    );
    assert_eq!(site.version("a", "gate", &uses), 2);
    site.version("a", "new", &hook("afterLogin", ""));
    let hooks = json!([{ "name": "gate", "number": 2 }, { "name": "new", "number": 1 }]);
    let planned = plan(&site, json!({ "hooks": hooks }));
    let changes: Vec<(&str, &str)> = planned["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["hook"].as_str().unwrap(), change["change"].as_str().unwrap()))
        .collect();
    assert_eq!(changes, [("gate", "changed"), ("new", "added"), ("old", "removed")]);
    let added = planned["capabilities"]["added"].to_string();
    assert!(
        added.contains("http:api.crm.example") && added.contains("secrets:crm_token"),
        "{planned}"
    );
    assert_eq!(planned["capabilities"]["removed"], json!(["cache"]));
    for (name, state) in [
        ("build", "passed"),
        ("base", "passed"),
        ("types", "not_checked"),
        ("capabilities", "warning"),
        ("secrets", "warning"),
    ] {
        assert_eq!(gate(&planned, name)["state"], state, "{planned}");
    }
    assert!(
        gate(&planned, "secrets")["detail"]
            .as_str()
            .unwrap()
            .contains("crm_token")
    );
    let beside = plan(
        &site,
        json!({ "hooks": [{ "name": "new", "number": 1 }], "keepOthers": true, "removes": ["old"] }),
    );
    let changes: Vec<&str> = beside["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["hook"].as_str().unwrap())
        .collect();
    assert_eq!(changes, ["new", "old"]);
    assert_eq!(
        live(&site),
        json!([["gate", 1, "enabled"], ["old", 1, "enabled"]]),
        "nothing was changed"
    );
}

#[test]
fn a_plan_names_limits_that_the_server_does_not_give() {
    let site = Site::with(&[("AEROCALL_HOOKS_MAX_DEADLINE_MS", "1500")]);
    site.project("a");
    let asks = "export const config = { limits: { deadlineMs: 4000, emails: 1 } };";
    let source = format!("{}{asks}", hook("beforeSignup", ""));
    site.version("a", "gate", &source);
    let planned = plan(&site, json!({ "hooks": [{ "name": "gate", "number": 1 }] }));
    assert_eq!(gate(&planned, "build")["state"], "warning", "{planned}");
    assert_eq!(
        gate(&planned, "build")["detail"],
        "`gate` asks for a `deadlineMs` of 4000, and gets 1500, the most that this server gives"
    );
}

#[test]
fn one_hook_is_deployed_beside_the_others() {
    let site = Site::new();
    site.project("a");
    site.live(
        "a",
        &[("gate", &hook("beforeSignup", "")), ("old", &hook("beforeLogin", ""))],
    );
    site.version("a", "gate", &hook("beforeSignup", "return { allow: true };"));
    site.version("a", "new", &hook("afterLogin", ""));
    let hooks = json!([{ "name": "new", "number": 1 }, { "name": "gate", "number": 2 }]);
    let done = deploy(&site, json!({ "hooks": hooks, "keepOthers": true, "expect": 1 }));
    assert_eq!(done.status, 201, "{done:?}");
    assert_eq!(
        live(&site),
        json!([["gate", 2, "enabled"], ["old", 1, "enabled"], ["new", 1, "enabled"]])
    );
    let removed = deploy(&site, json!({ "hooks": [], "keepOthers": true, "removes": ["old"] }));
    assert_eq!(removed.status, 201, "{removed:?}");
    assert_eq!(live(&site), json!([["gate", 2, "enabled"], ["new", 1, "enabled"]]));
    let unknown = deploy(&site, json!({ "hooks": [], "keepOthers": true, "removes": ["old"] }));
    assert_eq!(unknown.fields(), ["removes"]);
    assert_eq!(
        deploy(&site, json!({ "hooks": [], "removes": ["gate"] })).fields(),
        ["removes"]
    );
}

#[test]
fn going_back_is_one_call_for_all_or_for_one() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let denies = hook("beforeSignup", "return { deny: { code: 'shut' } };");
    site.live(
        "a",
        &[("gate", &hook("beforeSignup", "")), ("other", &hook("beforeLogin", ""))],
    );
    site.live(
        "a",
        &[
            ("gate", &denies),
            ("other", &hook("beforeLogin", "return { allow: true };")),
        ],
    );
    assert_eq!(
        site.register(
            &pk,
            json!({ "email": "a@example.com", "password": crate::site::PASSWORD })
        )
        .code(),
        "shut"
    );
    let late = rollback(&site, 1, json!({ "expect": 1 }));
    assert_eq!((late.status, late.code()), (409, "deployment_conflict"));
    let one = rollback(
        &site,
        1,
        json!({ "expect": 2, "hooks": ["gate"], "message": "Shut by mistake" }),
    );
    assert_eq!(
        (one.status, &one.json["deployment"]["message"]),
        (201, &json!("Shut by mistake")),
        "{one:?}"
    );
    assert_eq!(live(&site), json!([["gate", 1, "enabled"], ["other", 2, "enabled"]]));
    site.registered(&pk, "a@example.com");
    let all = rollback(&site, 1, json!({}));
    assert_eq!((all.status, &all.json["number"]), (201, &json!(4)), "{all:?}");
    assert_eq!(live(&site), json!([["gate", 1, "enabled"], ["other", 1, "enabled"]]));
    assert_eq!(rollback(&site, 9, json!({})).status, 404);
    assert_eq!(rollback(&site, 1, json!({ "hooks": ["nope"] })).fields(), ["hooks"]);
    let log = site
        .admin("GET", "/projects/a/environments/production/audit", None)
        .json;
    let newest = &log["audit"][0];
    assert_eq!(
        (&newest["action"], &newest["data"]),
        (&json!("deployment.rolled_back"), &json!({ "number": 4, "to": 1 }))
    );
}

#[test]
fn what_is_live_or_was_lately_is_never_deleted_and_what_was_deleted_is_not_gone_back_to() {
    let site = Site::with(&[("AEROCALL_HOOKS_VERSIONS_PER_PROJECT", "13")]);
    site.project("a");
    let version = |round: usize| {
        site.version(
            "a",
            "gate",
            &hook(
                "beforeSignup",
                &format!("return {{ patch: {{ user: {{ name: '{round}' }} }} }};"),
            ),
        )
    };
    for round in 1..=14 {
        let number = version(round);
        assert_eq!(deploy(&site, json!({ "hooks": one(number) })).status, 201, "{round}");
    }
    let detail = |number: u64| {
        site.admin("GET", &format!("{ENVIRONMENT}/deployments/{number}"), None)
            .json
    };
    // Fourteen versions, room for thirteen: that of the first deployment went.
    assert_eq!(
        (&detail(1)["complete"], &detail(1)["hooks"]),
        (&json!(false), &json!([]))
    );
    let gone = rollback(&site, 1, json!({}));
    assert_eq!((gone.status, gone.code()), (409, "version_gone"));
    for number in 5..=14 {
        assert_eq!(detail(number)["complete"], true, "{number}");
    }
    assert_eq!(rollback(&site, 5, json!({ "expect": 14 })).status, 201);
    // However many are uploaded, what the last ten deployments have stays.
    for round in 20..26 {
        let component = crate::bundles::bundle(
            "gate",
            &hook(
                "beforeSignup",
                &format!("return {{ patch: {{ user: {{ name: '{round}' }} }} }};"),
            ),
        );
        assert!(matches!(site.upload("a", "gate", &component).status, 201 | 409));
        for number in 6..=15 {
            assert_eq!(detail(number)["complete"], true, "{number} after {round}");
        }
    }
}
