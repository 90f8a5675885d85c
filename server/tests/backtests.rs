//! Backtests: what a version would have decided on what was recorded.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    rollouts::later,
    site::{Answer, PASSWORD, Project, Site, until},
};

const BACKTESTS: &str = "/projects/a/environments/production/backtests";

fn start(site: &Site, body: Value) -> Answer {
    site.admin("POST", BACKTESTS, Some(body))
}

fn ended(site: &Site, id: &str) -> Value {
    until(|| {
        let shown = site.admin("GET", &format!("{BACKTESTS}/{id}"), None).json;
        (shown["state"] != "running").then_some(shown)
    })
}

fn rows(site: &Site, id: &str, query: &str) -> Vec<Value> {
    let answer = site.admin("GET", &format!("{BACKTESTS}/{id}/rows{query}"), None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["rows"].as_array().unwrap().clone()
}

/// Registers users, of whom every third has free mail, and waits until all is recorded.
fn registered(site: &Site, project: &Project, count: usize) {
    for n in 0..count {
        let domain = ["work.example", "firm.example", "gmail.com"][n % 3];
        site.register(
            &project.pk,
            json!({ "email": format!("user{n}@{domain}"), "password": PASSWORD }),
        );
    }
    site.recorded();
}

const LIVE: &str = "if (payload.user.email.startsWith('user0@')) return { deny: { code: 'first', message: 'no' } };
  await Aerocall.cache.get('k');";
/// Lets the first one in, denies free mail, fails for another, and asks for something new for a third.
const NEXT: &str = "
  const { email } = payload.user;
  if (email.startsWith('user0@')) return;
  if (email.startsWith('user1@')) null.x;
  if (email.startsWith('user3@')) { await Aerocall.cache.get('other'); return; }
  if (email.endsWith('@gmail.com')) return { deny: { code: 'free_mail', message: 'no free mail' } };
  await Aerocall.cache.get('k');";

#[test]
fn decisions_then_and_now_are_counted_and_unknown_is_none_of_them() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("gate", &hook("beforeSignup", LIVE))]);
    registered(&site, &project, 12);
    let plan = site.admin("POST", &format!("{BACKTESTS}/plan"), Some(json!({ "hook": "gate" })));
    assert_eq!(
        (&plan.json["calls"], &plan.json["replayable"]),
        (&json!(12), &json!(12)),
        "{plan:?}"
    );
    assert_eq!(plan.json["dropped"], 0);

    let begun = start(&site, json!({ "hook": "gate" }));
    assert_eq!(
        (begun.status, &begun.json["state"], &begun.json["total"]),
        (201, &json!("running"), &json!(12)),
        "{begun:?}"
    );
    let same = ended(&site, begun.json["id"].as_str().unwrap());
    assert_eq!(
        (&same["state"], &same["figures"]["identical"]),
        (&json!("done"), &json!(12)),
        "{same}"
    );
    assert_eq!(
        same["figures"]["fuel"]["p95Before"],
        same["figures"]["fuel"]["p95After"]
    );
    assert_eq!(same["figures"]["fuel"]["p95Percent"], 0.0);

    let next = site.version("a", "gate", &hook("beforeSignup", NEXT));
    let begun = start(&site, json!({ "hook": "gate", "target": next }));
    let id = begun.json["id"].as_str().unwrap().to_owned();
    let shown = ended(&site, &id);
    let figure = |name: &str| shown["figures"][name].as_u64().unwrap();
    let counts = ["same", "nowDenied", "nowAllowed", "newFailures", "other", "unknown"].map(figure);
    // 12 calls: user0 is let in, user1 fails, user3 diverges; user2, 5, 8 and 11 have free mail.
    assert_eq!(counts, [5, 4, 1, 1, 0, 1], "{shown}");
    assert_eq!(
        shown["figures"]["matrix"],
        json!({
            "allow": { "allow": 5, "deny": 4, "failure": 1, "unknown": 1 },
            "deny": { "allow": 1 },
        }),
        "{shown}"
    );
    assert_eq!(shown["figures"]["unknownReasons"], json!({ "diverged": 1 }));
    assert_eq!(rows(&site, &id, "").len(), 12);
    let denied = rows(&site, &id, "?kind=now_denied&limit=3");
    assert_eq!((denied.len(), &denied[0]["code"]), (3, &json!("free_mail")));
    let after = format!("?kind=now_denied&after={}", denied[2]["id"].as_str().unwrap());
    let rest = rows(&site, &id, &after);
    let ids: BTreeSet<&str> = denied
        .iter()
        .chain(&rest)
        .map(|row| row["invocation"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 4);
    let failed = rows(&site, &id, "?kind=new_failure");
    assert_eq!(
        (&failed[0]["error"]["file"], &failed[0]["error"]["line"]),
        (&json!("gate.ts"), &json!(4)),
        "{failed:?}"
    );
    let unknown = rows(&site, &id, "?from=allow&to=unknown");
    assert_eq!(
        (unknown.len(), &unknown[0]["divergesAt"], &unknown[0]["fuelAfter"]),
        (1, &json!(1), &Value::Null)
    );
    let list = site.admin("GET", BACKTESTS, None).json;
    assert_eq!(list["backtests"].as_array().unwrap().len(), 2);
    assert_eq!(site.admin("DELETE", &format!("{BACKTESTS}/{id}"), None).status, 200);
    assert_eq!(site.admin("GET", &format!("{BACKTESTS}/{id}"), None).status, 404);
}

#[test]
fn a_backtest_is_stopped_half_way_and_only_one_of_a_project_runs() {
    let site = Site::new();
    let project = site.project("a");
    let slow = "let x = 0; for (let i = 0; i < 3e6; i++) x += i; return { patch: { user: { metadata: { x } } } };";
    site.live("a", &[("gate", &hook("beforeSignup", slow))]);
    registered(&site, &project, 30);
    let begun = start(&site, json!({ "hook": "gate" }));
    let id = begun.json["id"].as_str().unwrap().to_owned();
    let second = start(&site, json!({ "hook": "gate" }));
    assert_eq!((second.status, second.code()), (503, "busy"), "{second:?}");
    let stopped = site.admin("POST", &format!("{BACKTESTS}/{id}/stop"), None);
    assert_eq!(
        (stopped.status, &stopped.json["state"]),
        (200, &json!("stopped")),
        "{stopped:?}"
    );
    assert!(
        stopped.json["reason"]
            .as_str()
            .unwrap()
            .starts_with("stopped by admin:")
    );
    let third = until(|| {
        let third = start(&site, json!({ "hook": "gate", "limit": 1 }));
        (third.status == 201).then_some(third)
    });
    assert_eq!(ended(&site, third.json["id"].as_str().unwrap())["done"], 1);
    let shown = site.admin("GET", &format!("{BACKTESTS}/{id}"), None).json;
    assert_eq!(shown["state"], "stopped");
    assert!(shown["done"].as_u64() < Some(30), "{shown}");
}

#[test]
fn a_restart_marks_what_ran_as_stopped() {
    let site = Site::new();
    let project = site.project("a");
    let slow = "let x = 0; for (let i = 0; i < 1e7; i++) x += i; return { patch: { user: { metadata: { x } } } };";
    site.live("a", &[("gate", &hook("beforeSignup", slow))]);
    registered(&site, &project, 20);
    let begun = start(&site, json!({ "hook": "gate" }));
    let id = begun.json["id"].as_str().unwrap().to_owned();
    let site = Site::on(site.stop(), &[]);
    site.running().clock().advance_ms(31_000);
    let shown = site.admin("GET", &format!("{BACKTESTS}/{id}"), None).json;
    assert_eq!(
        (&shown["state"], &shown["reason"]),
        (&json!("stopped"), &json!("the server that ran it has ended")),
        "{shown}"
    );
    let again = start(&site, json!({ "hook": "gate", "limit": 1 }));
    assert_eq!(again.status, 201, "{again:?}");
    assert_eq!(ended(&site, again.json["id"].as_str().unwrap())["state"], "done");
}

#[test]
fn what_is_asked_for_must_be_there() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("gate", &hook("beforeSignup", ""))]);
    registered(&site, &project, 3);
    for (body, field) in [
        (json!({}), "hook"),
        (json!({ "hook": "gate", "target": 9 }), "target"),
        (json!({ "hook": "gate", "limit": 10_001 }), "limit"),
        (
            json!({ "hook": "gate", "filter": { "from": "yesterday" } }),
            "filter.from",
        ),
        (json!({ "hook": "gate", "filter": { "user": "x" } }), "filter.user"),
    ] {
        let answer = start(&site, body.clone());
        assert_eq!(
            (answer.status, answer.fields()),
            (422, vec![field]),
            "{body}: {answer:?}"
        );
    }
    assert_eq!(start(&site, json!({ "hook": "nothing" })).status, 404);
    let none = start(&site, json!({ "hook": "gate", "filter": { "outcome": "deny" } }));
    assert_eq!(ended(&site, none.json["id"].as_str().unwrap())["total"], 0);
    assert_eq!(site.admin("GET", &format!("{BACKTESTS}/bkt_x/rows"), None).status, 404);
    let other = site.project("b");
    assert_eq!(site.admin_as(&other.sk, "GET", BACKTESTS, None).status, 404);
    let rows = format!("{BACKTESTS}/{}/rows?kind=better", none.json["id"].as_str().unwrap());
    assert_eq!(site.admin("GET", &rows, None).fields(), ["kind"]);
}

const PRODUCTION: &str = "/projects/a/environments/production";

/// The gate of a plan: its state and what it says.
fn gate(site: &Site, hooks: &Value) -> (String, String) {
    let path = format!("{PRODUCTION}/deployments/plan");
    let plan = site.admin("POST", &path, Some(json!({ "hooks": hooks }))).json;
    let gates = plan["gates"].as_array().unwrap_or_else(|| panic!("{plan}"));
    let gate = gates.iter().find(|gate| gate["name"] == "backtest").unwrap();
    let text = |member: &str| gate[member].as_str().unwrap_or_default().to_owned();
    (text("state"), text("detail"))
}

fn tried(site: &Site, body: Value) {
    let begun = start(site, body);
    assert_eq!(ended(site, begun.json["id"].as_str().unwrap())["state"], "done");
}

fn demand(site: &Site, backtest: Value) -> Answer {
    let path = format!("{PRODUCTION}/settings/gates");
    site.admin("PUT", &path, Some(json!({ "backtest": backtest })))
}

#[test]
fn a_version_needs_the_backtest_that_its_environment_demands() {
    let site = Site::new();
    let project = site.project("a");
    let live = site.live("a", &[("gate", &hook("beforeSignup", LIVE))])[0];
    let next = site.version("a", "gate", &hook("beforeSignup", NEXT));
    let hooks = json!([{ "name": "gate", "number": next }]);
    let deploy = |body: Value| site.admin("POST", &format!("{PRODUCTION}/deployments"), Some(body));
    let says = |state: &str, part: &str| {
        let (found, detail) = gate(&site, &hooks);
        assert!(
            found == state && detail.contains(part),
            "{found}: {detail}, not {state}: {part}"
        );
    };

    // Nothing is demanded, nothing is recorded: the gate says so, and lets everything through.
    says("not_checked", "there is no backtest of version 2 of `gate`");
    assert_eq!(
        gate(&site, &json!([{ "name": "gate", "number": live }])).1,
        "no hook changes its version"
    );
    assert_eq!(
        demand(&site, json!({ "calls": 10 })).json["backtest"],
        json!({ "calls": 10, "mostChangedPercent": 0.0 })
    );
    says("not_checked", "no invocation of `gate` is recorded");
    // Fewer are recorded than are demanded: all of them are.
    registered(&site, &project, 6);
    says(
        "failed",
        "there is no backtest of version 2 of `gate`, and 6 recorded invocations are demanded",
    );
    let refused = deploy(json!({ "hooks": hooks }));
    assert_eq!(refused.code(), "deployment_refused", "{refused:?}");
    assert_eq!(
        refused.json["error"]["details"][0]["field"], "hooks.gate",
        "{refused:?}"
    );

    // One of another version, of some invocations, or of too few, is none.
    tried(&site, json!({ "hook": "gate", "target": live }));
    tried(
        &site,
        json!({ "hook": "gate", "target": next, "filter": { "outcome": "allow" } }),
    );
    says("failed", "there is no backtest of version 2");
    tried(&site, json!({ "hook": "gate", "target": next, "limit": 4 }));
    says("failed", "was tried on 4 recorded invocations of 6");
    // Of 6 calls, user0 is let in, user1 fails, user2 and user5 have free mail; nothing can be said of user3.
    tried(&site, json!({ "hook": "gate", "target": next }));
    says(
        "failed",
        "decides 4 of 5 recorded invocations otherwise (80.0 %), 1 of them with a failure; nothing can be said of 1 more, and at most 0 %",
    );
    demand(&site, json!({ "calls": 10, "mostChangedPercent": 79.9 }));
    says("failed", "at most 79.9 % are let through");

    let canary = json!({ "kind": "canary", "version": next, "share": 5, "until": later(&site, 3_600_000) });
    let started = site.admin("PUT", &format!("{PRODUCTION}/hooks/gate/rollout"), Some(canary));
    assert_eq!(started.code(), "deployment_refused", "{started:?}");
    let forced = deploy(json!({ "hooks": hooks, "force": { "reason": "known" } }));
    assert_eq!(forced.status, 201, "{forced:?}");
    let audit = site.admin("GET", &format!("{PRODUCTION}/audit?limit=1"), None).json;
    assert_eq!(
        audit["audit"][0]["data"]["forced"]["gates"],
        json!(["backtest"]),
        "{audit}"
    );

    // Let through, also by what is demanded no longer; both are said.
    site.live("a", &[("gate", &hook("beforeSignup", LIVE))]);
    demand(&site, json!({ "calls": 10, "mostChangedPercent": 80 }));
    says("passed", "decides 4 of 5");
    demand(&site, Value::Null);
    says("passed", "decides 4 of 5");
    assert_eq!(deploy(json!({ "hooks": hooks })).status, 201);
    for (bad, field) in [
        (json!({}), "backtest.calls"),
        (json!({ "calls": 0 }), "backtest.calls"),
        (json!({ "calls": 1001 }), "backtest.calls"),
        (
            json!({ "calls": 5, "mostChangedPercent": 101 }),
            "backtest.mostChangedPercent",
        ),
        (json!({ "calls": 5, "most": 1 }), "backtest.most"),
    ] {
        let refused = demand(&site, bad);
        assert_eq!(refused.json["error"]["details"][0]["field"], field, "{refused:?}");
    }
}
