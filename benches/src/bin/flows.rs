//! `make bench B=flows`: requests per second and times of register, login, refresh and me, over HTTP on loopback, with no
//! hook, one and five, on SQLite and (where one answers) PostgreSQL.
//!
//! The password hash is set to its smallest cost: with the real one (tens of milliseconds of one core) nothing else would
//! be seen. One row at the end says what the real one costs.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples,
    host::{self, Machine},
    postgres,
};
use aerocall_compiler::EngineName;
use aerocall_server::{Config, ConfigSources, Running, Server};
use anyhow::Context as _;
use serde_json::{Value, json};

/// Clients at the same time.
const CLIENTS: usize = 4;
/// Requests of each client.
const REQUESTS: usize = 150;

/// A hook at the points of all four flows, and nothing else to do.
const HOOK: &str = "
const allow = (context, payload) => {};
export { allow as beforeSignup, allow as beforeLogin, allow as beforeTokenRefresh };
";

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let tokio = tokio::runtime::Runtime::new()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 64))?;
    let component = tokio.block_on(machine.component(HOOK))?;
    let mut report = Report::new("flows")?;

    report.section("SQLite");
    measure(&tokio, &machine, &component, &mut report, "sqlite", &[])?;
    match postgres::Database::make() {
        Some(database) => {
            report.section("PostgreSQL");
            let url = [("AEROCALL_DATABASE_URL", database.url.as_str())];
            measure(&tokio, &machine, &component, &mut report, "postgres", &url)?;
        }
        None => report.section("PostgreSQL: skipped, none answers on 127.0.0.1:5432"),
    }
    Ok(())
}

/// All rows of one database.
fn measure(
    tokio: &tokio::runtime::Runtime,
    machine: &Machine,
    component: &[u8],
    report: &mut Report,
    database: &str,
    env: &[(&str, &str)],
) -> anyhow::Result<()> {
    let cheap = [
        ("AEROCALL_PASSWORD_MEMORY_KIB", "128"),
        ("AEROCALL_PASSWORD_PASSES", "1"),
    ];
    let env: Vec<_> = env.iter().copied().chain(cheap).collect();
    let site = Site::start(tokio, machine, &env)?;
    for hooks in [0, 1, 5] {
        let project = site.project(&format!("hooks{hooks}"), component, hooks)?;
        for (name, request) in FLOWS {
            let row = site.run(&project, request)?;
            let case = format!("{database}, {name}, {hooks} hooks");
            report.times(&case, &row.samples)?;
            report.figure(&format!("{case}, at {CLIENTS} clients"), "1/s", row.per_second)?;
        }
    }
    tokio.block_on(site.running.stop())?;
    let real = Site::start(tokio, machine, &env[..env.len() - cheap.len()])?;
    let project = real.project("real", component, 0)?;
    let row = real.run(&project, login)?;
    report.times(&format!("{database}, login with the real hash"), &row.samples)?;
    tokio.block_on(real.running.stop())?;
    Ok(())
}

/// One request of a client; its number tells its users apart.
type Request = fn(&Client<'_>) -> anyhow::Result<()>;

const FLOWS: [(&str, Request); 4] = [
    ("register", register),
    ("login", login),
    ("refresh", refresh),
    ("me", me),
];

fn register(client: &Client<'_>) -> anyhow::Result<()> {
    client.register(&format!("{}.{}@new.example", client.number, uuid()))?;
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
    let get = client
        .agent
        .get(format!("{}/auth/me", client.base))
        .header("x-aerocall-key", client.key)
        .header("authorization", format!("Bearer {}", client.access_token));
    get.call()?.body_mut().read_to_vec()?;
    Ok(())
}

const PASSWORD: &str = "correct horse battery";

fn uuid() -> u128 {
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    u128::from(COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

fn text(answer: &Value, name: &str) -> anyhow::Result<String> {
    Ok(answer[name].as_str().with_context(|| format!("no {name}"))?.to_owned())
}

struct Row {
    samples: Samples,
    per_second: f64,
}

/// A client with a user of its own.
struct Client<'a> {
    base: &'a str,
    key: &'a str,
    number: usize,
    agent: ureq::Agent,
    access_token: String,
    refresh_token: std::cell::RefCell<String>,
}

impl<'a> Client<'a> {
    fn open(base: &'a str, key: &'a str, number: usize) -> anyhow::Result<Self> {
        let mut client = Self {
            base,
            key,
            number,
            agent: ureq::Agent::new_with_defaults(),
            access_token: String::new(),
            refresh_token: std::cell::RefCell::default(),
        };
        let body = json!({ "email": client.email(), "password": PASSWORD });
        let answer = match client.register(&client.email()) {
            Ok(answer) => answer,
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
        let post = self.agent.post(format!("{}{path}", self.base));
        let mut answer = post.header("x-aerocall-key", self.key).send_json(body)?;
        Ok(answer.body_mut().read_json()?)
    }
}

/// A server of one database.
struct Site {
    running: Running,
    base: String,
    token: String,
    agent: ureq::Agent,
    _data: tempfile::TempDir,
}

impl Site {
    fn start(tokio: &tokio::runtime::Runtime, machine: &Machine, env: &[(&str, &str)]) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let directory = data.path().display().to_string();
        let base = [
            ("AEROCALL_LISTEN", "127.0.0.1:0"),
            ("AEROCALL_DATA_DIR", directory.as_str()),
            ("AEROCALL_LIMITS_ENABLED", "false"),
        ];
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let sources = ConfigSources {
            env: base.into_iter().chain(env.iter().copied()).map(owned).collect(),
            ..ConfigSources::default()
        };
        let config = Config::load(&sources)?;
        let (running, token) = tokio.block_on(async {
            let server = Server::open(config, Arc::clone(&machine.runtime)).await?;
            let token = server.create_admin_token("bench").await?;
            anyhow::Ok((server.listen()?, token))
        })?;
        Ok(Self {
            base: format!("http://{}", running.addr),
            running,
            token,
            agent: ureq::Agent::new_with_defaults(),
            _data: data,
        })
    }

    /// Makes a project with the hook deployed that many times; answers its publishable key.
    fn project(&self, name: &str, component: &[u8], hooks: usize) -> anyhow::Result<String> {
        let made = self.admin("/projects", &json!({ "id": name }))?;
        let names: Vec<String> = (0..hooks).map(|number| format!("hook{number}")).collect();
        for hook in &names {
            let url = format!("{}/admin/api/v1/projects/{name}/hooks/{hook}/versions", self.base);
            let upload = self
                .agent
                .post(url)
                .header("authorization", format!("Bearer {}", self.token));
            upload.content_type("application/wasm").send(component)?;
        }
        let hooks: Vec<Value> = names.iter().map(|hook| json!({ "name": hook, "number": 1 })).collect();
        let path = format!("/projects/{name}/environments/production/deployments");
        self.admin(&path, &json!({ "hooks": hooks }))?;
        text(&made, "publishable_key")
    }

    fn admin(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let post = self.agent.post(format!("{}/admin/api/v1{path}", self.base));
        let mut answer = post
            .header("authorization", format!("Bearer {}", self.token))
            .send_json(body)?;
        Ok(answer.body_mut().read_json()?)
    }

    /// All clients at once, after a few requests each that do not count.
    fn run(&self, key: &str, request: Request) -> anyhow::Result<Row> {
        let client = |number| {
            move || -> anyhow::Result<(Samples, Duration)> {
                let client = Client::open(&self.base, key, number)?;
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
        let mut all = Samples::default();
        let mut longest = Duration::ZERO;
        for (samples, took) in ended {
            all.extend(samples);
            longest = longest.max(took);
        }
        let per_second = all.len() as f64 / longest.as_secs_f64();
        Ok(Row {
            samples: all,
            per_second,
        })
    }
}
