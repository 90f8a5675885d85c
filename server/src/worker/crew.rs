//! What this process has under way of one kind of work: each task with the place it takes, which is free again when it ends,
//! however it ends. Jobs, webhook deliveries and mails each have a crew.

use std::collections::HashMap;

use tokio::task::{Id, JoinError, JoinSet};

use crate::base::places::{PlaceLimits, Places};

/// Tasks and their places.
pub(super) struct Crew<T> {
    tasks: JoinSet<T>,
    tickets: HashMap<Id, Ticket>,
    places: Places,
}

/// Whose place a task takes.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    /// What it works on, for the log.
    pub(super) what: String,
    pub(super) project: String,
    pub(super) lane: String,
    /// As many as the lane may have at the same time.
    pub(super) most: usize,
}

impl<T: Send + 'static> Crew<T> {
    pub(super) fn new(limits: PlaceLimits) -> Self {
        Self {
            tasks: JoinSet::new(),
            tickets: HashMap::new(),
            places: Places::new(limits),
        }
    }

    /// What is taken and what is free.
    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// How much is under way.
    pub(super) fn len(&self) -> usize {
        self.tickets.len()
    }

    /// Begins a task; its place was counted as free before.
    pub(super) fn begin(&mut self, ticket: Ticket, task: impl Future<Output = T> + Send + 'static) {
        self.places.take(&ticket.project, &ticket.lane, ticket.most);
        let id = self.tasks.spawn(task).id();
        self.tickets.insert(id, ticket);
    }

    /// Waits for a task to be over; for ever if there is none. `None`: it ended early, which is logged.
    pub(super) async fn one_over(&mut self) -> Option<T> {
        match self.tasks.join_next_with_id().await {
            Some(joined) => self.ended(joined),
            None => std::future::pending().await,
        }
    }

    /// What is over by now.
    pub(super) fn all_over(&mut self) -> Vec<T> {
        let mut over = Vec::new();
        while let Some(joined) = self.tasks.try_join_next_with_id() {
            over.extend(self.ended(joined));
        }
        over
    }

    /// Waits until nothing is under way.
    pub(super) async fn finish(&mut self) {
        while self.len() > 0 {
            self.one_over().await;
        }
    }

    fn ended(&mut self, joined: Result<(Id, T), JoinError>) -> Option<T> {
        let (id, ended) = match joined {
            Ok((id, ended)) => (id, Ok(ended)),
            Err(error) => (error.id(), Err(error)),
        };
        let ticket = self.tickets.remove(&id)?;
        self.places.give_back(&ticket.lane);
        ended
            .inspect_err(
                |error| tracing::error!(what = ticket.what, %error, "work under way ended early; it is done again"),
            )
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: PlaceLimits = PlaceLimits {
        shared: 1,
        shared_per_project: 1,
        per_lane: 1,
        own: 0,
        own_per_project: 0,
    };

    fn ticket() -> Ticket {
        Ticket {
            what: "job_1".to_owned(),
            project: "a".to_owned(),
            lane: "a".to_owned(),
            most: 1,
        }
    }

    #[tokio::test]
    async fn a_place_is_free_again_however_its_task_ends() {
        let mut crew: Crew<u32> = Crew::new(ONE);
        crew.begin(ticket(), async { 7 });
        assert!(!crew.places().has_room());
        assert_eq!(crew.one_over().await, Some(7));
        assert!(crew.places().has_room());
        crew.begin(ticket(), async { panic!("a test of a task that panics") });
        assert_eq!(crew.one_over().await, None);
        assert!(crew.places().has_room() && crew.len() == 0);
    }
}
