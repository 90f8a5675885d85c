//! How many hooks are tried at the same time: runs for a test, replays, cases. They share a machine with the invocations that
//! requests wait for, so there are few of them, and a project has no more than its share.

use std::time::Duration;

use crate::base::{
    error::Refusal,
    ids::Slug,
    shares::{Share, Shares},
};

/// On this node.
const MAX: usize = 8;
/// Of one project.
const MAX_PER_PROJECT: usize = 2;

/// What is under way.
#[derive(Clone, Debug)]
pub(crate) struct Trials(Shares);

impl Default for Trials {
    fn default() -> Self {
        Self(Shares::new(MAX, MAX_PER_PROJECT))
    }
}

impl Trials {
    /// Begins one, which is under way until what is answered is dropped.
    ///
    /// # Errors
    /// `busy`: the project or the node has as many under way as it may have.
    pub(crate) fn begin(&self, project: &Slug) -> Result<Share, Refusal> {
        self.0.take(project).ok_or_else(busy)
    }

    /// The same, as soon as there is room for it.
    ///
    /// # Errors
    /// `busy`: there was none within this time.
    pub(crate) async fn begin_within(&self, project: &Slug, patience: Duration) -> Result<Share, Refusal> {
        self.0.take_within(project, patience).await.ok_or_else(busy)
    }
}

fn busy() -> Refusal {
    Refusal::busy(
        "Hooks are tried here for others, or for this project, as often at the same time as they may be; try again in a moment",
    )
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        task::{Context, Waker},
    };

    use super::*;

    fn is_pending(turn: Pin<&mut impl Future>) -> bool {
        turn.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

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
        assert!(trials.0.is_idle());
    }

    #[tokio::test]
    async fn who_waits_has_a_turn_when_one_ends_and_no_other_room_is_waited_for() {
        let trials = Trials::default();
        let project = Slug::parse("a").unwrap();
        let (first, second) = (trials.begin(&project).unwrap(), trials.begin(&project).unwrap());
        let patience = Duration::from_secs(3_600);
        let mut waiting = [0, 1].map(|_| Box::pin(trials.begin_within(&project, patience)));
        for turn in &mut waiting {
            assert!(is_pending(turn.as_mut()), "there is no room");
        }
        drop(first);
        let [one, mut other] = waiting;
        let turn = one.await.unwrap();
        assert!(is_pending(other.as_mut()), "it was one turn");
        drop(second);
        let last = other.await.unwrap();
        assert!(trials.begin(&project).is_err());
        assert_eq!(
            trials
                .begin_within(&project, Duration::from_millis(1))
                .await
                .unwrap_err()
                .code,
            "busy"
        );
        drop((turn, last));
        assert!(trials.0.is_idle());
    }
}
