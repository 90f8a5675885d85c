//! The admin API from outside, for one environment of a project. Knows paths, the error envelope, and which document is
//! answered where.

use std::{io::Read, time::Duration};

use aerocall_api_types::{
    Deleted, DeploymentResult, HookStateResult, InvocationDetail, InvocationList, LiveHooks, ProjectList, Secret,
    SecretList, Version, VersionList,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::{Agent, Body, http::Response};

use crate::{scopes, terminal};

/// The longest that one request may take; a bundle has to be compiled on the other side.
const TIMEOUT: Duration = Duration::from_secs(120);
/// What a proxy responds with whose servers are not there, or a server whose database is not.
const UNAVAILABLE: [u16; 3] = [502, 503, 504];
/// How often a request that changes nothing, or the same when it comes twice, is sent again when it meets one of these.
const MAX_REPEATS: u32 = 4;
/// The longest wait before it is sent again, whatever the response asks for.
const MAX_WAIT_SECONDS: u64 = 5;

/// This program always sends one, so what the server says about sending one is not enough.
const NOT_ACCEPTED: &str = "the server does not accept this token: it was revoked or replaced, has expired, or belongs to another \
                            server; set AEROCALL_TOKEN to another";

/// Clients have it in their code: it opens nothing of the admin API.
const PUBLISHABLE: &str =
    "this is a publishable key, which is for clients; the admin API takes a secret key (sk_…) or a token (pt_…, at_…)";

/// Why there is no answer.
pub(crate) enum NoAnswer {
    /// The server said no: its error, as it sent it, and what this program knows about it.
    Refused {
        status: u16,
        error: Value,
        hints: Vec<String>,
    },
    /// Nobody answered, or not as a server of ours does.
    Network(String),
}

/// One server, somebody whom it knows, and what is talked about.
pub(crate) struct Admin {
    agent: Agent,
    /// Of the project, without a slash at the end.
    project: String,
    /// Of the environment, without a slash at the end.
    environment: String,
    /// Of all projects.
    projects: String,
    /// The names of project and environment.
    scope: (String, String),
    token: String,
}

/// The path of an address, below the one that all of the admin API has.
fn path_of(url: &str) -> &str {
    url.split_once("/admin/api/v1").map_or(url, |(_, path)| path)
}

/// Parts of a query that are given.
pub(crate) type Query<'q> = &'q [(&'q str, Option<String>)];

type Answer<T> = Result<T, NoAnswer>;

impl Admin {
    pub(crate) fn new(server: &str, token: &str, project: &str, environment: &str) -> Self {
        // No redirects: the token is for this server alone.
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            // A deletion has a body: what it is confirmed with.
            .allow_non_standard_methods(true)
            .build();
        let server = server.trim_end_matches('/');
        let projects = format!("{server}/admin/api/v1/projects");
        let scope = (project.to_owned(), environment.to_owned());
        let project = format!("{projects}/{}", segment(project));
        Self {
            agent: config.into(),
            environment: format!("{project}/environments/{}", segment(environment)),
            project,
            projects,
            scope,
            token: token.to_owned(),
        }
    }

    /// Somebody to ask about the server itself, by [`Admin::ask`].
    pub(crate) fn of_server(server: &str, token: &str) -> Self {
        Self::new(server, token, "", "")
    }

    /// A request by its method, the parts of its path below the admin API, and its query.
    pub(crate) fn ask<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &[String],
        query: &[(&str, String)],
        body: Option<&Value>,
    ) -> Answer<T> {
        let root = self.projects.trim_end_matches("/projects").to_owned();
        let mut url = path.iter().fold(root, |url, part| format!("{url}/{}", segment(part)));
        for (at, (name, value)) in query.iter().enumerate() {
            let sign = if at == 0 { '?' } else { '&' };
            url = format!("{url}{sign}{name}={}", segment(value));
        }
        let failed = |error: ureq::http::Error| NoAnswer::Network(format!("{url}: {error}"));
        let request = || {
            let request = ureq::http::Request::builder().method(method).uri(&url);
            request.header("authorization", self.bearer())
        };
        match body {
            None if method == "GET" => {
                // Looked at once here, so that what cannot be sent at all is an error of its own.
                request().body(()).map_err(failed)?;
                let send = || self.agent.run(request().body(())?);
                self.read(&url, repeated(send))
            }
            None => self.read(&url, self.agent.run(request().body(()).map_err(failed)?)),
            Some(body) => {
                let request = request().header("content-type", "application/json");
                self.read(&url, self.agent.run(request.body(body.to_string()).map_err(failed)?))
            }
        }
    }

    /// The version of a hook with this digest, if the server has it.
    pub(crate) fn version(&self, hook: &str, digest: &str) -> Answer<Option<Version>> {
        let list: VersionList = self.get(&self.versions_url(hook), &[])?;
        Ok(list.versions.into_iter().find(|version| version.digest == digest))
    }

    /// Uploads a bundle. The same bytes are the same version, however often they come.
    pub(crate) fn upload(&self, hook: &str, component: &[u8], message: Option<&str>) -> Answer<Version> {
        let mut url = self.versions_url(hook);
        if let Some(message) = message {
            url = format!("{url}?message={}", segment(message));
        }
        let send = || {
            let request = self.agent.post(&url).header("authorization", self.bearer());
            request.content_type("application/wasm").send(component)
        };
        self.read(&url, repeated(send))
    }

    /// What is live.
    pub(crate) fn live(&self) -> Answer<LiveHooks> {
        self.get(&format!("{}/hooks", self.environment), &[])
    }

    /// Enables or disables a hook of what is live.
    pub(crate) fn switch_hook(&self, hook: &str, state: &Value) -> Answer<HookStateResult> {
        let url = format!("{}/hooks/{}", self.environment, segment(hook));
        let request = self.agent.patch(&url).header("authorization", self.bearer());
        self.read(&url, request.send_json(state))
    }

    /// Makes a deployment live.
    pub(crate) fn deploy(&self, deployment: &Value) -> Answer<DeploymentResult> {
        let url = format!("{}/deployments", self.environment);
        let request = self.agent.post(&url).header("authorization", self.bearer());
        self.read(&url, request.send_json(deployment))
    }

    /// Makes what a deployment had live again.
    pub(crate) fn roll_back(&self, number: i32, back: &Value) -> Answer<DeploymentResult> {
        let url = format!("{}/deployments/{number}/rollback", self.environment);
        let request = self.agent.post(&url).header("authorization", self.bearer());
        self.read(&url, request.send_json(back))
    }

    /// Names and hosts of secrets; never their values.
    pub(crate) fn secrets(&self) -> Answer<SecretList> {
        self.get(&format!("{}/secrets", self.environment), &[])
    }

    /// Keeps a secret under a name, in place of the one that was there.
    pub(crate) fn set_secret(&self, name: &str, secret: &Value) -> Answer<Secret> {
        let url = format!("{}/secrets/{}", self.environment, segment(name));
        let request = self.agent.put(&url).header("authorization", self.bearer());
        self.read(&url, request.send_json(secret))
    }

    pub(crate) fn delete_secret(&self, name: &str) -> Answer<Deleted> {
        let url = format!("{}/secrets/{}", self.environment, segment(name));
        let request = self.agent.delete(&url).header("authorization", self.bearer());
        self.read(&url, request.call())
    }

    /// Records of calls: newest first, or oldest first with `after`.
    pub(crate) fn invocations(&self, query: Query<'_>) -> Answer<InvocationList> {
        self.get(&format!("{}/invocations", self.environment), query)
    }

    /// Why there is no answer; if project or environment are not there for this token, with what is, and how to choose it.
    pub(crate) fn explained(&self, why: NoAnswer) -> NoAnswer {
        let not_found = |why: &NoAnswer| matches!(why, NoAnswer::Refused { status: 404, .. });
        // What is not found may be something else in the environment.
        if !not_found(&why) || !self.live().err().as_ref().is_some_and(not_found) {
            return why;
        }
        match (why, self.get::<ProjectList>(&self.projects, &[])) {
            (NoAnswer::Refused { status, error, .. }, Ok(list)) => NoAnswer::Refused {
                status,
                error,
                hints: scopes::missing(&self.scope, &list.projects),
            },
            (why, _) => why,
        }
    }

    /// The stream of the environment's events (Server-Sent Events), from after an event if one is given. It ends when the server
    /// ends it.
    pub(crate) fn event_stream(&self, kind: Option<&str>, after: Option<&str>) -> Answer<Box<dyn Read + Send>> {
        let url = format!("{}/events/stream", self.environment);
        let request = self.agent.get(&url).header("authorization", self.bearer());
        let given = [("type", kind), ("after", after)].into_iter();
        let given = given.filter_map(|(name, value)| Some((name, value?)));
        let request = given.fold(request, |request, (name, value)| request.query(name, value));
        // A line comes every fifteen seconds at least; the whole has no end.
        let config = request
            .config()
            .timeout_global(None)
            .timeout_recv_response(Some(TIMEOUT));
        self.stream(&url, config.build().call())
    }

    fn stream(&self, url: &str, answer: Result<Response<Body>, ureq::Error>) -> Answer<Box<dyn Read + Send>> {
        match answer {
            Ok(response) if response.status() == 200 => Ok(Box::new(response.into_body().into_reader())),
            other => self
                .read(url, other)
                .and_then(|_: Value| Err(NoAnswer::Network(format!("{url}: not a stream of events")))),
        }
    }

    /// Asks the assistant about a hook: a stream of its answer (Server-Sent Events), which ends with it.
    pub(crate) fn assistant(&self, hook: &str, question: &Value) -> Answer<Box<dyn Read + Send>> {
        let url = format!("{}/hooks/{}/assistant", self.project, segment(hook));
        let request = self.agent.post(&url).header("authorization", self.bearer());
        // A model takes its time; the server ends it when that is too long.
        let config = request
            .config()
            .timeout_global(None)
            .timeout_recv_response(Some(TIMEOUT));
        self.stream(&url, config.build().send_json(question))
    }

    /// The record of one call, whole.
    pub(crate) fn invocation(&self, id: &str) -> Answer<InvocationDetail> {
        self.get(&format!("{}/invocations/{}", self.environment, segment(id)), &[])
    }

    fn get<T: DeserializeOwned>(&self, url: &str, query: Query<'_>) -> Answer<T> {
        let send = || {
            let request = self.agent.get(url).header("authorization", self.bearer());
            let given = query
                .iter()
                .filter_map(|(name, value)| Some((*name, value.as_deref()?)));
            given
                .fold(request, |request, (name, value)| request.query(name, value))
                .call()
        };
        self.read(url, repeated(send))
    }

    fn versions_url(&self, hook: &str) -> String {
        format!("{}/hooks/{}/versions", self.project, segment(hook))
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn read<T: DeserializeOwned>(&self, url: &str, answer: Result<Response<Body>, ureq::Error>) -> Answer<T> {
        let network = |why: String| NoAnswer::Network(format!("{url}: {why}"));
        let mut response = answer.map_err(|error| network(error.to_string()))?;
        let status = response.status().as_u16();
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|error| network(error.to_string()))?;
        let document = serde_json::from_str::<Value>(&text).ok();
        match (status, document) {
            (200..=299, Some(document)) => serde_json::from_value(document).map_err(|error| {
                network(format!(
                    "the server responded with a document of another version: {error}"
                ))
            }),
            (400..=499, Some(document)) if document["error"].is_object() => Err(NoAnswer::Refused {
                status,
                error: document["error"].clone(),
                hints: match status {
                    401 if self.token.starts_with("pk_") => vec![PUBLISHABLE.to_owned()],
                    401 => vec![NOT_ACCEPTED.to_owned()],
                    404 => vec![format!("the server has nothing at {}", path_of(url))],
                    _ => Vec::new(),
                },
            }),
            (_, Some(document)) if document["error"]["message"].is_string() => Err(network(format!(
                "the server failed ({status}): {} (request {})",
                document["error"]["message"].as_str().unwrap_or_default(),
                document["error"]["request_id"].as_str().unwrap_or("without id")
            ))),
            (502..=504, _) => Err(network(format!(
                "no server is available behind this address (its proxy responded with {status}); see /readyz and the log of the servers"
            ))),
            _ => Err(network(format!(
                "not an Aerocall server: it responded with {status} and an unknown body"
            ))),
        }
    }
}

/// Sends a request that may come twice, and again for a few seconds while a proxy has no server or the server no database.
fn repeated(send: impl Fn() -> Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, ureq::Error> {
    for turn in 1..=MAX_REPEATS {
        let answer = send();
        let Some(response) = answer
            .as_ref()
            .ok()
            .filter(|it| UNAVAILABLE.contains(&it.status().as_u16()))
        else {
            return answer;
        };
        let asked = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let seconds = asked.unwrap_or(u64::from(turn)).clamp(1, MAX_WAIT_SECONDS);
        terminal::say(format!(
            "the server is not available right now ({}); trying again in {seconds} s",
            response.status().as_u16()
        ));
        std::thread::sleep(Duration::from_secs(seconds));
    }
    send()
}

/// A name as one part of a path: what people type cannot lead elsewhere.
fn segment(name: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_stay_one_part_of_a_path() {
        assert_eq!(super::segment("crm_token-1"), "crm_token-1");
        assert_eq!(super::segment("../x?y=ü"), "%2E%2E%2Fx%3Fy%3D%C3%BC");
    }
}
