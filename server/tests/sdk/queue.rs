//! `Aerocall.Queue`: from a message in a flow to a job that is done, retried, given up or dead, and put back.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, Project, Site, until},
};

/// Retries at once, so that a test sees the end of them.
pub(crate) const QUICK: [(&str, &str); 3] = [
    ("AEROCALL_QUEUE_RETRY_MS", "1"),
    ("AEROCALL_QUEUE_POLL_MS", "20"),
    ("AEROCALL_QUEUE_ATTEMPTS", "3"),
];

/// A producer in `afterSignup` and a consumer, both from bodies of functions.
fn shop(site: &Site, producer: &str, consumer: &str) -> Project {
    let project = site.project("shop");
    let consumer = format!(
        "export const on = {{ 'queue.welcome': async (context: any, job: any, Aerocall: any) => {{ {consumer} }} }};"
    );
    site.live(
        "shop",
        &[("producer", &hook("afterSignup", producer)), ("consumer", &consumer)],
    );
    project
}

pub(crate) fn jobs(site: &Site, project: &Project, query: &str) -> Vec<Value> {
    let path = format!("/projects/{}/environments/production/jobs{query}", project.id);
    let answer = site.admin_as(&project.sk, "GET", &path, None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["jobs"].as_array().unwrap().clone()
}

fn job(site: &Site, project: &Project, id: &str) -> Answer {
    let path = format!("/projects/{}/environments/production/jobs/{id}", project.id);
    site.admin_as(&project.sk, "GET", &path, None)
}

fn in_state(site: &Site, project: &Project, state: &str) -> Vec<Value> {
    until(|| {
        let found = jobs(site, project, &format!("?state={state}"));
        (!found.is_empty()).then_some(found)
    })
}

/// The same tests on every transport.
macro_rules! on_every_carrier {
    ($($test:ident,)*) => {
        mod database {
            $(#[test] fn $test() { super::$test(&super::Site::with(&super::QUICK)); })*
        }
        mod rabbitmq {
            $(#[test] fn $test() { crate::services::with_rabbitmq(&super::QUICK, |site| super::$test(site)); })*
        }
    };
}

on_every_carrier! {
    a_message_of_a_flow_is_handled_by_the_hook_of_its_queue,
    a_job_that_fails_is_retried_then_dead_and_can_be_put_back,
    a_hook_can_give_a_job_up_and_what_it_staged_does_not_happen,
    the_same_key_is_the_same_job,
    a_delayed_job_waits_for_its_time,
    a_consumer_that_feeds_itself_is_stopped,
}

fn a_message_of_a_flow_is_handled_by_the_hook_of_its_queue(site: &Site) {
    let project = shop(
        site,
        "const { id } = await Aerocall.Queue.enqueue('welcome', { to: payload.user.email, n: 1 }); await Aerocall.cache.set('sent', id);",
        "await Aerocall.cache.set('got', { id: job.id, type: job.type, data: job.data, attempt: context.attempt, hook: context.hook, request: context.request === undefined || context.request === null });",
    );
    site.registered(&project.pk, "jane@work.example");
    let done = in_state(site, &project, "done");
    let id = done[0]["id"].as_str().unwrap();
    assert_eq!(
        (&done[0]["queue"], &done[0]["attempts"]),
        (&json!("welcome"), &json!(1))
    );
    let whole = job(site, &project, id);
    assert_eq!(whole.json["message"], json!({ "to": "jane@work.example", "n": 1 }));

    let probe = hook(
        "beforeLogin",
        "throw new Aerocall.Deny(JSON.stringify({ sent: await Aerocall.cache.get('sent'), got: await Aerocall.cache.get('got') }));",
    );
    site.live("shop", &[("probe", &probe)]);
    let reported = site.login(&project.pk, "jane@work.example", crate::site::PASSWORD);
    let reported: Value = serde_json::from_str(reported.json["error"]["message"].as_str().unwrap()).unwrap();
    assert_eq!(reported["sent"], id, "enqueue answers the job's id");
    let expected = json!({ "id": id, "type": "queue.welcome", "data": { "to": "jane@work.example", "n": 1 }, "attempt": 1, "hook": "queue.welcome", "request": true });
    assert_eq!(reported["got"], expected);
}

fn a_job_that_fails_is_retried_then_dead_and_can_be_put_back(site: &Site) {
    let project = shop(
        site,
        "await Aerocall.Queue.enqueue('welcome', {});",
        "if (await Aerocall.cache.get('mended') === null) throw new TypeError('broken on attempt ' + context.attempt);",
    );
    site.registered(&project.pk, "jane@work.example");
    let dead = in_state(site, &project, "dead");
    assert_eq!(dead[0]["attempts"], 3);
    let error = dead[0]["error"].as_str().unwrap();
    assert!(
        error.starts_with("hook_failed: ") && error.contains("broken on attempt 3"),
        "{error}"
    );

    let mend = hook("beforeLogin", "await Aerocall.cache.set('mended', true);");
    let consumer = "export const on = { 'queue.welcome': async (c: any, j: any, A: any) => { if (await A.cache.get('mended') === null) throw new Error('still'); } };";
    site.live("shop", &[("mend", &mend), ("consumer", consumer)]);
    assert_eq!(
        site.login(&project.pk, "jane@work.example", crate::site::PASSWORD)
            .status,
        200
    );
    let path = format!(
        "/projects/shop/environments/production/jobs/{}/requeue",
        dead[0]["id"].as_str().unwrap()
    );
    let requeued = site.admin("POST", &path, None);
    assert_eq!(
        (requeued.status, &requeued.json["attempts"]),
        (200, &json!(0)),
        "{requeued:?}"
    );
    let lines = site.admin(
        "GET",
        "/projects/shop/environments/production/audit?action=job.requeued",
        None,
    );
    assert_eq!(lines.json["audit"].as_array().unwrap().len(), 1, "{lines:?}");
    assert!(path.contains(lines.json["audit"][0]["target"].as_str().unwrap()));
    in_state(site, &project, "done");
    let again = site.admin("POST", &path, None);
    assert_eq!((again.status, again.code()), (409, "job_not_dead"));
    let counts = site.admin("GET", "/projects/shop/environments/production/queues", None);
    let queue = &counts.json["queues"][0];
    assert_eq!(
        (&queue["name"], &queue["consumer"]["hook"]),
        (&json!("welcome"), &json!("consumer"))
    );
    let counted = ["waiting", "running", "done", "dead"].map(|state| queue[state].as_u64().unwrap());
    assert_eq!(counted, [0, 0, 1, 0]);
}

fn a_hook_can_give_a_job_up_and_what_it_staged_does_not_happen(site: &Site) {
    let project = shop(
        site,
        "await Aerocall.Queue.enqueue('welcome', {});",
        "await Aerocall.Queue.enqueue('other', {}); throw new Aerocall.Deny('no such customer');",
    );
    site.registered(&project.pk, "jane@work.example");
    let dead = in_state(site, &project, "dead");
    assert_eq!(dead[0]["attempts"], 1);
    assert!(dead[0]["error"].as_str().unwrap().contains("no such customer"));
    assert_eq!(jobs(site, &project, "?queue=other"), Vec::<Value>::new());
}

fn the_same_key_is_the_same_job(site: &Site) {
    let project = shop(
        site,
        "const first = await Aerocall.Queue.enqueue('welcome', 1, { idempotencyKey: 'once' }); const second = await Aerocall.Queue.enqueue('welcome', 2, { idempotencyKey: 'once' }); if (first.id !== second.id) throw new Error('two jobs');",
        "",
    );
    site.registered(&project.pk, "a@work.example");
    in_state(site, &project, "done");
    site.registered(&project.pk, "b@work.example");
    assert_eq!(jobs(site, &project, "").len(), 1);
}

fn a_delayed_job_waits_for_its_time(site: &Site) {
    let project = shop(
        site,
        "await Aerocall.Queue.enqueue('welcome', {}, { delaySeconds: 3600 });",
        "",
    );
    site.registered(&project.pk, "jane@work.example");
    assert_eq!(in_state(site, &project, "waiting").len(), 1);
    site.running().clock().advance_ms(3_601_000);
    in_state(site, &project, "done");
}

fn a_consumer_that_feeds_itself_is_stopped(site: &Site) {
    let project = shop(
        site,
        "await Aerocall.Queue.enqueue('welcome', {});",
        "await Aerocall.Queue.enqueue('welcome', {});",
    );
    site.registered(&project.pk, "jane@work.example");
    let dead = in_state(site, &project, "dead");
    assert!(
        dead[0]["error"]
            .as_str()
            .unwrap()
            .contains("in a row were enqueued by one another"),
        "{dead:?}"
    );
    assert!(jobs(site, &project, "?limit=200").len() <= 33);
}

#[test]
fn hostile_messages_are_typed_errors() {
    let site = Site::new();
    let project = site.project("a");
    let rows: [(&str, &str, &str); 12] = [
        ("Q.enqueue('', 1)", "invalid_argument", "1 to 64"),
        ("Q.enqueue('../b', 1)", "invalid_argument", "1 to 64"),
        ("Q.enqueue('b\\r\\nc', 1)", "invalid_argument", "1 to 64"),
        ("Q.enqueue('UPPER', 1)", "invalid_argument", "1 to 64"),
        ("Q.enqueue('x'.repeat(65), 1)", "invalid_argument", "1 to 64"),
        ("Q.enqueue('q', undefined)", "invalid_argument", "JSON"),
        ("Q.enqueue('q', 'x'.repeat(300000))", "too_large", "262144 bytes"),
        (
            "Q.enqueue('q', 1, { delaySeconds: -1 })",
            "invalid_argument",
            "delaySeconds",
        ),
        (
            "Q.enqueue('q', 1, { delaySeconds: 604801 })",
            "invalid_argument",
            "delaySeconds",
        ),
        (
            "Q.enqueue('q', 1, { idempotencyKey: '' })",
            "invalid_argument",
            "idempotencyKey",
        ),
        (
            "Q.enqueue('q', 1, { idempotencyKey: 'k'.repeat(201) })",
            "invalid_argument",
            "idempotencyKey",
        ),
        (
            "(async () => { for (let i = 0; i < 51; i++) await Q.enqueue('q', i); })()",
            "limit_exceeded",
            "queueMessages",
        ),
    ];
    for (index, (call, code, words)) in rows.iter().enumerate() {
        let body = format!(
            "const Q = Aerocall.Queue; try {{ await {call}; }} catch (error) {{ throw new Aerocall.Deny(`${{error.code}} ${{error.message}}`); }}"
        );
        site.live("a", &[("probe", &hook("beforeSignup", &body))]);
        let answer = site.register(
            &project.pk,
            json!({ "email": format!("{index}@work.example"), "password": crate::site::PASSWORD }),
        );
        let message = answer.json["error"]["message"].as_str().unwrap_or_default();
        assert!(
            message.starts_with(&format!("{code} ")) && message.contains(words),
            "{call}: {answer:?}"
        );
    }
}

#[test]
fn a_full_queue_refuses_its_own_project_only() {
    let site = Site::with(&[("AEROCALL_QUEUE_WAITING_PER_PROJECT", "2")]);
    let send = "try { await Aerocall.Queue.enqueue('later', 1, { delaySeconds: 600 }); } catch (error) { throw new Aerocall.Deny(`${error.code} ${error.retryable}`); }";
    let projects = ["a", "b"].map(|id| {
        let project = site.project(id);
        site.live(id, &[("probe", &hook("beforeSignup", send))]);
        project
    });
    let sign_up = |project: &Project, n: u32| {
        let body = json!({ "email": format!("{n}@work.example"), "password": crate::site::PASSWORD });
        site.register(&project.pk, body)
    };
    assert_eq!([1, 2].map(|n| sign_up(&projects[0], n).status), [201, 201]);
    let refused = sign_up(&projects[0], 3);
    assert_eq!(refused.json["error"]["message"], "limit_exceeded true", "{refused:?}");
    assert_eq!(sign_up(&projects[1], 1).status, 201);
}

#[test]
fn another_projects_jobs_are_not_there() {
    let site = Site::with(&QUICK);
    let project = shop(&site, "await Aerocall.Queue.enqueue('welcome', {});", "");
    let other = site.project("other");
    site.registered(&project.pk, "jane@work.example");
    let id = in_state(&site, &project, "done")[0]["id"].as_str().unwrap().to_owned();
    let theirs = site.admin_as(&other.sk, "GET", "/projects/shop/environments/production/jobs", None);
    assert_eq!(theirs.status, 404);
    assert_eq!(job(&site, &other, &id).status, 404);
    let bad = [
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?state=gone",
        "?page=1",
        "?limit=1&limit=2",
    ];
    for query in bad {
        let path = format!("/projects/shop/environments/production/jobs{query}");
        let answer = site.admin("GET", &path, None);
        assert_eq!((answer.status, answer.code()), (422, "invalid_input"), "{query}");
    }
}

#[test]
fn a_queue_has_one_consumer() {
    let site = Site::new();
    site.project("a");
    let consumer = "export const on = { 'queue.q': async () => {} };";
    let numbers = ["one", "two"].map(|name| site.version("a", name, consumer));
    let lines = |second: Value| json!([{ "name": "one", "number": numbers[0] }, { "name": "two", "number": numbers[1], "enabled": second }]);
    let refused = site.deploy("a", lines(json!(true)));
    assert_eq!((refused.status, refused.code()), (422, "invalid_input"));
    assert!(refused.json.to_string().contains("both answer queue.q"), "{refused:?}");
    let deployed = site.deploy("a", lines(json!(false)));
    assert_eq!(deployed.status, 201);
    assert_eq!(deployed.json["hooks"][0]["notRun"], json!([]), "queues are run here");
}

/// Nobody waits for the next look at the store: jobs are asked for when one is put there and when there is room again.
#[test]
fn a_queue_is_worked_off_without_waiting() {
    let site = Site::with(&[("AEROCALL_QUEUE_POLL_MS", "60000")]);
    let project = shop(
        &site,
        "for (let n = 0; n < 30; n++) await Aerocall.Queue.enqueue('welcome', n);",
        "",
    );
    site.registered(&project.pk, "jane@work.example");
    until(|| (jobs(&site, &project, "?state=done&limit=200").len() == 30).then_some(()));
}

#[test]
fn a_job_that_runs_when_the_server_stops_is_finished_first() {
    let site = Site::with(&QUICK);
    let project = shop(
        &site,
        "await Aerocall.Queue.enqueue('welcome', {});",
        "await Aerocall.cache.set('begun', true); await new Promise((done) => setTimeout(done, 500));",
    );
    site.registered(&project.pk, "jane@work.example");
    in_state(&site, &project, "running");
    let site = Site::on(site.stop(), &QUICK);
    let all = jobs(&site, &project, "");
    assert_eq!((&all[0]["state"], &all[0]["attempts"]), (&json!("done"), &json!(1)));
}
