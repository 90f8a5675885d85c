//! Machines whose clocks are wrong: nodes follow the clock of the database server, and agree on who holds what.

use serde_json::json;

use super::{ENVIRONMENT, node};
use crate::{
    sdk::queue::jobs,
    services::Postgres,
    site::{Site, until},
    webhooks::receiver::Receiver,
};

const JOBS: usize = 12;
/// Leases that are short beside the difference of the clocks, and jobs that take most of one.
const ENV: [(&str, &str); 3] = [
    ("AEROCALL_QUEUE_LEASE_SECONDS", "2"),
    ("AEROCALL_QUEUE_POLL_MS", "50"),
    ("AEROCALL_QUEUE_CONCURRENT_JOBS_PER_PROJECT", "2"),
];

#[test]
fn nodes_whose_clocks_are_minutes_apart_run_each_job_once() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let nodes: Vec<Site> = (0..3).map(|_| node(&url, &ENV)).collect();
    for (node, minutes) in nodes.iter().zip([-5, 0, 5]) {
        node.running().clock().set_machine_by_ms(minutes * 60_000);
    }
    let project = nodes[0].project("a");
    let producer = format!("for (let n = 0; n < {JOBS}; n++) await Aerocall.Queue.enqueue('slow', n);");
    let consumer =
        "export const on = { 'queue.slow': async () => { await new Promise((done) => setTimeout(done, 800)); } };";
    let producer = crate::bundles::hook("afterSignup", &producer);
    nodes[0].live("a", &[("producer", &producer), ("consumer", consumer)]);
    // A node that does not know the hook yet would try in vain, and count it as an attempt.
    for node in &nodes {
        until(|| {
            let live = node.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json;
            (live["hooks"].as_array()?.len() == 2).then_some(())
        });
    }
    nodes[0].registered(&project.pk, "jane@example.com");
    let done = until(|| {
        let done = jobs(&nodes[0], &project, "?state=done&limit=200");
        (done.len() == JOBS).then_some(done)
    });
    assert!(done.iter().all(|job| job["attempts"] == json!(1)), "{done:#?}");
    let showing = nodes.iter().map(|node| node.running().clock().now_ms());
    let (least, most) = (showing.clone().min().unwrap(), showing.max().unwrap());
    assert!(most - least < 2_000, "they show the same time: {least} {most}");
}

/// What a worker has under a lease whose end only a clock that was an hour ahead would have chosen, and which is gone with its
/// worker: nobody waits for that hour.
#[test]
fn leases_of_a_clock_that_ran_ahead_are_nobodys() {
    let Some(core) = Postgres::new() else { return };
    let env = [ENV[0], ENV[1], ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8")];
    let site = node(&core.url(Postgres::ADDRESS), &env);
    let project = site.project("a");
    let later = "await Aerocall.Queue.enqueue('later', 1, { delaySeconds: 600 });
        await Aerocall.auth.sendEmail({ to: payload.user.email, subject: 's', text: 't' });";
    let consumer = "export const on = { 'queue.later': async () => {} };";
    let producer = crate::bundles::hook("afterSignup", later);
    site.live("a", &[("producer", &producer), ("consumer", consumer)]);
    let receiver = Receiver::new();
    let path = format!("{ENVIRONMENT}/webhooks");
    let body = json!({ "url": receiver.url(), "events": ["auth.signup"] });
    assert_eq!(site.admin("POST", &path, Some(body)).status, 201);
    site.registered(&project.pk, "jane@example.com");
    until(|| (receiver.received().len() == 1).then_some(()));
    site.idle();

    let ahead = "(extract(epoch FROM now()) * 1000)::bigint + 36000000";
    core.run(&format!(
        "UPDATE jobs SET state = 'running', attempts = 1, lease_owner = 'wrk_gone', lease_until_ms = {ahead}"
    ));
    core.run(&format!(
        "UPDATE webhook_deliveries SET state = 'running', finished_ms = NULL, lease_owner = 'wrk_gone', lease_until_ms = {ahead}"
    ));
    core.run(&format!(
        "UPDATE mails SET state = 'waiting', attempts = 1, run_at_ms = {ahead}, finished_ms = NULL"
    ));
    let count = |what: &str| core.run(&format!("SELECT count(*)::text FROM {what}"));
    until(|| (count("jobs WHERE state = 'done'") == ["1"]).then_some(()));
    until(|| (receiver.received().len() == 2).then_some(()));
    until(|| (count("mails WHERE state = 'captured' AND attempts = 2") == ["1"]).then_some(()));
}
