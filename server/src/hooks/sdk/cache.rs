//! `Aerocall.cache`: checks keys, values and times to live (`wit/cache.wit`), and binds the scope.

use std::{sync::Arc, time::Duration};

use aerocall_contract::json;
use aerocall_runtime::host::{Cache, ErrorCode, SdkError};
use async_trait::async_trait;

use crate::{
    base::ids::Scope,
    storage::cache::{CacheFault, CacheStore, Lifetime},
};

const MAX_KEY_BYTES: usize = 512;
const MAX_VALUE_BYTES: usize = 256 << 10;
/// 30 days.
const MAX_TTL_SECONDS: u32 = 2_592_000;

/// The cache of one project and environment.
pub(crate) struct ScopedCache {
    cache: Arc<dyn CacheStore>,
    scope: Scope,
}

impl ScopedCache {
    pub(crate) fn new(cache: Arc<dyn CacheStore>, scope: &Scope) -> Self {
        Self {
            cache,
            scope: scope.clone(),
        }
    }
}

#[async_trait]
impl Cache for ScopedCache {
    async fn get(&self, key: &str) -> Result<Option<String>, SdkError> {
        check_key(key)?;
        self.cache.get(&self.scope, key).await.map_err(refused)
    }

    async fn set(&self, key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<(), SdkError> {
        check_key(key)?;
        check_value(value)?;
        let lifetime = lifetime(ttl_seconds)?;
        self.cache.set(&self.scope, key, value, lifetime).await.map_err(refused)
    }

    async fn delete(&self, key: &str) -> Result<bool, SdkError> {
        check_key(key)?;
        self.cache.delete(&self.scope, key).await.map_err(refused)
    }

    async fn increment(&self, key: &str, by: i64, ttl_seconds: Option<u32>) -> Result<i64, SdkError> {
        check_key(key)?;
        let lifetime = lifetime(ttl_seconds)?;
        self.cache
            .increment(&self.scope, key, by, lifetime)
            .await
            .map_err(refused)
    }

    async fn set_if_absent(&self, key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<bool, SdkError> {
        check_key(key)?;
        check_value(value)?;
        let lifetime = lifetime(ttl_seconds)?;
        self.cache
            .set_if_absent(&self.scope, key, value, lifetime)
            .await
            .map_err(refused)
    }
}

fn refused(fault: CacheFault) -> SdkError {
    match fault {
        CacheFault::NotANumber => SdkError::new(
            ErrorCode::Conflict,
            "cache.increment: the value is not an integer, or the sum exceeds 64 bits",
        ),
        CacheFault::TooLarge => SdkError::new(
            ErrorCode::LimitExceeded,
            "cache: the entry is larger than the cache of the project",
        ),
        CacheFault::Full => {
            tracing::warn!("Redis has no memory left for the cache of hooks");
            SdkError {
                retryable: true,
                ..SdkError::new(
                    ErrorCode::BackendUnavailable,
                    "cache: Redis has no memory left for it right now",
                )
            }
        }
        CacheFault::Unavailable(reason) => {
            tracing::warn!(%reason, "the cache did not answer");
            SdkError {
                retryable: true,
                ..SdkError::new(ErrorCode::BackendUnavailable, "cache: not available right now")
            }
        }
    }
}

fn check_key(key: &str) -> Result<(), SdkError> {
    if (1..=MAX_KEY_BYTES).contains(&key.len()) {
        return Ok(());
    }
    let message = format!(
        "cache: a key must have 1 to {MAX_KEY_BYTES} bytes, this one has {}",
        key.len()
    );
    Err(SdkError::new(ErrorCode::InvalidArgument, message))
}

fn check_value(value: &str) -> Result<(), SdkError> {
    if value.len() > MAX_VALUE_BYTES {
        let message = format!(
            "cache: a value can have at most {MAX_VALUE_BYTES} bytes as JSON, this one has {}",
            value.len()
        );
        return Err(SdkError::new(ErrorCode::TooLarge, message));
    }
    json::check(value)
        .map_err(|problem| SdkError::new(ErrorCode::InvalidArgument, format!("cache: the value {problem}")))
}

fn lifetime(ttl_seconds: Option<u32>) -> Result<Lifetime, SdkError> {
    match ttl_seconds {
        None => Ok(Lifetime::Unlimited),
        Some(seconds @ 1..=MAX_TTL_SECONDS) => Ok(Lifetime::For(Duration::from_secs(seconds.into()))),
        Some(seconds) => {
            let message = format!("cache: ttl must be 1 to {MAX_TTL_SECONDS} seconds, not {seconds}");
            Err(SdkError::new(ErrorCode::InvalidArgument, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::ids::Slug, storage::cache::MemoryCache};

    fn scoped(cache: &Arc<dyn CacheStore>, project: &str, environment: &str) -> ScopedCache {
        let scope = Scope {
            project: Slug::parse(project).unwrap(),
            environment: Slug::parse(environment).unwrap(),
        };
        ScopedCache::new(Arc::clone(cache), &scope)
    }

    fn memory() -> Arc<dyn CacheStore> {
        Arc::new(MemoryCache::new(1 << 20))
    }

    #[tokio::test]
    async fn projects_and_environments_do_not_see_each_other() {
        let all = memory();
        let (a, b, c) = (
            scoped(&all, "a", "live"),
            scoped(&all, "b", "live"),
            scoped(&all, "a", "test"),
        );
        a.set("k", "1", None).await.unwrap();
        assert_eq!(b.get("k").await.unwrap(), None);
        assert_eq!(c.get("k").await.unwrap(), None);
        assert_eq!(c.get("../live/k").await.unwrap(), None);
        assert!(!b.delete("k").await.unwrap());
        assert_eq!(a.get("k").await.unwrap().as_deref(), Some("1"));
    }

    #[tokio::test]
    async fn counting_and_absence_are_atomic_and_keep_the_time_to_live() {
        let all = memory();
        let cache = scoped(&all, "a", "live");
        assert_eq!(cache.increment("n", 2, Some(1)).await.unwrap(), 2);
        assert_eq!(cache.increment("n", -5, Some(2_592_000)).await.unwrap(), -3);
        assert!(!cache.set_if_absent("n", "0", None).await.unwrap());
        let ended = async {
            while cache.get("n").await.unwrap().is_some() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(10), ended).await;
        ended.expect("the second increment must not lengthen the life");
        assert!(cache.set_if_absent("n", "\"x\"", None).await.unwrap());
        assert_eq!(
            cache.increment("n", 1, None).await.unwrap_err().code,
            ErrorCode::Conflict
        );
        cache.set("n", &i64::MAX.to_string(), None).await.unwrap();
        assert_eq!(
            cache.increment("n", 1, None).await.unwrap_err().code,
            ErrorCode::Conflict
        );
    }

    #[tokio::test]
    async fn limits_are_those_of_the_contract() {
        let all = memory();
        let cache = scoped(&all, "a", "live");
        let code = |result: Result<(), SdkError>| result.unwrap_err().code;
        assert_eq!(code(cache.set("", "1", None).await), ErrorCode::InvalidArgument);
        assert_eq!(
            code(cache.set(&"k".repeat(513), "1", None).await),
            ErrorCode::InvalidArgument
        );
        for value in ["{", "1e9999", &"[".repeat(128)] {
            assert_eq!(code(cache.set("k", value, None).await), ErrorCode::InvalidArgument);
        }
        assert_eq!(code(cache.set("k", "1", Some(0)).await), ErrorCode::InvalidArgument);
        assert_eq!(
            code(cache.set("k", "1", Some(2_592_001)).await),
            ErrorCode::InvalidArgument
        );
        assert_eq!(
            code(cache.set("k", &format!("\"{}\"", "x".repeat(256 << 10)), None).await),
            ErrorCode::TooLarge
        );
    }
}
