//! A receiver of webhooks on this machine: answers as a test says, and remembers which ids came for whom.

use std::{
    collections::HashMap,
    io::BufReader,
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;

use crate::http_server::{self, Request};

/// What a receiver does with a message.
#[derive(Clone, Copy)]
pub(crate) enum Reply {
    Ok,
    Fail,
    Late(Duration),
}

/// By path and email, the ids in the order in which they came.
type Seen = HashMap<(String, String), Vec<String>>;
/// Decides by path, id, and how often that id came before.
type Behaviour = fn(&str, &str, usize) -> Reply;

#[derive(Clone)]
pub(crate) struct Receiver {
    port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Receiver {
    pub(crate) fn new(behaves: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let seen = Arc::<Mutex<Seen>>::default();
        let kept = Arc::clone(&seen);
        // The sender may die in the middle.
        let address = http_server::on(listener, move |stream| serve(stream, &kept, behaves));
        Self {
            port: address.port(),
            seen,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn ids(&self, path: &str, email: &str) -> Vec<String> {
        let key = (path.to_owned(), email.to_owned());
        self.seen.lock().unwrap().get(&key).cloned().unwrap_or_default()
    }
}

fn serve(mut stream: TcpStream, seen: &Mutex<Seen>, behaves: Behaviour) -> std::io::Result<()> {
    let Some(request) = Request::read(&mut BufReader::new(stream.try_clone()?))? else {
        return Ok(());
    };
    let (path, id) = (request.path.clone(), request.header("webhook-id").to_owned());
    let event: Value = serde_json::from_slice(&request.body)?;
    let email = event["data"]["user"]["email"].as_str().unwrap_or_default().to_owned();
    let before = {
        let mut seen = seen.lock().unwrap();
        let ids = seen.entry((path.clone(), email)).or_default();
        ids.push(id.clone());
        ids.len() - 1
    };
    let status = match behaves(&path, &id, before) {
        Reply::Ok => 204,
        Reply::Fail => 500,
        Reply::Late(time) => {
            std::thread::sleep(time);
            204
        }
    };
    http_server::answer(&mut stream, status, "", "")
}
