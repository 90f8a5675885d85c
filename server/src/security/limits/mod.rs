//! How often things may be asked for: per address, per environment, per recipient, per account. Knows no flow and no HTTP.
//!
//! - `counters`: numbers that count, shared by all servers where there is Redis; hooks never reach them
//! - `address`: what of an address counts as one client
//! - `quota`: what a window of time has left
//! - `account`: wrong passwords and codes, and who waits because of them

mod account;
mod address;
mod counters;
mod quota;

use std::sync::Arc;

pub(crate) use account::{Attempt, Guess};
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
            counters: Counters::open(config.redis.as_ref())?,
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

    /// Counts a mail or message to a recipient. To be asked whether or not there is such an account, or the answer tells.
    ///
    /// # Errors
    /// The recipient has had those of this hour.
    pub(crate) async fn sends(
        &self,
        scope: &Scope,
        rules: &RateRules,
        recipient: &str,
    ) -> std::result::Result<(), Refusal> {
        let recipient = self.hidden(scope, recipient);
        let quota = self
            .window("send", scope, &recipient, rules.sends_per_recipient_hour, HOUR_MS)
            .await;
        quota.map_or(Ok(()), |quota| quota.check())
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
