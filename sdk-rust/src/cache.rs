//! Short-lived values of this project. Mirrors `wit/cache.wit`.
//!
//! Keys have 1 to 512 bytes, values at most 256 KiB as JSON. A time to live is 1 second to 30 days; parts of a second count as
//! a whole one.
//!
//! ```
//! use std::time::Duration;
//! use aerocall_hooks::{Denial, Result, cache};
//!
//! fn limit(ip: &str) -> Result<()> {
//!     let seen = cache::increment(&format!("signup:{ip}"), 1, Duration::from_secs(3_600))?;
//!     if seen > 5 {
//!         return Err(Denial::new("too_many", "Please try again later").status(429).into());
//!     }
//!     Ok(())
//! }
//! ```

use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};

use crate::{AerocallError, json, platform};

fn seconds(ttl: Option<Duration>) -> Option<u32> {
    let ttl = ttl?;
    let seconds = ttl.as_secs() + u64::from(ttl.subsec_nanos() > 0);
    Some(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// The value, or `None`.
///
/// ```
/// use aerocall_hooks::{Result, cache};
///
/// fn plan(user: &str) -> Result<String> {
///     Ok(cache::get::<String>(&format!("plan:{user}"))?.unwrap_or_else(|| "free".to_owned()))
/// }
/// ```
///
/// # Errors
/// What the SDK refuses; `invalid_argument` if the value is of another type.
pub fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, AerocallError> {
    let value = platform::cache_get(key)?;
    value.map(|value| json::read("the cached value", &value)).transpose()
}

/// Keeps a value; without a time to live until there is no room for it.
///
/// ```
/// use std::time::Duration;
/// use aerocall_hooks::{Result, cache};
///
/// fn note(user: &str) -> Result<()> {
///     cache::set(&format!("seen:{user}"), &true, None)?;
///     cache::set(&format!("plan:{user}"), &"team", Duration::from_secs(600))?;
///     Ok(())
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn set<T: Serialize + ?Sized>(key: &str, value: &T, ttl: impl Into<Option<Duration>>) -> Result<(), AerocallError> {
    platform::cache_set(key, &json::write("the value", value)?, seconds(ttl.into()))
}

/// Removes a value; says whether the key existed.
///
/// ```
/// use aerocall_hooks::{Result, cache};
///
/// fn forget(user: &str) -> Result<bool> {
///     Ok(cache::delete(&format!("plan:{user}"))?)
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn delete(key: &str) -> Result<bool, AerocallError> {
    platform::cache_delete(key)
}

/// Adds to a number and returns the new one. A missing key counts as 0; the time to live is set when the key is created, and is
/// not extended.
///
/// ```
/// use aerocall_hooks::{Result, cache};
///
/// fn number() -> Result<i64> {
///     Ok(cache::increment("signups", 1, None)?)
/// }
/// ```
///
/// # Errors
/// What the SDK refuses; `conflict` if the value is no number.
pub fn increment(key: &str, by: i64, ttl: impl Into<Option<Duration>>) -> Result<i64, AerocallError> {
    platform::cache_increment(key, by, seconds(ttl.into()))
}

/// Keeps a value if the key does not exist; says whether it was written.
///
/// ```
/// use std::time::Duration;
/// use aerocall_hooks::{Result, cache};
///
/// fn first_today(user: &str) -> Result<bool> {
///     Ok(cache::set_if_absent(&format!("greeted:{user}"), &true, Duration::from_secs(86_400))?)
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn set_if_absent<T: Serialize + ?Sized>(
    key: &str,
    value: &T,
    ttl: impl Into<Option<Duration>>,
) -> Result<bool, AerocallError> {
    platform::cache_set_if_absent(key, &json::write("the value", value)?, seconds(ttl.into()))
}
