//! Whether the services that this process works with answer. Says which does not, never where it is or why: that is in the
//! log.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_api_types::{Check, Checks, Readiness as Shown, ReadinessStatus};
use tokio::sync::Mutex;

use crate::{
    base::config::Config,
    storage::{cache::CacheStore, queue::Probe, store::Store, tenant::TenantDatabases},
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
    broker: Option<Probe>,
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
    ) -> Self {
        let works = config.worker.state.is_on();
        let broker = config.queue.amqp.clone().filter(|_| works);
        Self {
            store,
            tenants,
            cache: config.redis.as_ref().map(|_| Arc::clone(cache)),
            broker: broker.map(Probe::new),
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
        let cache = async { Some(check(Service::Cache, self.cache.as_ref()?.ping()).await) };
        let broker = async { Some(check(Service::Broker, self.broker.as_ref()?.ping()).await) };
        let (database, tenants, cache, broker) = tokio::join!(
            check(Service::Database, self.store.ping()),
            check(Service::TenantDatabase, self.tenants.ping()),
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

    /// What whoever asks sees.
    pub(crate) fn shown(self) -> Shown {
        let of = |service| self.checks.get(&service).copied();
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

async fn check<E: std::error::Error>(service: Service, asked: impl Future<Output = Result<(), E>>) -> (Service, Check) {
    let ok = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(
                ?service,
                error = crate::base::error::chain(&error),
                "a service does not answer"
            );
            false
        }
        Err(_) => {
            tracing::warn!(?service, "a service does not answer in time");
            false
        }
    };
    (service, Check { ok })
}
