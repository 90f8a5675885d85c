//! How much of one kind of work may be under way at the same time: on this node, and of one project. What has no room is
//! not done, or waits for its turn.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use super::ids::Slug;

/// What is under way, by project, and the limits.
#[derive(Clone, Debug)]
pub(crate) struct Shares {
    running: Arc<Mutex<HashMap<Slug, usize>>>,
    /// Whenever something has ended.
    ended: Arc<Notify>,
    most: usize,
    most_per_project: usize,
}

/// Work that is under way, until this is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    all: Shares,
    project: Slug,
}

impl Shares {
    pub(crate) fn new(most: usize, most_per_project: usize) -> Self {
        Self {
            running: Arc::default(),
            ended: Arc::default(),
            most,
            most_per_project,
        }
    }

    /// `None`: the project or the node has as much under way as it may have.
    pub(crate) fn take(&self, project: &Slug) -> Option<Share> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let of_project = running.get(project).copied().unwrap_or_default();
        if of_project >= self.most_per_project || running.values().sum::<usize>() >= self.most {
            return None;
        }
        running.insert(project.clone(), of_project + 1);
        Some(Share {
            all: self.clone(),
            project: project.clone(),
        })
    }

    /// The same, as soon as there is room; `None`: there was none within this time.
    pub(crate) async fn take_within(&self, project: &Slug, patience: Duration) -> Option<Share> {
        let until = Instant::now() + patience;
        loop {
            let mut ended = pin!(self.ended.notified());
            // Before it is looked, so that what ends in between is not missed.
            ended.as_mut().enable();
            if let Some(share) = self.take(project) {
                return Some(share);
            }
            timeout_at(until, ended).await.ok()?;
        }
    }

    /// Whether nothing is under way, and nothing is kept of what was.
    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.running.lock().unwrap().is_empty()
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut running = self.all.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get_mut(&self.project) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(running.remove(&self.project)),
        }
        drop(running);
        self.all.ended.notify_waiters();
    }
}
