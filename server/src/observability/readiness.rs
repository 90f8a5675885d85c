//! Whether the services that this process works with answer, and whether the databases take changes. Says which does not and
//! what is wrong, in words from a short list; where it is and what it said is in the log.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_api_types::{Check, Checks, Readiness as Shown, ReadinessStatus};
use tokio::sync::Mutex;

use crate::{
    base::config::Config,
    storage::{cache::CacheStore, queue::Broker, store::Store, tenant::TenantDatabases, write_fault::Unready},
};

/// The most that a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// For so long a report is given again: whoever asks more often does not load what is asked about.
const KEPT: Duration = Duration::from_secs(1);

/// Asks, and remembers the last answer.
pub(crate) struct Readiness {
    store: Store,
    tenants: Arc<dyn TenantDatabases>,
    /// Where the settings name a shared one.
    cache: Option<Arc<dyn CacheStore>>,
    /// Where there is one and this process runs jobs.
    broker: Arc<Broker>,
    /// Held while it asks, so that many who come at once cause one question.
    last: Mutex<Option<(Instant, Report)>>,
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
            store,
            tenants,
            cache: config.redis.as_ref().map(|_| Arc::clone(cache)),
            broker: Arc::clone(broker),
            last: Mutex::default(),
        }
    }

    /// What answers now, or did a moment ago.
    pub(crate) async fn report(&self) -> Report {
        let mut last = self.last.lock().await;
        if let Some((at, report)) = &*last
            && at.elapsed() < KEPT
        {
            return report.clone();
        }
        let report = self.ask().await;
        *last = Some((Instant::now(), report.clone()));
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
        let database = async {
            let (service, check) = check(Service::Database, async { Ok(self.store.beat().await?) }).await;
            // Whoever waits for a lock says so too late.
            let known = self.store.fault().filter(|_| !check.ok);
            let problem = known.map(|fault| fault.words().to_owned()).or(check.problem);
            (service, Check { problem, ..check })
        };
        let (database, tenants, cache, broker) = tokio::join!(
            database,
            check(Service::TenantDatabase, self.tenants.beat()),
            cache,
            broker,
        );
        let checks: BTreeMap<_, _> = [Some(database), Some(tenants), cache, broker]
            .into_iter()
            .flatten()
            .collect();
        Report::of(checks)
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
    let late = || Unready {
        words: "does not respond in time",
        cause: format!("no answer within {} seconds", PATIENCE.as_secs()),
    };
    let answered = tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(|_| Err(late()));
    let problem = answered.err().map(|Unready { words, cause }| {
        tracing::warn!(?service, cause, "a service {words}");
        words.to_owned()
    });
    let ok = problem.is_none();
    (service, Check { ok, problem })
}
