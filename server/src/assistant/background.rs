//! Questions that nobody waits for: at most one of a project at a time, so that they take nothing from people who do.

use crate::base::{
    ids::Slug,
    shares::{Share, Shares},
};

/// What is under way.
#[derive(Clone, Debug)]
pub(crate) struct Background(Shares);

impl Default for Background {
    fn default() -> Self {
        Self(Shares::new(usize::MAX, 1))
    }
}

impl Background {
    /// `None`: the project has one under way.
    pub(crate) fn begin(&self, project: &Slug) -> Option<Share> {
        self.0.take(project)
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
