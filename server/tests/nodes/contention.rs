//! Nodes whose workers have the same rows before them: jobs, deliveries and mails of several projects, under load. None of their
//! transactions may lose against another one. `CONTENTION_SECONDS`: for how long people sign up.

use std::time::{Duration, Instant};

use serde_json::json;

use super::node;
use crate::{
    bundles::hook,
    services::{Postgres, Rabbit},
    site::{Project, Site, until},
    until::within,
    webhooks::receiver::{Receiver, Reply},
};

const SECONDS: u64 = 2;
/// Until all that they caused is done: on a busy machine much longer than they signed up.
const PATIENCE: Duration = Duration::from_secs(120);
/// Messages of a sign-up.
const MESSAGES: usize = 6;
const PROJECTS: [&str; 4] = ["shop", "a", "b", "other"];
const ENV: [(&str, &str); 4] = [
    ("AEROCALL_QUEUE_POLL_MS", "20"),
    ("AEROCALL_QUEUE_RETRY_MS", "50"),
    ("AEROCALL_QUEUE_LEASE_SECONDS", "5"),
    ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
];

/// Messages for a consumer that fails at its first attempt at a third of them, and a mail.
const PRODUCER: &str = "for (let n = 0; n < 6; n++) await Aerocall.Queue.enqueue('work', { n, group: String(n % 3) });
    await Aerocall.auth.sendEmail({ to: payload.user.email, subject: 's', text: 't' });";
const CONSUMER: &str = "export const config = { order: { 'queue.work': 'group' } };
    export const on = { 'queue.work': async (context: any, job: any, Aerocall: any) => {
        if (job.data.n % 3 === 0 && context.attempt === 1) throw new Error('once');
    } };";

/// Two nodes with four projects, whose consumers and receivers fail now and then.
fn nodes(core: &Postgres, more: &[(&str, &str)]) -> (Vec<Site>, Vec<Project>, Receiver) {
    let url = core.url(Postgres::ADDRESS);
    let nodes: Vec<Site> = (0..2).map(|_| node(&url, &[&ENV, more].concat())).collect();
    let mut count = 0;
    let receiver = Receiver::that(move |_| {
        count += 1;
        Reply::With(if count % 3 == 0 { 500 } else { 200 }, "", String::new())
    });
    let producer = hook("afterSignup", PRODUCER);
    let projects: Vec<Project> = PROJECTS.iter().map(|id| nodes[0].project(id)).collect();
    for project in &projects {
        nodes[0].live(&project.id, &[("producer", &producer), ("consumer", CONSUMER)]);
        for _ in 0..2 {
            let path = format!("/projects/{}/environments/production/webhooks", project.id);
            let body = json!({ "url": receiver.url(), "events": ["auth.signup"] });
            let made = nodes[0].admin("POST", &path, Some(body));
            assert_eq!(made.status, 201, "{made:?}");
        }
    }
    for node in &nodes {
        for project in &projects {
            until(|| {
                let live = node.admin(
                    "GET",
                    &format!("/projects/{}/environments/production/hooks", project.id),
                    None,
                );
                (live.json["hooks"].as_array()?.len() == 2).then_some(())
            });
        }
    }
    (nodes, projects, receiver)
}

/// People sign up everywhere at the same time.
fn load(nodes: &[Site], projects: &[Project]) -> usize {
    let seconds = std::env::var("CONTENTION_SECONDS").map_or(SECONDS, |seconds| seconds.parse().unwrap());
    let end = Instant::now() + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        let clients: Vec<_> = projects
            .iter()
            .enumerate()
            .map(|(index, project)| {
                scope.spawn(move || {
                    let mut count = 0;
                    while Instant::now() < end {
                        let node = &nodes[(index + count) % nodes.len()];
                        node.registered(&project.pk, &format!("user{count}@example.com"));
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum()
    })
}

/// What the database and both nodes say of transactions that lost.
fn nothing_lost(core: &Postgres, nodes: Vec<Site>) {
    for node in &nodes {
        let metrics = node.page("/metrics", &[]).2;
        let line = "aerocall_database_refusals_total{reason=\"conflict\"} 0";
        assert!(metrics.contains(line), "{metrics}");
    }
    nodes.into_iter().for_each(|node| drop(node.stop()));
    let deadlocks = "SELECT deadlocks::text FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(core.run(deadlocks), ["0"]);
}

fn contend(core: &Postgres, more: &[(&str, &str)]) {
    let (nodes, projects, receiver) = nodes(core, more);
    let signed_up = load(&nodes, &projects);
    let open = "SELECT count(*)::text FROM jobs WHERE state IN ('waiting', 'running')";
    within(PATIENCE, || (core.run(open) == ["0"]).then_some(()));
    let done = core.run("SELECT count(*)::text FROM jobs WHERE state = 'done'");
    assert_eq!(done, [(signed_up * MESSAGES).to_string()]);
    assert!(receiver.received().len() >= signed_up * 2);
    nothing_lost(core, nodes);
}

#[test]
fn workers_of_two_nodes_do_not_lose_against_each_other() {
    let Some(core) = Postgres::new() else { return };
    contend(&core, &[]);
}

#[test]
fn workers_of_two_nodes_with_a_broker_do_not_lose_against_each_other() {
    let (Some(core), Some(rabbit)) = (Postgres::new(), Rabbit::new()) else {
        return;
    };
    contend(&core, &rabbit.env(Rabbit::ADDRESS));
}
