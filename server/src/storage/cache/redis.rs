//! The cache that several servers share: Redis, over a pool of connections that mend themselves. The only file that names
//! Redis.
//!
//! Every command is one key or one script over one key, so that counting and absence are atomic on the server.

use std::{sync::LazyLock, time::Duration};

use async_trait::async_trait;
use deadpool_redis::{
    Config, Connection, Pool, PoolConfig, Runtime, Timeouts,
    redis::{self, AsyncCommands as _, FromRedisValue, Script, SetExpiry, SetOptions},
};

use super::{CacheFault, CacheStore, Lifetime};
use crate::base::{
    config::SharedService,
    error::{Error, Result},
    ids::Scope,
};

/// How long a connection, and an answer, may take: a hook waits for it.
const WAIT: Duration = Duration::from_secs(2);
const CONNECTIONS: usize = 16;

/// Adds within 64 bits, and gives a lifetime to new keys only. Redis counts in 64 bits itself and refuses what is not a
/// whole number; the value is written as JSON by all, and a whole number is written alike in both.
static INCREMENT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local fresh = redis.call('EXISTS', KEYS[1]) == 0
        local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
        if fresh and ARGV[2] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return redis.call('GET', KEYS[1])
        ",
    )
});

/// A shared cache.
pub(super) struct RedisCache {
    pool: Pool,
    prefix: String,
}

impl RedisCache {
    /// Connects when it is first asked, so that a server starts without its cache.
    pub(super) fn open(service: &SharedService) -> Result<Self> {
        let failed = |error| Error::unexpected("reading redis.url", error);
        let mut config = Config::from_url(service.url.reveal());
        config.pool = Some(PoolConfig {
            max_size: CONNECTIONS,
            timeouts: Timeouts {
                wait: Some(WAIT),
                create: Some(WAIT),
                recycle: Some(WAIT),
            },
            ..PoolConfig::default()
        });
        let pool = config
            .create_pool(Some(Runtime::Tokio1))
            .map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            pool,
            prefix: service.prefix.clone(),
        })
    }

    /// Projects and environments have no `/` or `:` in their names, so no key reaches another scope's.
    fn full(&self, scope: &Scope, key: &str) -> String {
        format!("{}:cache:{scope}:{key}", self.prefix)
    }

    /// Runs one command within the time allowed.
    async fn ask<T: FromRedisValue>(
        &self,
        command: impl AsyncFnOnce(&mut Connection) -> redis::RedisResult<T>,
    ) -> std::result::Result<T, CacheFault> {
        let work = async {
            let mut connection = self.pool.get().await.map_err(|error| unavailable(error.into()))?;
            command(&mut connection).await.map_err(fault)
        };
        match tokio::time::timeout(WAIT, work).await {
            Ok(answer) => answer,
            Err(late) => Err(unavailable(late.into())),
        }
    }
}

#[async_trait]
impl CacheStore for RedisCache {
    async fn get(&self, scope: &Scope, key: &str) -> std::result::Result<Option<String>, CacheFault> {
        let key = self.full(scope, key);
        self.ask(async move |redis| redis.get(key).await).await
    }

    async fn set(
        &self,
        scope: &Scope,
        key: &str,
        json: &str,
        lifetime: Lifetime,
    ) -> std::result::Result<(), CacheFault> {
        let (key, json, options) = (self.full(scope, key), json.to_owned(), options(lifetime));
        self.ask(async move |redis| redis.set_options(key, json, options).await)
            .await
    }

    async fn delete(&self, scope: &Scope, key: &str) -> std::result::Result<bool, CacheFault> {
        let key = self.full(scope, key);
        self.ask(async move |redis| redis.del(key).await).await
    }

    async fn set_if_absent(
        &self,
        scope: &Scope,
        key: &str,
        json: &str,
        lifetime: Lifetime,
    ) -> std::result::Result<bool, CacheFault> {
        let options = options(lifetime).conditional_set(redis::ExistenceCheck::NX);
        let (key, json) = (self.full(scope, key), json.to_owned());
        let written: Option<String> = self
            .ask(async move |redis| redis.set_options(key, json, options).await)
            .await?;
        Ok(written.is_some())
    }

    async fn increment(
        &self,
        scope: &Scope,
        key: &str,
        by: i64,
        lifetime: Lifetime,
    ) -> std::result::Result<i64, CacheFault> {
        let key = self.full(scope, key);
        let life = match lifetime {
            Lifetime::Unlimited => String::new(),
            Lifetime::For(life) => life.as_millis().to_string(),
        };
        self.ask(async move |redis| INCREMENT.key(key).arg(by).arg(life).invoke_async(redis).await)
            .await
    }

    async fn ping(&self) -> std::result::Result<(), CacheFault> {
        self.ask(async |redis| redis.ping().await).await
    }
}

fn options(lifetime: Lifetime) -> SetOptions {
    match lifetime {
        Lifetime::Unlimited => SetOptions::default(),
        Lifetime::For(life) => {
            let millis = u64::try_from(life.as_millis()).unwrap_or(u64::MAX);
            SetOptions::default().with_expiration(SetExpiry::PX(millis))
        }
    }
}

fn unavailable(source: Box<dyn std::error::Error + Send + Sync>) -> CacheFault {
    CacheFault::Unavailable(source)
}

/// Redis says no to an increment with an error of its own; everything else is a Redis that cannot be used.
fn fault(error: redis::RedisError) -> CacheFault {
    let says = error.to_string();
    let refused = ["not an integer", "would overflow", "WRONGTYPE"];
    match refused.iter().any(|words| says.contains(words)) {
        true => CacheFault::NotANumber,
        false => unavailable(error.into()),
    }
}
