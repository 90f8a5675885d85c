//! What nodes work with does not go away but misbehaves while people sign up: the database refuses changes, the broker has an
//! alarm, loses a queue or its connections. Every acknowledged sign-up has its account, its job and its webhook, and
//! nothing is left open at the broker.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    alone,
    cluster::Cluster,
    load::{Load, acknowledged},
    number,
    server::until,
};

/// How long each fault lasts; `FAULT_SECONDS` says otherwise.
const SECONDS: usize = 4;
/// How often each comes; `FAULT_ROUNDS` says otherwise.
const ROUNDS: usize = 1;
/// The broker's usual share of memory, and one that is always too little.
const WATERMARK: &str = "0.6";
const NO_MEMORY: &str = "0.00001";
const QUEUE: &str = "aerocall.jobs.demo";

/// What is done to the services.
#[derive(Clone, Copy, Debug)]
enum Fault {
    ReadOnly,
    Alarm,
    QueueDeleted,
    ConnectionsClosed,
}

impl Fault {
    const ALL: [Self; 4] = [Self::ReadOnly, Self::Alarm, Self::QueueDeleted, Self::ConnectionsClosed];

    fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::Alarm => "alarm",
            Self::QueueDeleted => "queue-deleted",
            Self::ConnectionsClosed => "connections-closed",
        }
    }

    /// Begins, stays for a while, and is over.
    fn happens(self, cluster: &Cluster, round: usize, lasts: Duration) {
        match self {
            Self::ReadOnly => {
                cluster.postgres.read_only("core", true);
                sleep(lasts);
                cluster.postgres.read_only("core", false);
            }
            Self::Alarm => {
                cluster.rabbit.rabbitmqctl(&["set_vm_memory_high_watermark", NO_MEMORY]);
                let since = Instant::now();
                is_told(cluster, Some("takes no messages: it has a memory or disk alarm"));
                somebody_new(cluster, &format!("alarm-{round}-meanwhile@work.example"));
                sleep(lasts.saturating_sub(since.elapsed()));
                cluster.rabbit.rabbitmqctl(&["set_vm_memory_high_watermark", WATERMARK]);
            }
            Self::QueueDeleted => {
                let since = Instant::now();
                while since.elapsed() < lasts {
                    cluster.rabbit.rabbitmqctl(&["delete_queue", QUEUE]);
                    until(|| (consumers(cluster) > 0).then_some(()));
                }
            }
            Self::ConnectionsClosed => {
                let since = Instant::now();
                while since.elapsed() < lasts {
                    cluster.rabbit.rabbitmqctl(&["close_all_connections", "a test"]);
                }
            }
        }
    }
}

/// Signs up, and the job of it arrives.
fn somebody_new(cluster: &Cluster, email: &str) {
    until(|| (cluster.site.post("/auth/register", email) == Some(201)).then_some(()));
    until(|| (!cluster.receiver.ids("/jobs", email).is_empty()).then_some(()));
}

/// Who consumes the queue of the project.
fn consumers(cluster: &Cluster) -> usize {
    let listed = cluster.rabbit.rabbitmqctl(&["list_queues", "name", "consumers"]);
    let of_queue = listed.lines().filter_map(|line| line.split_once('\t'));
    let found = of_queue
        .filter(|(name, _)| *name == QUEUE)
        .find_map(|(_, count)| count.trim().parse().ok());
    found.unwrap_or(0)
}

fn connections(cluster: &Cluster) -> usize {
    cluster
        .rabbit
        .rabbitmqctl(&["list_connections", "name"])
        .lines()
        .count()
}

/// Waits until `/readyz` says this of the broker; `None`: that all is well.
fn is_told(cluster: &Cluster, problem: Option<&str>) {
    until(|| {
        let (_, _, document) = cluster.site.get("/readyz");
        let broker = &document["checks"]["broker"];
        match problem {
            Some(problem) => broker["problem"].as_str().is_some_and(|told| told.contains(problem)),
            None => broker["ok"] == true,
        }
        .then_some(())
    });
}

#[test]
fn nothing_that_was_acknowledged_is_lost_whatever_misbehaves() {
    let _alone = alone();
    let Some(cluster) = Cluster::new() else { return };
    let lasts = Duration::from_secs(u64::try_from(number("FAULT_SECONDS", SECONDS)).unwrap());
    somebody_new(&cluster, "first@work.example");
    // Each node has two connections, and at most one consumer of each queue: one that has seen jobs of the project.
    let consumed = 1..=cluster.nodes.len();
    until(|| consumed.contains(&consumers(&cluster)).then_some(()));
    let before = connections(&cluster);
    for round in 0..number("FAULT_ROUNDS", ROUNDS) {
        for fault in Fault::ALL {
            let load = Load::new(
                &cluster.site,
                Box::leak(format!("{}-{round}", fault.name()).into_boxed_str()),
            );
            sleep(Duration::from_secs(1));
            fault.happens(&cluster, round, lasts);
            is_told(&cluster, None);
            somebody_new(&cluster, &format!("{}-{round}-late@work.example", fault.name()));
            let asked = load.end();
            cluster.nothing_is_lost(&acknowledged(&asked));
            until(|| consumed.contains(&consumers(&cluster)).then_some(()));
            // What was opened is closed.
            until(|| (connections(&cluster) == before).then_some(()));
        }
    }
}
