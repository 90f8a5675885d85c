//! A receiver of webhooks on this machine, which answers as a test says and keeps what it got.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;

/// A message as it came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    headers: HashMap<String, String>,
    pub(super) body: String,
}

/// What a receiver does with one.
pub(super) enum Reply {
    /// A status, headers as they are written, and a body.
    With(u16, &'static str, String),
    /// The same after a while.
    After(Duration, u16),
    /// 200, and then bytes without end.
    Endless,
    /// 200, and then one byte after another with that much time between them.
    Drip(Duration),
}

type Behaviour = Box<dyn FnMut(&Received) -> Reply + Send>;

pub(super) struct Receiver {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn id(&self) -> &str {
        self.header("webhook-id")
    }
}

impl Receiver {
    /// One that is content with everything.
    pub(super) fn new() -> Self {
        Self::that(|_| Reply::With(200, "", String::new()))
    }

    pub(super) fn that(behaves: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            received: Arc::default(),
            behaviour: Arc::new(Mutex::new(Box::new(behaves))),
        };
        let (received, behaviour) = (Arc::clone(&receiver.received), Arc::clone(&receiver.behaviour));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (received, behaviour) = (Arc::clone(&received), Arc::clone(&behaviour));
                std::thread::spawn(move || {
                    // A sender that goes away early is what some tests are about.
                    let _ = serve(stream.unwrap(), &received, &behaviour);
                });
            }
        });
        receiver
    }

    /// From now on it does this.
    pub(super) fn now(&self, behaves: impl FnMut(&Received) -> Reply + Send + 'static) {
        *self.behaviour.lock().unwrap() = Box::new(behaves);
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The messages once there are so many.
    pub(super) fn until(&self, count: usize) -> Vec<Received> {
        super::until(|| Some(self.received()).filter(|received| received.len() >= count))
    }
}

fn serve(stream: TcpStream, received: &Mutex<Vec<Received>>, behaviour: &Mutex<Behaviour>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut headers) = (String::new(), HashMap::new());
    reader.read_line(&mut line)?;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let message = Received {
        headers,
        body: String::from_utf8(body).unwrap(),
    };
    let reply = behaviour.lock().unwrap()(&message);
    received.lock().unwrap().push(message);
    answer(stream, reply)
}

fn answer(mut stream: TcpStream, reply: Reply) -> std::io::Result<()> {
    let whole = |status: u16, headers: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
    };
    const OPEN: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    match reply {
        Reply::With(status, headers, body) => stream.write_all(whole(status, headers, &body).as_bytes()),
        Reply::After(time, status) => {
            std::thread::sleep(time);
            stream.write_all(whole(status, "", "").as_bytes())
        }
        Reply::Endless => {
            stream.write_all(OPEN)?;
            loop {
                stream.write_all(&[b'x'; 64 << 10])?;
            }
        }
        Reply::Drip(time) => {
            stream.write_all(OPEN)?;
            loop {
                stream.write_all(b"x")?;
                std::thread::sleep(time);
            }
        }
    }
}
