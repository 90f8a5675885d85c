//! `/readyz`: which service is missing, and nothing of where it is.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    services::{Gate, Postgres, Rabbit, Redis},
    site::{Site, until},
};

/// Status and what is said of each service.
fn ready(site: &Site) -> (u16, Value) {
    let answer = site.get("/readyz");
    let expected = if answer.status == 200 { "ready" } else { "not_ready" };
    assert_eq!(answer.json["status"], expected, "{answer:?}");
    (answer.status, answer.json["checks"].clone())
}

#[test]
fn without_other_services_there_are_the_databases() {
    let site = Site::new();
    let both = json!({ "database": { "ok": true }, "tenant_database": { "ok": true } });
    assert_eq!(ready(&site), (200, both));
}

#[test]
fn a_redis_that_is_nowhere_is_named_without_its_address() {
    let url = "redis://user:hunter2@127.0.0.1:1/0";
    let site = Site::with(&[("AEROCALL_REDIS_URL", url)]);
    let began = Instant::now();
    let answer = site.get("/readyz");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    let expected = json!({
        "status": "not_ready",
        "checks": {
            "database": { "ok": true },
            "tenant_database": { "ok": true },
            "cache": { "ok": false, "problem": "does not respond" },
        },
    });
    assert_eq!((answer.status, answer.json), (503, expected));
}

#[test]
fn a_balancer_names_what_it_can_do_without() {
    let site = Site::with(&[("AEROCALL_REDIS_URL", "redis://127.0.0.1:1/0")]);
    let others = json!({ "database": { "ok": true }, "tenant_database": { "ok": true } });
    for query in ["exclude=cache", "exclude=cache,broker", "exclude=broker,cache,cache"] {
        let answer = site.get(&format!("/readyz?{query}"));
        let expected = json!({ "status": "ready", "checks": others });
        assert_eq!((answer.status, answer.json), (200, expected), "{query}");
    }
    assert_eq!(
        site.get("/readyz?exclude=broker").status,
        503,
        "the cache is still wanted"
    );
    for (query, field) in [
        ("exclude=redis", "exclude"),
        ("exclude=", "exclude"),
        ("without=cache", "without"),
    ] {
        let answer = site.get(&format!("/readyz?{query}"));
        assert_eq!(
            (answer.status, &answer.json["error"]["code"]),
            (422, &json!("invalid_input")),
            "{query}"
        );
        assert_eq!(answer.json["error"]["details"][0]["field"], field);
    }
}

#[test]
fn an_answer_is_given_again_for_a_second() {
    let Some(redis) = Redis::new() else { return };
    let gate = Gate::before(Redis::ADDRESS);
    let site = Site::with(&redis.env(&gate.address));
    // The quickest of some: a machine that is busy takes longer than the second.
    let again = (0..5).any(|_| {
        until(|| (ready(&site).0 == 200).then_some(()));
        std::thread::sleep(Duration::from_millis(1_050));
        assert_eq!(ready(&site).0, 200);
        gate.shut();
        let again = ready(&site).0 == 200;
        until(|| (ready(&site).0 == 503).then_some(()));
        gate.open();
        again
    });
    assert!(again);
}

#[test]
fn a_service_that_hangs_keeps_no_probe_waiting_and_is_named() {
    let Some(redis) = Redis::new() else { return };
    let gate = Gate::before(Redis::ADDRESS);
    let site = Site::with(&redis.env(&gate.address));
    until(|| (ready(&site).0 == 200).then_some(()));
    gate.hold();
    // The report is kept for a second. Whoever waits for the service waits for up to two.
    std::thread::sleep(Duration::from_millis(1_050));
    let began = Instant::now();
    assert_eq!(ready(&site).0, 200, "what was known a moment ago");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let (_, checks) = until(|| Some(ready(&site)).filter(|(status, _)| *status == 503));
    assert!(
        checks["cache"]["problem"]
            .as_str()
            .unwrap()
            .starts_with("does not respond"),
        "{checks}"
    );
}

#[test]
fn each_service_that_goes_away_is_named_and_comes_back() {
    let (Some(core), Some(tenants), Some(redis), Some(rabbit)) =
        (Postgres::new(), Postgres::new(), Redis::new(), Rabbit::new())
    else {
        return;
    };
    let services = [Postgres::ADDRESS, Postgres::ADDRESS, Redis::ADDRESS, Rabbit::ADDRESS];
    let [core_gate, tenant_gate, redis_gate, rabbit_gate] = services.map(Gate::before);
    let (core, tenants) = (core.url(&core_gate.address), tenants.url(&tenant_gate.address));
    let databases = [
        ("AEROCALL_DATABASE_URL", core.as_str()),
        ("AEROCALL_TENANT_DATABASE_URL", tenants.as_str()),
    ];
    let (redis_env, rabbit_env) = (redis.env(&redis_gate.address), rabbit.env(&rabbit_gate.address));
    let site = Site::with(&[&databases[..], &redis_env, &rabbit_env].concat());
    let all = |but: &str| {
        let names = ["database", "tenant_database", "cache", "broker"];
        let checks = names.map(|name| (name.to_owned(), json!({ "ok": name != but })));
        Value::Object(checks.into_iter().collect())
    };
    // What is said of one that is away depends on when it is asked.
    let ready = |site: &Site| {
        let (status, mut checks) = ready(site);
        for (_, check) in checks.as_object_mut().unwrap() {
            let problem = check.as_object_mut().unwrap().remove("problem");
            assert_eq!(problem.is_some(), check["ok"] == false, "{check}");
        }
        (status, checks)
    };
    until(|| (ready(&site) == (200, all(""))).then_some(()));
    let gates = [
        ("database", &core_gate),
        ("tenant_database", &tenant_gate),
        ("cache", &redis_gate),
        ("broker", &rabbit_gate),
    ];
    for (name, gate) in gates {
        gate.shut();
        until(|| (ready(&site) == (503, all(name))).then_some(()));
        gate.open();
        until(|| (ready(&site) == (200, all(""))).then_some(()));
    }
}
