//! Records of calls: everything that came into a hook and went out of it, kept for a time, for the people of the project
//! and for running a call again.
//!
//! `entry` is one call, `document` how the admin API shows it, `recording` what a later run takes from it. Keeping is not part of the request: entries go through a
//! bounded channel to a task that writes many in one transaction, and when that cannot keep up, records are dropped and
//! counted rather than requests slowed down.

mod document;
mod entry;
mod recording;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

pub(crate) use document::{in_list, shown_outcome, whole};
pub(crate) use entry::{Begun, Entry, outcome};
pub(crate) use recording::{recording, unrepeatable};

use crate::{
    base::{clock::Clock, crypto::MasterKey, ids::Scope},
    storage::store::{InvocationRow, Store},
};

/// Entries that wait to be written, and their bytes.
const WAITING: usize = 4_096;
const WAITING_BYTES: usize = 64 << 20;
/// Entries of one transaction; one that is larger than the bytes goes alone.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 4 << 20;
/// How long the first entry of a batch waits for company.
const GATHER: Duration = Duration::from_millis(50);

/// Where entries go.
#[derive(Clone)]
pub(crate) struct Records {
    sender: mpsc::Sender<Message>,
    /// Counts the batches that were written.
    kept: watch::Sender<u64>,
    dropped: Arc<AtomicU64>,
    /// A permit for each byte that may wait.
    permits: Arc<Semaphore>,
}

enum Message {
    /// With its bytes.
    Entry(Box<Entry>, OwnedSemaphorePermit),
    /// Answered when everything before it is written.
    Flush(oneshot::Sender<()>),
}

impl Records {
    /// Starts the task that writes. It ends when the last `Records` is gone.
    pub(crate) fn start(store: Store, master: Arc<MasterKey>, clock: Clock) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let kept = watch::Sender::default();
        let writer = Writer {
            store,
            master,
            clock,
            kept: kept.clone(),
        };
        tokio::spawn(writer.run(receiver));
        Self {
            sender,
            kept,
            dropped: Arc::default(),
            permits: Arc::new(Semaphore::new(WAITING_BYTES)),
        }
    }

    /// Keeps the entry, unless the task is too far behind.
    pub(crate) fn keep(&self, entry: Entry) {
        let bytes = u32::try_from(entry.bytes()).unwrap_or(u32::MAX);
        let sent = match Arc::clone(&self.permits).try_acquire_many_owned(bytes) {
            Ok(bytes) => self.sender.try_send(Message::Entry(Box::new(entry), bytes)).is_ok(),
            Err(_) => false,
        };
        if !sent {
            let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::warn!(dropped, "records of calls are dropped: the store does not keep up");
        }
    }

    /// Changes when this process has written some.
    pub(crate) fn kept(&self) -> watch::Receiver<u64> {
        self.kept.subscribe()
    }

    /// How many were not kept since the start.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Waits until everything that was kept so far is written.
    pub(crate) async fn flush(&self) {
        let (sender, written) = oneshot::channel();
        if self.sender.send(Message::Flush(sender)).await.is_ok() {
            // The task is gone: there is nothing left to wait for.
            written.await.ok();
        }
    }
}

impl Message {
    fn bytes(&self) -> usize {
        match self {
            Self::Entry(_, bytes) => bytes.num_permits(),
            Self::Flush(_) => 0,
        }
    }
}

struct Writer {
    store: Store,
    master: Arc<MasterKey>,
    clock: Clock,
    kept: watch::Sender<u64>,
}

impl Writer {
    async fn run(self, mut receiver: mpsc::Receiver<Message>) {
        while let Some(first) = receiver.recv().await {
            if matches!(first, Message::Entry(..)) {
                tokio::time::sleep(GATHER).await;
            }
            let mut bytes = first.bytes();
            let mut batch = vec![first];
            while batch.len() < BATCH
                && bytes < BATCH_BYTES
                && let Ok(message) = receiver.try_recv()
            {
                bytes += message.bytes();
                batch.push(message);
            }
            self.write(batch).await;
        }
    }

    async fn write(&self, batch: Vec<Message>) {
        let now_ms = self.clock.now_ms();
        let (mut entries, mut permits, mut waiting) = (Vec::with_capacity(batch.len()), Vec::new(), Vec::new());
        for message in batch {
            match message {
                Message::Entry(entry, bytes) => {
                    entries.push(*entry);
                    permits.push(bytes);
                }
                Message::Flush(sender) => waiting.push(sender),
            }
        }
        self.keep(self.rows(entries, now_ms).await).await;
        drop(permits);
        for sender in waiting {
            // Whoever waited may have gone.
            sender.send(()).ok();
        }
    }

    /// Documents of megabytes are put together: not on a thread that answers requests.
    async fn rows(&self, entries: Vec<Entry>, now_ms: i64) -> Vec<(Scope, InvocationRow)> {
        let master = Arc::clone(&self.master);
        let made = tokio::task::spawn_blocking(move || {
            let row = |entry: Entry| {
                entry
                    .row(&master, now_ms)
                    .inspect_err(|error| tracing::error!(?error, "a call cannot be recorded"))
                    .ok()
            };
            entries.into_iter().filter_map(row).collect()
        });
        made.await.unwrap_or_else(|error| {
            tracing::error!(%error, "records of calls are lost");
            Vec::new()
        })
    }

    async fn keep(&self, rows: Vec<(Scope, InvocationRow)>) {
        if rows.is_empty() {
            return;
        }
        let count = rows.len();
        let kept = self.store.write_again(move |tx| {
            rows.iter()
                .try_for_each(|(scope, row)| tx.insert_invocation(scope, row))
        });
        match kept.await {
            Ok(()) => self.kept.send_modify(|batches| *batches += 1),
            Err(error) => {
                let error = crate::base::error::chain(&error);
                tracing::error!(count, error, "records of calls are lost");
            }
        }
    }
}
