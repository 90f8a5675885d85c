//! `make bench B=script_hooks`: calls of script hooks per second, from a backlog of events to the last job that is done: jobs
//! from SQLite, from PostgreSQL, and over RabbitMQ (where there are such). An argument says how many events.

use std::time::{Duration, Instant};

use aerocall_benches::{
    Report, argument,
    host::Machine,
    postgres,
    site::{CHEAP_HASH, Site, UNLIMITED},
};
use aerocall_compiler::EngineName;

const EVENTS: u64 = 3_000;
const CLIENTS: u64 = 4;
const HOOK: &str = "export const on = { 'auth.signup': async () => {} };";
const KEY: (&str, &str) = ("AEROCALL_MASTER_KEY", "YWVyb2NhbGwtYmVuY2gtYWVyb2NhbGwtYmVuY2gtYWU=");

pub(crate) fn bench() -> anyhow::Result<()> {
    let events = argument().map_or(Ok(EVENTS), |text| text.parse())?;
    let tokio = tokio::runtime::Runtime::new()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 64))?;
    let component = tokio.block_on(machine.component(HOOK))?;
    let mut report = Report::new("script_hooks")?;
    let bench = Bench {
        tokio: &tokio,
        machine: &machine,
        component: &component,
        events,
    };
    bench.drain(&mut report, "SQLite", &[])?;
    let prefix = format!("bench-{}", std::process::id());
    let rabbit = [
        ("AEROCALL_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2f"),
        ("AEROCALL_AMQP_PREFIX", prefix.as_str()),
    ];
    for (name, transport) in [("PostgreSQL", &[][..]), ("PostgreSQL and RabbitMQ", &rabbit)] {
        if !transport.is_empty() && std::net::TcpStream::connect("127.0.0.1:5672").is_err() {
            report.section("skipped: there is no RabbitMQ on 127.0.0.1:5672");
            continue;
        }
        let Some(database) = postgres::Database::make() else {
            report.section("skipped: there is no PostgreSQL on 127.0.0.1:5432");
            continue;
        };
        let env = [&[("AEROCALL_DATABASE_URL", database.url.as_str())][..], transport].concat();
        bench.drain(&mut report, name, &env)?;
    }
    Ok(())
}

struct Bench<'a> {
    tokio: &'a tokio::runtime::Runtime,
    machine: &'a Machine,
    component: &'a [u8],
    events: u64,
}

impl Bench<'_> {
    /// People sign up while nobody works; then a server begins to work.
    fn drain(&self, report: &mut Report, name: &str, env: &[(&str, &str)]) -> anyhow::Result<()> {
        let data = tempfile::tempdir()?;
        let env = [env, &CHEAP_HASH, &[UNLIMITED, KEY]].concat();
        let start = |worker: &str| {
            let env = [&env[..], &[("AEROCALL_WORKER_ENABLED", worker)]].concat();
            self.tokio.block_on(Site::on(self.machine, data.path(), &env))
        };
        let site = start("false")?;
        let key = site.project("busy")?;
        site.deploy("busy", self.component, 1)?;
        let each = self.events / CLIENTS;
        site.sign_ups(&key, CLIENTS, each, "busy.example")?;
        self.tokio.block_on(site.running.stop())?;

        let site = start("true")?;
        let (begun, wanted) = (Instant::now(), each * CLIENTS);
        while site.done("busy", "auth.signup/hook0")? < wanted {
            anyhow::ensure!(begun.elapsed() < Duration::from_secs(300), "the jobs do not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        #[allow(clippy::cast_precision_loss, reason = "thousands")]
        let rate = wanted as f64 / begun.elapsed().as_secs_f64();
        report.figure(&format!("{name}, {wanted} events"), "calls/s", rate)?;
        self.tokio.block_on(site.running.stop())?;
        Ok(())
    }
}
