//! Numbers that count. They are kept in stores of their own: what hooks write can neither read nor push them out, and a
//! flood of addresses does not push out what is known of accounts.
//!
//! Where servers share Redis they count together, in one of their own (`limits.redis_url`) or in that of the cache. While
//! Redis is away or takes no more each counts for itself: limits then hold per server, and nobody waits for Redis.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    base::{config::SharedService, error::Result as Opened, ids::Scope},
    storage::cache::{self, CacheFault, CacheStore, Eviction, Lifetime, MemoryCache},
};

/// Of one project, of each kind of counter: about 150,000 of them.
const BYTES_PER_PROJECT: u64 = 32 << 20;
/// Every request waits for a count.
const PATIENCE: Duration = Duration::from_millis(100);
/// After a count that failed, nobody asks Redis for so long.
const REST_MS: u64 = 2_000;

pub(super) struct Counters {
    shared: Option<Arc<dyn CacheStore>>,
    windows: MemoryCache,
    accounts: MemoryCache,
    began: Instant,
    /// Milliseconds since `began`.
    rests_until: AtomicU64,
}

impl Counters {
    pub(super) fn open(redis: Option<&SharedService>) -> Opened<Self> {
        let own = redis.map(|service| SharedService {
            prefix: format!("{}-limits", service.prefix),
            ..service.clone()
        });
        let shared = own.as_ref().map(cache::open_shared).transpose()?;
        if let Some(service) = own {
            tokio::spawn(warn_of_eviction(service));
        }
        Ok(Self {
            shared,
            windows: MemoryCache::new(BYTES_PER_PROJECT),
            accounts: MemoryCache::new(BYTES_PER_PROJECT),
            began: Instant::now(),
            rests_until: AtomicU64::new(0),
        })
    }

    /// Counts one in a window of time, which is part of the key.
    pub(super) async fn window(&self, scope: &Scope, key: &str, length_ms: i64) -> i64 {
        let length_ms = u64::try_from(length_ms).unwrap_or(1_000);
        let life = Lifetime::For(Duration::from_millis(length_ms.saturating_mul(2)));
        let shared = self.shared().map(|store| store.increment(scope, key, 1, life));
        let counted = self.ask(shared, self.windows.increment(scope, key, 1, life)).await;
        counted.unwrap_or(1)
    }

    /// Adds to what is known of an account; `life`: of a new number.
    pub(super) async fn add(&self, scope: &Scope, key: &str, by: i64, life: Duration) -> i64 {
        let life = Lifetime::For(life);
        let shared = self.shared().map(|store| store.increment(scope, key, by, life));
        let counted = self.ask(shared, self.accounts.increment(scope, key, by, life)).await;
        counted.unwrap_or(1)
    }

    /// Whether nobody has taken the key.
    pub(super) async fn take(&self, scope: &Scope, key: &str, life: Duration) -> bool {
        let life = Lifetime::For(life);
        let shared = self.shared().map(|store| store.set_if_absent(scope, key, "1", life));
        let taken = self
            .ask(shared, self.accounts.set_if_absent(scope, key, "1", life))
            .await;
        taken.unwrap_or(true)
    }

    pub(super) async fn keep(&self, scope: &Scope, key: &str, number: i64, life: Duration) {
        let (life, number) = (Lifetime::For(life), number.to_string());
        let shared = self.shared().map(|store| store.set(scope, key, &number, life));
        self.ask(shared, self.accounts.set(scope, key, &number, life)).await;
    }

    /// What was kept or counted under the key.
    pub(super) async fn number(&self, scope: &Scope, key: &str) -> Option<i64> {
        let shared = self.shared().map(|store| store.get(scope, key));
        let found = self.ask(shared, self.accounts.get(scope, key)).await;
        found.flatten().and_then(|number| number.parse().ok())
    }

    pub(super) async fn forget(&self, scope: &Scope, key: &str) {
        let shared = self.shared().map(|store| store.delete(scope, key));
        self.ask(shared, self.accounts.delete(scope, key)).await;
    }

    /// Redis, unless it rests.
    fn shared(&self) -> Option<&dyn CacheStore> {
        let rests = self.now() < self.rests_until.load(Ordering::Relaxed);
        self.shared.as_deref().filter(|_| !rests)
    }

    /// What Redis says, or what is in this process if there is none or it does not answer. `None`: neither does.
    async fn ask<T>(
        &self,
        shared: Option<impl Future<Output = Result<T, CacheFault>>>,
        own: impl Future<Output = Result<T, CacheFault>>,
    ) -> Option<T> {
        if let Some(shared) = shared {
            match tokio::time::timeout(PATIENCE, shared).await {
                Ok(Ok(answer)) => return Some(answer),
                Ok(Err(CacheFault::NotANumber)) => return None,
                Ok(Err(CacheFault::Full | CacheFault::TooLarge)) => {
                    self.rest();
                    tracing::warn!("rate limits are counted per process: Redis has no memory left");
                }
                Ok(Err(CacheFault::Unavailable(_))) | Err(_) => {
                    self.rest();
                    tracing::warn!("rate limits are counted per process: Redis does not respond");
                }
            }
        }
        own.await.ok()
    }

    fn rest(&self) {
        self.rests_until.store(self.now() + REST_MS, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Once, as the server starts. A Redis that is away then is looked at by `aerocall doctor`.
async fn warn_of_eviction(service: SharedService) {
    if let Ok(Eviction::By(policy)) = cache::eviction(&service).await {
        tracing::warn!(
            policy,
            "the Redis of rate limits drops keys when its memory is used up, lockouts among them: set maxmemory-policy to noeviction, or limits.redis_url to a Redis that has it"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{
        config::{Config, ConfigSources},
        ids::Slug,
    };

    #[tokio::test]
    async fn without_its_redis_a_server_counts_for_itself() {
        // Nothing listens there.
        let env = [("AEROCALL_REDIS_URL".to_owned(), "redis://127.0.0.1:1/0".to_owned())];
        let config = Config::load(&ConfigSources {
            env: env.to_vec(),
            ..ConfigSources::default()
        });
        let counters = Counters::open(config.unwrap().redis.as_ref()).unwrap();
        let scope = Scope {
            project: Slug::parse("a").unwrap(),
            environment: Slug::production(),
        };
        let began = Instant::now();
        for expected in 1..=50 {
            assert_eq!(counters.window(&scope, "ip/x", 60_000).await, expected);
        }
        let day = Duration::from_secs(86_400);
        assert!(counters.take(&scope, "slot", day).await);
        assert!(!counters.take(&scope, "slot", day).await);
        assert!(
            began.elapsed() < Duration::from_secs(3),
            "nobody waits for it each time"
        );
    }
}
