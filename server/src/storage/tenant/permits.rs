//! One statement of an admin at a time for each scope: the connections of a scope are for the requests of its users.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::base::ids::Scope;

/// The scopes in which a statement of an admin runs.
#[derive(Clone, Default)]
pub(crate) struct QueryPermits(Arc<Mutex<HashSet<Scope>>>);

/// The turn of one statement; given back when it is dropped.
pub(crate) struct QueryPermit {
    permits: QueryPermits,
    scope: Scope,
}

impl QueryPermits {
    /// `None`: one is running.
    pub(crate) fn permit(&self, scope: &Scope) -> Option<QueryPermit> {
        let is_free = self.running().insert(scope.clone());
        is_free.then(|| QueryPermit {
            permits: self.clone(),
            scope: scope.clone(),
        })
    }

    fn running(&self) -> MutexGuard<'_, HashSet<Scope>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for QueryPermit {
    fn drop(&mut self) {
        self.permits.running().remove(&self.scope);
    }
}
