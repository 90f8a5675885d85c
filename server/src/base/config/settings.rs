//! The settings as types, one struct per concern, units in the names.

use std::{
    io::Read as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    thread::available_parallelism,
    time::Duration,
};

use aerocall_runtime::Limits;

use super::{
    AssistantConfig, AuditConfig, ConfigError, ConfigSources, EgressConfig, EventConfig, GivenKey, LogConfig,
    MailConfig, MetricsConfig, Network, QueueConfig, RecordConfig, SecretUrl, SharedService, ShownHeader,
    TelemetryConfig, TenantConfig, WebhookConfig, assistant, back_ends, delivery, layers::Layers, observability,
};

/// Every setting of the server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Where the server keeps its files.
    pub data_dir: PathBuf,
    /// The core database.
    pub database: DatabaseUrl,
    /// The master key; if not set, a file in the data directory.
    pub master_key: Option<GivenKey>,
    /// The URL that clients use, without a slash at the end; the `iss` claim of tokens.
    pub public_url: String,
    /// Whether somebody chose it.
    pub public_url_origin: Origin,
    /// The HTTP server.
    pub http: HttpConfig,
    /// The database connections.
    pub store: StoreConfig,
    /// Password hashing.
    pub password: PasswordConfig,
    /// Tokens and sessions.
    pub token: TokenConfig,
    /// Rate limits.
    pub limits: LimitConfig,
    /// Hooks.
    pub hooks: HookConfig,
    /// Background work.
    pub worker: WorkerConfig,
    /// The projects' own databases.
    pub tenant: TenantConfig,
    /// Redis; without it the cache is kept in this process.
    pub redis: Option<SharedService>,
    /// The job queue.
    pub queue: QueueConfig,
    /// Mails.
    pub mail: MailConfig,
    /// Requests to other hosts.
    pub egress: EgressConfig,
    /// Events.
    pub events: EventConfig,
    /// Webhooks.
    pub webhooks: WebhookConfig,
    /// Recorded invocations.
    pub records: RecordConfig,
    /// The audit log.
    pub audit: AuditConfig,
    /// The assistant.
    pub assistant: AssistantConfig,
    /// `/metrics`.
    pub metrics: MetricsConfig,
    /// Traces.
    pub telemetry: TelemetryConfig,
    /// The log.
    pub log: LogConfig,
    /// Environment variables that look like settings and were ignored: a cluster set them, not a person.
    pub ignored: Vec<String>,
}

/// Which database holds the core tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server that any number of nodes share.
    Postgres(SecretUrl),
}

/// The HTTP server.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Threads that accept and parse requests.
    pub workers: usize,
    /// Maximum size of a JSON body.
    pub json_body_bytes: usize,
    /// Maximum size of a hook bundle.
    pub component_body_bytes: usize,
    /// How long a JSON body may take to arrive.
    pub body: Duration,
    /// The same for a hook bundle or a deployment.
    pub component_body: Duration,
    /// How long a client may take to read an answer, or a part of a stream.
    pub response: Duration,
    /// How long a stream may be quiet before a comment is sent.
    pub stream_heartbeat: Duration,
    /// Connections of all clients at the same time.
    pub connections: usize,
    /// Connections of one address at the same time.
    pub connections_per_address: usize,
    /// Proxies whose `X-Forwarded-For` and `traceparent` headers are trusted.
    pub trusted_proxies: Vec<Network>,
    /// How long a server keeps accepting requests after SIGTERM, so that load balancers notice.
    pub drain: Duration,
    /// How long requests in flight may take after that.
    pub shutdown_seconds: u64,
}

/// The database connections.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Connections in the pool.
    pub connections: u32,
}

/// argon2id and the pool it runs on.
#[derive(Clone, Debug)]
pub struct PasswordConfig {
    /// Memory of one hash.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// Hashes computed at the same time.
    pub threads: usize,
    /// Requests that may wait for a free thread.
    pub queue: usize,
    /// Service that is asked for breached passwords.
    pub breach_url: String,
    /// How long a request may wait for a free thread.
    pub wait: Duration,
}

/// Tokens and sessions.
#[derive(Clone, Debug)]
pub struct TokenConfig {
    /// Lifetime of an access token, in projects that set none.
    pub access_seconds: i64,
    /// Lifetime of a session, in projects that set none.
    pub session_seconds: i64,
    /// How long a new signing key is published before it signs.
    pub key_overlap_seconds: i64,
}

/// Rate limits; the numbers are settings of projects.
#[derive(Clone, Debug)]
pub struct LimitConfig {
    /// Whether rate limits are enforced.
    pub state: Switch,
    /// The Redis of the counters, if it is another one than the cache's.
    pub redis: Option<SharedService>,
}

/// Background work: jobs, mails, events, webhook deliveries, housekeeping.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// Whether `aerocall serve` does this work too; `aerocall worker` always does.
    pub state: Switch,
    /// Address where `aerocall worker` serves health checks and metrics.
    pub listen: Option<SocketAddr>,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `config.default.toml`.
    Default,
    /// A file, the environment or a flag.
    Given,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl Switch {
    pub(crate) fn is_on(self) -> bool {
        self == Self::On
    }
}

/// Hooks.
#[derive(Clone, Debug)]
pub struct HookConfig {
    /// The most that a hook can request: `max_` and the name of each limit.
    pub max: Limits,
    /// Invocations of one project at the same time.
    pub concurrent_calls_per_project: usize,
    /// Size of one project's cache.
    pub cache_bytes_per_project: u64,
    /// Versions of one project.
    pub versions_per_project: i64,
    /// Size of all compiled hooks on disk.
    pub artifact_bytes: u64,
    /// How long an upload or a deployment waits for the compiler.
    pub compile_wait: Duration,
    /// TypeScript's own compiler as a program, which checks the types of drafts.
    pub tsc: Option<PathBuf>,
    /// Headers of the request that hooks see.
    pub shown_headers: Vec<ShownHeader>,
}

impl Config {
    /// What is wrong with the public URL if nobody chose it: the default leads to the default address alone. It is not made from
    /// the address, since nodes listen on different ones and clients come through proxies, while the issuer of tokens must be
    /// one and stay.
    #[must_use]
    pub fn public_url_problem(&self) -> Option<String> {
        let leads_here = self.public_url.strip_prefix("http://") == Some(self.listen.to_string().as_str());
        let is_chosen = self.public_url_origin == Origin::Given;
        (!is_chosen && !leads_here).then(|| {
            format!(
                "tokens name {} as their issuer and links lead there, but the server listens on {}",
                self.public_url, self.listen
            )
        })
    }

    /// Reads and checks every source.
    ///
    /// # Errors
    /// The first setting that is unknown or has a bad value.
    pub fn load(sources: &ConfigSources) -> Result<Self, ConfigError> {
        let layers = Layers::read(sources)?;
        let data_dir = layers.text("data_dir", |text| match text {
            "" => Err(("must not be empty".to_owned(), "Name a directory".to_owned())),
            path => Ok(PathBuf::from(path)),
        })?;
        Ok(Self {
            listen: layers.text("listen", listen)?,
            database: layers.text("database_url", |url| database_url(url, &data_dir))?,
            tenant: back_ends::tenant(&layers, &data_dir)?,
            data_dir,
            master_key: layers.text("master_key", GivenKey::parse)?,
            public_url: layers.text("public_url", public_url)?,
            public_url_origin: match layers.is_default("public_url") {
                true => Origin::Default,
                false => Origin::Given,
            },
            http: http(&layers)?,
            store: StoreConfig {
                connections: layers.number("store.connections", 2..=256)?,
            },
            password: password(&layers)?,
            token: TokenConfig {
                access_seconds: layers.number("token.access_seconds", 10..=86_400)?,
                session_seconds: layers.number("token.session_seconds", 60..=31_536_000)?,
                key_overlap_seconds: layers.number("token.key_overlap_seconds", 300..=86_400)?,
            },
            limits: LimitConfig {
                state: layers.switch("limits.enabled"),
                redis: back_ends::limits_redis(&layers)?,
            },
            worker: WorkerConfig {
                state: layers.switch("worker.enabled"),
                listen: layers.text("worker.listen", |text| match text {
                    "" => Ok(None),
                    address => listen(address).map(Some),
                })?,
            },
            hooks: hooks(&layers)?,
            redis: back_ends::redis(&layers)?,
            queue: back_ends::queue(&layers)?,
            mail: back_ends::mail(&layers)?,
            egress: back_ends::egress(&layers)?,
            events: delivery::events(&layers)?,
            webhooks: delivery::webhooks(&layers)?,
            records: back_ends::records(&layers)?,
            audit: back_ends::audit(&layers)?,
            assistant: assistant::assistant(&layers)?,
            metrics: observability::metrics(&layers)?,
            telemetry: observability::telemetry(&layers)?,
            log: observability::log(&layers)?,
            ignored: layers.ignored(),
        })
    }
}

fn http(layers: &Layers) -> Result<HttpConfig, ConfigError> {
    Ok(HttpConfig {
        workers: or_cores(layers.number("http.workers", 0..=256)?),
        json_body_bytes: layers.number("http.json_body_bytes", 1_024..=1 << 20)?,
        component_body_bytes: layers.number("http.component_body_bytes", 1_024..=64 << 20)?,
        body: Duration::from_secs(layers.number("http.body_seconds", 1..=3_600)?),
        component_body: Duration::from_secs(layers.number("http.component_body_seconds", 1..=3_600)?),
        response: Duration::from_secs(layers.number("http.response_seconds", 1..=3_600)?),
        stream_heartbeat: Duration::from_secs(layers.number("http.stream_heartbeat_seconds", 1..=600)?),
        connections: layers.number("http.connections", 1..=1_000_000)?,
        connections_per_address: layers.number("http.connections_per_address", 1..=1_000_000)?,
        trusted_proxies: layers.list("http.trusted_proxies", Network::parse)?,
        drain: Duration::from_secs(layers.number("http.drain_seconds", 0..=600)?),
        shutdown_seconds: layers.number("http.shutdown_seconds", 0..=3_600)?,
    })
}

/// The minimum of every number is argon2's own (RFC 9106), for tests; `config.default.toml` has OWASP's.
fn password(layers: &Layers) -> Result<PasswordConfig, ConfigError> {
    Ok(PasswordConfig {
        memory_kib: layers.number("password.memory_kib", 128..=1 << 21)?,
        passes: layers.number("password.passes", 1..=100)?,
        lanes: layers.number("password.lanes", 1..=16)?,
        threads: or_cores(layers.number("password.threads", 0..=256)?),
        queue: layers.number("password.queue", 0..=100_000)?,
        breach_url: layers.text("password.breach_url", public_url)?,
        wait: Duration::from_millis(layers.number("password.wait_ms", 1..=60_000)?),
    })
}

fn hooks(layers: &Layers) -> Result<HookConfig, ConfigError> {
    let max = Limits::read(|name, least, ceiling| {
        let whole = |limit| i64::try_from(limit).unwrap_or(i64::MAX);
        layers.number(&format!("hooks.max_{name}"), whole(least)..=whole(ceiling))
    })?;
    Ok(HookConfig {
        max,
        concurrent_calls_per_project: layers.number("hooks.concurrent_calls_per_project", 1..=10_000)?,
        cache_bytes_per_project: layers.number("hooks.cache_bytes_per_project", 4_096..=4 << 30)?,
        versions_per_project: layers.number("hooks.versions_per_project", 1..=1_000_000)?,
        artifact_bytes: layers.number("hooks.artifact_bytes", 0..=1 << 50)?,
        compile_wait: Duration::from_millis(layers.number("hooks.compile_wait_ms", 1..=600_000)?),
        tsc: layers.text("hooks.tsc", type_checker)?,
        shown_headers: layers.list("hooks.shown_headers", ShownHeader::parse)?,
    })
}

/// A program that can be run in a directory of its own. A script of Node.js cannot: it needs the rest of the file system.
fn type_checker(path: &str) -> Result<Option<PathBuf>, (String, String)> {
    const FIX: &str =
        "Name the program of TypeScript 7 or later, such as node_modules/@typescript/typescript-linux-x64/lib/tsc";
    if path.is_empty() {
        return Ok(None);
    }
    let refused = |problem: String| (problem, FIX.to_owned());
    let program = std::fs::canonicalize(path).map_err(|error| refused(format!("`{path}` cannot be read: {error}")))?;
    let mut head = [0; 4];
    let read = std::fs::File::open(&program).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Ok(()) if &head == b"\x7fELF" => Ok(Some(program)),
        _ => Err(refused(format!("`{path}` is not a program of this machine"))),
    }
}

fn or_cores(count: usize) -> usize {
    if count == 0 {
        available_parallelism().map_or(1, usize::from)
    } else {
        count
    }
}

fn listen(text: &str) -> Result<SocketAddr, (String, String)> {
    text.parse().map_err(|_| {
        (
            format!("`{text}` is not an address with a port"),
            "Write 127.0.0.1:8080".to_owned(),
        )
    })
}

fn public_url(text: &str) -> Result<String, (String, String)> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains([' ', '?', '#', '@']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err((
            format!("`{text}` is not a URL"),
            "Write https://auth.example.com".to_owned(),
        )),
    }
}

fn database_url(text: &str, data_dir: &Path) -> Result<DatabaseUrl, (String, String)> {
    if text.is_empty() {
        return Ok(DatabaseUrl::Sqlite(data_dir.join("aerocall.db")));
    }
    // The value may hold a password, so it is not repeated.
    match text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) {
        Some(path) if !path.is_empty() && !path.contains(['?', ':']) => Ok(DatabaseUrl::Sqlite(path.into())),
        Some(_) => Err((
            "the value is not sqlite://<path>".to_owned(),
            "Write sqlite:///var/lib/aerocall/aerocall.db, or leave it empty".to_owned(),
        )),
        None => SecretUrl::of(text, &["postgres", "postgresql", "sqlite"])?
            .map(DatabaseUrl::Postgres)
            .ok_or_else(|| ("must not be empty".to_owned(), "Name a database".to_owned())),
    }
}
