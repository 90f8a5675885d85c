//! `make bench B=webhooks`: how long after an answer its event arrives, one by one and in a burst of sign-ups; and deliveries
//! per second to 1, 8 and 64 endpoints of four projects, from the backlog of events that were missed. An argument says how many
//! sign-ups the burst has.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use aerocall_benches::{
    Report, Samples, argument,
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
/// Sign-ups as quickly as so many clients can.
const BURST: u64 = 10_000;
const CLIENTS: u64 = 8;
const ENDPOINTS: [usize; 3] = [1, 8, 64];

pub(crate) fn bench() -> anyhow::Result<()> {
    let many = argument().map_or(Ok(BURST), |text| text.parse())?;
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
    burst(&site, many, &receiver, &mut report)?;
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

/// From the time of an event to its arrival, while all clients sign up as quickly as they can.
fn burst(site: &Site, events: u64, receiver: &Receiver, report: &mut Report) -> anyhow::Result<()> {
    let (key, each) = (site.project("burst")?, events / CLIENTS);
    make(site, "burst", receiver)?;
    receiver.lags().clear();
    let (before, began) = (receiver.count(), Instant::now());
    site.sign_ups(&key, CLIENTS, each, "burst.example")?;
    let signed_up = began.elapsed();
    receiver.until(before + each * CLIENTS)?;
    let drained = began.elapsed().saturating_sub(signed_up);
    let mut lags = Samples::default();
    receiver.lags().drain(..).for_each(|lag| lags.push(lag));
    let case = format!("burst of {} events", each * CLIENTS);
    report.figure(
        &format!("{case}: sign-ups"),
        "1/s",
        (each * CLIENTS) as f64 / signed_up.as_secs_f64(),
    )?;
    report.times(&format!("{case}: lag"), &lags)?;
    report.figure(&format!("{case}: longest lag"), "µs", lags.percentile_us(100.0))?;
    report.figure(
        &format!("{case}: last arrival after last answer"),
        "ms",
        drained.as_secs_f64() * 1e3,
    )
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
        anyhow::ensure!(answer["next"].is_null(), "more than one replay can hold");
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
    lags: Arc<Mutex<Vec<Duration>>>,
}

impl Receiver {
    async fn open() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let count = Arc::new(AtomicU64::new(0));
        let lags = Arc::new(Mutex::default());
        let (counted, noted) = (Arc::clone(&count), Arc::clone(&lags));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&counted), Arc::clone(&noted)));
            }
        });
        Ok(Self { url, count, lags })
    }

    /// From the times of events to their arrivals.
    fn lags(&self) -> MutexGuard<'_, Vec<Duration>> {
        self.lags.lock().unwrap_or_else(PoisonError::into_inner)
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
async fn serve(stream: TcpStream, count: Arc<AtomicU64>, lags: Arc<Mutex<Vec<Duration>>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        let (mut length, mut id) = (0, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap_or(0);
            }
            if let Some(value) = line.strip_prefix("webhook-id: ") {
                value.trim().clone_into(&mut id);
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        lags.lock().unwrap_or_else(PoisonError::into_inner).extend(age(&id));
        count.fetch_add(1, Ordering::Relaxed);
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
    }
}

/// How old an event is: its id begins with the time at which it was made, in milliseconds (UUID version 7, RFC 9562).
fn age(id: &str) -> Option<Duration> {
    let made = u64::from_str_radix(id.strip_prefix("evt_")?.get(..12)?, 16).ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(now.saturating_sub(Duration::from_millis(made)))
}
