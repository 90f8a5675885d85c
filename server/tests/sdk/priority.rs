//! What is more urgent comes first, whatever came before it.

use serde_json::{Value, json};

use super::queue::{QUICK, jobs};
use crate::{
    bundles::hook,
    site::{Project, Site, until},
};

/// One job of a project at a time, so that an order can be seen.
fn one_at_a_time() -> Vec<(&'static str, &'static str)> {
    [&QUICK[..], &[("AEROCALL_QUEUE_CONCURRENT_JOBS_PER_PROJECT", "1")]].concat()
}

/// A consumer that notes what it gets, and one that keeps the project's one place for a while.
const CONSUMER: &str = "
    const note = async (A: any, name: string) => A.cache.set('seen', [...(await A.cache.get('seen') ?? []), name]);
    export const config = { priority: { 'queue.urgent': 'high', 'queue.report': 'low' } };
    export const on = {
      'queue.plug': () => new Promise((done) => setTimeout(done, 1500)),
      'queue.urgent': (_c: any, job: any, A: any) => note(A, 'urgent' + job.data),
      'queue.usual': (_c: any, job: any, A: any) => note(A, 'usual' + job.data),
      'queue.report': (_c: any, job: any, A: any) => note(A, 'report' + job.data),
    };";
/// Two messages to the queue that the address names.
const PRODUCER: &str = "
    const queue = payload.user.email.split('@')[0];
    for (const n of [1, 2]) await Aerocall.Queue.enqueue(queue, n, { idempotencyKey: queue === 'plug' ? 'one' : undefined });";

fn finished(site: &Site, project: &Project, count: usize) {
    until(|| (jobs(site, project, "?limit=200&state=done").len() == count).then_some(()));
}

fn seen(site: &Site, project: &Project) -> Value {
    let probe = "throw new Aerocall.Deny(JSON.stringify(await Aerocall.cache.get('seen')));";
    site.live("shop", &[("probe", &hook("beforeSignup", probe))]);
    let answer = site.register(
        &project.pk,
        json!({ "email": "x@work.example", "password": crate::site::PASSWORD }),
    );
    serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap()
}

fn the_most_urgent_first(site: &Site) {
    let project = site.project("shop");
    site.live(
        "shop",
        &[("consumer", CONSUMER), ("producer", &hook("afterSignup", PRODUCER))],
    );
    site.registered(&project.pk, "plug@work.example");
    until(|| (jobs(site, &project, "?state=running").len() == 1).then_some(()));
    for queue in ["report", "usual", "urgent"] {
        site.registered(&project.pk, &format!("{queue}@work.example"));
    }
    finished(site, &project, 7);
    let of = |queue: &str| jobs(site, &project, &format!("?queue={queue}"))[0]["priority"].clone();
    assert_eq!(
        [of("urgent"), of("usual"), of("report")],
        [json!("high"), json!("normal"), json!("low")]
    );
    assert_eq!(
        seen(site, &project),
        json!(["urgent1", "urgent2", "usual1", "usual2", "report1", "report2"])
    );
}

#[test]
fn the_most_urgent_first_from_the_database() {
    the_most_urgent_first(&Site::with(&one_at_a_time()));
}

#[test]
fn the_most_urgent_first_over_rabbitmq() {
    crate::services::with_rabbitmq(&one_at_a_time(), |site| {
        // The broker is there before the first job.
        until(|| (site.get("/readyz").status == 200).then_some(()));
        the_most_urgent_first(site);
    });
}

#[test]
fn a_code_that_somebody_waits_for_is_urgent_without_a_word() {
    let site = Site::with(&QUICK);
    let project = site.project("shop");
    let consumer = "export const on = { 'auth.otp.send': () => {}, 'auth.signup': () => {} };";
    site.live("shop", &[("consumer", consumer)]);
    site.registered(&project.pk, "jane@work.example");
    site.post(
        "/auth/otp/send",
        &project.pk,
        json!({ "channel": "email", "email": "jane@work.example" }),
    );
    finished(&site, &project, 2);
    let mut of: Vec<(Value, Value)> = jobs(&site, &project, "")
        .iter()
        .map(|job| (job["queue"].clone(), job["priority"].clone()))
        .collect();
    of.sort_by_key(|(queue, _)| queue.to_string());
    let expected = [("auth.otp.send/consumer", "high"), ("auth.signup/consumer", "normal")];
    assert_eq!(of, expected.map(|(queue, priority)| (json!(queue), json!(priority))));
}
