//! What else these tests ask of a server.

use serde_json::Value;
use tempfile::TempDir;

use crate::{http_client, server::Site};

impl Site {
    /// Starts for the first time in a directory, through a program, and keeps what it logs.
    pub(crate) fn logged(home: TempDir, through: Vec<String>, env: &[(&str, &str)]) -> Self {
        let log = format!("exec \"$@\" 2>>'{}'", home.path().join("log").display());
        let keeps = ["sh", "-c", &log, "sh"].map(str::to_owned);
        Self::through(home, [through, keeps.to_vec()].concat(), env)
    }

    /// What such a server has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }

    /// The same server on another machine, where nothing is yet.
    pub(crate) fn moved(&self) -> Self {
        self.at("")
    }

    /// The same keys at another address.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            data: TempDir::new().unwrap(),
            process: None,
            url: url.to_owned(),
            key: self.key.clone(),
            token: self.token.clone(),
            through: Vec::new(),
        }
    }

    /// Status, headers and document of an endpoint that is open.
    pub(crate) fn get(&self, path: &str) -> (u16, ureq::http::HeaderMap, Value) {
        let answer = http_client::send("GET", &format!("{}{path}", self.url), &[], b"").unwrap();
        let document = serde_json::from_str(&answer.text).unwrap_or_default();
        (answer.status, answer.headers, document)
    }

    /// The status; `None` when the server died over it.
    pub(crate) fn post(&self, path: &str, email: &str) -> Option<u16> {
        self.answer(path, email).map(|(status, _)| status)
    }

    /// Posts to it.
    pub(crate) fn admin_post(&self, path: &str, body: &Value) -> Value {
        self.admin_send("POST", path, body)
    }

    /// Changes something of it.
    pub(crate) fn admin_patch(&self, path: &str, body: &Value) -> Value {
        self.admin_send("PATCH", path, body)
    }

    fn admin_send(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}/admin/api/v1/projects/demo/environments/development{path}", self.url);
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let answer = http_client::send(method, &url, &headers, body.to_string().as_bytes()).unwrap();
        assert!((200..300).contains(&answer.status), "{}", answer.text);
        answer.json()
    }
}
