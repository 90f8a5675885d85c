//! `wit/cache.wit` as a trait.

use async_trait::async_trait;

use super::{Answer, Cost as _, SdkError};
use crate::{bindings::aerocall::hooks::cache as wire, state::CallState};

/// The cache of one project. Keys arrive without prefix; the implementation adds it.
#[async_trait]
pub trait Cache: Send + Sync {
    /// The JSON stored under the key.
    async fn get(&self, key: &str) -> Result<Option<String>, SdkError>;
    /// Stores JSON; without a time to live it stays until it is evicted.
    async fn set(&self, key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<(), SdkError>;
    /// Whether the key was there.
    async fn delete(&self, key: &str) -> Result<bool, SdkError>;
    /// The new value; a missing key counts as 0 and takes the time to live.
    async fn increment(&self, key: &str, by: i64, ttl_seconds: Option<u32>) -> Result<i64, SdkError>;
    /// Whether the value was written.
    async fn set_if_absent(&self, key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<bool, SdkError>;
}

impl wire::Host for CallState {
    async fn get(&mut self, key: String) -> Answer<Option<String>> {
        let cache = self.host.cache.clone();
        let asked = self.asked(key.cost(), &[&key]);
        self.capability("cache.get", asked, cache, |cache| async move { cache.get(&key).await })
            .await
    }

    async fn set(&mut self, key: String, value: String, ttl_seconds: Option<u32>) -> Answer<()> {
        let cache = self.host.cache.clone();
        let asked = self.asked((&key, &value).cost(), &(&key, &value, ttl_seconds));
        self.capability("cache.set", asked, cache, |cache| async move {
            cache.set(&key, &value, ttl_seconds).await
        })
        .await
    }

    async fn delete(&mut self, key: String) -> Answer<bool> {
        let cache = self.host.cache.clone();
        let asked = self.asked(key.cost(), &[&key]);
        self.capability(
            "cache.delete",
            asked,
            cache,
            |cache| async move { cache.delete(&key).await },
        )
        .await
    }

    async fn increment(&mut self, key: String, by: i64, ttl_seconds: Option<u32>) -> Answer<i64> {
        let cache = self.host.cache.clone();
        let asked = self.asked(key.cost(), &(&key, by, ttl_seconds));
        self.capability("cache.increment", asked, cache, |cache| async move {
            cache.increment(&key, by, ttl_seconds).await
        })
        .await
    }

    async fn set_if_absent(&mut self, key: String, value: String, ttl_seconds: Option<u32>) -> Answer<bool> {
        let cache = self.host.cache.clone();
        let asked = self.asked((&key, &value).cost(), &(&key, &value, ttl_seconds));
        self.capability("cache.setIfAbsent", asked, cache, |cache| async move {
            cache.set_if_absent(&key, &value, ttl_seconds).await
        })
        .await
    }
}
