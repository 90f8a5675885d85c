//! From where an account was used before. Whoever comes from there has attempts and mails of their own, so that nobody
//! else uses up what the owner needs.

use std::time::Duration;

use futures_util::future::join_all;

use super::{Claim, Limits, address};
use crate::base::ids::Scope;

/// How long an address is known at an account.
const KNOWN: Duration = Duration::from_secs(30 * 86_400);

/// What happened from an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// The password was right; a second factor may be missing still.
    Password,
    /// The account got a session, or its mailbox was shown.
    Session,
}

impl Seen {
    fn key(self, account: &str, client: &str) -> String {
        match self {
            Self::Password => format!("known/{account}/{client}"),
            Self::Session => format!("session/{account}/{client}"),
        }
    }
}

impl Limits {
    /// The account is used from this address: it got a session, or its mailbox was shown.
    pub(crate) async fn recognize(&self, scope: &Scope, account: &str, ip: &str) {
        if self.config.state.is_on() {
            let account = self.hidden(scope, account);
            self.keep_seen(scope, &account, ip, &[Seen::Password, Seen::Session])
                .await;
        }
    }

    /// The addresses from which the account was used are strangers from now on: they were somebody else's.
    pub(crate) async fn forget_addresses(&self, scope: &Scope, account: &str) {
        if self.config.state.is_on() {
            let account = self.hidden(scope, account);
            self.counters.add(scope, &owners(&account), 1, KNOWN).await;
        }
    }

    /// Whether the account has had a session from this address.
    pub(crate) async fn recognizes(&self, claim: Claim<'_>) -> bool {
        let account = self.hidden(claim.scope, claim.account);
        self.config.state.is_on() && self.has_seen(claim.scope, &account, claim.ip, Seen::Session).await
    }

    /// `account`: hidden.
    pub(super) async fn keep_seen(&self, scope: &Scope, account: &str, ip: &str, seen: &[Seen]) {
        let owner = self.counters.number(scope, &owners(account)).await.unwrap_or(0);
        let client = self.client(scope, ip);
        let kept = seen.iter().map(|seen| async {
            let key = seen.key(account, &client);
            self.counters.keep(scope, &key, owner, KNOWN).await;
        });
        join_all(kept).await;
    }

    /// `account`: hidden.
    pub(super) async fn has_seen(&self, scope: &Scope, account: &str, ip: &str, seen: Seen) -> bool {
        let key = seen.key(account, &self.client(scope, ip));
        let owners = owners(account);
        let (known, owner) = tokio::join!(self.counters.number(scope, &key), self.counters.number(scope, &owners));
        known.is_some_and(|known| known == owner.unwrap_or(0))
    }

    /// What of an address counts as one client, hidden.
    pub(super) fn client(&self, scope: &Scope, ip: &str) -> String {
        self.hidden(scope, &address::client(ip))
    }
}

/// How often the account has changed its owner. It lives as long as what was seen before the first change; if it expires
/// earlier than what was seen later, that is forgotten, too.
fn owners(account: &str) -> String {
    format!("owners/{account}")
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    };

    use async_trait::async_trait;

    use super::*;
    use crate::{
        base::config::{Config, ConfigSources},
        domain::project::AuthSettings,
        security::limits::{Guess, counters::Counters},
        storage::cache::{CacheFault, CacheStore, Lifetime, MemoryCache},
        testing::World,
    };

    type Answer<T> = std::result::Result<T, CacheFault>;

    /// A store that is far away: what is asked after something else was answered is another round trip.
    struct Far {
        store: MemoryCache,
        was_answered: AtomicBool,
        round_trips: AtomicUsize,
    }

    impl Far {
        async fn trip<T>(&self, asked: impl Future<Output = Answer<T>>) -> Answer<T> {
            if self.was_answered.swap(false, Ordering::SeqCst) {
                self.round_trips.fetch_add(1, Ordering::SeqCst);
            }
            tokio::task::yield_now().await;
            let answer = asked.await;
            self.was_answered.store(true, Ordering::SeqCst);
            answer
        }
    }

    #[async_trait]
    impl CacheStore for Far {
        async fn get(&self, scope: &Scope, key: &str) -> Answer<Option<String>> {
            self.trip(self.store.get(scope, key)).await
        }
        async fn set(&self, scope: &Scope, key: &str, json: &str, life: Lifetime) -> Answer<()> {
            self.trip(self.store.set(scope, key, json, life)).await
        }
        async fn delete(&self, scope: &Scope, key: &str) -> Answer<bool> {
            self.trip(self.store.delete(scope, key)).await
        }
        async fn set_if_absent(&self, scope: &Scope, key: &str, json: &str, life: Lifetime) -> Answer<bool> {
            self.trip(self.store.set_if_absent(scope, key, json, life)).await
        }
        async fn increment(&self, scope: &Scope, key: &str, by: i64, life: Lifetime) -> Answer<i64> {
            self.trip(self.store.increment(scope, key, by, life)).await
        }
        async fn clear(&self, scope: &Scope) -> Answer<()> {
            self.store.clear(scope).await
        }
    }

    #[tokio::test]
    async fn a_sign_in_waits_for_few_round_trips() {
        let world = World::new().await;
        let far = Arc::new(Far {
            store: MemoryCache::new(1 << 20),
            was_answered: AtomicBool::new(true),
            round_trips: AtomicUsize::new(0),
        });
        let config = Config::load(&ConfigSources::default()).unwrap();
        let limits = Limits {
            config: config.limits,
            counters: Counters::on(Arc::clone(&far) as Arc<dyn CacheStore>),
            clock: world.clock.clone(),
            master: Arc::clone(&world.master),
        };
        let rules = AuthSettings::with_lives(60, 60).limits;
        let claim = Claim {
            scope: &world.scope,
            rules: &rules,
            account: "ada@example.com",
            ip: "192.0.2.1",
        };
        for time in ["from an unknown address", "from a known one"] {
            let before = far.round_trips.load(Ordering::SeqCst);
            let guess = limits.guess(claim, async { Ok(Some(())) }).await.unwrap();
            assert!(matches!(guess, Guess::Right(())));
            limits.recognize(claim.scope, claim.account, claim.ip).await;
            let round_trips = far.round_trips.load(Ordering::SeqCst) - before;
            assert_eq!(round_trips, 6, "{time}");
        }
        assert!(limits.recognizes(claim).await);
        limits.forget_addresses(claim.scope, claim.account).await;
        assert!(!limits.recognizes(claim).await);
    }
}
