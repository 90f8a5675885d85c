//! How a rollout ends: by its time, by a stop, by a deployment; on every node, and over a restart.

use serde_json::json;

use super::{ENVIRONMENT, HOUR_MS, ROLLOUT, audit, begin, canary, mark, marking, shown, signed_up, two};
use crate::{
    nodes::KEY,
    services::Postgres,
    site::{Site, until},
};

fn live_mark(site: &Site, project: &crate::site::Project, n: usize) -> String {
    mark(&signed_up(site, project, &format!("probe{n}@example.com")))
}

#[test]
fn at_its_end_all_calls_are_those_of_the_live_version() {
    let site = Site::new();
    let project = site.project("a");
    let [_, next] = two(&site, "a", &marking("one"), &marking("two"));
    assert_eq!(canary(&site, next, 100.0).status, 201);
    assert_eq!(live_mark(&site, &project, 1), "two");
    site.running().clock().advance_ms(HOUR_MS + 1);
    assert_eq!(live_mark(&site, &project, 2), "one", "at once, whoever has noted it");
    assert_eq!(shown(&site)["state"], "ended");
    let ended = until(|| audit(&site, "rollout.ended").pop());
    assert_eq!(
        (&ended["actor"], &ended["data"]["reason"]),
        (&json!("server"), &json!("its time is over"))
    );
    until(|| {
        let hooks = site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
        hooks["hooks"][0]["rollout"].is_null().then_some(())
    });
    let promoted = site.admin("POST", &format!("{ROLLOUT}/promote"), Some(json!({})));
    assert_eq!(
        (promoted.status, promoted.code()),
        (409, "rollout_over"),
        "{promoted:?}"
    );
    assert_eq!(canary(&site, next, 10.0).status, 201, "another one may begin");
}

#[test]
fn a_stop_is_whole_and_a_deployment_of_another_version_ends_it() {
    let site = Site::new();
    let project = site.project("a");
    let [one, next] = two(&site, "a", &marking("one"), &marking("two"));
    assert_eq!(canary(&site, next, 100.0).status, 201);
    let stopped = site.admin("POST", &format!("{ROLLOUT}/stop"), None);
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
    assert_eq!(live_mark(&site, &project, 1), "one");
    let again = site.admin("POST", &format!("{ROLLOUT}/stop"), None);
    assert_eq!((again.status, audit(&site, "rollout.stopped").len()), (200, 1));

    // The hook stays as it is: so does its rollout.
    assert_eq!(canary(&site, next, 100.0).status, 201);
    let other = site.version("a", "other", &marking("other"));
    let line = |name: &str, number: u64| json!({ "name": name, "number": number });
    let both = json!([line("gate", one), line("other", other)]);
    assert_eq!(site.deploy("a", both).status, 201);
    assert_eq!(shown(&site)["state"], "running");
    let third = site.version("a", "gate", &marking("three"));
    let plan = site.admin(
        "POST",
        &format!("{ENVIRONMENT}/deployments/plan"),
        Some(json!({ "hooks": [line("gate", third)] })),
    );
    let gates = plan.json["gates"].as_array().unwrap();
    let gate = gates.iter().find(|gate| gate["name"] == "rollouts").unwrap();
    assert_eq!(
        (&gate["state"], gate["detail"].as_str().unwrap()),
        (
            &json!("warning"),
            format!("ends the canary of version {next} of `gate`").as_str()
        )
    );
    assert_eq!(site.deploy("a", json!([line("gate", third)])).status, 201);
    let over = shown(&site);
    assert_eq!(
        (&over["state"], &over["reason"]),
        (&json!("replaced"), &json!("deployment 3"))
    );
    assert_eq!(live_mark(&site, &project, 2), "three");
    let deployed = &audit(&site, "deployment.created")[0];
    assert_eq!(deployed["data"]["rollouts"][0]["hook"], "gate", "{deployed}");
}

#[test]
fn a_rollback_a_switch_and_a_deployment_of_the_version_end_it() {
    let site = Site::new();
    let project = site.project("a");
    let [_, next] = two(&site, "a", &marking("one"), &marking("two"));
    let third = site.version("a", "gate", &marking("three"));
    let line = |name: &str, number: u64| json!({ "name": name, "number": number });
    assert_eq!(site.deploy("a", json!([line("gate", third)])).status, 201);
    assert_eq!(canary(&site, next, 100.0).status, 201);
    let back = site.admin(
        "POST",
        &format!("{ENVIRONMENT}/deployments/1/rollback"),
        Some(json!({})),
    );
    assert_eq!(back.status, 201, "{back:?}");
    assert_eq!(
        (live_mark(&site, &project, 3).as_str(), &shown(&site)["state"]),
        ("one", &json!("replaced"))
    );

    assert_eq!(canary(&site, next, 100.0).status, 201);
    let off = site.admin(
        "PATCH",
        &format!("{ENVIRONMENT}/hooks/gate"),
        Some(json!({ "enabled": false })),
    );
    assert_eq!(
        (off.status, &shown(&site)["state"]),
        (200, &json!("replaced")),
        "{off:?}"
    );

    // Somebody deploys the version instead of promoting it.
    let on = site.admin(
        "PATCH",
        &format!("{ENVIRONMENT}/hooks/gate"),
        Some(json!({ "enabled": true })),
    );
    assert_eq!((on.status, canary(&site, next, 5.0).status), (200, 201));
    assert_eq!(site.deploy("a", json!([line("gate", next)])).status, 201);
    assert_eq!(shown(&site)["state"], "promoted");
    let list = site.admin("GET", &format!("{ENVIRONMENT}/rollouts"), None).json;
    assert_eq!(list["rollouts"].as_array().unwrap().len(), 3, "{list}");
    assert_eq!(site.admin("DELETE", ROLLOUT, None).status, 200);
    let list = site.admin("GET", &format!("{ENVIRONMENT}/rollouts"), None).json;
    assert_eq!(list["rollouts"].as_array().unwrap().len(), 2);
}

#[test]
fn a_rollout_outlives_the_server_and_one_that_is_deleted_is_gone() {
    let site = Site::new();
    let project = site.project("a");
    let [_, next] = two(&site, "a", &marking("one"), &marking("two"));
    assert_eq!(canary(&site, next, 100.0).status, 201);
    assert_eq!(live_mark(&site, &project, 1), "two");
    let site = Site::on(site.stop(), &[]);
    assert_eq!(live_mark(&site, &project, 2), "two");
    let calls = &shown(&site)["comparison"]["candidate"]["calls"];
    assert_eq!(calls, 2, "what was counted before is kept");
    assert_eq!(site.admin("DELETE", ROLLOUT, None).status, 200);
    assert_eq!(live_mark(&site, &project, 3), "one");
    assert_eq!(site.admin("GET", ROLLOUT, None).status, 404);
}

#[test]
fn several_hooks_of_a_point_have_rollouts_of_their_own() {
    let site = Site::new();
    let project = site.project("a");
    let field = |name: &str, mark: &str| {
        crate::bundles::hook(
            "beforeSignup",
            &format!("return {{ patch: {{ user: {{ metadata: {{ {name}: '{mark}' }} }} }} }};"),
        )
    };
    site.live(
        "a",
        &[("gate", &field("gate", "one")), ("other", &field("other", "one"))],
    );
    for (name, share) in [("gate", 100), ("other", 50)] {
        let number = site.version("a", name, &field(name, "two"));
        let path = format!("{ENVIRONMENT}/hooks/{name}/rollout");
        let body =
            json!({ "kind": "canary", "version": number, "share": share, "until": super::later(&site, HOUR_MS) });
        assert_eq!(site.admin("PUT", &path, Some(body)).status, 201);
    }
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..30 {
        let answer = signed_up(&site, &project, &format!("user{n}@example.com"));
        let metadata = &answer.json["user"]["metadata"];
        assert_eq!(metadata["gate"], "two", "{answer:?}");
        seen.insert(metadata["other"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 2);
    assert_eq!(site.admin("POST", &format!("{ROLLOUT}/stop"), None).status, 200);
    let list = site.admin("GET", &format!("{ENVIRONMENT}/rollouts"), None).json;
    let states: Vec<_> = list["rollouts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["state"])
        .collect();
    assert_eq!(states, ["running", "stopped"]);
}

/// Two nodes on one database, and what each answers.
fn nodes(url: &str) {
    let node = || {
        let env = [("AEROCALL_DATABASE_URL", url), ("AEROCALL_MASTER_KEY", KEY)];
        Site::on(tempfile::tempdir().unwrap(), &env)
    };
    let [one, other] = [node(), node()];
    let project = one.project("a");
    let [_, next] = two(&one, "a", &marking("one"), &marking("two"));
    let mut n = 0;
    let mut reaches = |site: &Site, wanted: &str| {
        until(|| {
            n += 1;
            let answer = signed_up(site, &project, &format!("n{n}@example.com"));
            // A node that has not heard of the deployment yet runs nothing.
            (answer.json["user"]["metadata"]["mark"] == wanted).then_some(())
        });
    };
    reaches(&other, "one");
    assert_eq!(canary(&one, next, 100.0).status, 201);
    reaches(&one, "two");
    reaches(&other, "two");
    let stopped = other.admin("POST", &format!("{ROLLOUT}/stop"), None);
    assert_eq!(stopped.status, 200, "{stopped:?}");
    reaches(&other, "one");
    reaches(&one, "one");

    // The same side on both, and one sum of what both have counted.
    let half = begin(
        &one,
        "canary",
        next,
        json!({ "share": 50, "stopIf": { "failures": null, "denials": null } }),
    );
    assert_eq!(half.status, 201);
    until(|| {
        let hooks = other.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
        (hooks["hooks"][0]["rollout"]["id"] == half.json["id"]).then_some(())
    });
    for n in 0..20 {
        let email = format!("both{n}@example.com");
        let (site, next) = if n % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let first = mark(&signed_up(site, &project, &email));
        let second = next.login(&project.pk, &email, crate::site::PASSWORD);
        assert_eq!(mark(&second), first);
    }
    until(|| {
        let comparison = &shown(&one)["comparison"];
        let calls = |side: &str| comparison[side]["calls"].as_u64().unwrap();
        (calls("live") + calls("candidate") == 40).then_some(())
    });
}

#[test]
fn two_nodes_on_one_file_see_the_same() {
    let directory = tempfile::tempdir().unwrap();
    nodes(&format!("sqlite://{}/core.db", directory.path().display()));
}

#[test]
fn two_nodes_on_postgresql_see_the_same() {
    let Some(core) = Postgres::new() else { return };
    nodes(&core.url(Postgres::ADDRESS));
}
