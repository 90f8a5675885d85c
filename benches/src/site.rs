//! A server on a port of its own, seen from outside. Knows how to ask it; knows nothing of what is measured.

use std::{ops::Deref, path::Path, sync::Arc, time::Duration};

use aerocall_compiler::EngineName;
use aerocall_server::{Config, ConfigSources, Running, Server};
use anyhow::Context as _;
use serde_json::{Value, json};

use crate::host::Machine;

/// The password hash at its smallest cost: with the real one (tens of milliseconds of one core) nothing else would be seen.
pub const CHEAP_HASH: [(&str, &str); 2] = [
    ("AEROCALL_PASSWORD_MEMORY_KIB", "128"),
    ("AEROCALL_PASSWORD_PASSES", "1"),
];

/// So that a bench measures what is asked, and not how often it may ask.
pub const UNLIMITED: (&str, &str) = ("AEROCALL_LIMITS_ENABLED", "false");

/// A server in this process.
pub struct Site {
    /// The server.
    pub running: Running,
    client: Client,
}

/// Asks a server, wherever it runs.
pub struct Client {
    /// Where it listens: `http://127.0.0.1:8080`.
    pub base: String,
    /// Of an admin.
    pub token: String,
    admin: ureq::Agent,
}

impl Deref for Site {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// An answer that may be a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Of HTTP.
    pub status: u16,
    /// When to come back, if it says so.
    pub retry_after: Option<Duration>,
}

impl Site {
    /// Starts a server with the default settings but for these. It runs no hooks.
    ///
    /// # Errors
    /// The server cannot be started.
    pub async fn start(data: &Path, env: &[(&str, &str)]) -> anyhow::Result<Self> {
        let machine = Machine::open(EngineName::default(), 64).await?;
        Self::on(&machine, data, env).await
    }

    /// The same on a machine that is there, which has to stay as long as hooks are deployed.
    ///
    /// # Errors
    /// The server cannot be started.
    pub async fn on(machine: &Machine, data: &Path, env: &[(&str, &str)]) -> anyhow::Result<Self> {
        let data = data.to_str().context("the directory has a name that is no text")?;
        let base = [("AEROCALL_LISTEN", "127.0.0.1:0"), ("AEROCALL_DATA_DIR", data)];
        let env = base.iter().chain(env);
        let sources = ConfigSources {
            env: env
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..ConfigSources::default()
        };
        let server = Server::open(Config::load(&sources)?, Arc::clone(&machine.runtime)).await?;
        let token = server.create_admin_token("bench").await?;
        let running = server.listen()?;
        Ok(Self {
            client: Client::new(format!("http://{}", running.addr), token),
            running,
        })
    }
}

impl Client {
    /// Of a server that listens there.
    #[must_use]
    pub fn new(base: String, token: String) -> Self {
        Self {
            base,
            token,
            admin: ureq::Agent::new_with_defaults(),
        }
    }

    /// Makes a project and answers its key. Blocks.
    ///
    /// # Errors
    /// The server refuses.
    pub fn project(&self, name: &str) -> anyhow::Result<String> {
        let made = self.admin("POST", "/projects", &json!({ "id": name }))?;
        text(&made, "publishable_key")
    }

    /// Deploys the hook that many times, under as many names, in the first environment of a project. Blocks.
    ///
    /// # Errors
    /// The server refuses.
    pub fn deploy(&self, project: &str, component: &[u8], hooks: usize) -> anyhow::Result<()> {
        let names: Vec<String> = (0..hooks).map(|number| format!("hook{number}")).collect();
        for hook in &names {
            let path = format!("/projects/{project}/hooks/{hook}/versions");
            self.ask_admin("POST", &path, "application/wasm", component)?;
        }
        let hooks: Vec<Value> = names.iter().map(|hook| json!({ "name": hook, "number": 1 })).collect();
        let path = format!("/projects/{project}/environments/production/deployments");
        self.admin("POST", &path, &json!({ "hooks": hooks }))?;
        Ok(())
    }

    /// How many jobs of a queue of the project are done. Blocks.
    ///
    /// # Errors
    /// The server refuses.
    pub fn done(&self, project: &str, queue: &str) -> anyhow::Result<u64> {
        let url = format!(
            "{}/admin/api/v1/projects/{project}/environments/production/queues",
            self.base
        );
        let request = self
            .admin
            .get(url)
            .header("authorization", format!("Bearer {}", self.token));
        let answer: Value = request.call()?.body_mut().read_json()?;
        let queues = answer["queues"].as_array().context("no queues")?;
        let found = queues.iter().find(|one| one["name"] == queue);
        Ok(found.and_then(|one| one["done"].as_u64()).unwrap_or(0))
    }

    /// Asks the admin API. Blocks.
    ///
    /// # Errors
    /// The server refuses.
    pub fn admin(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.ask_admin(method, path, "application/json", body.to_string().as_bytes())
    }

    fn ask_admin(&self, method: &str, path: &str, of_type: &str, body: &[u8]) -> anyhow::Result<Value> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/admin/api/v1{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", of_type)
            .body(body)?;
        Ok(self.admin.run(request)?.body_mut().read_json()?)
    }

    /// Posts to the auth API and reads the answer to its end, whatever it is. Blocks.
    ///
    /// # Errors
    /// There is no answer.
    pub fn post(&self, agent: &ureq::Agent, key: &str, path: &str, body: &Value) -> anyhow::Result<Answered> {
        let post = agent.post(format!("{}{path}", self.base));
        let mut answer = post.header("x-aerocall-key", key).send_json(body)?;
        answer.body_mut().read_to_vec()?;
        let retry = answer.headers().get("retry-after").map(ureq::http::HeaderValue::to_str);
        Ok(Answered {
            status: answer.status().as_u16(),
            retry_after: retry.transpose()?.map(str::parse).transpose()?.map(Duration::from_secs),
        })
    }

    /// So many clients at once, each of whom signs up so many users of a host. Blocks.
    ///
    /// # Errors
    /// A request cannot be sent.
    ///
    /// # Panics
    /// Never: no client panics.
    pub fn sign_ups(&self, key: &str, clients: u64, each: u64, host: &str) -> anyhow::Result<()> {
        let sign_up = |client: u64| {
            let agent = agent();
            for user in 0..each {
                let email = format!("u{user}.{client}@{host}");
                let account = json!({ "email": email, "password": "correct horse battery" });
                self.post(&agent, key, "/auth/register", &account)?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..clients)
                .map(|client| scope.spawn(move || sign_up(client)))
                .collect();
            running
                .into_iter()
                .try_for_each(|client| client.join().expect("a client never panics"))
        })
    }

    /// Posts to the auth API and answers what it answers. Blocks.
    ///
    /// # Errors
    /// The server refuses, if the agent takes a refusal for an error.
    pub fn ask(&self, agent: &ureq::Agent, key: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let post = agent.post(format!("{}{path}", self.base));
        let mut answer = post.header("x-aerocall-key", key).send_json(body)?;
        Ok(answer.body_mut().read_json()?)
    }

    /// Asks the auth API as somebody who is signed in and reads the answer to its end. Blocks.
    ///
    /// # Errors
    /// As of [`Client::ask`].
    pub fn get(&self, agent: &ureq::Agent, key: &str, token: &str, path: &str) -> anyhow::Result<()> {
        let get = agent.get(format!("{}{path}", self.base)).header("x-aerocall-key", key);
        let mut answer = get.header("authorization", format!("Bearer {token}")).call()?;
        answer.body_mut().read_to_vec()?;
        Ok(())
    }
}

/// A client that takes a refusal for an answer.
#[must_use]
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// A text of an answer.
///
/// # Errors
/// There is none of that name.
pub fn text(answer: &Value, name: &str) -> anyhow::Result<String> {
    Ok(answer[name].as_str().with_context(|| format!("no {name}"))?.to_owned())
}
