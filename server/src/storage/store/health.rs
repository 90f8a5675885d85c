//! Whether the core database takes changes: counted and logged as requests find out, and asked with a small write of our own
//! by whoever watches.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use diesel::r2d2::HandleError;

use super::{Store, StoreError, Tx, pool::Connection};
use crate::{
    base::error::chain,
    storage::write_fault::{Unready, WriteFault},
};

/// For so long a write that was done says that the next one will be.
const BEAT_LASTS: Duration = Duration::from_secs(5);

/// Several pages, so that there is room for what a sign-up writes, too.
const BEAT_SQLITE: &str = "
    INSERT INTO heartbeat (id, beat_ms, padding) VALUES (1, CAST(unixepoch('subsec') * 1000 AS INTEGER), randomblob(32768))
    ON CONFLICT (id) DO UPDATE SET beat_ms = excluded.beat_ms, padding = excluded.padding";

/// The locks are those of a sign-up: who holds one of these tables keeps it waiting, too.
const BEAT_POSTGRES: &str = "
    SET LOCAL lock_timeout = '1s';
    LOCK TABLE users, sessions, refresh_tokens, outbox_events, jobs IN ROW EXCLUSIVE MODE;
    INSERT INTO heartbeat (id, beat_ms, padding)
    VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, ''::bytea)
    ON CONFLICT (id) DO UPDATE SET beat_ms = excluded.beat_ms";

/// A row of PostgreSQL is changed in pages that it has already. Where the disk was full, it must give new ones.
const ROOM_POSTGRES: &str = "
    CREATE TEMPORARY TABLE aerocall_room ON COMMIT DROP AS SELECT number FROM generate_series(1, 4096) AS number";

/// After a refusal for want of room, every beat asks for some, for so long or until it was given. Meanwhile single changes may find
/// room in pages that are there.
const FULL_LASTS: Duration = Duration::from_secs(60);

/// For so long a database that had no connection left is not asked again for sure: the pool waits longer after each attempt.
const USED_UP_LASTS: Duration = Duration::from_secs(10);

/// The log repeats a refusal after so long, and has the end of it when nothing was refused for so long.
const REPEATED: Duration = Duration::from_secs(30);
const OVER: Duration = Duration::from_secs(3);

/// How metrics call a transaction that was undone in favour of another one.
const CONFLICT: &str = "conflict";

/// What is known of a database's writes, shared by all who use it.
#[derive(Debug, Default)]
pub(super) struct Health {
    counts: [AtomicU64; WriteFault::ALL.len()],
    /// Transactions that were undone in favour of others.
    conflicts: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What the last write was refused for; `None` if it was done.
    fault: Option<WriteFault>,
    /// When one was last done.
    done: Option<Instant>,
    /// When one was last refused.
    refused: Option<Instant>,
    /// When one was last refused for want of room.
    full: Option<Instant>,
    /// When the last beat was done.
    beat: Option<Instant>,
    /// What the log has, and since when.
    logged: Option<(WriteFault, Instant)>,
    /// When the database last had no connection left for this process.
    used_up: Option<Instant>,
    /// When the log last had a connection that could not be opened.
    unopened_logged: Option<Instant>,
}

impl State {
    fn was_full(&self) -> bool {
        self.full.is_some_and(|at| at.elapsed() < FULL_LASTS)
    }
}

impl Health {
    /// Notes what a write came to.
    pub(super) fn note(&self, fault: Option<WriteFault>) {
        let mut state = self.state();
        state.fault = fault;
        let Some(fault) = fault else {
            state.done = Some(Instant::now());
            if state.logged.is_some() && state.refused.is_none_or(|at| at.elapsed() >= OVER) {
                state.logged = None;
                tracing::info!("the database takes changes again");
            }
            return;
        };
        self.counts[fault as usize].fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        state.refused = Some(now);
        if fault == WriteFault::DiskFull {
            state.full = Some(now);
        }
        if state
            .logged
            .is_none_or(|(logged, at)| logged != fault || at.elapsed() >= REPEATED)
        {
            state.logged = Some((fault, now));
            tracing::error!(
                reason = fault.label(),
                fix = fault.fix(),
                "the database {}",
                fault.words()
            );
        }
    }

    /// Notes a transaction that was undone in favour of another one. That is no fault of the database.
    pub(super) fn note_conflict(&self) {
        self.conflicts.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes a connection that the pool could not open. It tries again by itself.
    fn note_unopened(&self, error: &dyn std::error::Error) {
        let text = chain(error);
        let mut state = self.state();
        let now = Instant::now();
        if is_used_up(&text) {
            state.used_up = Some(now);
        }
        if state.unopened_logged.is_none_or(|at| at.elapsed() >= REPEATED) {
            state.unopened_logged = Some(now);
            tracing::warn!(error = text, "a connection to the database cannot be opened right now");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_just_beaten(&self) -> bool {
        let state = self.state();
        state.fault.is_none() && !state.was_full() && state.beat.is_some_and(|at| at.elapsed() < BEAT_LASTS)
    }

    fn beaten(&self) {
        let mut state = self.state();
        state.beat = Some(Instant::now());
        state.full = None;
    }
}

/// Whom the pool tells of connections that it cannot open.
#[derive(Debug)]
pub(super) struct Unopened(pub(super) Arc<Health>);

impl<E: std::error::Error> HandleError<E> for Unopened {
    fn handle_error(&self, error: E) {
        self.0.note_unopened(&error);
    }
}

/// Whether PostgreSQL, or a pooler before it, has no connection left: neither has a kind of its own here.
pub(crate) fn is_used_up(message: &str) -> bool {
    let said = [
        "too many clients already",
        "too many connections for",
        "remaining connection slots are reserved",
        "no more connections allowed",
    ];
    said.iter().any(|text| message.contains(text))
}

impl Store {
    /// Whether the database had no connection left for this process a moment ago.
    pub(crate) fn is_used_up(&self) -> bool {
        self.health
            .state()
            .used_up
            .is_some_and(|at| at.elapsed() < USED_UP_LASTS)
    }

    /// Whether the database answers and takes changes. Writes at most once in a few seconds, and at once where the last write
    /// was refused.
    pub(crate) async fn beat(&self) -> Result<(), StoreError> {
        self.read(|tx| tx.run("SELECT 1")).await?;
        let health = Arc::clone(&self.health);
        if health.has_just_beaten() {
            return Ok(());
        }
        let was_full = health.state().was_full();
        self.write(move |tx| tx.beat(was_full)).await?;
        health.beaten();
        Ok(())
    }

    /// What the last write was refused for.
    pub(crate) fn fault(&self) -> Option<WriteFault> {
        self.health.state().fault
    }

    /// Whether a write was done within this time.
    pub(crate) fn has_written(&self, within: Duration) -> bool {
        self.health.state().done.is_some_and(|at| at.elapsed() < within)
    }

    /// Refused changes since the start, by what they were refused for; transactions that lost against others are among them.
    pub(crate) fn refusals(&self) -> Vec<(&'static str, u64)> {
        let count = |fault: WriteFault| self.health.counts[fault as usize].load(Ordering::Relaxed);
        let mut refusals = WriteFault::ALL.map(|fault| (fault.label(), count(fault))).to_vec();
        refusals.push((CONFLICT, self.health.conflicts.load(Ordering::Relaxed)));
        refusals
    }
}

impl Tx<'_> {
    fn beat(&mut self, was_full: bool) -> Result<(), StoreError> {
        match (&self.connection, was_full) {
            (Connection::Sqlite(_), _) => self.run(BEAT_SQLITE),
            (Connection::Postgres(_), false) => self.run(BEAT_POSTGRES),
            (Connection::Postgres(_), true) => {
                self.run(BEAT_POSTGRES)?;
                self.run(ROOM_POSTGRES)
            }
        }
    }
}

impl From<StoreError> for Unready {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refuses(fault, _) => Self::refusing(fault, chain(&error)),
            error if is_used_up(&chain(&error)) => Self::used_up(chain(&error)),
            error => Self::silent(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn a_beat_is_a_write_and_lasts_until_something_is_refused() {
        let world = World::new().await;
        world.store.beat().await.unwrap();
        assert!(world.store.health.has_just_beaten());
        world.store.health.note(Some(WriteFault::DiskFull));
        assert_eq!(world.store.fault(), Some(WriteFault::DiskFull));
        assert!(!world.store.health.has_just_beaten());
        world.store.beat().await.unwrap();
        assert_eq!(world.store.fault(), None, "the write was done");
        let refusals = world.store.refusals();
        assert!(refusals.contains(&("disk_full", 1)) && refusals.contains(&("locked", 0)));
    }
}
