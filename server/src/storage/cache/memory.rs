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
}

#[async_trait]
impl CacheStore for MemoryCache {
    async fn get(&self, scope: &Scope, key: &str) -> Result<Option<String>, CacheFault> {
        let entry = self.project(scope).get(&full(scope, key));
        Ok(entry.map(|entry| entry.json.as_ref().to_owned()))
    }

    async fn set(&self, scope: &Scope, key: &str, json: &str, lifetime: Lifetime) -> Result<(), CacheFault> {
        self.project(scope).insert(full(scope, key), Entry::new(json, lifetime));
        Ok(())
    }

    async fn delete(&self, scope: &Scope, key: &str) -> Result<bool, CacheFault> {
        Ok(self.project(scope).remove(&full(scope, key)).is_some())
    }

    async fn set_if_absent(
        &self,
        scope: &Scope,
        key: &str,
        json: &str,
        lifetime: Lifetime,
    ) -> Result<bool, CacheFault> {
        let cache = self.project(scope);
        let entry = cache.entry(full(scope, key));
        Ok(entry.or_insert(Entry::new(json, lifetime)).is_fresh())
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
    let weight = |key: &String, entry: &Entry| {
        u32::try_from(key.len() + entry.json.len() + ENTRY_OVERHEAD_BYTES).unwrap_or(u32::MAX)
    };
    Cache::builder()
        .max_capacity(bytes)
        .weigher(weight)
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
