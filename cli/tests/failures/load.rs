//! People who sign up and log in, all the time; and what they were answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    number,
    server::{PASSWORD, Site},
};

/// People at the same time.
const CLIENTS: usize = 4;
/// Between what one of them does, in milliseconds; `LOAD_PAUSE_MS` says otherwise. Long enough to leave the machine to the tests
/// that run at the same time.
const PAUSE_MS: usize = 100;

pub(crate) struct Load {
    over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Asked>>>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: &'static str,
    pub(crate) email: String,
    pub(crate) asked: Instant,
    pub(crate) answered: Instant,
    pub(crate) answer: Answer,
}

#[derive(Clone, Debug)]
#[expect(dead_code, reason = "shown when a test fails")]
pub(crate) enum Answer {
    Done,
    /// With the status, its code, and whether it says when to come back.
    Refused(u16, String, bool),
    /// No answer at all.
    Broken(String),
}

impl Load {
    /// Begins; `name` keeps their addresses apart from those of another load.
    pub(crate) fn new(site: &Site, name: &'static str) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let pause = Duration::from_millis(u64::try_from(number("LOAD_PAUSE_MS", PAUSE_MS)).unwrap());
        let client = |number: usize| {
            let client = Client::new(site);
            let over = Arc::clone(&over);
            std::thread::spawn(move || {
                let mut asked = Vec::new();
                for round in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let email = format!("{name}-{number}-{round}@work.example");
                    asked.push(client.ask("/auth/register", &email));
                    std::thread::sleep(pause);
                    if matches!(asked.last(), Some(asked) if asked.is_done()) {
                        asked.push(client.ask("/auth/login", &email));
                        std::thread::sleep(pause);
                    }
                }
                asked
            })
        };
        Self {
            clients: (0..CLIENTS).map(client).collect(),
            over,
        }
    }

    /// Ends; everything that was asked.
    pub(crate) fn end(self) -> Vec<Asked> {
        self.over.store(true, Ordering::Relaxed);
        self.clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    }
}

impl Asked {
    pub(crate) fn is_done(&self) -> bool {
        matches!(self.answer, Answer::Done)
    }
}

/// Whoever got an answer that they have an account.
pub(crate) fn acknowledged(asked: &[Asked]) -> Vec<String> {
    let registered = asked.iter().filter(|one| one.path == "/auth/register" && one.is_done());
    registered.map(|one| one.email.clone()).collect()
}

/// A person with a connection that is kept.
struct Client {
    agent: ureq::Agent,
    url: String,
    key: String,
}

impl Client {
    fn new(site: &Site) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)));
        Self {
            agent: config.build().into(),
            url: site.url.clone(),
            key: site.key.clone(),
        }
    }

    fn ask(&self, path: &'static str, email: &str) -> Asked {
        let request = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("x-aerocall-key", &self.key);
        let asked = Instant::now();
        let answer = match request.send_json(json!({ "email": email, "password": PASSWORD })) {
            Err(error) => Answer::Broken(error.to_string()),
            Ok(mut answer) => {
                let returns = answer.headers().contains_key("retry-after");
                match (answer.status().as_u16(), answer.body_mut().read_to_string()) {
                    (_, Err(error)) => Answer::Broken(error.to_string()),
                    (200 | 201, Ok(_)) => Answer::Done,
                    (status, Ok(text)) => {
                        let document: Value = serde_json::from_str(&text).unwrap_or_default();
                        let code = document["error"]["code"].as_str().unwrap_or(&text).to_owned();
                        Answer::Refused(status, code, returns)
                    }
                }
            }
        };
        Asked {
            path,
            email: email.to_owned(),
            asked,
            answered: Instant::now(),
            answer,
        }
    }
}
