//! What else these tests ask of a server.

use serde_json::Value;
use tempfile::TempDir;

use crate::server::{Site, agent};

impl Site {
    /// The same server on another machine, where nothing is yet.
    pub(crate) fn moved(&self) -> Self {
        Self {
            data: TempDir::new().unwrap(),
            process: None,
            url: String::new(),
            key: self.key.clone(),
            token: self.token.clone(),
            through: Vec::new(),
        }
    }

    /// Status, headers and document of an endpoint that is open.
    pub(crate) fn get(&self, path: &str) -> (u16, ureq::http::HeaderMap, Value) {
        let mut answer = agent().get(format!("{}{path}", self.url)).call().unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let document = serde_json::from_str(&text).unwrap_or_default();
        (answer.status().as_u16(), answer.headers().clone(), document)
    }

    /// The status; `None` when the server died over it.
    pub(crate) fn post(&self, path: &str, email: &str) -> Option<u16> {
        self.answer(path, email).map(|(status, _)| status)
    }

    /// Posts to it.
    pub(crate) fn admin_post(&self, path: &str, body: &Value) -> Value {
        self.admin_send(path, body, ureq::Agent::post)
    }

    /// Changes something of it.
    pub(crate) fn admin_patch(&self, path: &str, body: &Value) -> Value {
        self.admin_send(path, body, ureq::Agent::patch)
    }

    fn admin_send(
        &self,
        path: &str,
        body: &Value,
        method: fn(&ureq::Agent, String) -> ureq::RequestBuilder<ureq::typestate::WithBody>,
    ) -> Value {
        let url = format!("{}/admin/api/v1/projects/demo/environments/development{path}", self.url);
        let request = method(&agent(), url).header("authorization", format!("Bearer {}", self.token));
        let mut answer = request.send_json(body).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "{text}");
        serde_json::from_str(&text).unwrap()
    }
}
