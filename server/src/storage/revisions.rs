//! Which environments this process is behind with: what of the store's changes it has seen, and which it loads at the moment.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use crate::base::{error::Result, ids::Scope};

/// Environments that are loaded at the same time.
const AT_ONCE: usize = 4;
/// Before what failed is tried again: at first, and at most.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What this process knows of the changes of all.
pub(crate) struct Changes {
    /// The last revision that was looked at.
    pub(crate) seen: tokio::sync::Mutex<i64>,
    behind: Mutex<HashMap<Scope, Behind>>,
    pub(crate) slots: Semaphore,
}

/// Why an environment is behind.
enum Behind {
    /// It is being loaded.
    Loading {
        /// It was changed once more since that began.
        again: Again,
        /// The wait before this attempt.
        waited: Duration,
    },
    /// It could not be loaded, and what was live before it stays.
    Failed { until: Instant, waited: Duration },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Yes,
    No,
}

impl Changes {
    /// Knows everything up to the revision.
    pub(crate) fn since(revision: i64) -> Self {
        Self {
            seen: tokio::sync::Mutex::new(revision),
            behind: Mutex::default(),
            slots: Semaphore::new(AT_ONCE),
        }
    }

    /// Whether the environment's newest deployment is still being loaded here.
    pub(crate) fn is_behind(&self, scope: &Scope) -> bool {
        matches!(self.all().get(scope), Some(Behind::Loading { .. }))
    }

    pub(crate) fn due(&self) -> Vec<Scope> {
        let now = Instant::now();
        let due = |behind: &Behind| matches!(behind, Behind::Failed { until, .. } if *until <= now);
        let all = self.all();
        let due = all.iter().filter(|(_, behind)| due(behind));
        due.map(|(scope, _)| scope.clone()).collect()
    }

    /// Whether the caller is the one to load the environment.
    pub(crate) fn takes(&self, scope: &Scope) -> bool {
        let mut all = self.all();
        let waited = match all.get_mut(scope) {
            Some(Behind::Loading { again, .. }) => {
                *again = Again::Yes;
                return false;
            }
            Some(Behind::Failed { waited, .. }) => *waited,
            None => Duration::ZERO,
        };
        let loading = Behind::Loading {
            again: Again::No,
            waited,
        };
        all.insert(scope.clone(), loading);
        true
    }

    /// Notes the end of an attempt. Whether there has to be another one right now.
    pub(crate) fn ended(&self, scope: &Scope, result: &Result<()>) -> Again {
        let mut all = self.all();
        let Some(Behind::Loading { again, waited }) = all.get_mut(scope) else {
            return Again::No;
        };
        if *again == Again::Yes {
            *again = Again::No;
            return Again::Yes;
        }
        let wait = (*waited * 2).clamp(FIRST_WAIT, LONGEST_WAIT);
        if result.is_ok() {
            all.remove(scope);
        } else {
            let until = Instant::now() + wait;
            all.insert(scope.clone(), Behind::Failed { until, waited: wait });
        }
        Again::No
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Scope, Behind>> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
