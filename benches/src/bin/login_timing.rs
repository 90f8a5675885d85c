//! `make bench B=login_timing`: whether the time of an answer tells what the body does not. Classes of requests that have the
//! same body take turns, and their medians are compared. A class more is a line more in [`CLASSES`].

use aerocall_benches::{
    Report, Samples, host,
    site::{Site, agent},
};
use serde_json::{Value, json};

/// Of each class.
const ROUNDS: usize = 2_000;
const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "wrong horse battery";

/// Who is asked for, and the path.
const CLASSES: [(&str, &str, &str); 3] = [
    ("login, wrong password", "/auth/login", "ada@example.com"),
    ("login, unknown user", "/auth/login", "nobody@example.com"),
    ("login, account that waits", "/auth/login", "locked@example.com"),
];

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let mut site = tokio.block_on(Site::start(data.path(), &[]))?;
    site.project("a")?;
    let agent = agent();
    // Those that are not about waiting never wait; the one that is, always does.
    settings(&site, 1_000_000)?;
    for email in ["ada@example.com", "locked@example.com"] {
        site.post(
            &agent,
            "/auth/register",
            &json!({ "email": email, "password": PASSWORD }),
        )?;
    }
    let mut report = Report::new("login_timing")?;
    let mut samples = vec![Samples::default(); CLASSES.len()];
    lock(&site, &agent)?;
    for _ in 0..ROUNDS {
        for ((_, path, email), samples) in CLASSES.iter().zip(&mut samples) {
            let body = body(email);
            samples.time(|| site.post(&agent, path, &body))?;
        }
    }
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

fn body(email: &str) -> Value {
    json!({ "email": email, "password": WRONG })
}

fn settings(site: &Site, failures: u32) -> anyhow::Result<()> {
    let limits = json!({ "perIpMinute": 1_000_000, "perProjectSecond": 1_000_000, "failuresPerAccount": failures });
    let path = "/projects/a/environments/production/settings/auth";
    site.admin("PUT", path, json!({ "limits": limits }))?;
    Ok(())
}

/// Fails until the account waits for a quarter of an hour: each failure past the limit doubles the wait.
fn lock(site: &Site, agent: &ureq::Agent) -> anyhow::Result<()> {
    settings(site, 1)?;
    for _ in 0..4 {
        site.post(agent, "/auth/login", &body("locked@example.com"))?;
    }
    Ok(())
}
