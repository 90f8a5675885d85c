//! The admin API from outside: versions and deployments of a project. Knows paths and the error envelope, not hooks.

use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, Body, http::Response};

/// The longest that one request may take; a bundle has to be compiled on the other side.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Why there is no answer.
pub(crate) enum NoAnswer {
    /// The server said no: its error, as it sent it.
    Refused { status: u16, error: Value },
    /// Nobody answered, or not as a server of ours does.
    Network(String),
}

/// One server and somebody whom it knows.
pub(crate) struct Admin {
    agent: Agent,
    /// Without a slash at the end.
    server: String,
    token: String,
}

type Answer = Result<Value, NoAnswer>;

impl Admin {
    pub(crate) fn new(server: &str, token: &str) -> Self {
        // No redirects: the token is for this server alone.
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Self {
            agent: config.into(),
            server: server.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        }
    }

    /// The version of a hook with this digest, if the server has it.
    pub(crate) fn version(&self, project: &str, hook: &str, digest: &str) -> Result<Option<Value>, NoAnswer> {
        let url = self.versions_url(project, hook);
        let request = self.agent.get(&url).header("authorization", self.bearer());
        let answer = self.read(&url, request.call())?;
        let versions = answer["versions"].as_array().cloned().unwrap_or_default();
        Ok(versions.into_iter().find(|version| version["digest"] == digest))
    }

    /// Uploads a bundle.
    pub(crate) fn upload(&self, project: &str, hook: &str, component: &[u8]) -> Answer {
        let url = self.versions_url(project, hook);
        let request = self.agent.post(&url).header("authorization", self.bearer());
        self.read(&url, request.content_type("application/wasm").send(component))
    }

    /// Makes a deployment live.
    pub(crate) fn deploy(&self, project: &str, environment: &str, hooks: &Value) -> Answer {
        let url = format!(
            "{}/admin/api/v1/projects/{project}/environments/{environment}/deployments",
            self.server
        );
        let request = self.agent.post(&url).header("authorization", self.bearer());
        self.read(&url, request.send_json(hooks))
    }

    fn versions_url(&self, project: &str, hook: &str) -> String {
        format!("{}/admin/api/v1/projects/{project}/hooks/{hook}/versions", self.server)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn read(&self, url: &str, answer: Result<Response<Body>, ureq::Error>) -> Answer {
        let network = |why: String| NoAnswer::Network(format!("{url}: {why}"));
        let mut response = answer.map_err(|error| network(error.to_string()))?;
        let status = response.status().as_u16();
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|error| network(error.to_string()))?;
        let document = serde_json::from_str::<Value>(&text).ok();
        match (status, document) {
            (200..=299, Some(document)) => Ok(document),
            (400..=499, Some(document)) if document["error"].is_object() => Err(NoAnswer::Refused {
                status,
                error: document["error"].clone(),
            }),
            (_, Some(document)) if document["error"]["message"].is_string() => Err(network(format!(
                "the server failed ({status}): {} (request {})",
                document["error"]["message"].as_str().unwrap_or_default(),
                document["error"]["request_id"].as_str().unwrap_or("without id")
            ))),
            _ => Err(network(format!(
                "this is no Aerocall server: it answered {status} without a document of ours"
            ))),
        }
    }
}
