//! `make bench B=flows`: requests per second and times of register, login, refresh and me, over HTTP on loopback, with no
//! hook, one and five, on SQLite and (where one answers) PostgreSQL.
//!
//! The password hash is set to its smallest cost; one row at the end says what the real one costs.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples,
    host::Machine,
    postgres,
    site::{CHEAP_HASH, Site, UNLIMITED, text},
};
use aerocall_compiler::EngineName;
use serde_json::{Value, json};

/// Clients at the same time.
const CLIENTS: usize = 4;
/// Requests of each client.
const REQUESTS: usize = 150;
const PASSWORD: &str = "correct horse battery";

/// A hook at the points of all flows that have one, and nothing else to do.
const HOOK: &str = "
const allow = (context, payload) => {};
export { allow as beforeSignup, allow as beforeLogin, allow as beforeTokenRefresh };
";

/// One request of a client; its number distinguishes its users.
type Request = fn(&Client<'_>) -> anyhow::Result<()>;

const FLOWS: [(&str, Request); 4] = [
    ("register", register),
    ("login", login),
    ("refresh", refresh),
    ("me", me),
];

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 64))?;
    let component = tokio.block_on(machine.component(HOOK))?;
    let mut report = Report::new("flows")?;

    report.section("SQLite");
    let bench = Bench {
        tokio: &tokio,
        machine: &machine,
        component: &component,
    };
    bench.measure(&mut report, "sqlite", &[])?;
    match postgres::Database::make() {
        Some(database) => {
            report.section("PostgreSQL");
            let shared = [
                ("AEROCALL_DATABASE_URL", database.url.as_str()),
                // Two servers in a row work on it, each with a directory of its own.
                ("AEROCALL_MASTER_KEY", "YWVyb2NhbGwtYmVuY2gtYWVyb2NhbGwtYmVuY2gtYWU="),
            ];
            bench.measure(&mut report, "postgres", &shared)?;
        }
        None => report.section("PostgreSQL: skipped, none answers on 127.0.0.1:5432"),
    }
    Ok(())
}

/// What every server of this bench runs on.
struct Bench<'a> {
    tokio: &'a tokio::runtime::Runtime,
    machine: &'a Machine,
    component: &'a [u8],
}

impl Bench<'_> {
    /// All rows of one database.
    fn measure(&self, report: &mut Report, database: &str, env: &[(&str, &str)]) -> anyhow::Result<()> {
        let cheap: Vec<_> = env.iter().copied().chain(CHEAP_HASH).collect();
        self.with_site(&cheap, |site| {
            for hooks in [0, 1, 5] {
                let project = format!("hooks{hooks}");
                let key = site.project(&project)?;
                site.deploy(&project, self.component, hooks)?;
                for (name, request) in FLOWS {
                    let row = run(site, &key, request)?;
                    let case = format!("{database}, {name}, {hooks} hooks");
                    report.times(&case, &row.samples)?;
                    report.figure(&format!("{case}, at {CLIENTS} clients"), "1/s", row.per_second)?;
                }
            }
            Ok(())
        })?;
        self.with_site(env, |site| {
            let row = run(site, &site.project("real")?, login)?;
            report.times(&format!("{database}, login with the real hash"), &row.samples)
        })
    }

    fn with_site(&self, env: &[(&str, &str)], work: impl FnOnce(&Site) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let data = tempfile::tempdir()?;
        let env: Vec<_> = env.iter().copied().chain([UNLIMITED]).collect();
        let site = self.tokio.block_on(Site::on(self.machine, data.path(), &env))?;
        work(&site)?;
        self.tokio.block_on(site.running.stop())?;
        Ok(())
    }
}

fn register(client: &Client<'_>) -> anyhow::Result<()> {
    client.register(&format!("{}.{}@new.example", client.number, another()))?;
    Ok(())
}

fn login(client: &Client<'_>) -> anyhow::Result<()> {
    let body = json!({ "email": client.email(), "password": PASSWORD });
    client.post("/auth/login", &body)?;
    Ok(())
}

fn refresh(client: &Client<'_>) -> anyhow::Result<()> {
    let token = client.refresh_token.borrow().clone();
    let answer = client.post("/auth/refresh", &json!({ "refresh_token": token }))?;
    *client.refresh_token.borrow_mut() = text(&answer, "refresh_token")?;
    Ok(())
}

fn me(client: &Client<'_>) -> anyhow::Result<()> {
    client
        .site
        .get(&client.agent, client.key, &client.access_token, "/auth/me")
}

fn another() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

struct Row {
    samples: Samples,
    per_second: f64,
}

/// A client with a user of its own.
struct Client<'a> {
    site: &'a Site,
    key: &'a str,
    number: usize,
    agent: ureq::Agent,
    access_token: String,
    refresh_token: RefCell<String>,
}

impl<'a> Client<'a> {
    fn open(site: &'a Site, key: &'a str, number: usize) -> anyhow::Result<Self> {
        let mut client = Self {
            site,
            key,
            number,
            agent: ureq::Agent::new_with_defaults(),
            access_token: String::new(),
            refresh_token: RefCell::default(),
        };
        let body = json!({ "email": client.email(), "password": PASSWORD });
        let answer = match client.register(&client.email()) {
            Ok(answer) => answer,
            // It has been here before.
            Err(_) => client.post("/auth/login", &body)?,
        };
        client.access_token = text(&answer, "access_token")?;
        *client.refresh_token.borrow_mut() = text(&answer, "refresh_token")?;
        Ok(client)
    }

    fn email(&self) -> String {
        format!("client{}@bench.example", self.number)
    }

    fn register(&self, email: &str) -> anyhow::Result<Value> {
        self.post("/auth/register", &json!({ "email": email, "password": PASSWORD }))
    }

    fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.site.ask(&self.agent, self.key, path, body)
    }
}

/// All clients at once, after a few requests each that do not count.
fn run(site: &Site, key: &str, request: Request) -> anyhow::Result<Row> {
    let client = |number| {
        move || -> anyhow::Result<(Samples, Duration)> {
            let client = Client::open(site, key, number)?;
            (0..5).try_for_each(|_| request(&client))?;
            let began = Instant::now();
            let mut samples = Samples::default();
            for _ in 0..REQUESTS {
                samples.time(|| request(&client))?;
            }
            Ok((samples, began.elapsed()))
        }
    };
    let ended = thread::scope(|scope| {
        let threads: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(client(number))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().expect("a client never panics");
        threads.into_iter().map(join).collect::<anyhow::Result<Vec<_>>>()
    })?;
    let mut samples = Samples::default();
    let mut longest = Duration::ZERO;
    for (of_client, took) in ended {
        samples.extend(of_client);
        longest = longest.max(took);
    }
    let per_second = samples.len() as f64 / longest.as_secs_f64();
    Ok(Row { samples, per_second })
}
