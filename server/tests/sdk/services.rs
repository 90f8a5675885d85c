//! The SDK over Redis and RabbitMQ, while they are there and while they are not.

use serde_json::json;

use super::queue::{QUICK, jobs};
use crate::{
    bundles::hook,
    services::{Gate, Rabbit, Redis},
    site::{PASSWORD, Project, Site, until},
};

/// The message of a denial at sign-up.
fn reported(site: &Site, project: &Project, email: &str) -> String {
    let answer = site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
    answer.json["error"]["message"].as_str().unwrap_or_default().to_owned()
}

const CACHE: &str = "
    const { cache } = Aerocall;
    const first = await cache.increment('n', 5, { ttl: 100 });
    const second = await cache.increment('n', -2);
    await cache.set('k', { a: [1, 'ü'] }, { ttl: 100 });
    const fresh = [await cache.setIfAbsent('k', 1), await cache.setIfAbsent('f', 1)];
    const gone = [await cache.delete('f'), await cache.delete('f'), await cache.get('f')];
    let code; try { await cache.increment('k'); } catch (error) { code = error.code; }
    await cache.set('big', 9007199254740993n.toString());
    throw new Aerocall.Deny(JSON.stringify([first, second, await cache.get('k'), fresh, gone, code]));";

#[test]
fn the_cache_is_the_same_on_redis_and_in_the_process() {
    let expected = json!([5, 3, { "a": [1, "ü"] }, [false, true], [true, false, null], "conflict"]).to_string();
    let probe = hook("beforeSignup", CACHE);
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("probe", &probe)]);
    assert_eq!(reported(&site, &project, "1@work.example"), expected);
    let Some(redis) = Redis::new() else { return };
    let site = Site::with(&redis.env(Redis::ADDRESS));
    let project = site.project("a");
    site.live("a", &[("probe", &probe)]);
    assert_eq!(reported(&site, &project, "1@work.example"), expected);
    // What the project has there, and how much that is.
    let parts = [":cache:a/production:", ":cache-sizes:a", ":cache-ends:a"];
    assert!(
        redis
            .keys()
            .iter()
            .all(|key| parts.iter().any(|part| key.contains(part))),
        "{:?}",
        redis.keys()
    );
    let other = site.project("b");
    let peek = "throw new Aerocall.Deny(JSON.stringify([await Aerocall.cache.get('k'), await Aerocall.cache.get('../a/production:k'), await Aerocall.cache.delete('n')]));";
    site.live("b", &[("probe", &hook("beforeSignup", peek))]);
    assert_eq!(reported(&site, &other, "1@work.example"), "[null,null,false]");
}

#[test]
fn a_redis_that_goes_away_is_a_typed_error_and_comes_back_by_itself() {
    let Some(redis) = Redis::new() else { return };
    let gate = Gate::before(Redis::ADDRESS);
    let site = Site::with(&redis.env(&gate.address));
    let project = site.project("a");
    let body = "try { await Aerocall.cache.increment('n'); } catch (error) { throw new Aerocall.Deny(`${error.code} ${error.retryable}`); } throw new Aerocall.Deny('counted');";
    site.live("a", &[("probe", &hook("beforeSignup", body))]);
    assert_eq!(reported(&site, &project, "1@work.example"), "counted");
    gate.shut();
    assert_eq!(reported(&site, &project, "2@work.example"), "backend_unavailable true");
    gate.open();
    until(|| (reported(&site, &project, "3@work.example") == "counted").then_some(()));
    // Whoever does not catch it has the failure policy of the hook applied: closed before a sign-up.
    site.live(
        "a",
        &[("probe", &hook("beforeSignup", "await Aerocall.cache.increment('n');"))],
    );
    gate.shut();
    let answer = site.register(&project.pk, json!({ "email": "4@work.example", "password": PASSWORD }));
    assert_eq!((answer.status, answer.code()), (502, "hook_failed"));
}

#[test]
fn a_broker_that_goes_away_loses_no_job() {
    let Some(rabbit) = Rabbit::new() else { return };
    let gate = Gate::before(Rabbit::ADDRESS);
    let env = rabbit.env(&gate.address);
    let site = Site::with(&[&QUICK[..], &env].concat());
    let project = site.project("a");
    let producer = hook("afterSignup", "await Aerocall.Queue.enqueue('q', payload.user.email);");
    let consumer =
        "export const on = { 'queue.q': async (c: any, job: any, A: any) => { await A.cache.increment(job.data); } };";
    site.live("a", &[("producer", &producer), ("consumer", consumer)]);
    let all = 30;
    for n in 0..all {
        match n {
            10 => gate.shut(),
            20 => gate.open(),
            _ => {}
        }
        site.registered(&project.pk, &format!("{n}@work.example"));
    }
    until(|| (jobs(&site, &project, "?state=done&limit=200").len() == all).then_some(()));
}

#[test]
fn a_forged_message_runs_nothing() {
    let Some(rabbit) = Rabbit::new() else { return };
    let env = rabbit.env(Rabbit::ADDRESS);
    let site = Site::with(&[&QUICK[..], &env].concat());
    let [a, b] = ["a", "b"].map(|id| site.project(id));
    let producer = hook(
        "afterSignup",
        "await Aerocall.Queue.enqueue('q', 1, { delaySeconds: 600 });",
    );
    let consumer = "export const on = { 'queue.q': async () => {} };";
    for id in ["a", "b"] {
        site.live(id, &[("producer", &producer), ("consumer", consumer)]);
        let now = hook("afterSignup", "await Aerocall.Queue.enqueue('now', 1);");
        site.live(
            id,
            &[
                ("now", &now),
                ("producer", &producer),
                ("consumer", "export const on = { 'queue.now': async () => {} };"),
            ],
        );
    }
    // Both queues exist once a job went through them.
    for project in [&a, &b] {
        site.registered(&project.pk, "jane@work.example");
        until(|| (!jobs(&site, project, "?state=done").is_empty()).then_some(()));
    }
    let theirs = jobs(&site, &b, "?queue=q")[0]["id"].as_str().unwrap().to_owned();
    for message in [
        json!({ "job": theirs, "project": "a", "environment": "production" }).to_string(),
        json!({ "job": theirs, "project": "b", "environment": "production" }).to_string(),
        json!({ "job": theirs, "project": "../b", "environment": "production" }).to_string(),
        json!({ "job": theirs, "project": "b", "environment": "production", "attempts": 0 }).to_string(),
        "not json".to_owned(),
        String::new(),
    ] {
        rabbit.forge("a", &message);
    }
    // A job that comes after them is run: they were read, and did nothing.
    site.registered(&a.pk, "joe@work.example");
    until(|| (jobs(&site, &a, "?state=done").len() == 2).then_some(()));
    assert_eq!(
        jobs(&site, &b, "?queue=q")[0]["state"],
        "waiting",
        "its time has not come, whoever asks"
    );
}
