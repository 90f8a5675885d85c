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
