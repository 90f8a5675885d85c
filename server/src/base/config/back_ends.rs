//! The settings of the backends that hooks use: databases of projects, cache, queue, mail, other hosts, and recorded invocations.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::{ConfigError, Network, layers::Layers};

/// The projects' own databases.
#[derive(Clone, Debug)]
pub struct TenantConfig {
    /// Where the databases are.
    pub url: TenantUrl,
    /// Maximum size of one database.
    pub bytes_per_database: u64,
    /// Connections of one project at the same time, per environment.
    pub connections_per_database: usize,
    /// Connections of one project at the same time, per environment, by all servers and workers together.
    pub connections_per_role: usize,
    /// Connections of all projects together.
    pub connections: usize,
}

/// Which databases hold the projects' own tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TenantUrl {
    /// A directory of files.
    Sqlite(PathBuf),
    /// A cluster; one schema and two roles per project and environment.
    Postgres(SecretUrl),
}

/// A URL that contains a password: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

/// A service that several installations can share.
#[derive(Clone, Debug)]
pub struct SharedService {
    /// Where it is.
    pub url: SecretUrl,
    /// Prefix of all names there.
    pub prefix: String,
}

/// The job queue.
#[derive(Clone, Debug)]
pub struct QueueConfig {
    /// RabbitMQ; without it workers poll the database.
    pub amqp: Option<SharedService>,
    /// Jobs that run at the same time in this process.
    pub concurrent_jobs: usize,
    /// Jobs of one project that run at the same time in this process.
    pub concurrent_jobs_per_project: usize,
    /// Maximum number of waiting jobs of one project.
    pub waiting_per_project: i64,
    /// Attempts before a job is dead.
    pub attempts: i32,
    /// Delay before the second attempt.
    pub retry: Duration,
    /// Lease of a running job.
    pub lease: Duration,
    /// How often the database is polled.
    pub poll: Duration,
    /// How long finished jobs are kept.
    pub keep: Duration,
}

/// Mails.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The mail server of projects that set none; without it mails are captured.
    pub smtp: Option<SecretUrl>,
    /// The sender address of those mails.
    pub from: String,
    /// How long mails are kept.
    pub keep: Duration,
}

/// Requests to other hosts.
#[derive(Clone, Debug)]
pub struct EgressConfig {
    /// Private networks that requests may reach.
    pub private_networks: Vec<Network>,
    /// Timeout for connecting.
    pub connect: Duration,
    /// Timeout for one request, including redirects and body.
    pub request: Duration,
    /// Maximum number of redirects to follow.
    pub redirects: u32,
}

/// The audit log.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    /// How long entries are kept.
    pub keep: Duration,
}

/// Recorded invocations.
#[derive(Clone, Debug)]
pub struct RecordConfig {
    /// How long they are kept.
    pub keep: Duration,
    /// How many are kept of one project.
    pub most_per_project: i64,
}

impl SecretUrl {
    /// The URL, only for the library that connects to it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The address of a test's own database.
    #[cfg(test)]
    pub(crate) fn of_test(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(super) fn of(text: &str, schemes: &[&str]) -> Result<Option<Self>, (String, String)> {
        if text.is_empty() {
            return Ok(None);
        }
        // The value may hold a password, so it is not repeated.
        let known = schemes.iter().any(|scheme| {
            text.strip_prefix(scheme)
                .is_some_and(|rest| rest.starts_with("://") && rest.len() > 3)
        });
        if known {
            return Ok(Some(Self(text.to_owned())));
        }
        let problem = format!("the value is not a URL that starts with {}://", schemes.join(":// or "));
        Err((
            problem,
            format!("Write {}://user:password@host/…, or leave it empty", schemes[0]),
        ))
    }
}

impl std::fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(an address)")
    }
}

pub(super) fn tenant(layers: &Layers, data_dir: &Path) -> Result<TenantConfig, ConfigError> {
    Ok(TenantConfig {
        url: layers.text("tenant.database_url", |url| tenant_url(url, data_dir))?,
        bytes_per_database: layers.number("tenant.bytes_per_database", 65_536..=1 << 40)?,
        connections_per_database: layers.number("tenant.connections_per_database", 1..=256)?,
        connections_per_role: layers.number("tenant.connections_per_role", 1..=10_000)?,
        connections: layers.number("tenant.connections", 1..=10_000)?,
    })
}

fn tenant_url(text: &str, data_dir: &Path) -> Result<TenantUrl, (String, String)> {
    if text.is_empty() {
        return Ok(TenantUrl::Sqlite(data_dir.join("tenants")));
    }
    match text.strip_prefix("sqlite://") {
        Some(path) if !path.is_empty() => Ok(TenantUrl::Sqlite(path.into())),
        Some(_) => Err((
            "the directory is missing".to_owned(),
            "Write sqlite:///var/lib/aerocall/tenants".to_owned(),
        )),
        None => SecretUrl::of(text, &["postgres", "postgresql", "sqlite"])?
            .map(TenantUrl::Postgres)
            .ok_or_else(|| ("must not be empty".to_owned(), "Name a database".to_owned())),
    }
}

pub(super) fn redis(layers: &Layers) -> Result<Option<SharedService>, ConfigError> {
    let url = layers.text("redis.url", |url| SecretUrl::of(url, &["redis", "rediss"]))?;
    let prefix = layers.text("redis.prefix", prefix)?;
    Ok(url.map(|url| SharedService { url, prefix }))
}

/// The Redis of the counters, where it is not that of the cache.
pub(super) fn limits_redis(layers: &Layers) -> Result<Option<SharedService>, ConfigError> {
    let url = layers.text("limits.redis_url", |url| SecretUrl::of(url, &["redis", "rediss"]))?;
    let prefix = layers.text("redis.prefix", prefix)?;
    Ok(url.map(|url| SharedService { url, prefix }))
}

fn amqp(layers: &Layers) -> Result<Option<SharedService>, ConfigError> {
    let url = layers.text("amqp.url", |url| SecretUrl::of(url, &["amqp", "amqps"]))?;
    let prefix = layers.text("amqp.prefix", prefix)?;
    Ok(url.map(|url| SharedService { url, prefix }))
}

fn prefix(text: &str) -> Result<String, (String, String)> {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=40).contains(&text.len()) && text.bytes().all(legal) {
        return Ok(text.to_owned());
    }
    Err((
        format!("`{text}` is not a valid prefix"),
        "Use 1 to 40 of a-z, 0-9 and -".to_owned(),
    ))
}

pub(super) fn queue(layers: &Layers) -> Result<QueueConfig, ConfigError> {
    Ok(QueueConfig {
        amqp: amqp(layers)?,
        concurrent_jobs: layers.number("queue.concurrent_jobs", 1..=1_000)?,
        concurrent_jobs_per_project: layers.number("queue.concurrent_jobs_per_project", 1..=1_000)?,
        waiting_per_project: layers.number("queue.waiting_per_project", 1..=10_000_000)?,
        attempts: layers.number("queue.attempts", 1..=100)?,
        retry: Duration::from_millis(layers.number("queue.retry_ms", 1..=3_600_000)?),
        lease: Duration::from_secs(layers.number("queue.lease_seconds", 1..=86_400)?),
        poll: Duration::from_millis(layers.number("queue.poll_ms", 10..=60_000)?),
        keep: Duration::from_secs(layers.number("queue.keep_seconds", 60..=31_536_000)?),
    })
}

pub(super) fn mail(layers: &Layers) -> Result<MailConfig, ConfigError> {
    Ok(MailConfig {
        smtp: layers.text("smtp.url", |url| SecretUrl::of(url, &["smtp", "smtps", "smtp+plain"]))?,
        // Whether mails can be sent from it is known where mails are written.
        from: layers.text("smtp.from", |from| Ok(from.to_owned()))?,
        keep: Duration::from_secs(layers.number("mail.keep_seconds", 60..=31_536_000)?),
    })
}

pub(super) fn egress(layers: &Layers) -> Result<EgressConfig, ConfigError> {
    Ok(EgressConfig {
        private_networks: layers.list("egress.private_networks", Network::parse)?,
        connect: Duration::from_millis(layers.number("egress.connect_ms", 1..=60_000)?),
        request: Duration::from_millis(layers.number("egress.request_ms", 1..=60_000)?),
        redirects: layers.number("egress.redirects", 0..=20)?,
    })
}

pub(super) fn audit(layers: &Layers) -> Result<AuditConfig, ConfigError> {
    Ok(AuditConfig {
        keep: Duration::from_secs(layers.number("audit.keep_seconds", 60..=315_360_000)?),
    })
}

pub(super) fn records(layers: &Layers) -> Result<RecordConfig, ConfigError> {
    Ok(RecordConfig {
        keep: Duration::from_secs(layers.number("records.keep_seconds", 1..=31_536_000)?),
        most_per_project: layers.number("records.most_per_project", 1..=10_000_000)?,
    })
}
