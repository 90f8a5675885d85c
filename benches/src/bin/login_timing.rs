//! `make bench B=login_timing`: whether the time of an answer tells what the body does not. Classes of requests that have the
//! same body take turns, and their medians are compared. A class more is a line more in [`CLASSES`].

use std::collections::BTreeMap;

use aerocall_benches::{
    Report, Samples, host,
    site::{Site, agent},
};
use serde_json::json;

/// Of each class; the first argument says otherwise.
const ROUNDS: usize = 2_000;
const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "wrong horse battery";

/// What is asked, in which project, with which email. In `patient` nobody waits, in `strict` everybody does after one failure.
const CLASSES: [(&str, &str, &str, &str); 3] = [
    ("login, wrong password", "patient", "/auth/login", "ada@example.com"),
    ("login, unknown user", "patient", "/auth/login", "nobody@example.com"),
    ("login, account that waits", "strict", "/auth/login", "ada@example.com"),
];

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let rounds = std::env::args().nth(1).map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let site = tokio.block_on(Site::start(data.path(), &[]))?;
    let agent = agent();
    let mut keys = BTreeMap::new();
    for (project, failures) in [("patient", 1_000_000), ("strict", 1)] {
        let key = site.project(project)?;
        let limits = json!({ "perIpMinute": 1_000_000, "perProjectSecond": 1_000_000, "failuresPerAccount": failures });
        let path = format!("/projects/{project}/environments/production/settings/auth");
        site.admin("PUT", &path, json!({ "limits": limits }))?;
        let account = json!({ "email": "ada@example.com", "password": PASSWORD });
        site.post(&agent, &key, "/auth/register", &account)?;
        keys.insert(project, key);
    }
    let mut samples = vec![Samples::default(); CLASSES.len()];
    for _ in 0..rounds {
        for ((_, project, path, email), samples) in CLASSES.iter().zip(&mut samples) {
            let body = json!({ "email": email, "password": WRONG });
            samples.time(|| site.post(&agent, &keys[project], path, &body))?;
        }
    }
    let mut report = Report::new("login_timing")?;
    for ((name, ..), samples) in CLASSES.iter().zip(&samples) {
        report.times(name, samples)?;
    }
    let medians: Vec<f64> = samples.iter().map(|samples| samples.percentile_us(50.0)).collect();
    let most = medians.iter().copied().fold(f64::MIN, f64::max);
    let least = medians.iter().copied().fold(f64::MAX, f64::min);
    report.figure("between the medians", "µs", most - least)?;
    tokio.block_on(site.running.stop())?;
    Ok(())
}
