//! The backtests that run on this node: how many at the same time, and how one of them is asked to stop.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::base::{
    error::Refusal,
    ids::{Scope, Slug},
};

/// On this node; each takes a core while it runs.
const MAX: usize = 2;
/// Of one project.
const MAX_PER_PROJECT: usize = 1;

/// What runs, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backtests(Arc<Mutex<HashMap<String, Entry>>>);

/// One that runs.
#[derive(Debug)]
struct Entry {
    project: Slug,
    stop: Arc<AtomicBool>,
}

/// One that runs, until it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    all: Backtests,
    id: String,
    stop: Arc<AtomicBool>,
}

impl Backtests {
    /// Begins one.
    ///
    /// # Errors
    /// `busy`: the project or the node runs as many as it may.
    pub(crate) fn begin(&self, scope: &Scope, id: &str) -> Result<Running, Refusal> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_project = running.values().filter(|entry| entry.project == scope.project).count();
        if of_project >= MAX_PER_PROJECT || running.len() >= MAX {
            return Err(Refusal::busy(
                "A backtest of this project, or as many as may be, runs here already; wait for its end, or stop it",
            ));
        }
        let stop = Arc::<AtomicBool>::default();
        let entry = Entry {
            project: scope.project.clone(),
            stop: Arc::clone(&stop),
        };
        running.insert(id.to_owned(), entry);
        Ok(Running {
            all: self.clone(),
            id: id.to_owned(),
            stop,
        })
    }

    /// Tells one to stop, if it runs here.
    pub(crate) fn stop(&self, id: &str) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = running.get(id) {
            entry.stop.store(true, Ordering::Relaxed);
        }
    }
}

impl Running {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_project_and_two_of_a_node_and_each_can_be_stopped() {
        let backtests = Backtests::default();
        let scope = |name: &str| Scope {
            project: Slug::parse(name).unwrap(),
            environment: Slug::production(),
        };
        let first = backtests.begin(&scope("a"), "1").unwrap();
        assert!(backtests.begin(&scope("a"), "2").is_err());
        let second = backtests.begin(&scope("b"), "3").unwrap();
        assert!(backtests.begin(&scope("c"), "4").is_err());
        backtests.stop("1");
        assert!(first.is_stopped() && !second.is_stopped());
        drop(first);
        assert!(backtests.begin(&scope("a"), "5").is_ok());
    }
}
