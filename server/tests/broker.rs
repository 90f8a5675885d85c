//! Jobs over RabbitMQ when something beside them fails: the database refuses changes, the queue is deleted. No job is left
//! behind, none beyond the project's limit runs, and nothing is left open at the broker.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    sdk::queue::jobs,
    services::{Postgres, Rabbit},
    site::{Project, Site, until},
    until::within,
};

const JOBS: usize = 24;
/// For everything to be done once nothing fails any more. A lease that ran out may have to be waited for.
const DONE: Duration = Duration::from_secs(45);

const ENV: [(&str, &str); 4] = [
    ("AEROCALL_QUEUE_RETRY_MS", "1"),
    ("AEROCALL_QUEUE_POLL_MS", "100"),
    ("AEROCALL_QUEUE_LEASE_SECONDS", "5"),
    ("AEROCALL_QUEUE_CONCURRENT_JOBS_PER_PROJECT", "2"),
];

/// Takes a while, and is aborted if more run at the same time than may.
const CONSUMER: &str = "
export const on = {
  'queue.slow': async (context: any, job: any, Aerocall: any) => {
    const running = await Aerocall.cache.increment('running');
    await new Promise((done) => setTimeout(done, 250));
    await Aerocall.cache.increment('running', -1);
    if (running > 2) throw new Aerocall.Deny(`${running} run at the same time`);
  },
};";

/// A project whose sign-ups leave a backlog of slow jobs.
fn shop(site: &Site) -> Project {
    let project = site.project("shop");
    let producer = format!("for (let n = 0; n < {JOBS}; n++) await Aerocall.Queue.enqueue('slow', n);");
    site.live(
        "shop",
        &[("producer", &hook("afterSignup", &producer)), ("consumer", CONSUMER)],
    );
    project
}

fn in_state(site: &Site, project: &Project, state: &str) -> usize {
    jobs(site, project, &format!("?state={state}&limit=200")).len()
}

/// Waits for so many jobs to be done; none may be given up.
fn done(site: &Site, project: &Project, count: usize) {
    within(DONE, || {
        let dead = jobs(site, project, "?state=dead");
        assert!(dead.is_empty(), "{dead:#?}");
        (in_state(site, project, "done") == count).then_some(())
    });
}

fn broker(site: &Site) -> Value {
    site.get("/readyz").json["checks"]["broker"].clone()
}

#[test]
fn a_database_that_refuses_changes_for_a_while_stops_no_job_for_good() {
    let (Some(core), Some(rabbit)) = (Postgres::new(), Rabbit::new()) else {
        return;
    };
    let url = core.url(Postgres::ADDRESS);
    let database = [("AEROCALL_DATABASE_URL", url.as_str())];
    let site = Site::with(&[&ENV[..], &database, &rabbit.env(Rabbit::ADDRESS)].concat());
    let project = shop(&site);
    site.registered(&project.pk, "jane@work.example");
    until(|| (in_state(&site, &project, "done") > 0).then_some(()));
    assert_eq!(rabbit.consumers("shop"), Some(1));
    core.read_only(true);
    for _ in 0..4 {
        std::thread::sleep(Duration::from_secs(1));
        assert_eq!(
            rabbit.consumers("shop"),
            Some(1),
            "what the database does is no reason to connect again"
        );
    }
    core.read_only(false);
    done(&site, &project, JOBS);
    assert_eq!(rabbit.consumers("shop"), Some(1));
    until(|| (broker(&site) == json!({ "ok": true })).then_some(()));
}

#[test]
fn a_queue_that_is_deleted_under_a_node_is_declared_again_and_its_jobs_are_done() {
    let Some(rabbit) = Rabbit::new() else { return };
    let site = Site::with(&[&ENV[..], &rabbit.env(Rabbit::ADDRESS)].concat());
    let project = shop(&site);
    for round in 1..=2 {
        site.registered(&project.pk, &format!("jane{round}@work.example"));
        until(|| (in_state(&site, &project, "done") > (round - 1) * JOBS).then_some(()));
        rabbit.delete("shop");
        until(|| (rabbit.consumers("shop") == Some(1)).then_some(()));
        done(&site, &project, round * JOBS);
    }
    assert_eq!(broker(&site), json!({ "ok": true }));
}

/// A queue that somebody made with another length, as one is after the setting was changed, is used as it is.
#[test]
fn a_queue_that_is_there_with_another_length_is_used() {
    let Some(rabbit) = Rabbit::new() else { return };
    let env = [&ENV[..], &rabbit.env(Rabbit::ADDRESS)].concat();
    let first = Site::with(&env);
    let project = shop(&first);
    first.registered(&project.pk, "jane@work.example");
    done(&first, &project, JOBS);
    let longer = [&env[..], &[("AEROCALL_QUEUE_WAITING_PER_PROJECT", "20000")]].concat();
    let site = Site::on(first.stop(), &longer);
    site.registered(&project.pk, "john@work.example");
    done(&site, &project, 2 * JOBS);
    assert_eq!(rabbit.consumers("shop"), Some(1));
    assert_eq!(broker(&site), json!({ "ok": true }));
}

/// Somebody takes the messages of a queue and runs nothing: the jobs are found in the database.
#[test]
fn a_message_that_never_comes_is_not_waited_for() {
    let Some(rabbit) = Rabbit::new() else { return };
    let site = Site::with(&[&ENV[..], &rabbit.env(Rabbit::ADDRESS)].concat());
    let project = shop(&site);
    site.registered(&project.pk, "jane@work.example");
    until(|| (in_state(&site, &project, "done") > 0).then_some(()));
    rabbit.purge("shop");
    done(&site, &project, JOBS);
}

#[test]
fn the_queue_of_a_deleted_project_is_deleted_and_no_other() {
    let Some(rabbit) = Rabbit::new() else { return };
    let env = [&ENV[..], &rabbit.env(Rabbit::ADDRESS)].concat();
    let site = Site::with(&env);
    let project = shop(&site);
    site.registered(&project.pk, "jane@work.example");
    let other = site.project("other");
    site.live(
        "other",
        &[(
            "producer",
            &hook("afterSignup", "await Aerocall.Queue.enqueue('none', 1);"),
        )],
    );
    site.registered(&other.pk, "john@work.example");
    until(|| (rabbit.consumers("shop") == Some(1) && rabbit.consumers("other") == Some(1)).then_some(()));

    let deleted = site.admin("DELETE", "/projects/shop", Some(json!({ "confirm": "shop" })));
    assert_eq!(deleted.status, 202, "{deleted:?}");
    until(|| rabbit.consumers("shop").is_none().then_some(()));
    assert_eq!(rabbit.consumers("other"), Some(1));
    assert_eq!(broker(&site), json!({ "ok": true }));
}
