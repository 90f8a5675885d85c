//! What several servers share: Redis, over a pool of connections that mend themselves. The only
//! place that names Redis.
//!
//! - `budget`: the writes of hooks, within what their project has; `room`: the memory of Redis
//!
//! Every command is one key or one script, so that counting and absence are atomic on the server.

mod budget;
mod room;

use std::{sync::LazyLock, time::Duration};

use async_trait::async_trait;
use deadpool_redis::{
    Config, Connection, Pool, PoolConfig, Runtime, Timeouts,
    redis::{self, AsyncCommands as _, FromRedisValue, Script, SetExpiry, SetOptions},
};

use self::{
    budget::{Keys, LONGEST_MS, TOO_LARGE, Write},
    room::{Memory, Room},
};
use super::{CacheFault, CacheStore, Eviction, Lifetime, Neighbours};
use crate::base::{
    config::SharedService,
    error::{Error, Result},
    ids::Scope,
};

/// How long a connection, and an answer, may take: a hook waits for it.
const WAIT: Duration = Duration::from_secs(2);
const CONNECTIONS: usize = 16;
/// Keys that one step of a search looks at.
const SCANNED: usize = 1_000;

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

/// A shared store.
pub(super) struct RedisCache {
    pool: Pool,
    prefix: String,
    budget: Option<Budget>,
}

/// What hooks may take of it.
struct Budget {
    bytes_per_project: u64,
    neighbours: Neighbours,
    room: Room,
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
            budget: None,
        })
    }

    /// The same, with so many bytes for each project.
    pub(super) fn budgeted(service: &SharedService, bytes_per_project: u64, neighbours: Neighbours) -> Result<Self> {
        let budget = Budget {
            bytes_per_project,
            neighbours,
            room: Room::default(),
        };
        Ok(Self {
            budget: Some(budget),
            ..Self::open(service)?
        })
    }

    /// How much memory there is.
    pub(super) async fn memory(&self) -> std::result::Result<Memory, CacheFault> {
        let info: String = self
            .ask(async |redis| redis::cmd("INFO").arg("memory").query_async(redis).await)
            .await?;
        Ok(Memory::read(&info))
    }

    /// Projects and environments have no `/` or `:` in their names, so no key reaches another scope's.
    fn full(&self, scope: &Scope, key: &str) -> String {
        format!("{}:cache:{scope}:{key}", self.prefix)
    }

    fn keys(&self, scope: &Scope, key: &str) -> Keys {
        let project = &scope.project;
        Keys {
            value: self.full(scope, key),
            sizes: format!("{}:cache-sizes:{project}", self.prefix),
            ends: format!("{}:cache-ends:{project}", self.prefix),
        }
    }

    /// Writes within the budget of the project.
    async fn write(
        &self,
        budget: &Budget,
        verb: Write,
        keys: Keys,
        value: &str,
        lifetime: Lifetime,
    ) -> std::result::Result<String, CacheFault> {
        self.has_room(budget, value.len()).await?;
        let life_ms = match lifetime {
            Lifetime::Unlimited => LONGEST_MS,
            Lifetime::For(life) => life.as_millis().min(LONGEST_MS),
        };
        let value = value.to_owned();
        self.ask(async move |redis| {
            let script = budget::write(&keys, verb, &value, life_ms, budget.bytes_per_project);
            script.invoke_async(redis).await
        })
        .await
    }

    /// Before Redis has no memory left, the cache stops to grow: where it would refuse what others write, or drop what
    /// matters more than a cache.
    async fn has_room(&self, budget: &Budget, bytes: usize) -> std::result::Result<(), CacheFault> {
        let is_full = match budget.room.is_full(bytes) {
            Some(is_full) => is_full,
            None => {
                let memory = self.memory().await?;
                let makes_room = memory.eviction() != Eviction::Never && budget.neighbours == Neighbours::None;
                let is_full = memory.is_full_for_cache() && !makes_room;
                budget.room.looked(is_full);
                is_full
            }
        };
        match is_full {
            true => Err(CacheFault::Full),
            false => Ok(()),
        }
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
        if let Some(budget) = &self.budget {
            let written = self.write(budget, Write::Set, self.keys(scope, key), json, lifetime);
            return written.await.map(drop);
        }
        let (key, json, options) = (self.full(scope, key), json.to_owned(), options(lifetime));
        self.ask(async move |redis| redis.set_options(key, json, options).await)
            .await
    }

    async fn delete(&self, scope: &Scope, key: &str) -> std::result::Result<bool, CacheFault> {
        if self.budget.is_some() {
            let keys = self.keys(scope, key);
            return self
                .ask(async move |redis| budget::delete(&keys).invoke_async(redis).await)
                .await;
        }
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
        if let Some(budget) = &self.budget {
            let written = self.write(budget, Write::SetIfAbsent, self.keys(scope, key), json, lifetime);
            return Ok(written.await? == "1");
        }
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
        if let Some(budget) = &self.budget {
            let by = by.to_string();
            let sum = self.write(budget, Write::Increment, self.keys(scope, key), &by, lifetime);
            return sum.await?.parse().map_err(|_| CacheFault::NotANumber);
        }
        let key = self.full(scope, key);
        let life = match lifetime {
            Lifetime::Unlimited => String::new(),
            Lifetime::For(life) => life.as_millis().to_string(),
        };
        self.ask(async move |redis| INCREMENT.key(key).arg(by).arg(life).invoke_async(redis).await)
            .await
    }

    async fn clear(&self, scope: &Scope) -> std::result::Result<(), CacheFault> {
        let own = self.full(scope, "");
        let mut cursor = 0_u64;
        loop {
            // No name of a scope and no prefix has a character that a pattern gives a meaning to.
            let pattern = format!("{own}*");
            let scan = async move |redis: &mut Connection| {
                let mut scan = redis::cmd("SCAN");
                scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(SCANNED);
                scan.query_async(redis).await
            };
            let (next, keys): (u64, Vec<String>) = self.ask(scan).await?;
            for key in keys.iter().filter_map(|key| key.strip_prefix(&own)) {
                self.delete(scope, key).await?;
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
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

/// What Redis says no to with an error of its own; everything else is a Redis that cannot be used.
fn fault(error: redis::RedisError) -> CacheFault {
    let says = error.to_string();
    let says_one_of = |words: &[&str]| words.iter().any(|words| says.contains(words));
    if says_one_of(&["not an integer", "would overflow", "WRONGTYPE"]) {
        CacheFault::NotANumber
    } else if says_one_of(&[TOO_LARGE]) {
        CacheFault::TooLarge
    } else if says_one_of(&["OOM", "maxmemory"]) {
        CacheFault::Full
    } else {
        unavailable(error.into())
    }
}
