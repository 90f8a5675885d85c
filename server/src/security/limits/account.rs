//! Wrong passwords and codes for one account, and who waits because of them.
//!
//! An attempt is counted before the password is looked at, so that many at the same time are no more than many after each
//! other, and is taken back when it was right. After so many failures whoever comes from an address that never got in waits,
//! twice as long each time, up to a quarter of an hour; an address that has got in before has attempts of its own. So
//! nobody's failures keep the owner out, and a thief has about a hundred guesses a day however many addresses they have.
//!
//! Accounts are named by what was typed, so that those that do not exist are counted and answered like those that do.

use std::time::Duration;

use super::{Limits, address};
use crate::{
    base::{backoff::Backoff, error::Result, ids::Scope},
    domain::project::RateRules,
};

/// How long failures are remembered, from the first one on.
const REMEMBERED: Duration = Duration::from_secs(12 * 3_600);
/// How long an address that got in is known at an account.
const KNOWN: Duration = Duration::from_secs(30 * 86_400);
/// How long the next attempt waits after so many failures over the limit.
const WAIT: Backoff = Backoff::doubling(Duration::from_secs(1), Duration::from_secs(15 * 60));

/// Somebody tries to get into an account.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) rules: &'a RateRules,
    /// The normal form of what the account is named by: an email, a number.
    pub(crate) account: &'a str,
    pub(crate) ip: &'a str,
}

/// What came of a guess.
#[must_use = "the last one is to be told of"]
pub(crate) enum Guess<T> {
    Right(T),
    Wrong,
    /// Wrong, and whoever guesses next waits.
    LockedOut,
}

/// Whether they may.
#[must_use = "an attempt that was right has to be taken back"]
enum Admission {
    /// Counted as a failure until it is said to be none.
    Granted(Ticket),
    /// Not now. To be answered like a wrong password, at the same cost.
    Locked,
}

/// What a granted attempt was counted under.
struct Ticket {
    account: String,
    group: String,
    /// With this one, should it be one.
    failures: i64,
}

impl Limits {
    /// Looks at a guess and counts it unless it was right. One that has to wait is wrong, after the same work.
    ///
    /// # Errors
    /// The guess could not be looked at; then it does not count.
    pub(crate) async fn guess<T>(
        &self,
        attempt: Attempt<'_>,
        look: impl Future<Output = Result<Option<T>>>,
    ) -> Result<Guess<T>> {
        let turn = self.attempt(attempt).await;
        match (turn, look.await) {
            (Admission::Granted(ticket), Ok(Some(right))) => {
                self.succeeded(attempt.scope, ticket, attempt.ip).await;
                Ok(Guess::Right(right))
            }
            (Admission::Granted(ticket), Ok(None))
                if ticket.failures == i64::from(attempt.rules.failures_per_account) =>
            {
                Ok(Guess::LockedOut)
            }
            (Admission::Granted(ticket), Err(error)) => {
                self.undecided(attempt.scope, ticket).await;
                Err(error)
            }
            (Admission::Locked, Err(error)) => Err(error),
            (_, Ok(_)) => Ok(Guess::Wrong),
        }
    }

    /// Counts an attempt.
    async fn attempt(&self, attempt: Attempt<'_>) -> Admission {
        let Attempt { scope, rules, .. } = attempt;
        let account = self.hidden(scope, attempt.account);
        let here = format!("{account}/{}", self.hidden(scope, &address::client(attempt.ip)));
        if !self.config.state.is_on() {
            return Admission::Granted(Ticket {
                account,
                group: here,
                failures: 0,
            });
        }
        let group = match self.counters.has(scope, &format!("known/{here}")).await {
            true => here,
            false => account.clone(),
        };
        let failures = self
            .counters
            .add(scope, &format!("failed/{group}"), 1, REMEMBERED)
            .await;
        let over = failures - i64::from(rules.failures_per_account);
        if over > 0
            && !self
                .counters
                .take(scope, &format!("turn/{group}"), WAIT.after(over))
                .await
        {
            self.uncount(scope, &group).await;
            return Admission::Locked;
        }
        Admission::Granted(Ticket {
            account,
            group,
            failures,
        })
    }

    /// The attempt was right: the address is known from now on, and its own failures are forgotten.
    async fn succeeded(&self, scope: &Scope, ticket: Ticket, ip: &str) {
        if !self.config.state.is_on() {
            return;
        }
        let here = format!("{}/{}", ticket.account, self.hidden(scope, &address::client(ip)));
        self.counters.keep(scope, &format!("known/{here}"), KNOWN).await;
        self.counters.forget(scope, &format!("failed/{here}")).await;
        self.counters.forget(scope, &format!("turn/{here}")).await;
        if ticket.group != here {
            self.uncount(scope, &ticket.group).await;
        }
    }

    /// The attempt came to nothing: the password was never looked at.
    async fn undecided(&self, scope: &Scope, ticket: Ticket) {
        if self.config.state.is_on() {
            self.uncount(scope, &ticket.group).await;
        }
    }

    async fn uncount(&self, scope: &Scope, group: &str) {
        self.counters
            .add(scope, &format!("failed/{group}"), -1, REMEMBERED)
            .await;
    }
}
