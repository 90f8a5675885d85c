//! A cache over another one: what is there is seen, and what is written stays here. For requests that are tried.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use tokio::sync::Mutex;

use super::{CacheFault, CacheStore, Lifetime, MemoryCache};
use crate::base::ids::Scope;

/// A cache that changes nothing of the one below it.
pub(crate) struct OverlayCache {
    below: Arc<dyn CacheStore>,
    own: MemoryCache,
    /// Keys whose values are here, or nowhere: what is below does not count any more.
    taken: Mutex<HashSet<String>>,
}

impl OverlayCache {
    pub(crate) fn new(below: Arc<dyn CacheStore>, bytes_per_project: u64) -> Self {
        Self {
            below,
            own: MemoryCache::new(bytes_per_project),
            taken: Mutex::default(),
        }
    }

    /// Has the key here. What is below says nothing of how long it stays.
    async fn take(&self, scope: &Scope, key: &str) -> Result<(), CacheFault> {
        let mut taken = self.taken.lock().await;
        if taken.contains(key) {
            return Ok(());
        }
        if let Some(json) = self.below.get(scope, key).await? {
            self.own.set(scope, key, &json, Lifetime::Unlimited).await?;
        }
        taken.insert(key.to_owned());
        Ok(())
    }
}

#[async_trait]
impl CacheStore for OverlayCache {
    async fn get(&self, scope: &Scope, key: &str) -> Result<Option<String>, CacheFault> {
        match self.taken.lock().await.contains(key) {
            true => self.own.get(scope, key).await,
            false => self.below.get(scope, key).await,
        }
    }

    async fn set(&self, scope: &Scope, key: &str, json: &str, lifetime: Lifetime) -> Result<(), CacheFault> {
        self.take(scope, key).await?;
        self.own.set(scope, key, json, lifetime).await
    }

    async fn delete(&self, scope: &Scope, key: &str) -> Result<bool, CacheFault> {
        self.take(scope, key).await?;
        self.own.delete(scope, key).await
    }

    async fn set_if_absent(
        &self,
        scope: &Scope,
        key: &str,
        json: &str,
        lifetime: Lifetime,
    ) -> Result<bool, CacheFault> {
        self.take(scope, key).await?;
        self.own.set_if_absent(scope, key, json, lifetime).await
    }

    async fn increment(&self, scope: &Scope, key: &str, by: i64, lifetime: Lifetime) -> Result<i64, CacheFault> {
        self.take(scope, key).await?;
        self.own.increment(scope, key, by, lifetime).await
    }

    /// No hook can do that.
    async fn clear(&self, _: &Scope) -> Result<(), CacheFault> {
        Ok(())
    }
}
