//! For tests: rules that allow everything, names that resolve as a test says, servers on loopback, and the layers of the wall,
//! which can be taken out one at a time.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use url::Url;

use super::{Egress, EgressError, Following, Outgoing, Request, Resolver, Rules, resolve::Checked};
use crate::base::config::{EgressConfig, Network};

/// The layer that is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weakened {
    No,
    /// The first URL is not looked at.
    Literal,
    /// What a name leads to is not looked at.
    Resolver,
    /// URLs after a redirect are not looked at.
    Redirect,
}

impl Weakened {
    pub(super) fn skips(self, redirects: u32) -> bool {
        match self {
            Self::No | Self::Resolver => false,
            Self::Literal => redirects == 0,
            Self::Redirect => redirects > 0,
        }
    }
}

/// Rules that allow everything, up to so many bytes.
pub(crate) struct Open(pub(crate) u64);

impl Rules for Open {
    fn admit(&self, _: &Url) -> Result<(), EgressError> {
        Ok(())
    }

    fn fill(&self, _: &Url, outgoing: Outgoing) -> Result<Outgoing, EgressError> {
        Ok(outgoing)
    }

    fn most_bytes(&self) -> u64 {
        self.0
    }

    fn received(&self, _: usize) -> Result<(), EgressError> {
        Ok(())
    }
}

/// Names and what each look-up of them answers; the last answer stays.
#[derive(Default)]
pub(crate) struct Names(Mutex<HashMap<String, Vec<Vec<IpAddr>>>>);

impl Names {
    pub(crate) fn of(names: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let addresses = |list: &&[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
        let entry = |(name, answers): &(&str, &[&[&str]])| {
            ((*name).to_owned(), answers.iter().map(addresses).collect::<Vec<_>>())
        };
        Arc::new(Self(Mutex::new(names.iter().map(entry).collect())))
    }
}

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let mut names = self.0.lock().unwrap();
        let answers = names.get_mut(host).ok_or(io::ErrorKind::NotFound)?;
        Ok(match answers.len() {
            1 => answers[0].clone(),
            _ => answers.remove(0),
        })
    }
}

/// Settings with these networks excepted.
pub(crate) fn config(private_networks: &[&str]) -> EgressConfig {
    EgressConfig {
        private_networks: private_networks
            .iter()
            .map(|text| Network::parse(text).unwrap())
            .collect(),
        connect: Duration::from_millis(500),
        request: Duration::from_secs(2),
        redirects: 5,
    }
}

pub(crate) fn egress(private_networks: &[&str], names: Arc<Names>) -> Egress {
    Egress::new(&config(private_networks), names).unwrap()
}

pub(super) fn weakened(private_networks: &[&str], names: Arc<Names>, weakened: Weakened) -> Egress {
    let mut config = config(private_networks);
    // Rows that lead nowhere on this machine are not worth waiting for.
    config.connect = Duration::from_millis(50);
    let checked = Checked {
        resolver: names,
        excepted: config.private_networks.clone().into(),
        weakened,
    };
    Egress::with(&config, checked).unwrap()
}

pub(crate) fn get(url: impl Into<String>) -> Request {
    Request {
        method: "GET".to_owned(),
        url: url.into(),
        headers: Vec::new(),
        body: None,
        timeout: None,
        following: Following::Follow,
    }
}

/// A server that nobody should ever reach.
pub(crate) struct Canary {
    pub(crate) port: u16,
    hits: Arc<AtomicUsize>,
}

impl Canary {
    /// On every address of this machine, IPv6 as well where it is there.
    pub(crate) async fn open() -> Self {
        let listener = match TcpListener::bind("[::]:0").await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
        };
        let port = listener.local_addr().unwrap().port();
        let hits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&hits);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(stream, |_| {
                    b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\ncanary".to_vec()
                }));
            }
        });
        Self { port, hits }
    }

    pub(crate) fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

/// A server that answers every request with what the function makes of it; a connection serves one request.
pub(crate) async fn serve(address: &str, make: impl Fn(&str) -> Vec<u8> + Clone + Send + 'static) -> SocketAddr {
    serve_with(address, move |stream| answer(stream, make.clone())).await
}

/// A server that does with a connection what a test says.
pub(crate) async fn serve_with<F>(address: &str, talk: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(address).await.unwrap();
    let bound = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream));
        }
    });
    bound
}

async fn answer(mut stream: TcpStream, make: impl Fn(&str) -> Vec<u8>) {
    let request = read(&mut stream).await;
    let _ = stream.write_all(&make(&request)).await;
    let _ = stream.shutdown().await;
}

/// One request as it came, with its body.
pub(crate) async fn read(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut chunk = vec![0; 16 << 10];
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.lines().next());
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(count @ 1..) => seen.extend_from_slice(&chunk[..count]),
            _ => return text,
        }
    }
}

/// A complete answer.
pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
