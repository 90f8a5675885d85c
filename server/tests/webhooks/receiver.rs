//! A receiver of webhooks on this machine, which answers as a test says and keeps what it got.

use std::{
    io::{BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::Value;

use crate::http_server::{self, Request};

/// A message as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received(Request);

/// What a receiver does with one.
pub(crate) enum Reply {
    /// A status, headers as they are written, and a body.
    With(u16, &'static str, String),
    /// The same after a while.
    After(Duration, u16),
    /// 200, and then bytes without end.
    Endless,
    /// 200, a length, and bytes until the sender has enough.
    Announced(u64),
    /// 200, and 250 KiB that become forty megabytes (gzip).
    Compressed,
    /// 200, and then one byte after another with that much time between them.
    Drip(Duration),
}

type Behaviour = Box<dyn FnMut(&Received) -> Reply + Send>;

pub(crate) struct Receiver {
    address: SocketAddr,
    /// Bytes of bodies without end that somebody took, or a buffer on the way.
    sent: Arc<AtomicU64>,
    received: Arc<Mutex<Vec<Received>>>,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.0.header(name)
    }

    pub(crate) fn body(&self) -> &str {
        std::str::from_utf8(&self.0.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap()
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }
}

impl Receiver {
    /// One that is content with everything.
    pub(crate) fn new() -> Self {
        Self::that(|_| Reply::With(200, "", String::new()))
    }

    pub(crate) fn that(behaves: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        Self::at("127.0.0.1", behaves)
    }

    /// On another address of this machine.
    pub(crate) fn at(host: &str, behaves: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let behaviour: Arc<Mutex<Behaviour>> = Arc::new(Mutex::new(Box::new(behaves)));
        let (sent, received) = (Arc::<AtomicU64>::default(), Arc::<Mutex<Vec<Received>>>::default());
        let of_server = (Arc::clone(&received), Arc::clone(&behaviour), Arc::clone(&sent));
        let serve = move |stream| serve(stream, &of_server.0, &of_server.1, &of_server.2);
        Self {
            address: http_server::on(listener, serve),
            sent,
            received,
            behaviour,
        }
    }

    /// From now on it does this.
    pub(crate) fn now(&self, behaves: impl FnMut(&Received) -> Reply + Send + 'static) {
        *self.behaviour.lock().unwrap() = Box::new(behaves);
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/hook", self.origin())
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The messages once there are so many.
    pub(crate) fn until(&self, count: usize) -> Vec<Received> {
        super::until(|| Some(self.received()).filter(|received| received.len() >= count))
    }
}

fn serve(
    stream: TcpStream,
    received: &Mutex<Vec<Received>>,
    behaviour: &Mutex<Behaviour>,
    sent: &AtomicU64,
) -> std::io::Result<()> {
    let Some(request) = Request::read(&mut BufReader::new(stream.try_clone()?))? else {
        return Ok(());
    };
    let message = Received(request);
    let reply = behaviour.lock().unwrap()(&message);
    received.lock().unwrap().push(message);
    answer(stream, reply, sent)
}

fn answer(mut stream: TcpStream, reply: Reply, sent: &AtomicU64) -> std::io::Result<()> {
    const OPEN: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    match reply {
        Reply::With(status, headers, body) => http_server::answer(&mut stream, status, headers, &body),
        Reply::After(time, status) => {
            std::thread::sleep(time);
            http_server::answer(&mut stream, status, "", "")
        }
        Reply::Endless => {
            stream.write_all(OPEN)?;
            flood(stream, b'x', u64::MAX, sent)
        }
        Reply::Announced(length) => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            )?;
            flood(stream, b'x', length, sent)
        }
        Reply::Compressed => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n")?;
            let bomb = bomb();
            sent.fetch_add(bomb.len() as u64, Ordering::SeqCst);
            stream.write_all(&bomb)
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

/// The same byte again and again.
fn flood(mut stream: TcpStream, byte: u8, most: u64, sent: &AtomicU64) -> std::io::Result<()> {
    let chunk = [byte; 64 << 10];
    let mut left = most;
    while left > 0 {
        let next = chunk.len().min(usize::try_from(left).unwrap_or(chunk.len()));
        stream.write_all(&chunk[..next])?;
        sent.fetch_add(next as u64, Ordering::SeqCst);
        left -= next as u64;
    }
    Ok(())
}

/// Fixed Huffman codes (RFC 1951, 3.2.6): one literal, and then copies of length 258 and distance 1, 13 bits each.
fn bomb() -> Vec<u8> {
    let mut bits = vec![true, true, false];
    let code =
        |bits: &mut Vec<bool>, code: u32, length: u32| bits.extend((0..length).rev().map(|bit| code >> bit & 1 == 1));
    code(&mut bits, 0b0011_0000, 8);
    for _ in 0..160_000 {
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    let byte = |chunk: &[bool]| (0..).zip(chunk).fold(0, |byte, (at, bit)| byte | u8::from(*bit) << at);
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    gzip.extend(bits.chunks(8).map(byte));
    gzip
}
