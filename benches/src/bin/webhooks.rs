//! `make bench B=webhooks`: how long after an answer its event arrives, and deliveries per second to 1, 8 and 64 endpoints
//! of four projects, from the backlog of events that were missed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples, host,
    site::{CHEAP_HASH, Site, UNLIMITED, agent},
};
use anyhow::Context as _;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

const PROJECTS: usize = 4;
/// Events of each project.
const EVENTS: usize = 250;
/// Events that are waited for one by one.
const ONE_BY_ONE: usize = 200;
const ENDPOINTS: [usize; 3] = [1, 8, 64];

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let tokio = tokio::runtime::Runtime::new()?;
    let data = tempfile::tempdir()?;
    let env = [
        CHEAP_HASH[0],
        CHEAP_HASH[1],
        UNLIMITED,
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
    ];
    let site = tokio.block_on(Site::start(data.path(), &env))?;
    let receiver = tokio.block_on(Receiver::open())?;
    let mut report = Report::new("webhooks")?;
    let keys = (0..PROJECTS)
        .map(|number| site.project(&format!("p{number}")))
        .collect::<anyhow::Result<Vec<_>>>()?;
    lag(&site, &keys[0], &receiver, &mut report)?;
    for (number, key) in keys.iter().enumerate() {
        let agent = agent();
        for user in 0..EVENTS {
            let account = json!({ "email": format!("u{user}@p{number}.example"), "password": "correct horse battery" });
            site.post(&agent, key, "/auth/register", &account)?;
        }
    }
    for endpoints in ENDPOINTS {
        backlog(&site, endpoints, &receiver, &mut report)?;
    }
    tokio.block_on(site.running.stop())?;
    Ok(())
}

/// From the answer to the message, one after another.
fn lag(site: &Site, key: &str, receiver: &Receiver, report: &mut Report) -> anyhow::Result<()> {
    let endpoint = make(site, "p0", receiver)?;
    let (agent, mut samples) = (agent(), Samples::default());
    for user in 0..ONE_BY_ONE {
        let before = receiver.count();
        let account = json!({ "email": format!("lag{user}@p0.example"), "password": "correct horse battery" });
        site.post(&agent, key, "/auth/register", &account)?;
        samples.time(|| receiver.until(before + 1))?;
    }
    report.times("from an answer to its message", &samples)?;
    site.admin("DELETE", &endpoint, &json!({}))?;
    Ok(())
}

/// Every event of every project to each of its endpoints.
fn backlog(site: &Site, endpoints: usize, receiver: &Receiver, report: &mut Report) -> anyhow::Result<()> {
    let made = (0..endpoints)
        .map(|number| make(site, &format!("p{}", number % PROJECTS), receiver))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let (before, begun, mut wanted) = (receiver.count(), Instant::now(), 0);
    for endpoint in &made {
        let replay = json!({ "what": "missing", "since": "2000-01-01T00:00:00Z" });
        let answer = site.admin("POST", &format!("{endpoint}/replay"), &replay)?;
        wanted += answer["replayed"].as_u64().context("how many were replayed")?;
    }
    receiver.until(before + wanted)?;
    let seconds = begun.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "thousands")]
    let rate = wanted as f64 / seconds;
    report.figure(
        &format!("{endpoints} endpoints, {wanted} deliveries"),
        "deliveries/s",
        rate,
    )?;
    for endpoint in &made {
        site.admin("DELETE", endpoint, &json!({}))?;
    }
    Ok(())
}

/// The path of a new endpoint.
fn make(site: &Site, project: &str, receiver: &Receiver) -> anyhow::Result<String> {
    let path = format!("/projects/{project}/environments/production/webhooks");
    let body = json!({ "url": receiver.url, "events": ["auth.signup"] });
    let made = site.admin("POST", &path, &body)?;
    Ok(format!("{path}/{}", made["id"].as_str().context("an id")?))
}

/// Takes everything and counts it.
struct Receiver {
    url: String,
    count: Arc<AtomicU64>,
}

impl Receiver {
    async fn open() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let count = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&count);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&counted)));
            }
        });
        Ok(Self { url, count })
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    fn until(&self, count: u64) -> anyhow::Result<()> {
        let ends = Instant::now() + Duration::from_secs(120);
        while self.count() < count {
            anyhow::ensure!(
                Instant::now() < ends,
                "{} of {count} messages have arrived",
                self.count()
            );
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    }
}

/// Requests of one connection, as long as there are any.
async fn serve(stream: TcpStream, count: Arc<AtomicU64>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        let mut length = 0;
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        count.fetch_add(1, Ordering::Relaxed);
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
    }
}
