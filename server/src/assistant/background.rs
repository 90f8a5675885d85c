//! Questions that nobody waits for: at most one of a project at a time, so that they take nothing from people who do.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use crate::base::ids::Slug;

/// Whose questions are under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Background(Arc<Mutex<HashSet<Slug>>>);

/// One that is under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct InBackground {
    all: Background,
    project: Slug,
}

impl Background {
    /// `None`: the project has one under way.
    pub(crate) fn begin(&self, project: &Slug) -> Option<InBackground> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(project.clone()).then(|| InBackground {
            all: self.clone(),
            project: project.clone(),
        })
    }
}

impl Drop for InBackground {
    fn drop(&mut self) {
        let mut running = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.project);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_one_at_a_time() {
        let background = Background::default();
        let slug = |name: &str| Slug::parse(name).unwrap();
        let first = background.begin(&slug("a"));
        assert!(first.is_some() && background.begin(&slug("a")).is_none());
        assert!(background.begin(&slug("b")).is_some());
        drop(first);
        assert!(background.begin(&slug("a")).is_some());
    }
}
