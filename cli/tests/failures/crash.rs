//! The server dies beside each commit of a flow and of a job, as if the power had gone, and is started again: there is
//! never half of anything, and nothing that was kept is lost.

use serde_json::Value;

use crate::{
    PATIENT, alone, crash_webhooks, number,
    server::{Site, until},
    services::{Service, borrowed, settings, together},
    support::project,
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
const TABLE: &str = "CREATE TABLE wrote (email TEXT NOT NULL, who TEXT NOT NULL, PRIMARY KEY (email, who));";
/// Stages a message and writes a row; its consumer does, too. Somebody who signs up as `ask.…` gets to know who wrote.
const HOOK: &str = "
export const config = { limits: { deadlineMs: 10000 } };
const write = (A: any, email: string, who: string) =>
  A.db.execute('INSERT INTO wrote (email, who) VALUES ($1, $2) ON CONFLICT (email, who) DO NOTHING', [email, who]);
export const beforeSignup = async (context: any, payload: any, Aerocall: any) => {
  const { email } = payload.user;
  if (email.startsWith('ask.')) {
    const rows = await Aerocall.db.query('SELECT who FROM wrote WHERE email = $1 ORDER BY who', [email.slice(4)]);
    throw new Aerocall.Deny(rows.map((row: any) => row.who).join(' ') || 'nobody');
  }
  await write(Aerocall, email, 'flow');
  await Aerocall.Queue.enqueue('first', email);
};
export const on = {
  'queue.first': async (context: any, job: any, Aerocall: any) => {
    await write(Aerocall, job.data, 'job');
    await Aerocall.Queue.enqueue('second', job.data);
  },
  'queue.second': async () => {},
};";
/// A dead worker's jobs are taken over after a second, and nobody waits long for a retry.
const ENV: [(&str, &str); 4] = [
    PATIENT,
    ("AEROCALL_QUEUE_LEASE_SECONDS", "1"),
    ("AEROCALL_QUEUE_RETRY_MS", "1"),
    ("AEROCALL_QUEUE_POLL_MS", "50"),
];
/// How often each place is tried; `CRASH_ROUNDS` says otherwise.
const ROUNDS: usize = 1;

fn jobs(site: &Site, queue: &str, email: &str) -> Vec<Value> {
    let jobs = site.admin(&format!("/jobs?queue={queue}&limit=200"));
    let of_user = |job: &&Value| {
        let whole = site.admin(&format!("/jobs/{}", job["id"].as_str().unwrap()));
        whole["message"] == email
    };
    jobs["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(of_user)
        .cloned()
        .collect()
}

/// Who wrote to the project's own table for that address.
fn wrote(site: &Site, email: &str) -> String {
    let (_, answer) = site.register(&format!("ask.{email}"));
    answer["error"]["message"].as_str().unwrap().to_owned()
}

fn states(jobs: &[Value]) -> Vec<&str> {
    jobs.iter().map(|job| job["state"].as_str().unwrap()).collect()
}

#[test]
fn nothing_is_half_done_and_nothing_is_lost() {
    let _alone = alone();
    dies_at_every_point(&ENV);
}

/// The same, with what is sent to others.
#[test]
fn nor_is_it_on_postgres_and_rabbitmq() {
    let _alone = alone();
    let Some([postgres, mut rabbit]) = together([Service::postgres, Service::rabbit]) else {
        return;
    };
    let of_flows = settings(&postgres, &rabbit, "flows");
    dies_at_every_point(&[&ENV[..], &borrowed(&of_flows)].concat());
    let of_webhooks = settings(&postgres, &rabbit, "webhooks");
    crash_webhooks::dies_at_every_point(&[&crash_webhooks::ENV[..], &borrowed(&of_webhooks)].concat());
    let of_many = settings(&postgres, &rabbit, "many");
    crash_webhooks::many_events_arrive(&[&crash_webhooks::ENV[..], &borrowed(&of_many)].concat(), || {
        rabbit.stop();
        rabbit.start();
    });
}

fn dies_at_every_point(env: &[(&str, &str)]) {
    let files = [
        ("aerocall.toml", TOML),
        ("migrations/1.sql", TABLE),
        ("hooks/signup.ts", HOOK),
    ];
    let directory = project(&files);
    let mut site = Site::new(env);
    site.deploy(directory.path(), &[]).expect(0);
    let points = [
        "flow-decided",
        "flow-kept",
        "flow-done",
        "job-claimed",
        "job-decided",
        "job-tables-kept",
        "job-done",
    ];
    for point in points {
        for round in 0..number("CRASH_ROUNDS", ROUNDS) {
            let email = format!("{point}-{round}@work.example");
            site.start(&[env, &[("FAIL_POINT", point)]].concat());
            let answered = site.post("/auth/register", &email);
            // A worker may have the job, and die of it, before the client has its answer.
            let may_answer = !point.starts_with("flow");
            assert!(answered.is_none() || may_answer, "{point}: {answered:?}");
            site.dies();
            site.start(env);
            let there = site.post("/auth/login", &email) == Some(200);
            assert_eq!(
                there,
                point != "flow-decided",
                "{point}: a user is there once the flow was kept"
            );
            if !there {
                assert_eq!(jobs(&site, "first", &email), Vec::<Value>::new(), "{point}");
                assert_eq!(wrote(&site, &email), "nobody", "{point}");
                continue;
            }
            until(|| (states(&jobs(&site, "first", &email)) == ["done"]).then_some(()));
            // One commit ends the job and keeps what it staged, so there is one of it whatever happened before.
            until(|| (states(&jobs(&site, "second", &email)) == ["done"]).then_some(()));
            // The one gap that there is, and that the documents name: between the two commits of a flow.
            let expected = if point == "flow-kept" { "job" } else { "flow job" };
            assert_eq!(wrote(&site, &email), expected, "{point}");
        }
    }
}
