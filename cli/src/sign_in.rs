//! A sign-in with an account of the admin API, for as long as it takes to make a personal token: the one place of this program
//! that has a session. Knows its cookie and its CSRF token.

use std::time::Duration;

use aerocall_api_types::{AdminSignIn, AdminSignInState, Deleted, NewPersonalToken};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::{Agent, http::Request};

use crate::{Failed, admin::NoAnswer};

const TIMEOUT: Duration = Duration::from_secs(60);
const COOKIE: &str = "__Host-aerocall_admin";

/// Who asks, and as what.
pub(crate) struct SignedIn {
    agent: Agent,
    /// Without a slash at the end.
    server: String,
    cookie: String,
    csrf: String,
}

/// What is asked of whoever signs in.
pub(crate) trait Asked {
    /// A code of the authenticator app, or a recovery code.
    fn code(&self) -> Result<String, Failed>;
}

/// Why nobody is signed in.
pub(crate) enum NotSignedIn {
    /// The server said so.
    NoAnswer(NoAnswer),
    Failed(Failed),
}

impl From<NoAnswer> for NotSignedIn {
    fn from(why: NoAnswer) -> Self {
        Self::NoAnswer(why)
    }
}

impl From<Failed> for NotSignedIn {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

/// Signs in, with a code if the server asks for one.
pub(crate) fn sign_in(server: &str, email: &str, password: &str, asked: &impl Asked) -> Result<SignedIn, NotSignedIn> {
    let config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        // The password is for this server alone.
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .build();
    let mut somebody = SignedIn {
        agent: config.into(),
        server: server.trim_end_matches('/').to_owned(),
        cookie: String::new(),
        csrf: String::new(),
    };
    let body = json!({ "email": email, "password": password });
    let mut answer = somebody.begin("session", &body)?;
    if answer.state == AdminSignInState::Totp {
        let code = asked.code()?;
        let ticket = answer.ticket.unwrap_or_default();
        let name = match code.chars().filter(|c| !c.is_whitespace()).count() {
            6 => "code",
            _ => "recoveryCode",
        };
        answer = somebody.begin("session/totp", &json!({ "ticket": ticket, name: code }))?;
    }
    somebody.csrf = answer.csrf_token.unwrap_or_default();
    Ok(somebody)
}

impl SignedIn {
    /// A personal token with these fields.
    pub(crate) fn create_token(&self, fields: &Value) -> Result<NewPersonalToken, NoAnswer> {
        self.send("POST", "account/tokens", Some(fields))
            .map(|(token, _)| token)
    }

    /// Ends the session.
    pub(crate) fn sign_out(self) -> Result<(), NoAnswer> {
        self.send::<Deleted>("DELETE", "session", None).map(drop)
    }

    fn begin(&mut self, path: &str, body: &Value) -> Result<AdminSignIn, NoAnswer> {
        let (answer, cookie) = self.send("POST", path, Some(body))?;
        if let Some(cookie) = cookie {
            self.cookie = cookie;
        }
        Ok(answer)
    }

    /// The document, and the cookie if one is set.
    fn send<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(T, Option<String>), NoAnswer> {
        let url = format!("{}/admin/api/v1/{path}", self.server);
        let network = |why: String| NoAnswer::Network(format!("{url}: {why}"));
        let mut request = Request::builder()
            .method(method)
            .uri(&url)
            .header("origin", &self.server);
        if !self.cookie.is_empty() {
            request = request
                .header("cookie", format!("{COOKIE}={}", self.cookie))
                .header("x-csrf-token", &self.csrf);
        }
        let sent = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string())
                .map(|request| self.agent.run(request)),
            None => request.body(()).map(|request| self.agent.run(request)),
        };
        let sent = sent.map_err(|error| network(error.to_string()))?;
        let mut response = sent.map_err(|error| network(error.to_string()))?;
        let status = response.status().as_u16();
        let cookie = response
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|line| line.to_str().ok()?.split(';').next()?.split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .map(|(_, value)| value.to_owned());
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|error| network(error.to_string()))?;
        let document: Value = serde_json::from_str(&text).map_err(|_| {
            network(format!(
                "not an Aerocall server: it responded with {status} and an unknown body"
            ))
        })?;
        match status {
            200..=299 => serde_json::from_value(document)
                .map(|document| (document, cookie))
                .map_err(|error| {
                    network(format!(
                        "the server responded with a document of another version: {error}"
                    ))
                }),
            _ if document["error"].is_object() => Err(NoAnswer::Refused {
                status,
                error: document["error"].clone(),
                hints: Vec::new(),
            }),
            _ => Err(network(format!("the server responded with {status}"))),
        }
    }
}
