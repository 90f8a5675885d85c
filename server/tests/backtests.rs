//! Backtests: what a version would have decided on what was recorded.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
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
