//! Whether the core database takes changes: counted and logged as requests find out, and asked with a small write of our own
//! by whoever watches.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{Store, StoreError, Tx, pool::Connection};
use crate::storage::write_fault::{Unready, WriteFault};

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

/// The log repeats a refusal after so long, and has the end of it when nothing was refused for so long.
const REPEATED: Duration = Duration::from_secs(30);
const OVER: Duration = Duration::from_secs(3);

/// What is known of a database's writes, shared by all who use it.
#[derive(Debug, Default)]
pub(super) struct Health {
    counts: [AtomicU64; WriteFault::ALL.len()],
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

impl Store {
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

    /// Refused changes since the start, by what they were refused for.
    pub(crate) fn refusals(&self) -> Vec<(&'static str, u64)> {
        let count = |fault: WriteFault| self.health.counts[fault as usize].load(Ordering::Relaxed);
        WriteFault::ALL.map(|fault| (fault.label(), count(fault))).to_vec()
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
            StoreError::Refuses(fault, _) => Self::refusing(fault, crate::base::error::chain(&error)),
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
