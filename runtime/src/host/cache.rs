//! `wit/cache.wit` as a trait.

use async_trait::async_trait;

use super::SdkError;

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
