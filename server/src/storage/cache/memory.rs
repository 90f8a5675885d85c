//! The cache of one process: entries with their own time to live, and so many bytes per project. The only file that
//! names moka.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use moka::{
    Expiry,
    ops::compute::{CompResult, Op},
    sync::Cache,
};

use super::{CacheFault, CacheStore, Lifetime};
use crate::base::ids::{Scope, Slug};

/// What an entry costs besides its key and value: moka's own book-keeping, measured by its authors at about 100 bytes.
const ENTRY_OVERHEAD_BYTES: usize = 128;

/// moka counts and removes a batch of writes at a time. After an entry of this size it does so at once, so that what is not
/// counted yet never is more than a few hundred small entries.
const LARGE_ENTRY_BYTES: usize = 4 << 10;

/// One cache per project, so that a project fills its own only.
#[derive(Debug)]
pub(crate) struct MemoryCache {
    bytes_per_project: u64,
    projects: Mutex<HashMap<Slug, Cache<String, Entry>>>,
}

#[derive(Clone, Debug)]
struct Entry {
    json: Arc<str>,
    lives: Lives,
}

#[derive(Clone, Copy, Debug)]
enum Lives {
    From(Lifetime),
    /// As long as the entry it replaces.
    OnAsBefore,
}

impl MemoryCache {
    pub(crate) fn new(bytes_per_project: u64) -> Self {
        Self {
            bytes_per_project,
            projects: Mutex::default(),
        }
    }

    fn project(&self, scope: &Scope) -> Cache<String, Entry> {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        projects
            .entry(scope.project.clone())
            .or_insert_with(|| bounded(self.bytes_per_project))
            .clone()
    }

    fn check(&self, scope: &Scope, key: &str, json: &str) -> Result<(), CacheFault> {
        let bytes = weight(full(scope, key).len(), json.len());
        match u64::from(bytes) > self.bytes_per_project {
            true => Err(CacheFault::TooLarge),
            false => Ok(()),
        }
    }
}

/// Removes what is too much now, if the entry was a large one.
fn settle(cache: &Cache<String, Entry>, json: &str) {
    if json.len() >= LARGE_ENTRY_BYTES {
        cache.run_pending_tasks();
    }
}

/// What an entry costs.
fn weight(key_bytes: usize, json_bytes: usize) -> u32 {
    u32::try_from(key_bytes + json_bytes + ENTRY_OVERHEAD_BYTES).unwrap_or(u32::MAX)
}

#[async_trait]
impl CacheStore for MemoryCache {
    async fn get(&self, scope: &Scope, key: &str) -> Result<Option<String>, CacheFault> {
        let entry = self.project(scope).get(&full(scope, key));
        Ok(entry.map(|entry| entry.json.as_ref().to_owned()))
    }

    async fn set(&self, scope: &Scope, key: &str, json: &str, lifetime: Lifetime) -> Result<(), CacheFault> {
        self.check(scope, key, json)?;
        let cache = self.project(scope);
        cache.insert(full(scope, key), Entry::new(json, lifetime));
        settle(&cache, json);
        Ok(())
    }

    async fn delete(&self, scope: &Scope, key: &str) -> Result<bool, CacheFault> {
        Ok(self.project(scope).remove(&full(scope, key)).is_some())
    }

    async fn clear(&self, scope: &Scope) -> Result<(), CacheFault> {
        let (cache, own) = (self.project(scope), full(scope, ""));
        for (key, _) in &cache {
            if key.starts_with(&own) {
                cache.remove(key.as_str());
            }
        }
        Ok(())
    }

    async fn set_if_absent(
        &self,
        scope: &Scope,
        key: &str,
        json: &str,
        lifetime: Lifetime,
    ) -> Result<bool, CacheFault> {
        self.check(scope, key, json)?;
        let cache = self.project(scope);
        let entry = cache.entry(full(scope, key));
        let is_fresh = entry.or_insert(Entry::new(json, lifetime)).is_fresh();
        settle(&cache, json);
        Ok(is_fresh)
    }

    async fn increment(&self, scope: &Scope, key: &str, by: i64, lifetime: Lifetime) -> Result<i64, CacheFault> {
        let mut sum = Err(CacheFault::NotANumber);
        let cache = self.project(scope);
        let result = cache.entry(full(scope, key)).and_compute_with(|entry| {
            let current = entry.map(|entry| entry.into_value().json.trim().parse::<i64>());
            let (next, lives) = match current {
                None => (Some(by), Lives::From(lifetime)),
                Some(value) => (value.ok().and_then(|value| value.checked_add(by)), Lives::OnAsBefore),
            };
            match next {
                None => Op::Nop,
                Some(next) => {
                    sum = Ok(next);
                    Op::Put(Entry {
                        json: next.to_string().into(),
                        lives,
                    })
                }
            }
        });
        match result {
            CompResult::Unchanged(_) | CompResult::StillNone(_) => Err(CacheFault::NotANumber),
            _ => sum,
        }
    }
}

impl Entry {
    fn new(json: &str, lifetime: Lifetime) -> Self {
        Self {
            json: json.into(),
            lives: Lives::From(lifetime),
        }
    }
}

/// The prefix that keeps environments apart; no environment has a `/` in its name.
fn full(scope: &Scope, key: &str) -> String {
    format!("{}/{key}", scope.environment)
}

fn bounded(bytes: u64) -> Cache<String, Entry> {
    Cache::builder()
        .max_capacity(bytes)
        .weigher(|key: &String, entry: &Entry| weight(key.len(), entry.json.len()))
        .expire_after(ByEntry)
        .build()
}

struct ByEntry;

impl Expiry<String, Entry> for ByEntry {
    fn expire_after_create(&self, _key: &String, entry: &Entry, _now: Instant) -> Option<Duration> {
        match entry.lives {
            Lives::From(Lifetime::For(duration)) => Some(duration),
            Lives::From(Lifetime::Unlimited) | Lives::OnAsBefore => None,
        }
    }

    fn expire_after_update(
        &self,
        _key: &String,
        entry: &Entry,
        _now: Instant,
        left: Option<Duration>,
    ) -> Option<Duration> {
        match entry.lives {
            Lives::From(Lifetime::For(duration)) => Some(duration),
            Lives::From(Lifetime::Unlimited) => None,
            Lives::OnAsBefore => left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_project_never_has_more_than_its_bytes() {
        const BYTES: u64 = 1 << 20;
        let all = MemoryCache::new(BYTES);
        let scope = |project: &str| Scope {
            project: Slug::parse(project).unwrap(),
            environment: Slug::production(),
        };
        let (a, b) = (scope("a"), scope("b"));
        all.set(&b, "theirs", "1", Lifetime::Unlimited).await.unwrap();
        let large = format!("\"{}\"", "x".repeat(100 << 10));
        for n in 0..200 {
            all.set(&a, &n.to_string(), &large, Lifetime::Unlimited).await.unwrap();
            let mut there = 0;
            for n in 0..=n {
                there += all
                    .get(&a, &n.to_string())
                    .await
                    .unwrap()
                    .map_or(0, |json| json.len() as u64);
            }
            assert!(there <= BYTES, "{there} bytes after {n} entries");
        }
        let whole = "1".repeat(1 << 20);
        let refused = all.set(&a, "whole", &whole, Lifetime::Unlimited).await;
        assert!(matches!(refused, Err(CacheFault::TooLarge)));
        assert_eq!(all.get(&b, "theirs").await.unwrap().as_deref(), Some("1"));
    }
}
