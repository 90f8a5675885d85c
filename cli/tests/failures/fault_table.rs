//! What can happen to what nodes work with: how it begins, what is done meanwhile, how it ends, and what is said of it.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread::sleep,
    time::Duration,
};

use crate::{
    cluster::{ARRIVES, Cluster, SLOW},
    programs::found,
    server::{agent, until},
    signs::Sign::{self, Doctor, Log, Metric, Readyz, Zero},
    support::unless_ci,
    until::within,
};

/// How long it takes until all is as before, after a service is back; and where messages of the broker were lost, until their jobs
/// are taken from the database.
const SOON: Duration = Duration::from_secs(5);
const JOBS_WERE_LOST: Duration = Duration::from_secs(15);
/// The broker's usual limits, and those that are always passed.
const WATERMARK: &str = "0.6";
const NO_MEMORY: &str = "0.00001";
const DISK_FREE: &str = "50MB";
const NO_DISK: &str = "900TB";
const QUEUE: &str = "aerocall.jobs.demo";
/// How far the clocks of two machines are wrong.
const WRONG_CLOCKS: [&str; 2] = ["+2h", "-2h"];

/// A row of the table.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) meanwhile: Meanwhile,
    /// The most that it may take until all is as before, after the services answer again, on a machine that does nothing else.
    pub(crate) recovery: Duration,
    pub(crate) runs: Runs,
    pub(crate) begin: fn(&mut Cluster),
    /// What is done on and on until it is over.
    pub(crate) again: fn(&Cluster, round: usize),
    pub(crate) end: fn(&mut Cluster),
    pub(crate) signs: &'static [Sign],
}

/// What requests get while it lasts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meanwhile {
    /// Nobody notices.
    WorksOn,
    /// Whoever changes something is refused.
    Refuses,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    Always,
    /// It takes longer than a usual run of the tests has.
    Long,
}

pub(crate) const FAULTS: [Fault; 13] = [
    Fault {
        name: "nodes-replaced",
        meanwhile: Meanwhile::WorksOn,
        recovery: SOON,
        runs: Runs::Always,
        begin: |cluster| {
            for number in 0..cluster.nodes.len() {
                cluster.restarts(number, Vec::new());
            }
        },
        again: somebody_new,
        end: |_| (),
        signs: &[],
    },
    Fault {
        name: "postgres-gone",
        meanwhile: Meanwhile::Refuses,
        recovery: SOON,
        runs: Runs::Always,
        begin: |cluster| cluster.postgres.stop(),
        again: nothing_more,
        end: |cluster| cluster.postgres.start(),
        signs: &[
            Readyz("database", "does not respond"),
            Log("a service does not respond"),
            Zero("aerocall_service_ready{service=\"database\"}"),
            Zero("aerocall_database_up"),
            Doctor("database", "problem", ""),
        ],
    },
    Fault {
        name: "read-only",
        meanwhile: Meanwhile::Refuses,
        recovery: SOON,
        runs: Runs::Always,
        begin: |cluster| cluster.postgres.read_only("aerocall_core", true),
        again: nothing_more,
        end: |cluster| cluster.postgres.read_only("aerocall_core", false),
        signs: &[
            Readyz("database", "refuses changes: it is read-only"),
            Log("the database refuses changes: it is read-only"),
            Metric("aerocall_database_refusals_total{reason=\"read_only\"}", 1.0),
            Doctor("database", "problem", "refuses changes: it is read-only"),
        ],
    },
    Fault {
        name: "redis-gone",
        meanwhile: Meanwhile::WorksOn,
        recovery: SOON,
        runs: Runs::Always,
        begin: |cluster| cluster.redis.stop(),
        again: somebody_new,
        end: |cluster| cluster.redis.start(),
        signs: &[
            Readyz("cache", "does not respond"),
            Log("a service does not respond"),
            Zero("aerocall_service_ready{service=\"cache\"}"),
            Doctor("cache", "problem", "Connection refused"),
        ],
    },
    Fault {
        name: "redis-evicts",
        meanwhile: Meanwhile::WorksOn,
        recovery: SOON,
        runs: Runs::Long,
        begin: |cluster| {
            cluster.redis.redis_command("CONFIG SET maxmemory-policy allkeys-lru");
            cluster.redis.redis_command("CONFIG SET maxmemory 1mb");
        },
        again: |cluster, round| {
            cluster.redis.redis_command("FLUSHALL");
            somebody_new(cluster, round);
        },
        end: |cluster| {
            cluster.redis.redis_command("CONFIG SET maxmemory 0");
            cluster.redis.redis_command("CONFIG SET maxmemory-policy noeviction");
        },
        signs: &[Doctor("limits", "note", "drops keys when its memory is used up")],
    },
    Fault {
        name: "rabbit-gone",
        meanwhile: Meanwhile::WorksOn,
        recovery: SOON,
        runs: Runs::Always,
        begin: |cluster| cluster.rabbit.stop(),
        again: somebody_new,
        end: |cluster| cluster.rabbit.start(),
        signs: &[
            Readyz(
                "broker",
                "has no connection to this process; jobs are taken from the database",
            ),
            Log("there is no connection to the broker"),
            Metric("aerocall_broker{state=\"away\"}", 1.0),
            Doctor("broker", "problem", "Connection refused"),
        ],
    },
    Fault {
        name: "memory-alarm",
        meanwhile: Meanwhile::WorksOn,
        recovery: JOBS_WERE_LOST,
        runs: Runs::Always,
        begin: |cluster| drop(cluster.rabbit.rabbitmqctl(&["set_vm_memory_high_watermark", NO_MEMORY])),
        again: somebody_new,
        end: |cluster| drop(cluster.rabbit.rabbitmqctl(&["set_vm_memory_high_watermark", WATERMARK])),
        signs: &ALARM,
    },
    Fault {
        name: "disk-alarm",
        meanwhile: Meanwhile::WorksOn,
        recovery: JOBS_WERE_LOST,
        runs: Runs::Long,
        begin: |cluster| drop(cluster.rabbit.rabbitmqctl(&["set_disk_free_limit", NO_DISK])),
        again: somebody_new,
        end: |cluster| drop(cluster.rabbit.rabbitmqctl(&["set_disk_free_limit", DISK_FREE])),
        signs: &ALARM,
    },
    Fault {
        name: "queue-deleted",
        meanwhile: Meanwhile::WorksOn,
        recovery: JOBS_WERE_LOST,
        runs: Runs::Long,
        begin: |_| (),
        again: |cluster, _| {
            cluster.rabbit.rabbitmqctl(&["delete_queue", QUEUE]);
            until(|| (consumers(cluster) > 0).then_some(()));
        },
        end: |_| (),
        signs: &[Log("the broker has ended a consumer; its queue is declared again")],
    },
    Fault {
        name: "connections-closed",
        meanwhile: Meanwhile::WorksOn,
        recovery: JOBS_WERE_LOST,
        runs: Runs::Long,
        begin: |_| (),
        again: |cluster, _| drop(cluster.rabbit.rabbitmqctl(&["close_all_connections", "a test"])),
        end: |_| (),
        signs: &[Log("there is no connection to the broker")],
    },
    Fault {
        name: "mail-hangs",
        meanwhile: Meanwhile::WorksOn,
        recovery: JOBS_WERE_LOST,
        runs: Runs::Long,
        begin: |cluster| cluster.mailbox.hang(true),
        again: somebody_new,
        end: |cluster| cluster.mailbox.hang(false),
        signs: &[
            Log("a mail was not sent"),
            Metric("aerocall_mails{state=\"waiting\"}", 1.0),
            Doctor("mail", "problem", "no response in time"),
        ],
    },
    Fault {
        name: "webhook-hangs",
        meanwhile: Meanwhile::WorksOn,
        recovery: SOON,
        runs: Runs::Long,
        begin: |_| SLOW.store(true, Ordering::SeqCst),
        again: somebody_new,
        end: |_| SLOW.store(false, Ordering::SeqCst),
        signs: &[
            Metric("aerocall_webhook_attempts_total{outcome=\"unreachable\"}", 1.0),
            Metric("aerocall_webhook_deliveries{state=\"waiting\"}", 1.0),
        ],
    },
    Fault {
        name: "clocks-apart",
        meanwhile: Meanwhile::WorksOn,
        recovery: JOBS_WERE_LOST,
        runs: Runs::Long,
        begin: |cluster| set_clocks(cluster, Some(WRONG_CLOCKS)),
        again: |cluster, round| {
            somebody_new(cluster, round);
            tokens_are_accepted_everywhere(cluster, &format!("clocks-{round}@work.example"));
        },
        end: |cluster| set_clocks(cluster, None),
        signs: &[
            Log("this machine's clock differs from the database's"),
            Doctor("clock", "note", "differs from the database's by"),
        ],
    },
];

const ALARM: [Sign; 4] = [
    Readyz("broker", "takes no messages: it has a memory or disk alarm"),
    Log("the broker has raised an alarm and takes no messages"),
    Metric("aerocall_broker{state=\"alarm\"}", 1.0),
    Doctor(
        "broker",
        "problem",
        "it has a memory or disk alarm and takes no messages",
    ),
];

fn nothing_more(_: &Cluster, _: usize) {
    sleep(Duration::from_millis(100));
}

/// Signs up, and the job and the webhook of it arrive.
pub(crate) fn somebody_new(cluster: &Cluster, round: usize) {
    let email = format!("new-{round}-{}@work.example", number_of_this());
    until(|| (cluster.site.post("/auth/register", &email) == Some(201)).then_some(()));
    cluster.mailed.lock().unwrap().push(email.clone());
    for path in ["/jobs", "/signups"] {
        within(ARRIVES, || {
            (!cluster.receiver.ids(path, &email).is_empty()).then_some(())
        });
    }
}

fn number_of_this() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Two of the nodes start again on machines whose clocks are wrong, or right again.
fn set_clocks(cluster: &mut Cluster, clocks: Option<[&'static str; 2]>) {
    let Some(faketime) = unless_ci(found("faketime", &[]), "faketime is not installed") else {
        return;
    };
    for number in [0, 1] {
        let through = clocks.map(|clocks| [faketime.display().to_string(), "-f".into(), clocks[number].into()]);
        cluster.restarts(number, through.map(Vec::from).unwrap_or_default());
    }
}

/// A session of any node is one everywhere.
fn tokens_are_accepted_everywhere(cluster: &Cluster, email: &str) {
    cluster.site.post("/auth/register", email);
    for issuer in &cluster.nodes {
        let (status, session) = cluster.site.at(&issuer.url()).answer("/auth/login", email).unwrap();
        assert_eq!(status, 200, "{session}");
        let token = session["access_token"].as_str().unwrap();
        for node in &cluster.nodes {
            let asked = agent()
                .get(format!("{}/auth/me", node.url()))
                .header("x-aerocall-key", &cluster.site.key)
                .header("authorization", format!("Bearer {token}"));
            assert_eq!(asked.call().unwrap().status().as_u16(), 200);
        }
    }
}

/// Who consumes the queue of the project.
pub(crate) fn consumers(cluster: &Cluster) -> usize {
    let listed = cluster.rabbit.rabbitmqctl(&["list_queues", "name", "consumers"]);
    let of_queue = listed.lines().filter_map(|line| line.split_once('\t'));
    let found = of_queue
        .filter(|(name, _)| *name == QUEUE)
        .find_map(|(_, count)| count.trim().parse().ok());
    found.unwrap_or(0)
}
