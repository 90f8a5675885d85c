//! `make bench B=tries`: sign-ups over HTTP with nothing beside them, and beside a dry-run whose hooks wait for ten seconds; and what a
//! dry-run costs by itself. Each figure is the median of five rounds.

use std::{
    thread,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples,
    host::Machine,
    site::{CHEAP_HASH, Site, UNLIMITED},
};
use aerocall_compiler::EngineName;
use serde_json::{Value, json};

const ROUNDS: usize = 5;
/// Of a round; at a few milliseconds each they end before the dry-run does.
const SIGN_UPS: usize = 500;
const DRY_RUNS: usize = 20;
const ENVIRONMENT: &str = "/projects/bench/environments/production";

/// Two of them take nearly all of the time that the hooks of a point have.
const WAITS: &str = "export const beforeSignup = async () => { await new Promise((done) => setTimeout(done, 4900)); };
export const config = { limits: { deadlineMs: 5000 } };";

/// Percentiles of each round.
#[derive(Default)]
struct Rounds {
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Rounds {
    fn add(&mut self, samples: &Samples) {
        self.p50.push(samples.percentile_us(50.0));
        self.p99.push(samples.percentile_us(99.0));
    }

    fn report(mut self, report: &mut Report, name: &str) -> anyhow::Result<()> {
        report.figure(&format!("{name}, p50"), "µs", median(&mut self.p50))?;
        report.figure(&format!("{name}, p99"), "µs", median(&mut self.p99))
    }
}

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 64))?;
    let waits = tokio.block_on(machine.component(WAITS))?;
    let [memory, passes] = CHEAP_HASH;
    let site = tokio.block_on(Site::on(&machine, data.path(), &[memory, passes, UNLIMITED]))?;
    let key = site.project("bench")?;
    // Uploaded; live is nothing.
    site.deploy("bench", &waits, 2)?;
    site.admin("POST", &format!("{ENVIRONMENT}/deployments"), &json!({ "hooks": [] }))?;
    let (mut alone, mut beside, mut dry) = (Rounds::default(), Rounds::default(), Rounds::default());
    for round in 0..ROUNDS {
        alone.add(&sign_ups(&site, &key, &format!("alone{round}.example"))?);
        dry.add(&dry_runs(&site)?);
        beside.add(&beside_one(&site, &key, &format!("beside{round}.example"))?);
    }
    let mut report = Report::new("tries")?;
    alone.report(&mut report, "sign-up")?;
    beside.report(&mut report, "sign-up beside a dry-run of 10 s")?;
    dry.report(&mut report, "dry-run of a sign-up, no hook")?;
    tokio.block_on(site.running.stop())?;
    Ok(())
}

fn sign_ups(site: &Site, key: &str, host: &str) -> anyhow::Result<Samples> {
    let (agent, mut samples) = (ureq::Agent::new_with_defaults(), Samples::default());
    for user in 0..SIGN_UPS {
        let body = json!({ "email": format!("u{user}@{host}"), "password": "correct horse battery" });
        samples.time(|| site.post(&agent, key, "/auth/register", &body))?;
    }
    Ok(samples)
}

fn dry_runs(site: &Site) -> anyhow::Result<Samples> {
    let mut samples = Samples::default();
    for _ in 0..DRY_RUNS {
        samples.time(|| tried(site, &json!({})))?;
    }
    Ok(samples)
}

/// Sign-ups that all fall into the time of one dry-run.
fn beside_one(site: &Site, key: &str, host: &str) -> anyhow::Result<Samples> {
    thread::scope(|scope| {
        let slow = scope.spawn(|| {
            let began = Instant::now();
            tried(site, &json!({ "hook0": 1, "hook1": 1 })).map(|()| began.elapsed())
        });
        thread::sleep(Duration::from_millis(300));
        let samples = sign_ups(site, key, host)?;
        anyhow::ensure!(!slow.is_finished(), "the dry-run ended before the sign-ups");
        let took = slow.join().map_err(|_| anyhow::anyhow!("the dry-run panicked"))??;
        anyhow::ensure!(took > Duration::from_secs(9), "the dry-run took {took:?} only");
        Ok(samples)
    })
}

fn tried(site: &Site, uses: &Value) -> anyhow::Result<()> {
    let body = json!({ "email": "dry@run.example", "password": "correct horse battery" });
    let request = json!({ "path": "/auth/register", "body": body, "use": uses });
    let tried = site.admin("POST", &format!("{ENVIRONMENT}/try"), &request)?;
    anyhow::ensure!(tried["response"]["status"] == 201, "{tried}");
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
