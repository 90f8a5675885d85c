//! The assistant: a model of tests (`tests/ai/scripted.mjs`) that speaks both protocols answers what a script says.

use std::{io::Write as _, net::TcpStream, path::Path};

use serde_json::{Value, json};

use crate::{
    http_client,
    peers::Peer,
    site::{Answer, Site},
};

mod failures;
mod hostile;
mod limits;
mod proposals;
mod secrecy;
mod settings;

/// Both protocols.
const PROVIDERS: [&str; 2] = ["openai", "anthropic"];
/// The hook of these tests, before anybody asks for something.
const GATE: &str = "export const beforeSignup = async () => {};\n";
/// The key of the model's server.
const KEY: &str = "sk-model-hunter2";

/// The model.
struct Model(Peer);

/// What a question was answered.
#[derive(Debug)]
struct Heard {
    status: u16,
    /// Name and data, in order.
    events: Vec<(String, Value)>,
    /// Of a question that was refused.
    refused: Value,
}

impl Model {
    fn start() -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ai/scripted.mjs");
        Self(Peer::run(&program, &[]))
    }

    /// Where it is, for a protocol.
    fn url(&self, provider: &str) -> String {
        match provider {
            "openai" => format!("{}/v1", self.0.base),
            _ => self.0.base.clone(),
        }
    }

    /// What it answers from now on, under this name.
    fn script(&self, name: &str, steps: &Value) {
        let url = format!("{}/scripts/{name}", self.0.base);
        let sent = http_client::send("PUT", &url, &[], steps.to_string().as_bytes()).unwrap();
        assert_eq!(sent.status, 200, "{}", sent.text);
    }

    /// What it was asked.
    fn requests(&self) -> Vec<Value> {
        let asked = http_client::send("GET", &format!("{}/requests", self.0.base), &[], b"").unwrap();
        asked.json().as_array().unwrap().clone()
    }
}

/// A server whose operator allows models on this machine.
fn site(more: &[(&str, &str)]) -> Site {
    let mut env = vec![("AEROCALL_ASSISTANT_ALLOW_PRIVATE", "127.0.0.1/32")];
    env.extend(more);
    Site::with(&env)
}

/// A server with project `a`, whose hook `gate` has a draft of revision 2, and whose model this script is.
fn begun(model: &Model, provider: &str, script: &str) -> Site {
    let site = site(&[]);
    site.project("a");
    hook(&site, "a");
    choose(&site, "a", model, provider, script);
    site
}

/// The hook `gate` with a draft of revision 2.
fn hook(site: &Site, project: &str) {
    let made = site.admin(
        "POST",
        &format!("/projects/{project}/hooks"),
        Some(json!({ "name": "gate" })),
    );
    assert_eq!(made.status, 201, "{made:?}");
    let put = put_draft(site, project, 1, GATE);
    assert_eq!(put.status, 200, "{put:?}");
}

fn put_draft(site: &Site, project: &str, revision: i64, text: &str) -> Answer {
    let files = json!({ "files": [{ "path": "hooks/gate.ts", "text": text }] });
    let path = format!("/admin/api/v1/projects/{project}/hooks/gate/draft");
    revised(site, "PUT", &path, revision, &files)
}

/// A request with a revision in `If-Match`.
fn revised(site: &Site, method: &str, path: &str, revision: i64, body: &Value) -> Answer {
    let (bearer, tag) = (format!("Bearer {}", site.admin_token), format!("\"{revision}\""));
    let headers = [
        ("authorization", bearer.as_str()),
        ("if-match", tag.as_str()),
        ("content-type", "application/json"),
    ];
    site.send(method, path, &headers, body.to_string().as_bytes())
}

/// Sets the model of a project.
fn choose(site: &Site, project: &str, model: &Model, provider: &str, script: &str) {
    let settings = json!({ "provider": provider, "baseUrl": model.url(provider), "model": script, "key": KEY, "limits": { "requestSeconds": 20 } });
    let set = site.admin(
        "PUT",
        &format!("/projects/{project}/settings/assistant"),
        Some(settings),
    );
    assert_eq!(set.status, 200, "{set:?}");
}

/// A question about `gate` of project `a`.
fn question(task: &str, text: &str) -> Value {
    json!({ "task": task, "messages": [{ "role": "user", "text": text }] })
}

/// Asks, and hears everything.
fn ask(site: &Site, body: &Value) -> Heard {
    let bearer = format!("Bearer {}", site.admin_token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let url = format!("{}/admin/api/v1/projects/a/hooks/gate/assistant", site.base);
    let response = http_client::send("POST", &url, &headers, body.to_string().as_bytes()).unwrap();
    if response.status != 200 {
        return Heard {
            status: response.status,
            events: Vec::new(),
            refused: response.json(),
        };
    }
    let (mut events, mut name) = (Vec::new(), String::new());
    for line in response.text.lines() {
        if let Some(kind) = line.strip_prefix("event: ") {
            name = kind.to_owned();
        }
        if let Some(data) = line.strip_prefix("data: ") {
            events.push((name.clone(), serde_json::from_str(data).unwrap()));
        }
    }
    Heard {
        status: 200,
        events,
        refused: Value::Null,
    }
}

/// Asks, and does not wait.
fn ask_and_hold(site: &Site, body: &Value) -> TcpStream {
    let mut stream = TcpStream::connect(site.base.strip_prefix("http://").unwrap()).unwrap();
    let (text, token) = (body.to_string(), &site.admin_token);
    write!(
        stream,
        "POST /admin/api/v1/projects/a/hooks/gate/assistant HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    )
    .unwrap();
    stream
}

/// Applies a proposal to the draft of this revision.
fn apply(site: &Site, id: &str, revision: i64, body: &Value) -> Answer {
    let path = format!("/admin/api/v1/projects/a/hooks/gate/proposals/{id}/apply");
    revised(site, "POST", &path, revision, body)
}

/// The newest lines of the audit log, as text.
fn audit(site: &Site) -> String {
    let log = site.admin("GET", "/audit", None);
    assert_eq!(log.status, 200, "{log:?}");
    log.json.to_string()
}

impl Heard {
    /// The data of the one event of this name.
    #[track_caller]
    fn one(&self, name: &str) -> &Value {
        let mut found = self.events.iter().filter(|(known, _)| known == name);
        match (found.next(), found.next()) {
            (Some((_, data)), None) => data,
            _ => panic!("not one {name}: {self:#?}"),
        }
    }

    fn names(&self) -> Vec<&str> {
        self.events.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The pieces of the answer of a round.
    fn text(&self, round: u64) -> String {
        let of_round = self
            .events
            .iter()
            .filter(|(name, data)| name == "text" && data["round"] == round);
        of_round.map(|(_, data)| data["delta"].as_str().unwrap()).collect()
    }

    /// The code of what it ended with.
    #[track_caller]
    fn failure(&self) -> String {
        match self.events.last() {
            Some((name, data)) if name == "failed" => data["code"].as_str().unwrap().to_owned(),
            _ => panic!("it did not fail: {self:#?}"),
        }
    }
}
