//! Which environments are behind what the store says, and the tasks that bring them up. One at a time for each environment,
//! a few at a time in all: a bundle that takes long to load holds up nobody else's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use crate::{
    app::App,
    error::{Error, Result},
    ids::Scope,
};

/// Environments that are loaded at the same time.
const AT_ONCE: usize = 4;
/// Before what failed is tried again: at first, and at most.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What this process knows of the changes of all.
pub(crate) struct Changes {
    /// The last revision that was looked at.
    seen: tokio::sync::Mutex<i64>,
    behind: Mutex<HashMap<Scope, Behind>>,
    slots: Semaphore,
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
enum Again {
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

    fn due(&self) -> Vec<Scope> {
        let now = Instant::now();
        let due = |behind: &Behind| matches!(behind, Behind::Failed { until, .. } if *until <= now);
        let all = self.all();
        let due = all.iter().filter(|(_, behind)| due(behind));
        due.map(|(scope, _)| scope.clone()).collect()
    }

    /// Whether the caller is the one to load the environment.
    fn takes(&self, scope: &Scope) -> bool {
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
    fn ended(&self, scope: &Scope, result: &Result<()>) -> Again {
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

/// Begins to take over what was changed since the last look: settings and keys are forgotten at once; deployments are loaded
/// on the side, see [`Changes::is_behind`]. What failed and is due again is begun as well.
pub(crate) async fn catch_up(app: &Arc<App>) -> Result<()> {
    // Held to the end: whoever comes next finds everything marked that this one has seen.
    let mut seen = app.changes.seen.lock().await;
    let since = *seen;
    let changed = app.store.read(move |tx| match tx.revision()? {
        revision if revision == since => Ok(None),
        revision => Ok(Some((revision, tx.changed_since(since)?))),
    });
    let mut scopes = app.changes.due();
    if let Some((revision, changed)) = changed.await? {
        *seen = revision;
        scopes.extend(changed);
    }
    for scope in scopes {
        app.settings.forget(&scope);
        app.keyring.forget(&scope);
        begin(app, scope);
    }
    Ok(())
}

/// Brings the environment up on a task of its own, unless one does so already: then it looks once more.
fn begin(app: &Arc<App>, scope: Scope) {
    if !app.changes.takes(&scope) {
        return;
    }
    let app = Arc::clone(app);
    tokio::spawn(async move {
        loop {
            // A task of its own, so that a panic is a failure like another one.
            let attempt = tokio::spawn(load(Arc::clone(&app), scope.clone())).await;
            let result = attempt.unwrap_or_else(|error| Err(Error::unexpected("taking over a change", error)));
            if let Err(error) = &result {
                tracing::error!(%scope, ?error, "a change by another node could not be taken over; it is tried again");
            }
            if app.changes.ended(&scope, &result) == Again::No {
                break;
            }
        }
        // Events that waited for the deployment they belong to.
        app.hooks.platform.events.notify_one();
    });
}

async fn load(app: Arc<App>, scope: Scope) -> Result<()> {
    // The semaphore is never closed.
    let _slot = app.changes.slots.acquire().await.ok();
    app.hooks.registry.follow(&scope).await
}
