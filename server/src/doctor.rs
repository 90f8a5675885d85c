//! What a server with these settings would miss on this machine, and how to put it right. Looks, and changes nothing but a row
//! that is there to be changed; no finding repeats an address or a password.

mod process;
mod room;
mod stores;

use std::{os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use serde::Serialize;
use url::Url;

use crate::{
    base::{
        clock::Clock,
        config::{Config, DatabaseUrl, TenantUrl},
        crypto::MasterKey,
        error::chain,
        private,
    },
    outbound::{
        egress::{Egress, SystemResolver},
        mail,
    },
    security::token,
    storage::{
        cache, queue,
        store::{Store, is_used_up},
        tenant,
        write_fault::{USED_UP, USED_UP_FIX, WriteFault},
    },
};

/// The most that each thing may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the clock of this machine may differ from the database's, which the server follows.
const MAX_SKEW_MS: i64 = 5_000;
/// 2026-01-01: before this was written.
const THIS_WAS_WRITTEN_MS: i64 = 1_767_225_600_000;

/// What was found of one thing.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Which thing.
    pub name: &'static str,
    /// How it is.
    pub state: State,
    /// What there is to say.
    pub message: String,
    /// How to put it right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and something about it is worth a look.
    Note,
    /// The settings do not name one.
    Unused,
    /// It does not work.
    Problem,
}

/// Looks at everything, in the order in which a server needs it.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let Core {
        database,
        key,
        clock,
        opened,
    } = core(config).await;
    let kept = stores::examine(config, opened).await;
    let (tenants, cache, limits, broker, mail, egress) = tokio::join!(
        patient("tenant_database", tenants(config)),
        patient("cache", redis(config)),
        patient("limits", room::limits(config)),
        patient("broker", rabbitmq(config)),
        patient("mail", smtp(config)),
        patient("egress", others(config)),
    );
    let mut found = vec![
        data_directory(&config.data_dir),
        process::limits(),
        database,
        key,
        tenants,
    ];
    found.extend(kept);
    found.extend([
        cache,
        limits,
        broker,
        mail,
        room::connections(config),
        public_url(config),
        egress,
        clock,
    ]);
    found.extend(ignored(config));
    found
}

/// What was found of the core database, and what it gave to look further.
struct Core {
    database: Finding,
    key: Finding,
    clock: Finding,
    /// The database, and the key if it is the right one.
    opened: Option<(Store, Option<MasterKey>)>,
}

impl Finding {
    fn new(name: &'static str, state: State, message: impl Into<String>) -> Self {
        Self {
            name,
            state,
            message: message.into(),
            fix: None,
        }
    }

    fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, State::Ok, message)
    }

    fn fix(self, fix: impl Into<String>) -> Self {
        Self {
            fix: Some(fix.into()),
            ..self
        }
    }
}

async fn patient(name: &'static str, looked: impl Future<Output = Finding>) -> Finding {
    let late = || {
        Finding::new(name, State::Problem, "no response in time")
            .fix("Check that it is running and reachable from this machine")
    };
    tokio::time::timeout(PATIENCE, looked).await.unwrap_or_else(|_| late())
}

/// Variables that nobody meant as settings.
fn ignored(config: &Config) -> Option<Finding> {
    let names = config.ignored.join(", ");
    let message = format!("ignored, because Kubernetes sets them for a Service: {names}");
    let note = Finding::new("settings", State::Note, message).fix("Set enableServiceLinks: false for the pod");
    (!names.is_empty()).then_some(note)
}

fn data_directory(path: &Path) -> Finding {
    const NAME: &str = "data_directory";
    let shown = path.display();
    let Ok(about) = std::fs::metadata(path) else {
        return Finding::ok(NAME, format!("{shown} is created on the first start"));
    };
    let probe = path.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    if let Err(error) = written {
        return Finding::new(NAME, State::Problem, format!("{shown} is not writable: {error}"))
            .fix("Make it writable for the user that runs the server, or set AEROCALL_DATA_DIR");
    }
    match about.permissions().mode() & 0o077 {
        0 => Finding::ok(NAME, shown.to_string()),
        _ => Finding::new(NAME, State::Note, format!("other users can read {shown}")).fix(format!("chmod 700 {shown}")),
    }
}

/// Database, master key and clock: the latter two are compared with what the first says.
async fn core(config: &Config) -> Core {
    let looked = tokio::time::timeout(PATIENCE, Store::look(&config.database)).await;
    let problem = |message: String| Finding::new("database", State::Problem, message);
    let (store, pending) = match looked {
        Ok(Ok(opened)) => opened,
        failed => {
            let why = match failed {
                Ok(Err(error)) => chain(&error),
                _ => "no response in time".to_owned(),
            };
            let refused = WriteFault::of_postgres(&why);
            let fix = match config.database {
                DatabaseUrl::Sqlite(_) if config.data_dir.join("master.key").exists() => {
                    "There is a master key, so there was a database: restore it (aerocall restore); a server that is started \
                     now makes an empty one (aerocall migrate does, too)"
                }
                DatabaseUrl::Sqlite(_) => "Run aerocall migrate, or start the server, which creates it",
                DatabaseUrl::Postgres(_) => "Check that it is running, and check AEROCALL_DATABASE_URL",
            };
            return Core {
                database: match refused {
                    Some(fault) => problem(fault.words().to_owned()).fix(fault.fix()),
                    None if is_used_up(&why) => problem(USED_UP.to_owned()).fix(USED_UP_FIX),
                    None => problem(why).fix(fix),
                },
                key: key_alone(config),
                clock: clock(None),
                opened: None,
            };
        }
    };
    let theirs = store.read(|tx| tx.clock_ms()).await.ok().flatten();
    if !pending.is_empty() {
        let message = format!(
            "the tables are not up to date: {} migrations are missing",
            pending.len()
        );
        let database = problem(message).fix("Run aerocall migrate, or start the server, which applies them");
        return Core {
            database,
            key: key_alone(config),
            clock: clock(theirs),
            opened: None,
        };
    }
    let (key, opens) = match token::look_at_master_key(config, &store).await {
        Ok(Some(key)) => (Finding::ok("master_key", "matches the database"), Some(key)),
        Ok(None) => (
            Finding::ok("master_key", "a key file is created on the first start"),
            None,
        ),
        Err(error) => {
            let fix = "Set AEROCALL_MASTER_KEY, or copy master.key from the data directory of the first node (0600)";
            (
                Finding::new("master_key", State::Problem, error.described()).fix(fix),
                None,
            )
        }
    };
    let refused = stores::refuses(&store).await;
    Core {
        database: refused.unwrap_or_else(|| up_to_date(&config.database)),
        key,
        clock: clock(theirs),
        opened: Some((store, opens)),
    }
}

/// A database that has all tables. Its file is for its owner alone; the server sees to that when it opens one.
fn up_to_date(database: &DatabaseUrl) -> Finding {
    const NAME: &str = "database";
    match database {
        DatabaseUrl::Sqlite(path) if private::is_open(path) => {
            let shown = path.display();
            Finding::new(NAME, State::Note, format!("up to date; other users can read {shown}"))
                .fix(format!("chmod 600 {shown}"))
        }
        _ => Finding::ok(NAME, "up to date"),
    }
}

/// What can be said of the key without the database.
fn key_alone(config: &Config) -> Finding {
    let where_it_is = match (&config.master_key, config.data_dir.join("master.key").exists()) {
        (Some(_), _) => "set by the settings",
        (None, true) => "a key file exists",
        (None, false) => "there is no key yet",
    };
    Finding::new(
        "master_key",
        State::Note,
        format!("{where_it_is}; it could not be compared with the database"),
    )
}

fn clock(theirs: Option<i64>) -> Finding {
    const NAME: &str = "clock";
    const FIX: &str = "Synchronise the clock of this machine (NTP)";
    let ours = Clock::default().now_ms();
    match theirs {
        // Certificates of other hosts are not valid yet.
        _ if ours < THIS_WAS_WRITTEN_MS => Finding::new(NAME, State::Problem, "the clock is in the past").fix(FIX),
        Some(theirs) if (theirs - ours).abs() > MAX_SKEW_MS => {
            let seconds = (theirs - ours).abs() / 1_000;
            let message = format!(
                "the clock differs from the database's by {seconds} seconds; the server follows the database's, except for the times in \
                 its log and the validity of certificates"
            );
            Finding::new(NAME, State::Note, message).fix(FIX)
        }
        Some(_) => Finding::ok(NAME, "in sync with the database"),
        None => Finding::ok(NAME, "not compared"),
    }
}

async fn tenants(config: &Config) -> Finding {
    const NAME: &str = "tenant_database";
    let fix = "Check AEROCALL_TENANT_DATABASE_URL";
    match tenant::may_create(&config.tenant).await {
        Ok(Some(true)) if tenant::is_shared_with_core(&config.database, &config.tenant).await => {
            Finding::new(NAME, State::Note, tenant::SHARED)
                .fix("Set AEROCALL_TENANT_DATABASE_URL to a database in a cluster of its own")
        }
        Ok(Some(true)) => Finding::ok(NAME, "reachable"),
        Ok(Some(false)) => Finding::new(NAME, State::Problem, "the user is not allowed to create roles")
            .fix("ALTER ROLE … CREATEROLE, or use another user"),
        Err(problem) => Finding::new(NAME, State::Problem, problem).fix(fix),
        Ok(None) => match &config.tenant.url {
            TenantUrl::Sqlite(path) if path.exists() => Finding {
                name: NAME,
                ..data_directory(path)
            },
            _ => Finding::ok(NAME, "files, created on first use"),
        },
    }
}

async fn redis(config: &Config) -> Finding {
    const NAME: &str = "cache";
    let Some(service) = &config.redis else {
        return Finding::new(NAME, State::Unused, "no Redis: each process has its own cache");
    };
    let answered = match cache::open_shared(service) {
        Ok(cache) => cache.ping().await.map_err(|error| chain(&error)),
        Err(error) => Err(error.described()),
    };
    answered_or(
        NAME,
        answered,
        "Check that Redis is running, and check AEROCALL_REDIS_URL",
    )
}

async fn rabbitmq(config: &Config) -> Finding {
    const NAME: &str = "broker";
    let Some(service) = config.queue.amqp.clone() else {
        return Finding::new(NAME, State::Unused, "no RabbitMQ: workers poll the database");
    };
    let answered = queue::ping(&service).await;
    answered_or(
        NAME,
        answered,
        "Check that RabbitMQ is running, and check AEROCALL_AMQP_URL",
    )
}

async fn smtp(config: &Config) -> Finding {
    const NAME: &str = "mail";
    match mail::ping(&config.mail).await {
        None => Finding::new(NAME, State::Unused, "no SMTP server: mails are captured, not sent"),
        Some(answered) => answered_or(
            NAME,
            answered,
            "Check that the mail server is running, and check AEROCALL_SMTP_URL",
        ),
    }
}

fn answered_or(name: &'static str, answered: Result<(), String>, fix: &str) -> Finding {
    match answered {
        Ok(()) => Finding::ok(name, "reachable"),
        Err(problem) => Finding::new(name, State::Problem, problem).fix(fix),
    }
}

/// It is what links in mails, callbacks of providers and `iss` are made of.
fn public_url(config: &Config) -> Finding {
    const NAME: &str = "public_url";
    let url = &config.public_url;
    let host = Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    if let Some(problem) = config.public_url_problem() {
        let state = match config.listen.ip().is_loopback() {
            true => State::Note,
            false => State::Problem,
        };
        return Finding::new(NAME, state, problem).fix("Set AEROCALL_PUBLIC_URL to the URL that clients use");
    }
    let (state, message) = match url.strip_prefix("http://") {
        None => return Finding::ok(NAME, url.clone()),
        Some(_) if is_here && config.listen.ip().is_loopback() => {
            return Finding::ok(NAME, format!("{url}, for this machine"));
        }
        Some(_) if is_here => (
            State::Problem,
            format!("{url} points to this machine, but the server listens on a public address"),
        ),
        Some(_) => (State::Note, format!("{url} is not encrypted")),
    };
    Finding::new(NAME, state, message).fix("Set AEROCALL_PUBLIC_URL to the https URL that clients use")
}

/// Whether names of other hosts are known here. A machine that should reach none is well all the same.
async fn others(config: &Config) -> Finding {
    const NAME: &str = "egress";
    let host = Url::parse(&config.password.breach_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let looked = match Egress::new(&config.egress, std::sync::Arc::new(SystemResolver::default())) {
        Ok(egress) => egress.addresses(&host).await.map_err(|error| chain(&error)),
        Err(error) => Err(error.described()),
    };
    match looked {
        Ok(_) => Finding::ok(NAME, format!("{host} can be resolved")),
        Err(problem) => Finding::new(NAME, State::Note, format!("{host}: {problem}"))
            .fix("Needed for requests of hooks, identity providers and the check for breached passwords; ignore it if you use none of them"),
    }
}
