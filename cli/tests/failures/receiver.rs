//! A receiver of webhooks on this machine: answers as a test says, and remembers which ids came for whom.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;

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
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            seen: Arc::default(),
        };
        let seen = Arc::clone(&receiver.seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, seen) = (stream.unwrap(), Arc::clone(&seen));
                // The sender may die in the middle.
                std::thread::spawn(move || drop(serve(stream, &seen, behaves)));
            }
        });
        receiver
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
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut id, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    line.clear();
    while reader.read_line(&mut line)? > 2 {
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("webhook-id: ") {
            value.trim().clone_into(&mut id);
        }
        if let Some(value) = lower.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let event: Value = serde_json::from_slice(&body)?;
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
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    )
}
