//! How often things may be asked for: per address, per environment, per recipient, per account. Knows no flow and no HTTP.
//!
//! - `counters`: numbers that count, shared by all servers where there is Redis; hooks never reach them
//! - `address`: what of an address counts as one client
//! - `quota`: what a window of time has left
//! - `known`: from where an account was used before
//! - `account`: wrong passwords and codes, and who waits because of them
//! - `sends`: mails and messages to a recipient
//! - `stranger`: requests to the server itself without a key or token

mod account;
mod address;
mod counters;
mod known;
mod quota;
mod sends;
mod stranger;

use std::sync::Arc;

pub(crate) use account::Guess;
pub(crate) use address::client;
pub(crate) use quota::Quota;

use self::counters::Counters;
use crate::{
    base::{
        clock::Clock,
        config::{Config, LimitConfig},
        crypto::MasterKey,
        error::{Refusal, Result},
        ids::Scope,
    },
    domain::project::RateRules,
};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Somebody at an address who claims an account, or wants something sent to it.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) rules: &'a RateRules,
    /// The normal form of what the account is named by: an email, a number.
    pub(crate) account: &'a str,
    pub(crate) ip: &'a str,
}

/// The limits of all projects.
pub(crate) struct Limits {
    config: LimitConfig,
    counters: Counters,
    clock: Clock,
    master: Arc<MasterKey>,
}

impl Limits {
    pub(crate) fn open(config: &Config, clock: &Clock, master: &Arc<MasterKey>) -> Result<Self> {
        Ok(Self {
            config: config.limits.clone(),
            counters: Counters::open(config.limits.redis.as_ref().or(config.redis.as_ref()))?,
            clock: clock.clone(),
            master: Arc::clone(master),
        })
    }

    /// Counts a request of the environment. `None`: limits are switched off.
    ///
    /// # Errors
    /// The environment has had its requests of this second.
    pub(crate) async fn project(&self, scope: &Scope, rules: &RateRules) -> std::result::Result<(), Refusal> {
        let quota = self
            .window("project", scope, "", rules.per_project_second, SECOND_MS)
            .await;
        quota.map_or(Ok(()), |quota| quota.check())
    }

    /// Counts a request of the address to what checks or makes a secret, and says what it has left. `None`: limits are
    /// switched off.
    pub(crate) async fn address(&self, scope: &Scope, rules: &RateRules, ip: &str) -> Option<Quota> {
        self.window("ip", scope, &address::client(ip), rules.per_ip_minute, MINUTE_MS)
            .await
    }

    async fn window(&self, name: &'static str, scope: &Scope, of: &str, most: u32, length_ms: i64) -> Option<Quota> {
        if !self.config.state.is_on() {
            return None;
        }
        let now_ms = self.clock.now_ms();
        let window = now_ms.div_euclid(length_ms);
        let key = format!("{name}/{of}/{window}");
        let used = self.counters.window(scope, &key, length_ms).await;
        Some(Quota::new(name, most, used, length_ms, now_ms))
    }

    /// Addresses and numbers of people are not kept where everybody who runs the cache reads them.
    fn hidden(&self, scope: &Scope, what: &str) -> String {
        self.master.tag("limits", &[&scope.to_string(), what])
    }
}
