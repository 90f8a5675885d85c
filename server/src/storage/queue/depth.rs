//! How many jobs of a project wait: the bound that keeps one project from filling the store for all.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use aerocall_runtime::host::{ErrorCode, SdkError};

use crate::{
    base::ids::{Scope, Slug},
    storage::store::{Store, StoreError},
};

/// A count is believed for so long; in between, what this server adds is counted by itself.
const FRESH: Duration = Duration::from_secs(1);

/// The bound, and what is known of how near the projects are to it.
#[derive(Debug)]
pub(crate) struct Depth {
    most: i64,
    known: Mutex<HashMap<Slug, Known>>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    waiting: i64,
    at: Instant,
}

impl Depth {
    pub(crate) fn new(most: i64) -> Self {
        Self {
            most,
            known: Mutex::default(),
        }
    }

    /// Whether one more job of the project may wait.
    pub(crate) async fn admit(&self, store: &Store, scope: &Scope) -> Result<(), SdkError> {
        if !self.knows(&scope.project) {
            let wanted = scope.clone();
            let waiting = store.read(move |tx| tx.waiting_jobs(&wanted)).await.map_err(unknown)?;
            let at = Instant::now();
            self.map().insert(scope.project.clone(), Known { waiting, at });
        }
        let mut known = self.map();
        match known.get_mut(&scope.project) {
            Some(known) if known.waiting >= self.most => Err(self.full()),
            Some(known) => {
                known.waiting += 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn knows(&self, project: &Slug) -> bool {
        self.map().get(project).is_some_and(|known| known.at.elapsed() < FRESH)
    }

    fn full(&self) -> SdkError {
        let message = format!(
            "queue: {} jobs of this project wait already, which is as many as may",
            self.most
        );
        SdkError {
            retryable: true,
            ..SdkError::new(ErrorCode::LimitExceeded, message)
        }
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<Slug, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(error: StoreError) -> SdkError {
    tracing::warn!(
        error = crate::base::error::chain(&error),
        "the depth of a queue is not known"
    );
    SdkError {
        retryable: true,
        ..SdkError::new(
            ErrorCode::BackendUnavailable,
            "queue: the server's database does not answer right now",
        )
    }
}
