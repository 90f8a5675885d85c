//! Wrong passwords and codes for one account, and who waits because of them.
//!
//! An attempt is counted before the password is looked at, so that many at the same time are no more than many after each
//! other, and is taken back when it was right. After so many failures whoever comes from an address that never got in waits,
//! twice as long each time, up to a quarter of an hour; an address that has got in before has attempts of its own. So
//! nobody's failures keep the owner out, and a thief has about a hundred guesses a day however many addresses they have.
//!
//! Accounts are named by what was typed, so that those that do not exist are counted and answered like those that do.

use std::time::Duration;

use super::{Claim, Limits, known::Seen};
use crate::base::{backoff::Backoff, error::Result, ids::Scope};

/// How long failures are remembered, from the first one on.
const REMEMBERED: Duration = Duration::from_secs(12 * 3_600);
/// How long the next attempt waits after so many failures over the limit.
const WAIT: Backoff = Backoff::doubling(Duration::from_secs(1), Duration::from_secs(15 * 60));

/// What came of a guess.
#[must_use = "the last one is to be reported"]
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
        claim: Claim<'_>,
        look: impl Future<Output = Result<Option<T>>>,
    ) -> Result<Guess<T>> {
        let turn = self.attempt(claim).await;
        match (turn, look.await) {
            (Admission::Granted(ticket), Ok(Some(right))) => {
                self.succeeded(claim, ticket).await;
                Ok(Guess::Right(right))
            }
            (Admission::Granted(ticket), Ok(None))
                if ticket.failures == i64::from(claim.rules.failures_per_account) =>
            {
                Ok(Guess::LockedOut)
            }
            (Admission::Granted(ticket), Err(error)) => {
                self.undecided(claim.scope, ticket).await;
                Err(error)
            }
            (Admission::Locked, Err(error)) => Err(error),
            (_, Ok(_)) => Ok(Guess::Wrong),
        }
    }

    /// Counts an attempt.
    async fn attempt(&self, claim: Claim<'_>) -> Admission {
        let Claim { scope, rules, ip, .. } = claim;
        let account = self.hidden(scope, claim.account);
        let here = format!("{account}/{}", self.client(scope, ip));
        if !self.config.state.is_on() {
            return Admission::Granted(Ticket {
                account,
                group: here,
                failures: 0,
            });
        }
        let group = match self.has_seen(scope, &account, ip, Seen::Password).await {
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
    async fn succeeded(&self, claim: Claim<'_>, ticket: Ticket) {
        if !self.config.state.is_on() {
            return;
        }
        let Claim { scope, ip, .. } = claim;
        let here = format!("{}/{}", ticket.account, self.client(scope, ip));
        let (failed, turn) = (format!("failed/{here}"), format!("turn/{here}"));
        let of_all = async {
            if ticket.group != here {
                self.uncount(scope, &ticket.group).await;
            }
        };
        tokio::join!(
            self.keep_seen(scope, &ticket.account, ip, &[Seen::Password]),
            self.counters.forget(scope, &failed),
            self.counters.forget(scope, &turn),
            of_all,
        );
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
