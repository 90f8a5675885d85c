//! Machines whose clocks are wrong: nodes follow the clock of the database server, and agree on who holds what.

use serde_json::json;

use super::{ENVIRONMENT, node};
use crate::{
    sdk::queue::jobs,
    services::Postgres,
    site::{Site, until},
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
