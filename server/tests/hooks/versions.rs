//! Versions go live and back while requests run.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::change_rows;
use crate::{
    bundles::hook,
    site::{self, PASSWORD, Site},
};

/// Two hooks that each leave their version's mark: a request that sees two different marks saw half a deployment.
fn marking(mark: &str) -> (String, String) {
    let body = |field: &str| format!("return {{ patch: {{ user: {{ metadata: {{ {field}: '{mark}' }} }} }} }};");
    (hook("beforeSignup", &body("one")), hook("beforeSignup", &body("two")))
}

fn mark(site: &Site, pk: &str, email: &str) -> String {
    let answer = site.registered(pk, email);
    let metadata = &answer.json["user"]["metadata"];
    assert_eq!(
        metadata["one"], metadata["two"],
        "half of one deployment, half of another"
    );
    metadata["one"].as_str().unwrap_or("none").to_owned()
}

#[test]
fn a_deployment_is_live_at_once_and_as_a_whole_while_requests_run() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let numbers: Vec<(u64, u64)> = ["v1", "v2"]
        .iter()
        .map(|name| {
            let (one, two) = marking(name);
            (site.version("a", "one", &one), site.version("a", "two", &two))
        })
        .collect();
    let deploy = |(one, two): (u64, u64)| {
        let lines = json!([{ "name": "one", "number": one }, { "name": "two", "number": two }]);
        assert_eq!(site.deploy("a", lines).status, 201);
    };
    deploy(numbers[0]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..3)
            .map(|worker| {
                let (site, pk, over) = (&site, &pk, &over);
                scope.spawn(move || {
                    let mut count = 0;
                    while !over.load(Ordering::Relaxed) {
                        mark(site, pk, &format!("w{worker}.{count}@example.com"));
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        for round in 0..20 {
            let version = round % 2;
            deploy(numbers[version]);
            let seen = mark(&site, &pk, &format!("r{round}@example.com"));
            assert_eq!(
                seen,
                ["v1", "v2"][version],
                "a request after the answer runs the new version"
            );
        }
        over.store(true, Ordering::Relaxed);
        let counts: Vec<i32> = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
        assert!(counts.iter().all(|count| *count > 5), "{counts:?}");
    });
}

#[test]
fn a_rollback_is_a_deployment_that_points_back() {
    let site = Site::new();
    let pk = site.project("a").pk;
    for name in ["v1", "v2"] {
        let (one, two) = marking(name);
        site.live("a", &[("one", &one), ("two", &two)]);
        assert_eq!(mark(&site, &pk, &format!("{name}@example.com")), name);
    }
    let back = json!([{ "name": "one", "number": 1 }, { "name": "two", "number": 1 }]);
    let answer = site.deploy("a", back);
    assert_eq!(answer.json["number"], 3);
    assert_eq!(mark(&site, &pk, "back@example.com"), "v1");

    let site = Site::on(site.stop(), &[]);
    assert_eq!(
        mark(&site, &pk, "restarted@example.com"),
        "v1",
        "a restart brings back what was live"
    );
    let live = site.admin("GET", "/projects/a/environments/production/hooks", None);
    assert_eq!(
        (&live.json["number"], &live.json["points"]["beforeSignup"][0]["number"]),
        (&json!(3), &json!(1))
    );
}

#[test]
fn the_same_bytes_are_the_same_version() {
    let site = Site::new();
    site.project("a");
    let (one, two) = marking("v1");
    assert_eq!(site.version("a", "one", &one), 1);
    assert_eq!(site.version("a", "one", &two), 2);
    assert_eq!(site.version("a", "one", &one), 1);
    assert_eq!(site.version("a", "other", &one), 1, "numbers are counted per hook");
    let listed = site.admin("GET", "/projects/a/hooks/one/versions", None);
    assert_eq!(listed.json["versions"].as_array().unwrap().len(), 2);
}

#[test]
fn a_hook_that_no_longer_loads_fails_its_own_calls_only() {
    let site = Site::new();
    let pk = site.project("a").pk;
    site.registered(&pk, "ada@example.com");
    site.live(
        "a",
        &[("gate", &hook("beforeSignup", "")), ("after", &hook("afterLogin", ""))],
    );
    let data = site.stop();
    // A server that does not have the JS engine of the bundles, nor ever had it.
    const FORGET: &str = "DELETE FROM engines";
    if !change_rows(&data, FORGET, &[FORGET]) {
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let site = Site::with_runtime(data, &[], site::runtime_with(cache.path(), &[]));
    let signup = site.register(&pk, json!({ "email": "ada@example.com", "password": PASSWORD }));
    assert_eq!((signup.status, signup.code()), (503, "hook_unavailable"));
    assert_eq!(site.get("/readyz").status, 200, "the server itself is well");
    assert_eq!(
        site.login(&pk, "ada@example.com", PASSWORD).status,
        200,
        "open at this point"
    );
    let live = site.admin("GET", "/projects/a/environments/production/hooks", None);
    let problem = live.json["hooks"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("JS engine"), "{problem}");
}
