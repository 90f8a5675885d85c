//! `make bench B=queue`: jobs per second from a message that waits to a consumer that has run, with jobs from the database
//! and over RabbitMQ (where there is one on 127.0.0.1:5672), and what a busy project costs a quiet one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples,
    host::{self, Machine},
};
use aerocall_compiler::EngineName;
use aerocall_server::{Config, ConfigSources, Running, Server};
use anyhow::Context as _;
use serde_json::{Value, json};

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

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let tokio = tokio::runtime::Runtime::new()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 200))?;
    let mut report = Report::new("queue")?;
    let prefix = format!("bench-{}", std::process::id());
    let rabbit = [
        ("AEROCALL_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2f"),
        ("AEROCALL_AMQP_PREFIX", prefix.as_str()),
    ];
    let carriers: [(&str, &[(&str, &str)]); 2] = [("database", &[]), ("rabbitmq", &rabbit)];
    for (name, env) in carriers {
        if name == "rabbitmq" && std::net::TcpStream::connect("127.0.0.1:5672").is_err() {
            report.section("skipped: there is no RabbitMQ on 127.0.0.1:5672");
            continue;
        }
        let site = Site::start(&tokio, &machine, env)?;
        let key = site.project("busy", &tokio.block_on(machine.component(PRODUCER))?)?;
        let seconds = site.drain(&key)?;
        report.figure(&format!("jobs over the {name}"), "jobs/s", JOBS as f64 / seconds)?;
        tokio.block_on(site.running.stop())?;
    }
    neighbours(&tokio, &machine, &mut report)?;
    Ok(())
}

/// Sign-ups of a quiet project, alone and while another one's hooks never end.
fn neighbours(tokio: &tokio::runtime::Runtime, machine: &Machine, report: &mut Report) -> anyhow::Result<()> {
    let site = Site::start(tokio, machine, &[])?;
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

struct Site {
    running: Running,
    base: String,
    token: String,
    client: ureq::Agent,
    _data: tempfile::TempDir,
}

impl Site {
    fn start(tokio: &tokio::runtime::Runtime, machine: &Machine, env: &[(&str, &str)]) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let path = data.path().display().to_string();
        let base = [
            ("AEROCALL_LISTEN", "127.0.0.1:0"),
            ("AEROCALL_DATA_DIR", path.as_str()),
            ("AEROCALL_PASSWORD_MEMORY_KIB", "128"),
            ("AEROCALL_LIMITS_ENABLED", "false"),
            ("AEROCALL_PASSWORD_PASSES", "1"),
        ];
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let sources = ConfigSources {
            env: base.iter().chain(env).map(owned).collect(),
            ..ConfigSources::default()
        };
        let (running, token) = tokio.block_on(async {
            let server = Server::open(Config::load(&sources)?, Arc::clone(&machine.runtime)).await?;
            let token = server.create_admin_token("bench").await?;
            anyhow::Ok((server.listen()?, token))
        })?;
        let client = ureq::Agent::config_builder().http_status_as_error(false).build();
        Ok(Self {
            base: format!("http://{}", running.addr),
            running,
            token,
            client: client.into(),
            _data: data,
        })
    }

    fn project(&self, name: &str, component: &[u8]) -> anyhow::Result<String> {
        let made = self.admin("POST", "/projects", Some(json!({ "id": name })))?;
        let url = format!("{}/admin/api/v1/projects/{name}/hooks/hook/versions", self.base);
        let upload = self
            .client
            .post(url)
            .header("authorization", format!("Bearer {}", self.token));
        upload.content_type("application/wasm").send(component)?;
        let path = format!("/projects/{name}/environments/production/deployments");
        self.admin(
            "POST",
            &path,
            Some(json!({ "hooks": [{ "name": "hook", "number": 1 }] })),
        )?;
        Ok(made["publishable_key"].as_str().context("no key")?.to_owned())
    }

    /// From the first message to the last job that is done, in seconds.
    fn drain(&self, key: &str) -> anyhow::Result<f64> {
        let started = Instant::now();
        for n in 0..JOBS / MESSAGES {
            self.register(key, &format!("{n}@busy.example"))?;
        }
        loop {
            let queues = self.admin("GET", "/projects/busy/environments/production/queues", None)?;
            if queues["queues"][0]["done"] == JOBS {
                return Ok(started.elapsed().as_secs_f64());
            }
            anyhow::ensure!(started.elapsed() < Duration::from_secs(120), "{queues}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn sign_ups(&self, key: &str, what: &str) -> anyhow::Result<Samples> {
        let mut samples = Samples::default();
        for n in 0..QUIET {
            samples.time(|| self.register(key, &format!("{n}@{what}.example")))?;
        }
        Ok(samples)
    }

    fn register(&self, key: &str, email: &str) -> anyhow::Result<()> {
        let post = self
            .client
            .post(format!("{}/auth/register", self.base))
            .header("x-aerocall-key", key);
        let mut answer = post.send_json(json!({ "email": email, "password": "correct horse battery" }))?;
        answer.body_mut().read_to_vec()?;
        Ok(())
    }

    fn admin(&self, method: &str, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let url = format!("{}/admin/api/v1{path}", self.base);
        let bearer = format!("Bearer {}", self.token);
        let mut answer = match (method, body) {
            ("GET", _) => self.client.get(url).header("authorization", bearer).call()?,
            (_, body) => self
                .client
                .post(url)
                .header("authorization", bearer)
                .send_json(body.unwrap_or(Value::Null))?,
        };
        Ok(answer.body_mut().read_json()?)
    }
}
