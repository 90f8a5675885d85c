//! How this process fares with the broker: written by whoever talks to it, read by readiness and metrics. Without a broker
//! nobody writes it.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

/// What is known of it.
#[derive(Debug, Default)]
pub(crate) struct Broker {
    link: Mutex<LinkState>,
    /// Queues that this process consumes.
    pub(super) consumed: AtomicUsize,
    /// Queues that it should consume and cannot.
    pub(super) not_consumed: AtomicUsize,
    pub(super) counts: BrokerCounts,
}

/// Whether jobs come over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// No jobs of this process come over one.
    #[default]
    Unused,
    /// There is no connection, or not yet.
    Away,
    /// It takes messages and brings them.
    Serving,
    /// It has raised an alarm and takes no messages.
    Alarm,
}

/// What happened since the start.
#[derive(Debug, Default)]
pub(super) struct BrokerCounts {
    pub(super) confirmed: AtomicU64,
    /// A full queue said no.
    pub(super) refused: AtomicU64,
    /// Their queue was not there.
    pub(super) returned: AtomicU64,
    /// Nothing was said of them in time.
    pub(super) unconfirmed: AtomicU64,
    /// Deliveries that went back to their queue unanswered.
    pub(super) requeued: AtomicU64,
}

/// The same, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BrokerFigures {
    pub(crate) state: LinkState,
    pub(crate) consumed: usize,
    pub(crate) not_consumed: usize,
    /// Announcements by what became of them.
    pub(crate) announcements: [(&'static str, u64); 4],
    pub(crate) requeued: u64,
}

impl LinkState {
    pub(crate) const ALL: [Self; 4] = [Self::Unused, Self::Away, Self::Serving, Self::Alarm];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Away => "away",
            Self::Serving => "serving",
            Self::Alarm => "alarm",
        }
    }
}

impl Broker {
    pub(crate) fn state(&self) -> LinkState {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is another one than before.
    pub(super) fn set(&self, state: LinkState) -> bool {
        let mut link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *link, state) != state
    }

    /// What is wrong, in words that say nothing of where it is.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        match (self.state(), self.not_consumed.load(Ordering::Relaxed)) {
            (LinkState::Unused, _) | (LinkState::Serving, 0) => None,
            (LinkState::Away, _) => Some("has no connection to this process; jobs are taken from the database"),
            (LinkState::Alarm, _) => {
                Some("takes no messages: it has a memory or disk alarm; jobs are taken from the database")
            }
            (LinkState::Serving, _) => {
                Some("does not let a queue be declared or consumed; its jobs are taken from the database")
            }
        }
    }

    /// Whether jobs come to this process over a broker.
    pub(crate) fn is_used(&self) -> bool {
        self.state() != LinkState::Unused
    }

    pub(crate) fn figures(&self) -> BrokerFigures {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let counts = &self.counts;
        BrokerFigures {
            state: self.state(),
            consumed: self.consumed.load(Ordering::Relaxed),
            not_consumed: self.not_consumed.load(Ordering::Relaxed),
            announcements: [
                ("confirmed", read(&counts.confirmed)),
                ("refused", read(&counts.refused)),
                ("returned", read(&counts.returned)),
                ("unconfirmed", read(&counts.unconfirmed)),
            ],
            requeued: read(&counts.requeued),
        }
    }
}

/// Adds to a count.
pub(super) fn add(count: &AtomicU64, number: usize) {
    count.fetch_add(number as u64, Ordering::Relaxed);
}
