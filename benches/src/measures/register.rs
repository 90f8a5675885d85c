//! `make bench B=register`: what hooks add to `POST /auth/register`, over HTTP on loopback, on SQLite.
//!
//! The password hash is set to its smallest cost: with the real one (tens of milliseconds) a hook would drown in it.

use aerocall_benches::{
    Report, Samples, hooks,
    host::Machine,
    site::{CHEAP_HASH, Site, UNLIMITED},
};
use aerocall_compiler::EngineName;
use serde_json::json;

/// Rounds in which the projects take turns.
const ROUNDS: usize = 40;
/// Requests of one project in one round.
const TURN: usize = 50;

/// Normalises the address: as H1, with a patch that the flow accepts.
const HOOK: &str = "
export const beforeSignup = (context, payload) => {
  const { decision, user } = signup(context, payload);
  return decision === 'deny' ? { deny: { code: 'refused' } } : { patch: { user: { email: user.email, metadata: { domain: user.metadata.emailDomain } } } };
};
";

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 64))?;
    // The signup of H1 under another name, so that the hook can stand around it.
    let h1 = hooks::all()[0]
        .common
        .replace("function beforeSignup(", "function signup(");
    let component = tokio.block_on(machine.component(&format!("{h1}{HOOK}")))?;
    let [memory, passes] = CHEAP_HASH;
    let site = tokio.block_on(Site::on(&machine, data.path(), &[memory, passes, UNLIMITED]))?;
    let agent = ureq::Agent::new_with_defaults();
    let projects = [("no-hook", 0), ("one-hook", 1), ("five-hooks", 5)];
    let mut keys = Vec::new();
    for (name, count) in projects {
        keys.push(site.project(name)?);
        site.deploy(name, &component, count)?;
    }
    let mut samples = vec![Samples::default(); projects.len()];
    for round in 0..ROUNDS {
        for ((key, samples), (name, _)) in keys.iter().zip(&mut samples).zip(projects) {
            for turn in 0..TURN {
                let email = format!("user{round}.{turn}@{name}.example");
                let body = json!({ "email": email, "name": "Jane Doe", "password": "correct horse battery" });
                samples.time(|| site.post(&agent, key, "/auth/register", &body))?;
            }
        }
    }
    let mut report = Report::new("register")?;
    for ((name, _), samples) in projects.iter().zip(&samples) {
        report.times(&format!("POST /auth/register, {name}"), samples)?;
    }
    let added = |index: usize| samples[index].percentile_us(50.0) - samples[0].percentile_us(50.0);
    report.figure("added by one hook", "µs", added(1))?;
    report.figure("added by each of five hooks", "µs", added(2) / 5.0)?;
    tokio.block_on(site.running.stop())?;
    Ok(())
}
