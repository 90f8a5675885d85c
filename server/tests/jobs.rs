//! Queues and schedules as admins look after them: dead jobs put back all at once, jobs deleted, schedules run by hand.

use serde_json::{Value, json};

use crate::{
    people::person,
    sdk::queue::{QUICK, jobs},
    site::{Project, Site, until},
};

const ENVIRONMENT: &str = "/projects/shop/environments/production";

/// Signing up enqueues a message; its consumer fails until somebody has logged in.
fn broken(site: &Site) -> Project {
    let project = site.project("shop");
    let enqueue = crate::bundles::hook(
        "afterSignup",
        "await Aerocall.Queue.enqueue('welcome', { to: payload.user.email });",
    );
    let mend = crate::bundles::hook("beforeLogin", "await Aerocall.cache.set('mended', true);");
    let consumer = "export const on = { 'queue.welcome': async (c: any, j: any, A: any) => {
        if (await A.cache.get('mended') === null) throw new A.Deny('not yet'); } };";
    site.live(
        "shop",
        &[("enqueue", &enqueue), ("mend", &mend), ("consumer", consumer)],
    );
    project
}

fn in_state(site: &Site, project: &Project, state: &str, count: usize) -> Vec<Value> {
    until(|| Some(jobs(site, project, &format!("?state={state}"))).filter(|jobs| jobs.len() == count))
}

#[test]
fn dead_jobs_of_a_queue_are_put_back_together() {
    let site = Site::with(&QUICK);
    let project = broken(&site);
    for name in ["a", "b", "c"] {
        site.registered(&project.pk, &format!("{name}@work.example"));
    }
    in_state(&site, &project, "dead", 3);
    let queues = site.admin("GET", &format!("{ENVIRONMENT}/queues"), None);
    let queue = &queues.json["queues"][0];
    assert_eq!(
        (&queue["name"], &queue["dead"], &queue["oldestWaitingAt"]),
        (&json!("welcome"), &json!(3), &Value::Null)
    );
    assert_eq!(
        queue["consumer"],
        json!({ "hook": "consumer", "version": 1, "state": "enabled" })
    );

    let failing = |scopes: &[&str]| {
        let token = json!({ "name": "reader", "scopes": scopes });
        let token = site.admin("POST", "/projects/shop/tokens", Some(token)).json;
        let token = token["token"].as_str().unwrap();
        let path = format!("{ENVIRONMENT}/background-failures");
        site.admin_as(token, "GET", &path, None).json
    };
    assert_eq!(
        failing(&["data:read"]),
        json!({ "queues": queues.json["queues"], "webhooks": [] })
    );
    assert_eq!(failing(&["settings:read"]), json!({ "queues": [], "webhooks": [] }));

    let requeue =
        |queue: &str, body: Value| site.admin("POST", &format!("{ENVIRONMENT}/queues/{queue}/requeue"), Some(body));
    assert_eq!(requeue("welcome", json!({ "state": "done" })).fields(), ["state"]);
    assert_eq!(
        requeue("welcome", json!({ "state": "dead", "before": "x" })).fields(),
        ["before"]
    );
    let none = requeue("welcome", json!({ "state": "dead", "before": "2001-01-01T00:00:00Z" }));
    assert_eq!(none.json, json!({ "requeued": 0, "hasMore": false }));
    assert_eq!(requeue("other", json!({ "state": "dead" })).json["requeued"], 0);
    let eve = person(&site, "eve", Some(("shop", "viewer")));
    let refused = eve.post(
        &format!("{ENVIRONMENT}/queues/welcome/requeue"),
        json!({ "state": "dead" }),
    );
    assert_eq!(refused.code(), "forbidden");

    site.login(&project.pk, "a@work.example", crate::site::PASSWORD);
    let requeued = requeue("welcome", json!({ "state": "dead" }));
    assert_eq!(
        (requeued.status, &requeued.json),
        (200, &json!({ "requeued": 3, "hasMore": false }))
    );
    in_state(&site, &project, "done", 3);
    assert_eq!(
        failing(&["data:read"])["queues"],
        json!([]),
        "nothing waits for an admin"
    );
    let lines = site.admin("GET", &format!("{ENVIRONMENT}/audit?action=queue.requeued"), None);
    assert_eq!(lines.json["audit"].as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &lines.json["audit"][0]["target"],
            &lines.json["audit"][0]["data"]["jobs"]
        ),
        (&json!("welcome"), &json!(3))
    );
}

#[test]
fn dead_jobs_of_an_event_are_put_back_by_the_name_of_their_queue() {
    let site = Site::with(&QUICK);
    let project = site.project("shop");
    let consumer =
        "export const on = { 'auth.signup': async (c: any, e: any, A: any) => { throw new A.Deny('no'); } };";
    site.live("shop", &[("greet", consumer)]);
    site.registered(&project.pk, "ada@work.example");
    in_state(&site, &project, "dead", 1);
    let queues = site.admin("GET", &format!("{ENVIRONMENT}/queues"), None);
    assert_eq!(queues.json["queues"][0]["name"], "auth.signup/greet");
    assert_eq!(queues.json["queues"][0]["consumer"]["hook"], "greet");
    let path = format!("{ENVIRONMENT}/queues/auth.signup%2Fgreet/requeue");
    let requeued = site.admin("POST", &path, Some(json!({ "state": "dead" })));
    assert_eq!(requeued.json["requeued"], 1, "{requeued:?}");
}

#[test]
fn a_job_is_deleted_unless_it_runs() {
    let site = Site::with(&QUICK);
    let project = broken(&site);
    site.registered(&project.pk, "ada@work.example");
    let dead = in_state(&site, &project, "dead", 1);
    let path = format!("{ENVIRONMENT}/jobs/{}", dead[0]["id"].as_str().unwrap());
    let eve = person(&site, "eve", Some(("shop", "viewer")));
    assert_eq!(eve.delete(&path).code(), "forbidden");
    let other = site.project("other");
    let theirs = path.replace("shop", &other.id);
    assert_eq!(site.admin("DELETE", &theirs, None).status, 404);
    let deleted = site.admin("DELETE", &path, None);
    assert_eq!((deleted.status, &deleted.json["deleted"]), (200, &dead[0]["id"]));
    assert_eq!(site.admin("DELETE", &path, None).status, 404);
    assert_eq!(site.admin("GET", &path, None).status, 404);
    let lines = site.admin("GET", &format!("{ENVIRONMENT}/audit?action=job.deleted"), None);
    assert_eq!(
        lines.json["audit"][0]["data"],
        json!({ "queue": "welcome", "state": "dead" })
    );
}

#[test]
fn a_running_job_is_not_deleted() {
    let site = Site::with(&QUICK);
    let project = site.project("shop");
    let enqueue = crate::bundles::hook("afterSignup", "await Aerocall.Queue.enqueue('slow', {});");
    // Calculates between its questions, so that neither calls nor fuel run out before it is asked to end.
    let consumer = "export const config = { limits: { deadlineMs: 10000, fuel: 20000000000 } };
        export const on = { 'queue.slow': async (c: any, j: any, A: any) => {
            while (await A.cache.get('go') === null) for (let i = 0; i < 300000; i += 1);
        } };";
    let go = crate::bundles::hook("beforeLogin", "await Aerocall.cache.set('go', true);");
    site.live("shop", &[("enqueue", &enqueue), ("consumer", consumer), ("go", &go)]);
    site.registered(&project.pk, "ada@work.example");
    let running = in_state(&site, &project, "running", 1);
    let path = format!("{ENVIRONMENT}/jobs/{}", running[0]["id"].as_str().unwrap());
    let refused = site.admin("DELETE", &path, None);
    assert_eq!((refused.status, refused.code()), (409, "job_running"));
    site.login(&project.pk, "ada@work.example", crate::site::PASSWORD);
    site.idle();
}

#[test]
fn schedules_are_listed_and_run_by_hand() {
    let site = Site::with(&QUICK);
    let project = site.project("shop");
    let hook = "export const config = { schedules: { tick: '0 3 * * *', tock: '*/5 * * * *' } };
        export const on = {
            'cron.tick': async (c: any, e: any, A: any) => { await A.cache.set('seen', e); },
            'cron.tock': async () => {},
        };";
    site.live("shop", &[("clock", hook)]);
    let schedules = || site.admin("GET", &format!("{ENVIRONMENT}/schedules"), None);
    let listed = schedules();
    assert_eq!(listed.status, 200, "{listed:?}");
    let tick = &listed.json["schedules"][0];
    assert_eq!(
        (&tick["hook"], &tick["name"], &tick["pattern"]),
        (&json!("clock"), &json!("tick"), &json!("0 3 * * *"))
    );
    assert_eq!((&tick["state"], &tick["lastRun"]), (&json!("enabled"), &Value::Null));
    let next: Vec<&str> = tick["nextAt"]
        .as_array()
        .unwrap()
        .iter()
        .map(|at| at.as_str().unwrap())
        .collect();
    assert_eq!(next.len(), 3);
    assert!(
        next.is_sorted() && next.iter().all(|at| at.ends_with("T03:00:00.000Z")),
        "{next:?}"
    );

    let run = |path: &str| site.admin("POST", &format!("{ENVIRONMENT}/schedules/{path}/run"), None);
    assert_eq!(run("clock/none").status, 404);
    assert_eq!(run("none/tick").status, 404);
    let eve = person(&site, "eve", Some(("shop", "viewer")));
    assert_eq!(eve.get(&format!("{ENVIRONMENT}/schedules")).status, 200);
    assert_eq!(
        eve.post(&format!("{ENVIRONMENT}/schedules/clock/tick/run"), json!({}))
            .code(),
        "forbidden"
    );
    let first = run("clock/tick");
    assert_eq!(
        (first.status, &first.json["queue"]),
        (202, &json!("cron.tick/clock")),
        "{first:?}"
    );
    assert!(
        first.json["message"]["actor"].as_str().unwrap().starts_with("admin:"),
        "{first:?}"
    );
    let second = run("clock/tick");
    assert_ne!(first.json["id"], second.json["id"], "two runs are two jobs");
    site.idle();
    site.recorded();
    let listed = schedules();
    let last = &listed.json["schedules"][0]["lastRun"];
    assert_eq!(
        (&last["job"], &last["state"]),
        (&second.json["id"], &json!("done")),
        "{last}"
    );
    assert!(last["invocation"].as_str().unwrap().starts_with("inv_"), "{last}");
    let lines = site.admin("GET", &format!("{ENVIRONMENT}/audit?action=schedule.run"), None);
    assert_eq!(lines.json["audit"][0]["target"], "clock/tick");
    assert_eq!(jobs(&site, &project, "?queue=cron.tick/clock").len(), 2);

    let disabled = site.admin(
        "PATCH",
        &format!("{ENVIRONMENT}/hooks/clock"),
        Some(json!({ "enabled": false })),
    );
    assert_eq!(disabled.status, 200, "{disabled:?}");
    assert_eq!(run("clock/tick").code(), "hook_disabled");
    assert_eq!(schedules().json["schedules"][0]["nextAt"], json!([]));
}
