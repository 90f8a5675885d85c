//! `make bench B=queue`: jobs per second from a message that waits to a consumer that has run, with jobs from the database
//! and over RabbitMQ (where there is one on 127.0.0.1:5672), and what a busy project costs a quiet one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples,
    host::Machine,
    site::{CHEAP_HASH, Site, UNLIMITED, agent},
};
use aerocall_compiler::EngineName;
use serde_json::json;

/// Jobs of one measurement, put there by sign-ups of so many messages each.
const JOBS: usize = 2_000;
const MESSAGES: usize = 50;
/// Sign-ups of the quiet project, alone and beside the busy one.
const QUIET: usize = 200;

const PRODUCER: &str = "export const afterSignup = async (context, payload, Aerocall) => {
  for (let n = 0; n < 50; n++) await Aerocall.Queue.enqueue('work', { n });
};
export const on = { 'queue.work': async () => {} };";
const LIGHT: &str =
    "export const beforeSignup = async (context, payload, Aerocall) => { await Aerocall.cache.increment('n'); };";
const SPIN: &str = "export const beforeSignup = async () => { for (;;) {} };";

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 200))?;
    let mut report = Report::new("queue")?;
    let prefix = format!("bench-{}", std::process::id());
    let rabbit = [
        ("AEROCALL_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2f"),
        ("AEROCALL_AMQP_PREFIX", prefix.as_str()),
    ];
    let transports: [(&str, &[(&str, &str)]); 2] = [("database", &[]), ("rabbitmq", &rabbit)];
    for (name, env) in transports {
        if name == "rabbitmq" && std::net::TcpStream::connect("127.0.0.1:5672").is_err() {
            report.section("skipped: there is no RabbitMQ on 127.0.0.1:5672");
            continue;
        }
        let site = Measured::start(&tokio, &machine, env)?;
        let key = site.project("busy", &tokio.block_on(machine.component(PRODUCER))?)?;
        let seconds = site.drain(&key)?;
        report.figure(&format!("jobs over the {name}"), "jobs/s", JOBS as f64 / seconds)?;
        tokio.block_on(site.site.running.stop())?;
    }
    neighbours(&tokio, &machine, &mut report)?;
    Ok(())
}

/// Sign-ups of a quiet project, alone and while another one's hooks never end.
fn neighbours(tokio: &tokio::runtime::Runtime, machine: &Machine, report: &mut Report) -> anyhow::Result<()> {
    let site = Measured::start(tokio, machine, &[])?;
    let quiet = site.project("quiet", &tokio.block_on(machine.component(LIGHT))?)?;
    let noisy = site.project("noisy", &tokio.block_on(machine.component(SPIN))?)?;
    let alone = site.sign_ups(&quiet, "alone")?;
    let site = Arc::new(site);
    let until = Instant::now() + Duration::from_secs(20);
    let noise: Vec<_> = (0..16)
        .map(|thread| {
            let (site, key) = (Arc::clone(&site), noisy.clone());
            std::thread::spawn(move || {
                for n in 0.. {
                    if Instant::now() > until {
                        return;
                    }
                    // Every one of them ends without fuel.
                    drop(site.register(&key, &format!("{thread}.{n}@noisy.example")));
                }
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let beside = site.sign_ups(&quiet, "beside")?;
    report.times("a sign-up, alone", &alone)?;
    report.times("a sign-up, beside 16 endless ones", &beside)?;
    for thread in noise {
        drop(thread.join());
    }
    Ok(())
}

/// A server with cheap hashes and no limits, on data of its own.
struct Measured {
    site: Site,
    agent: ureq::Agent,
    _data: tempfile::TempDir,
}

impl Measured {
    fn start(tokio: &tokio::runtime::Runtime, machine: &Machine, env: &[(&str, &str)]) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let env = [&CHEAP_HASH, &[UNLIMITED][..], env].concat();
        Ok(Self {
            site: tokio.block_on(Site::on(machine, data.path(), &env))?,
            agent: agent(),
            _data: data,
        })
    }

    /// A project with this hook; its key.
    fn project(&self, name: &str, component: &[u8]) -> anyhow::Result<String> {
        let key = self.site.project(name)?;
        self.site.deploy(name, component, 1)?;
        Ok(key)
    }

    /// From the first message to the last job that is done, in seconds.
    fn drain(&self, key: &str) -> anyhow::Result<f64> {
        let started = Instant::now();
        for n in 0..JOBS / MESSAGES {
            self.register(key, &format!("{n}@busy.example"))?;
        }
        while self.site.done("busy", "work")? < JOBS as u64 {
            anyhow::ensure!(started.elapsed() < Duration::from_secs(120), "the jobs do not end");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(started.elapsed().as_secs_f64())
    }

    fn sign_ups(&self, key: &str, what: &str) -> anyhow::Result<Samples> {
        let mut samples = Samples::default();
        for n in 0..QUIET {
            samples.time(|| self.register(key, &format!("{n}@{what}.example")))?;
        }
        Ok(samples)
    }

    fn register(&self, key: &str, email: &str) -> anyhow::Result<()> {
        let body = json!({ "email": email, "password": "correct horse battery" });
        self.site.post(&self.agent, key, "/auth/register", &body)?;
        Ok(())
    }
}
