//! Whether the services that this process works with answer, and whether the databases take changes. Says which does not and
//! what is wrong, in words from a short list; where it is and what it said is in the log. A probe is answered at once even where
//! the services are slow: a load balancer that gives up on slow answers would remove every node of a busy installation.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use aerocall_api_types::{Check, Checks, Readiness as Shown, ReadinessStatus};
use tokio::{sync::Mutex, task::JoinHandle};
use tracing::Instrument as _;

use crate::{
    base::config::Config,
    storage::{cache::CacheStore, queue::Broker, store::Store, tenant::TenantDatabases, write_fault::Unready},
};

/// The most that a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// For so long a report is given again: whoever asks more often does not load what is asked about.
const KEPT: Duration = Duration::from_secs(1);
/// The most that a probe waits for a new report while there is one that is not too old.
const PROMPT: Duration = Duration::from_millis(250);
/// The oldest report that is given instead of a new one. With `PATIENCE`, the longest that a service can be away unnoticed.
const OLDEST: Duration = Duration::from_secs(4);

/// Asks, and remembers the last answer.
pub(crate) struct Readiness {
    services: Arc<Services>,
}

struct Services {
    store: Store,
    tenants: Arc<dyn TenantDatabases>,
    tenant_beat: Mutex<Option<JoinHandle<Result<(), Unready>>>>,
    /// Where the settings name a shared one.
    cache: Option<Arc<dyn CacheStore>>,
    /// Where there is one and this process runs jobs.
    broker: Arc<Broker>,
    /// Held while they are asked, so that many who come at once cause one question.
    asking: Mutex<()>,
    last: std::sync::Mutex<Option<(Instant, Report)>>,
}

/// What answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    status: ReadinessStatus,
    checks: BTreeMap<Service, Check>,
}

/// What a server works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    Broker,
    Cache,
    Database,
    TenantDatabase,
}

impl Service {
    /// As reports name them.
    pub(crate) const NAMES: [(&'static str, Self); 4] = [
        ("broker", Self::Broker),
        ("cache", Self::Cache),
        ("database", Self::Database),
        ("tenant_database", Self::TenantDatabase),
    ];
}

impl Readiness {
    pub(crate) fn new(
        config: &Config,
        store: Store,
        tenants: Arc<dyn TenantDatabases>,
        cache: &Arc<dyn CacheStore>,
        broker: &Arc<Broker>,
    ) -> Self {
        Self {
            services: Arc::new(Services {
                store,
                tenants,
                tenant_beat: Mutex::default(),
                cache: config.redis.as_ref().map(|_| Arc::clone(cache)),
                broker: Arc::clone(broker),
                asking: Mutex::default(),
                last: std::sync::Mutex::default(),
            }),
        }
    }

    /// What answers now, or did a moment ago.
    pub(crate) async fn report(&self) -> Report {
        if let Some(report) = self.services.known(KEPT) {
            return report;
        }
        // It goes on if this probe does not wait for it.
        let services = Arc::clone(&self.services);
        let asked = tokio::spawn(async move { services.report().await }.in_current_span());
        let prompt = match self.services.known(OLDEST) {
            Some(known) => tokio::time::timeout(PROMPT, asked).await.unwrap_or(Ok(known)),
            None => asked.await,
        };
        prompt.unwrap_or_else(|_| Report::unknown())
    }
}

impl Services {
    /// The last report, if it is not older.
    fn known(&self, age: Duration) -> Option<Report> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, report) = last.as_ref()?;
        (at.elapsed() < age).then(|| report.clone())
    }

    async fn report(&self) -> Report {
        let _asking = self.asking.lock().await;
        if let Some(report) = self.known(KEPT) {
            return report;
        }
        let report = self.ask().await;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), report.clone()));
        report
    }

    async fn ask(&self) -> Report {
        let cache = async { Some(check(Service::Cache, answers(self.cache.as_ref()?.ping())).await) };
        let broker = async {
            match self.broker.is_used() {
                true => Some(check(Service::Broker, serves(&self.broker)).await),
                false => None,
            }
        };
        let (database, tenants, cache, broker) = tokio::join!(
            database(&self.store),
            check(Service::TenantDatabase, self.tenants()),
            cache,
            broker,
        );
        let checks: BTreeMap<_, _> = [Some(database), Some(tenants), cache, broker]
            .into_iter()
            .flatten()
            .collect();
        Report::of(checks)
    }

    /// Whether the projects' databases take changes. The first question connects and sets rights, which takes long on a busy
    /// cluster: it goes on when it is late, and the next one waits for it instead of beginning anew.
    async fn tenants(&self) -> Result<(), Unready> {
        let mut running = self.tenant_beat.lock().await;
        let beat = running.get_or_insert_with(|| {
            let tenants = Arc::clone(&self.tenants);
            tokio::spawn(async move { tenants.beat().await })
        });
        let beaten = beat.await;
        *running = None;
        beaten.map_err(|error| Unready::silent(&error))?
    }
}

impl Report {
    fn of(checks: BTreeMap<Service, Check>) -> Self {
        let is_ready = checks.values().all(|check| check.ok);
        Self {
            status: match is_ready {
                true => ReadinessStatus::Ready,
                false => ReadinessStatus::NotReady,
            },
            checks,
        }
    }

    /// The server is stopping: nothing is asked any more.
    pub(crate) fn stopping() -> Self {
        Self {
            status: ReadinessStatus::Stopping,
            checks: BTreeMap::new(),
        }
    }

    /// Nobody could be asked, which the log explains.
    fn unknown() -> Self {
        let problem = Some("could not be asked".to_owned());
        Self::of([(Service::Database, Check { ok: false, problem })].into())
    }

    /// As if the server did not work with these.
    pub(crate) fn without(mut self, excluded: &[Service]) -> Self {
        self.checks.retain(|service, _| !excluded.contains(service));
        Self::of(self.checks)
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.status == ReadinessStatus::Ready
    }

    /// Each service, and whether it does its work.
    pub(crate) fn services(&self) -> Vec<(&'static str, bool)> {
        let ok = |(name, service): (&'static str, Service)| Some((name, self.checks.get(&service)?.ok));
        Service::NAMES.into_iter().filter_map(ok).collect()
    }

    /// What whoever asks sees.
    pub(crate) fn shown(self) -> Shown {
        let of = |service| self.checks.get(&service).cloned();
        Shown {
            status: self.status,
            checks: Checks {
                broker: of(Service::Broker),
                cache: of(Service::Cache),
                database: of(Service::Database),
                tenant_database: of(Service::TenantDatabase),
            },
        }
    }
}

/// Whether the core database answers and takes changes.
async fn database(store: &Store) -> (Service, Check) {
    let answered = match tokio::time::timeout(PATIENCE, store.beat()).await {
        Ok(beaten) => beaten.map_err(Unready::from),
        // All connections are in use, and their work gets done: taking the node away would leave more to the others.
        Err(_) if store.has_written(PATIENCE) => Ok(()),
        Err(_) if store.is_used_up() => Err(Unready::used_up("no connection in time")),
        Err(_) => Err(late()),
    };
    let (service, check) = noted(Service::Database, answered);
    // Whoever waits for a lock says so too late.
    let known = store.fault().filter(|_| !check.ok);
    let problem = known.map(|fault| fault.words().to_owned()).or(check.problem);
    (service, Check { problem, ..check })
}

async fn answers<E: std::error::Error>(asked: impl Future<Output = Result<(), E>>) -> Result<(), Unready> {
    asked.await.map_err(|error| Unready::silent(&error))
}

/// Whoever works with the broker knows how it fares, and asks it every few seconds.
async fn serves(broker: &Broker) -> Result<(), Unready> {
    let unready = |words: &'static str| Unready {
        words,
        cause: format!("{:?}", broker.figures()),
    };
    broker.problem().map_or(Ok(()), |words| Err(unready(words)))
}

async fn check(service: Service, asked: impl Future<Output = Result<(), Unready>>) -> (Service, Check) {
    let answered = tokio::time::timeout(PATIENCE, asked).await;
    noted(service, answered.unwrap_or_else(|_| Err(late())))
}

fn noted(service: Service, answered: Result<(), Unready>) -> (Service, Check) {
    let problem = answered.err().map(|Unready { words, cause }| {
        tracing::warn!(?service, cause, "a service {words}");
        words.to_owned()
    });
    let ok = problem.is_none();
    (service, Check { ok, problem })
}

fn late() -> Unready {
    Unready {
        words: "does not respond in time",
        cause: format!("no answer within {} seconds", PATIENCE.as_secs()),
    }
}
