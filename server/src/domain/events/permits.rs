//! How many streams of events a project may have open in this process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aerocall_contract::errors;

use crate::base::{
    error::{Refusal, Result},
    ids::Slug,
};

/// Streams of one project at the same time.
const MAX_STREAMS: usize = 20;

/// The streams that are open, by project.
#[derive(Clone, Default)]
pub(crate) struct StreamPermits(Arc<Mutex<HashMap<Slug, usize>>>);

/// One of the streams that a project may have; given back when it is dropped.
pub(crate) struct StreamPermit {
    permits: StreamPermits,
    project: Slug,
}

impl StreamPermits {
    /// # Errors
    /// The project has as many streams as it may have.
    pub(crate) fn permit(&self, project: &Slug) -> Result<StreamPermit> {
        let mut open = self.open();
        let taken = open.entry(project.clone()).or_default();
        if *taken >= MAX_STREAMS {
            let message = format!("A project can have at most {MAX_STREAMS} event streams open at the same time");
            return Err(Refusal::new(errors::TOO_MANY_STREAMS, message).into());
        }
        *taken += 1;
        Ok(StreamPermit {
            permits: self.clone(),
            project: project.clone(),
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Slug, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let mut open = self.permits.open();
        if let Some(taken) = open.get_mut(&self.project) {
            *taken -= 1;
            if *taken == 0 {
                open.remove(&self.project);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_so_many_streams_and_gets_back_what_it_gave_back() {
        let permits = StreamPermits::default();
        let (own, other) = (Slug::parse("own").unwrap(), Slug::parse("other").unwrap());
        let mut held: Vec<StreamPermit> = (0..MAX_STREAMS).map(|_| permits.permit(&own).unwrap()).collect();
        assert!(
            permits
                .permit(&own)
                .is_err_and(|error| error.is_refusal(errors::TOO_MANY_STREAMS))
        );
        assert!(permits.permit(&other).is_ok());
        held.pop();
        held.push(permits.permit(&own).unwrap());
        assert!(permits.permit(&own).is_err());
        drop(held);
        assert!(permits.open().is_empty(), "nothing is kept of who has no stream");
    }
}
