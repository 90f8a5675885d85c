//! How many questions are under way at the same time: each holds a connection and a place at somebody else's server for minutes.

use crate::base::{
    error::Refusal,
    ids::Slug,
    shares::{Share, Shares},
};

/// What is under way.
#[derive(Clone, Debug)]
pub(super) struct Permits(Shares);

impl Permits {
    pub(super) fn new(most: usize, most_per_project: usize) -> Self {
        Self(Shares::new(most, most_per_project))
    }

    /// # Errors
    /// `busy`: the project or the node has as many under way as it may have.
    pub(super) fn take(&self, project: &Slug) -> Result<Share, Refusal> {
        self.0.take(project).ok_or_else(|| {
            Refusal::busy("The assistant answers as many questions at the same time as it may; try again in a moment")
        })
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
        assert!(permits.0.is_idle());
    }
}
