//! Records of calls: everything that came into a hook and went out of it, kept for a time, for the people of the project
//! and for running a call again.
//!
//! `entry` is one call, `document` how the admin API shows it. Keeping is not part of the request: entries go through a
//! bounded channel to a task that writes many in one transaction, and when that cannot keep up, records are dropped and
//! counted rather than requests slowed down.

mod document;
mod entry;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

pub(crate) use document::{in_list, whole};
pub(crate) use entry::{Entry, outcome};

use crate::{
    base::{clock::Clock, crypto::MasterKey, ids::Scope},
    storage::store::{InvocationRow, Store},
};

/// Entries that wait to be written.
const WAITING: usize = 4_096;
/// Entries of one transaction.
const BATCH: usize = 256;
/// How long the first entry of a batch waits for company.
const GATHER: Duration = Duration::from_millis(50);

/// Where entries go.
#[derive(Clone)]
pub(crate) struct Records {
    sender: mpsc::Sender<Message>,
    dropped: Arc<AtomicU64>,
}

enum Message {
    Entry(Box<Entry>),
    /// Answered when everything before it is written.
    Flush(oneshot::Sender<()>),
}

impl Records {
    /// Starts the task that writes. It ends when the last `Records` is gone.
    pub(crate) fn start(store: Store, master: Arc<MasterKey>, clock: Clock) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let writer = Writer { store, master, clock };
        tokio::spawn(writer.run(receiver));
        Self {
            sender,
            dropped: Arc::default(),
        }
    }

    /// Keeps the entry, unless the task is too far behind.
    pub(crate) fn keep(&self, entry: Entry) {
        if self.sender.try_send(Message::Entry(Box::new(entry))).is_err() {
            let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::warn!(dropped, "records of calls are dropped: the store does not keep up");
        }
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

struct Writer {
    store: Store,
    master: Arc<MasterKey>,
    clock: Clock,
}

impl Writer {
    async fn run(self, mut receiver: mpsc::Receiver<Message>) {
        while let Some(first) = receiver.recv().await {
            if matches!(first, Message::Entry(_)) {
                tokio::time::sleep(GATHER).await;
            }
            let mut batch = vec![first];
            while batch.len() < BATCH
                && let Ok(message) = receiver.try_recv()
            {
                batch.push(message);
            }
            self.write(batch).await;
        }
    }

    async fn write(&self, batch: Vec<Message>) {
        let now_ms = self.clock.now_ms();
        let (mut rows, mut waiting) = (Vec::with_capacity(batch.len()), Vec::new());
        for message in batch {
            match message {
                Message::Entry(entry) => rows.extend(self.row(*entry, now_ms)),
                Message::Flush(sender) => waiting.push(sender),
            }
        }
        self.keep(rows).await;
        for sender in waiting {
            // Whoever waited may have gone.
            sender.send(()).ok();
        }
    }

    fn row(&self, entry: Entry, now_ms: i64) -> Option<(Scope, InvocationRow)> {
        entry
            .row(&self.master, now_ms)
            .inspect_err(|error| tracing::error!(?error, "a call cannot be recorded"))
            .ok()
    }

    async fn keep(&self, rows: Vec<(Scope, InvocationRow)>) {
        if rows.is_empty() {
            return;
        }
        let count = rows.len();
        let kept = self.store.write(move |tx| {
            rows.iter()
                .try_for_each(|(scope, row)| tx.insert_invocation(scope, row))
        });
        if let Err(error) = kept.await {
            tracing::error!(
                count,
                error = crate::base::error::chain(&error),
                "records of calls are lost"
            );
        }
    }
}
