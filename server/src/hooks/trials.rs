//! How many hooks are tried at the same time: runs for a test, replays, cases. They share a machine with the invocations that
//! requests wait for, so there are few of them, and a project has no more than its share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::base::{error::Refusal, ids::Slug};

/// On this node.
const MAX: usize = 8;
/// Of one project.
const MAX_PER_PROJECT: usize = 2;

/// What is under way, by project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trials(Arc<Mutex<HashMap<Slug, usize>>>);

/// One that is under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct Trial {
    all: Trials,
    project: Slug,
}

impl Trials {
    /// Begins one.
    ///
    /// # Errors
    /// `busy`: the project or the node has as many under way as it may have.
    pub(crate) fn begin(&self, project: &Slug) -> Result<Trial, Refusal> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_project = running.get(project).copied().unwrap_or_default();
        if of_project >= MAX_PER_PROJECT || running.values().sum::<usize>() >= MAX {
            return Err(Refusal::busy(
                "Hooks are tried here for others, or for this project, as often at the same time as they may be; try again in a moment",
            ));
        }
        running.insert(project.clone(), of_project + 1);
        Ok(Trial {
            all: self.clone(),
            project: project.clone(),
        })
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let mut running = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        let trials = Trials::default();
        let slug = |name: &str| Slug::parse(name).unwrap();
        let mut held = vec![trials.begin(&slug("a")).unwrap(), trials.begin(&slug("a")).unwrap()];
        assert_eq!(trials.begin(&slug("a")).unwrap_err().code, "busy");
        for project in ["b", "c", "d"] {
            held.extend([
                trials.begin(&slug(project)).unwrap(),
                trials.begin(&slug(project)).unwrap(),
            ]);
        }
        assert_eq!(trials.begin(&slug("e")).unwrap_err().code, "busy");
        held.truncate(1);
        held.push(trials.begin(&slug("a")).unwrap());
        assert!(trials.begin(&slug("a")).is_err() && trials.begin(&slug("e")).is_ok());
        drop(held);
        assert!(trials.0.lock().unwrap().is_empty());
    }
}
