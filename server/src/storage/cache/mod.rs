//! What is behind `Aerocall.cache`: an interface, one file per back end, and the choice between them, made once.
//!
//! A back end adds the scope to every key: `sdk::cache` checks keys and values and never sees another project's. Each
//! project has so many bytes, and writes beyond them cost its own entries.

#[cfg(test)]
mod attacks;
mod memory;
mod overlay;
mod redis;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

pub(crate) use memory::MemoryCache;
pub(crate) use overlay::OverlayCache;

use crate::base::{config::SharedService, error::Result, ids::Scope};

/// A cache of all projects.
#[async_trait]
pub(crate) trait CacheStore: Send + Sync {
    /// The JSON under the key.
    async fn get(&self, scope: &Scope, key: &str) -> std::result::Result<Option<String>, CacheFault>;
    /// Replaces what is there.
    async fn set(
        &self,
        scope: &Scope,
        key: &str,
        json: &str,
        lifetime: Lifetime,
    ) -> std::result::Result<(), CacheFault>;
    /// Whether the key was there.
    async fn delete(&self, scope: &Scope, key: &str) -> std::result::Result<bool, CacheFault>;
    /// Whether the value was written.
    async fn set_if_absent(
        &self,
        scope: &Scope,
        key: &str,
        json: &str,
        lifetime: Lifetime,
    ) -> std::result::Result<bool, CacheFault>;
    /// The new value. Atomic: of two increments at the same time, both count. The lifetime is that of a new key.
    async fn increment(
        &self,
        scope: &Scope,
        key: &str,
        by: i64,
        lifetime: Lifetime,
    ) -> std::result::Result<i64, CacheFault>;
    /// Deletes everything that the scope has.
    async fn clear(&self, scope: &Scope) -> std::result::Result<(), CacheFault>;
    /// Whether the back end answers. One in this process does.
    async fn ping(&self) -> std::result::Result<(), CacheFault> {
        Ok(())
    }
}

/// How long an entry stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// Until it is evicted.
    Unlimited,
    For(Duration),
}

/// Why a cache has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CacheFault {
    /// `increment` of something that is not a whole number, or past the range of one.
    #[error("not a whole number of 64 bits")]
    NotANumber,
    /// The entry alone is larger than what the project has.
    #[error("larger than the cache of a project")]
    TooLarge,
    /// The back end has no memory left for the cache.
    #[error("the cache has no memory left")]
    Full,
    /// The back end did not answer.
    #[error("the cache did not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The cache of hooks, in Redis or in this process, with so many bytes for each project.
pub(crate) fn open(
    redis: Option<&SharedService>,
    bytes_per_project: u64,
    neighbours: Neighbours,
) -> Result<Arc<dyn CacheStore>> {
    Ok(match redis {
        None => Arc::new(MemoryCache::new(bytes_per_project)),
        Some(service) => Arc::new(redis::RedisCache::budgeted(service, bytes_per_project, neighbours)?),
    })
}

/// A store that hooks do not write to: without a budget.
pub(crate) fn open_shared(service: &SharedService) -> Result<Arc<dyn CacheStore>> {
    Ok(Arc::new(redis::RedisCache::open(service)?))
}

/// What else is kept in the Redis of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Neighbours {
    /// Nothing of this server's.
    None,
    /// The counters of limits.
    Limits,
}

/// How a Redis drops keys when its memory is used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Eviction {
    /// It drops none: writes fail.
    Never,
    /// By this policy.
    By(String),
}

/// How the Redis drops keys.
pub(crate) async fn eviction(service: &SharedService) -> std::result::Result<Eviction, CacheFault> {
    let cache = redis::RedisCache::open(service).map_err(|_| CacheFault::Unavailable("it cannot be opened".into()))?;
    Ok(cache.memory().await?.eviction())
}
