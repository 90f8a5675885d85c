//! A server on a port of its own, seen from outside.

use std::{path::Path, sync::Arc};

use aerocall_compiler::EngineName;
use aerocall_server::{Config, ConfigSources, Running, Server};
use anyhow::Context as _;
use serde_json::{Value, json};

use crate::host::Machine;

/// A server.
pub struct Site {
    /// The server.
    pub running: Running,
    base: String,
    token: String,
}

/// An answer of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Of HTTP.
    pub status: u16,
    /// Whether it says when to come back.
    pub retry: Retry,
}

/// Whether an answer has `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It has.
    Told,
    /// It has not.
    Untold,
}

impl Site {
    /// Starts a server with the default settings but for these.
    ///
    /// # Errors
    /// The server cannot be started.
    pub async fn start(data: &Path, env: &[(&str, &str)]) -> anyhow::Result<Self> {
        let machine = Machine::open(EngineName::default(), 64).await?;
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
            base: format!("http://{}", running.addr),
            running,
            token,
        })
    }

    /// Makes a project and answers its key. Blocks.
    ///
    /// # Errors
    /// The server refuses.
    pub fn project(&self, name: &str) -> anyhow::Result<String> {
        let made = self.admin("POST", "/projects", json!({ "id": name }))?;
        Ok(made["publishable_key"].as_str().context("no key")?.to_owned())
    }

    /// Asks the admin API. Blocks.
    ///
    /// # Errors
    /// The server refuses.
    pub fn admin(&self, method: &str, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/admin/api/v1{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(body.to_string())?;
        let mut answer = ureq::Agent::new_with_defaults().run(request)?;
        Ok(answer.body_mut().read_json()?)
    }

    /// Posts to the auth API and reads the answer to its end. Blocks.
    ///
    /// # Errors
    /// There is no answer.
    pub fn post(&self, agent: &ureq::Agent, key: &str, path: &str, body: &Value) -> anyhow::Result<Answered> {
        let post = agent.post(format!("{}{path}", self.base));
        let mut answer = post.header("x-aerocall-key", key).send_json(body)?;
        answer.body_mut().read_to_vec()?;
        let retry = match answer.headers().contains_key("retry-after") {
            true => Retry::Told,
            false => Retry::Untold,
        };
        Ok(Answered {
            status: answer.status().as_u16(),
            retry,
        })
    }
}

/// A client that takes a refusal for an answer.
#[must_use]
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}
