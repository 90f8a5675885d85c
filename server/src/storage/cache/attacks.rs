//! Attacks on the cache, as data (`attacks.json`), run against every back end; and against one without the wall, to see
//! that the run would notice.

use std::sync::Arc;

use serde_json::Value;

use super::{CacheFault, CacheStore, Lifetime, MemoryCache, Neighbours, async_trait, redis::RedisCache};
use crate::base::{
    config::{Config, ConfigSources},
    ids::{Scope, Slug},
};

const CANARY: &str = "\"the canary of a\"";

/// Every scope is the same: the wall is gone.
struct Unscoped(MemoryCache);

fn scope(project: &str, environment: &str) -> Scope {
    let slug = |text| Slug::parse(text).unwrap();
    Scope {
        project: slug(project),
        environment: slug(environment),
    }
}

#[async_trait]
impl CacheStore for Unscoped {
    async fn get(&self, _scope: &Scope, key: &str) -> Result<Option<String>, CacheFault> {
        self.0.get(&scope("a", "production"), key).await
    }

    async fn set(&self, _scope: &Scope, key: &str, json: &str, lifetime: Lifetime) -> Result<(), CacheFault> {
        self.0.set(&scope("a", "production"), key, json, lifetime).await
    }

    async fn delete(&self, _scope: &Scope, key: &str) -> Result<bool, CacheFault> {
        self.0.delete(&scope("a", "production"), key).await
    }

    async fn set_if_absent(&self, _: &Scope, key: &str, json: &str, life: Lifetime) -> Result<bool, CacheFault> {
        self.0.set_if_absent(&scope("a", "production"), key, json, life).await
    }

    async fn increment(&self, _: &Scope, key: &str, by: i64, life: Lifetime) -> Result<i64, CacheFault> {
        self.0.increment(&scope("a", "production"), key, by, life).await
    }

    async fn clear(&self, _: &Scope) -> Result<(), CacheFault> {
        self.0.clear(&scope("a", "production")).await
    }
}

/// The keys with which something was reached.
async fn reached(cache: &dyn CacheStore) -> Vec<String> {
    let table: Value = serde_json::from_str(include_str!("attacks.json")).unwrap();
    let owner = scope("a", "production");
    let mut through = Vec::new();
    for attacker in [
        scope("b", "production"),
        scope("a", "development"),
        scope("a-b", "production"),
    ] {
        for key in table["keys"].as_array().unwrap() {
            let key = key.as_str().unwrap();
            cache.set(&owner, "canary", CANARY, Lifetime::Unlimited).await.unwrap();
            let read = cache.get(&attacker, key).await.unwrap();
            let deleted = cache.delete(&attacker, key).await.unwrap();
            let fresh = cache
                .set_if_absent(&attacker, key, "1", Lifetime::Unlimited)
                .await
                .unwrap();
            let counted = cache.increment(&attacker, key, 1, Lifetime::Unlimited).await.ok();
            cache
                .set(&attacker, key, "\"mine\"", Lifetime::Unlimited)
                .await
                .unwrap();
            let canary = cache.get(&owner, "canary").await.unwrap();
            let mine = cache.get(&attacker, key).await.unwrap();
            cache.delete(&attacker, key).await.unwrap();
            let is_apart =
                read.is_none() && !deleted && fresh && counted == Some(2) && mine.as_deref() == Some("\"mine\"");
            if !is_apart || canary.as_deref() != Some(CANARY) {
                through.push(format!("{attacker}: {key:?}"));
            }
        }
    }
    cache.delete(&owner, "canary").await.unwrap();
    through
}

#[tokio::test]
async fn no_key_reaches_another_scope_in_memory() {
    assert_eq!(reached(&MemoryCache::new(1 << 20)).await, Vec::<String>::new());
}

#[tokio::test]
async fn no_key_reaches_another_scope_in_redis() {
    if std::net::TcpStream::connect("127.0.0.1:6379").is_err() {
        assert!(
            std::env::var_os("CI").is_none(),
            "Redis is not there, and in CI it must be"
        );
        return skipped();
    }
    let prefix = format!("test-attacks-{}", std::process::id());
    let env = [
        ("AEROCALL_REDIS_URL", "redis://127.0.0.1:6379/0"),
        ("AEROCALL_REDIS_PREFIX", &prefix),
    ];
    let sources = ConfigSources {
        env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        ..ConfigSources::default()
    };
    let service = Config::load(&sources).unwrap().redis.unwrap();
    // Every key that is tried is deleted again, so nothing is left to clean up.
    let cache: Arc<dyn CacheStore> = Arc::new(RedisCache::budgeted(&service, 1 << 20, Neighbours::Limits).unwrap());
    assert_eq!(reached(&*cache).await, Vec::<String>::new());
}

fn skipped() {
    eprintln!("skipped: Redis is not there at 127.0.0.1:6379");
}

#[tokio::test]
async fn without_the_wall_the_run_is_red() {
    let through = reached(&Unscoped(MemoryCache::new(1 << 20))).await;
    assert!(through.iter().any(|line| line.ends_with("\"canary\"")), "{through:?}");
}
