//! What nodes work with goes away or misbehaves while people sign up and log in. In every row of the table: every acknowledged sign-up
//! has its account, its job, its webhooks and its mail, each with one id; a refusal says when to try again; an operator can read
//! what is wrong, in words; and after it is over all is as before. The long form (`make soak`) has all
//! rows, for longer and many times, and says how soon that is.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    alone,
    cluster::Cluster,
    fault_table::{FAULTS, Fault, Meanwhile, Runs, consumers, somebody_new},
    is_long,
    load::{Answer, Asked, Load, acknowledged},
    number,
    server::until,
};

/// How long each fault lasts; `FAULT_SECONDS` says otherwise.
const SECONDS: usize = 3;
/// How often each comes; `FAULT_ROUNDS` says otherwise. More than once is the long form.
const ROUNDS: usize = 1;
fn connections(cluster: &Cluster) -> usize {
    cluster
        .rabbit
        .rabbitmqctl(&["list_connections", "name"])
        .lines()
        .count()
}

impl Fault {
    fn happens(&self, cluster: &mut Cluster, round: usize, lasts: Duration) {
        let logged: Vec<usize> = cluster.nodes.iter().map(|node| node.log().len()).collect();
        let load = Load::new(
            &cluster.site,
            Box::leak(format!("{}-{round}", self.name).into_boxed_str()),
        );
        sleep(Duration::from_millis(500));
        (self.begin)(cluster);
        let since = Instant::now();
        loop {
            (self.again)(cluster, round);
            if since.elapsed() >= lasts {
                break;
            }
        }
        for sign in self.signs {
            sign.by_one_of(cluster, &logged);
        }
        (self.end)(cluster);
        let over = Instant::now();
        until(|| is_well(cluster).then_some(()));
        somebody_new(cluster, round);
        let well = Instant::now();
        let recovery = well - over;
        assert!(
            !is_long() || recovery < self.recovery,
            "{}: recovery took {recovery:?}",
            self.name
        );
        sleep(Duration::from_secs(1));
        let asked = load.end();
        self.was_as_expected(&asked, well);
        cluster.nothing_is_lost(&acknowledged(&asked));
    }

    /// Whatever was not done was refused in a way that says when to come back, and nothing was refused that was asked when all was well.
    fn was_as_expected(&self, asked: &[Asked], well: Instant) {
        let failed: Vec<&Asked> = asked.iter().filter(|one| !one.is_done()).collect();
        let (count, first) = (failed.len(), failed.first());
        match self.meanwhile {
            Meanwhile::WorksOn => assert!(
                failed.is_empty(),
                "{}: {count} of {}: {first:?}",
                self.name,
                asked.len()
            ),
            Meanwhile::Refuses => assert!(count > 0, "{}: nobody was refused", self.name),
        }
        for one in failed {
            let is_clear = matches!(&one.answer, Answer::Refused(503, code, true) if code == "busy");
            assert!(is_clear, "{}: {one:?}", self.name);
            assert!(one.asked < well, "{}: refused when all was well: {one:?}", self.name);
        }
    }
}

/// Whether every node has all that it works with.
fn is_well(cluster: &Cluster) -> bool {
    cluster
        .nodes
        .iter()
        .all(|node| cluster.site.at(&node.url()).get("/readyz").0 == 200)
}

#[test]
fn nothing_that_was_acknowledged_is_lost_whatever_goes_away_or_misbehaves() {
    let _alone = alone();
    let Some(mut cluster) = Cluster::new() else { return };
    let lasts = Duration::from_secs(u64::try_from(number("FAULT_SECONDS", SECONDS)).unwrap());
    let rounds = number("FAULT_ROUNDS", ROUNDS);
    let only = std::env::var("FAULT").ok();
    // Each node has two connections, and at most one consumer of each queue: one that has seen jobs of the project.
    let consumed = 1..=cluster.nodes.len();
    until(|| consumed.contains(&consumers(&cluster)).then_some(()));
    let before = connections(&cluster);
    for round in 0..rounds {
        for fault in &FAULTS {
            let is_asked = only
                .as_ref()
                .map_or(rounds > 1 || fault.runs == Runs::Always, |only| only == fault.name);
            if !is_asked {
                continue;
            }
            fault.happens(&mut cluster, round, lasts);
            until(|| consumed.contains(&consumers(&cluster)).then_some(()));
            // What was opened is closed.
            until(|| (connections(&cluster) == before).then_some(()));
        }
    }
}
