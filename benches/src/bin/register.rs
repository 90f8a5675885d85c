//! `make bench B=register`: what hooks add to `POST /auth/register`, over HTTP on loopback, on SQLite.
//!
//! The password hash is set to its smallest cost: with the real one (tens of milliseconds) a hook would drown in it.

use std::sync::Arc;

use aerocall_benches::{
    Report, Samples, hooks,
    host::{self, Machine},
};
use aerocall_compiler::EngineName;
use aerocall_server::{Config, ConfigSources, Running, Server};
use anyhow::Context as _;
use serde_json::{Value, json};

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

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 64))?;
    let (running, token, component) = tokio.block_on(start(&machine, data.path()))?;
    let site = Site {
        base: format!("http://{}", running.addr),
        token,
        client: ureq::Agent::new_with_defaults(),
    };
    let projects = [("no-hook", 0), ("one-hook", 1), ("five-hooks", 5)];
    let mut keys = Vec::new();
    for (name, count) in projects {
        keys.push(site.project(name, &component, count)?);
    }
    let mut samples = vec![Samples::default(); projects.len()];
    for round in 0..ROUNDS {
        for ((key, samples), (name, _)) in keys.iter().zip(&mut samples).zip(projects) {
            for turn in 0..TURN {
                let email = format!("user{round}.{turn}@{name}.example");
                samples.time(|| site.register(key, &email))?;
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
    tokio.block_on(running.stop())?;
    Ok(())
}

async fn start(machine: &Machine, data: &std::path::Path) -> anyhow::Result<(Running, String, Vec<u8>)> {
    // The signup of H1 under another name, so that the hook can stand around it.
    let h1 = hooks::all()[0]
        .common
        .replace("function beforeSignup(", "function signup(");
    let component = machine.component(&format!("{h1}{HOOK}")).await?;
    let env = [
        ("AEROCALL_LISTEN", "127.0.0.1:0"),
        (
            "AEROCALL_DATA_DIR",
            data.to_str()
                .context("the temporary directory has a name that is no text")?,
        ),
        ("AEROCALL_PASSWORD_MEMORY_KIB", "128"),
        ("AEROCALL_LIMITS_ENABLED", "false"),
        ("AEROCALL_PASSWORD_PASSES", "1"),
    ];
    let sources = ConfigSources {
        env: env
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter()
            .collect(),
        ..ConfigSources::default()
    };
    let server = Server::open(Config::load(&sources)?, Arc::clone(&machine.runtime)).await?;
    let token = server.create_admin_token("bench").await?;
    Ok((server.listen()?, token, component))
}

/// The server, seen from outside.
struct Site {
    base: String,
    token: String,
    client: ureq::Agent,
}

impl Site {
    /// Makes a project with the hook deployed that many times; answers its publishable key.
    fn project(&self, name: &str, component: &[u8], hooks: usize) -> anyhow::Result<String> {
        let made = self.admin("/projects", json!({ "id": name }))?;
        let names: Vec<String> = (0..hooks).map(|number| format!("hook{number}")).collect();
        for hook in &names {
            let url = format!("{}/admin/api/v1/projects/{name}/hooks/{hook}/versions", self.base);
            let upload = self
                .client
                .post(url)
                .header("authorization", format!("Bearer {}", self.token));
            upload.content_type("application/wasm").send(component)?;
        }
        let hooks: Vec<Value> = names.iter().map(|hook| json!({ "name": hook, "number": 1 })).collect();
        self.admin(
            &format!("/projects/{name}/environments/production/deployments"),
            json!({ "hooks": hooks }),
        )?;
        Ok(made["publishable_key"].as_str().context("no key")?.to_owned())
    }

    fn admin(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let post = self.client.post(format!("{}/admin/api/v1{path}", self.base));
        let mut answer = post
            .header("authorization", format!("Bearer {}", self.token))
            .send_json(body)?;
        Ok(answer.body_mut().read_json()?)
    }

    fn register(&self, key: &str, email: &str) -> anyhow::Result<()> {
        let post = self
            .client
            .post(format!("{}/auth/register", self.base))
            .header("x-aerocall-key", key);
        let body = json!({ "email": email, "name": "Jane Doe", "password": "correct horse battery" });
        let mut answer = post.send_json(body)?;
        answer.body_mut().read_to_vec()?;
        Ok(())
    }
}
