//! Where an operator sees a fault, and in which words: `/readyz`, the log, the metrics and `aerocall doctor`. What is expected there
//! stands in docs/deploy/README.md, in these words.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    cluster::{Cluster, Node},
    server::agent,
    support::{Done, repository},
};

/// One place, and what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sign {
    /// A check of `/readyz`, and words of its problem.
    Readyz(&'static str, &'static str),
    Log(&'static str),
    /// A sample of `/metrics`, and the least value that it has.
    Metric(&'static str, f64),
    /// A sample of `/metrics` that is 0.
    Zero(&'static str),
    /// A finding, its state, and words of its message.
    Doctor(&'static str, &'static str, &'static str),
}

impl Sign {
    /// Waits until a node says it. `logged`: how much of each log there was before the fault.
    pub(crate) fn by_one_of(self, cluster: &Cluster, logged: &[usize]) {
        self.is_documented();
        let nodes = cluster.nodes.iter().zip(logged);
        within_said(self, || {
            nodes.clone().any(|(node, logged)| self.is_said(cluster, node, *logged))
        });
    }

    fn is_said(self, cluster: &Cluster, node: &Node, logged: usize) -> bool {
        match self {
            Self::Readyz(check, words) => {
                let (_, _, document) = cluster.site.at(&node.url()).get("/readyz");
                says(&document["checks"][check]["problem"], words)
            }
            Self::Log(words) => node.log().get(logged..).is_some_and(|log| log.contains(words)),
            Self::Metric(name, least) => sample(&node.url(), name).is_some_and(|value| value >= least),
            Self::Zero(name) => sample(&node.url(), name).is_some_and(|value| value.abs() < 0.5),
            Self::Doctor(name, state, words) => {
                let found = finding(node.command(&cluster.site, &["doctor", "--json"]), name);
                found["state"] == state && says(&found["message"], words)
            }
        }
    }

    fn is_documented(self) {
        let guide = std::fs::read_to_string(repository().join("docs/deploy/README.md")).unwrap();
        let words = match self {
            Self::Readyz(_, words) | Self::Log(words) | Self::Metric(words, _) | Self::Zero(words) => words,
            Self::Doctor(_, _, words) => words,
        };
        assert!(guide.contains(words), "docs/deploy/README.md does not say: {words}");
    }
}

fn within_said(sign: Sign, mut is_said: impl FnMut() -> bool) {
    let ends = Instant::now() + Duration::from_secs(30);
    while !is_said() {
        assert!(Instant::now() < ends, "nobody says it: {sign:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) fn says(text: &Value, words: &str) -> bool {
    text.as_str().is_some_and(|text| text.contains(words))
}

/// A sample of the metrics of a server, if there is one.
pub(crate) fn sample(url: &str, name: &str) -> Option<f64> {
    let mut answer = agent().get(format!("{url}/metrics")).call().ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line?.parse().ok()
}

/// What `aerocall doctor --json` finds of a thing.
pub(crate) fn finding(mut doctor: Command, name: &str) -> Value {
    let done = Done::from(doctor.output().unwrap());
    let findings = done.json()["findings"].as_array().cloned().unwrap_or_default();
    let mut findings = findings.into_iter();
    findings.find(|finding| finding["name"] == name).unwrap_or_default()
}
