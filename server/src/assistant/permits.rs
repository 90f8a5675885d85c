//! How many questions are under way at the same time: each holds a connection and a place at somebody else's server for minutes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::base::{error::Refusal, ids::Slug};

/// What is under way, by project.
#[derive(Clone, Debug)]
pub(super) struct Permits {
    running: Arc<Mutex<HashMap<Slug, usize>>>,
    most: usize,
    most_per_project: usize,
}

/// One that is under way, until it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    all: Permits,
    project: Slug,
}

impl Permits {
    pub(super) fn new(most: usize, most_per_project: usize) -> Self {
        Self {
            running: Arc::default(),
            most,
            most_per_project,
        }
    }

    /// # Errors
    /// `busy`: the project or the node has as many under way as it may have.
    pub(super) fn take(&self, project: &Slug) -> Result<Permit, Refusal> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let of_project = running.get(project).copied().unwrap_or_default();
        if of_project >= self.most_per_project || running.values().sum::<usize>() >= self.most {
            return Err(Refusal::busy(
                "The assistant answers as many questions at the same time as it may; try again in a moment",
            ));
        }
        running.insert(project.clone(), of_project + 1);
        Ok(Permit {
            all: self.clone(),
            project: project.clone(),
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut running = self.all.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get_mut(&self.project) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(running.remove(&self.project)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_its_share_and_the_node_its_most() {
        let permits = Permits::new(3, 2);
        let slug = |name: &str| Slug::parse(name).unwrap();
        let mut held = vec![permits.take(&slug("a")).unwrap(), permits.take(&slug("a")).unwrap()];
        assert_eq!(permits.take(&slug("a")).unwrap_err().code, "busy");
        held.push(permits.take(&slug("b")).unwrap());
        assert_eq!(permits.take(&slug("c")).unwrap_err().code, "busy");
        drop(held);
        assert!(permits.running.lock().unwrap().is_empty());
    }
}
