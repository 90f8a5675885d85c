//! Other processes on the same database: what they change of an environment is taken over here, within a second.
//!
//! Whoever changes what nodes keep in memory calls [`crate::storage::store::Tx::changed`] in the transaction of the change. On
//! PostgreSQL its commit sends a notification, over a connection that does nothing else; with or without one, one row is
//! read every half a second. Knows what is kept in memory, not what is in it.
//!
//! Each node also writes what it has counted of rollouts, and notices when one is over.
//!
//! What nodes have to agree on besides is the time: each follows the clock of the database server.

mod propagation;

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, task::JoinHandle};

use crate::{app::App, storage::store::Store};

pub(crate) use propagation::catch_up;

/// How often the store is asked when nobody said anything.
const INTERVAL: Duration = Duration::from_millis(500);
/// Before the connection that hears is opened again: at first, and at most.
const RECONNECT: Duration = Duration::from_millis(500);
const LONGEST_RECONNECT: Duration = Duration::from_secs(30);
/// How often this process looks at the clock that all share. In between it counts by itself.
const CLOCK: Duration = Duration::from_secs(10);

/// How often figures of rollouts are written, if there are any.
const COUNTS: Duration = Duration::from_millis(100);
/// In so many of these turns it is looked once for rollouts whose time is over: until then they get no calls anyway.
const COUNTS_PER_END: u32 = 10;

/// The running look at the other nodes; ends when it is dropped.
pub(crate) struct Nodes(JoinHandle<()>);

impl Nodes {
    /// Starts to look. What was changed since [`App::open`] read it is found first.
    pub(crate) fn start(app: Arc<App>) -> Self {
        Self(tokio::spawn(async move {
            let notified = Notify::new();
            tokio::join!(
                look(&app, &notified),
                listen(&app.store, &notified),
                follow_clock(&app),
                rollouts(&app)
            );
        }))
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn look(app: &Arc<App>, notified: &Notify) {
    let mut is_logged = false;
    loop {
        match catch_up(app).await {
            Ok(()) => is_logged = false,
            // Once: while the database is away, everything else says so, too.
            Err(error) if !is_logged => {
                is_logged = true;
                tracing::warn!(?error, "changes by other nodes cannot be read right now");
            }
            Err(_) => {}
        }
        tokio::time::timeout(INTERVAL, notified.notified()).await.ok();
    }
}

async fn follow_clock(app: &App) {
    loop {
        tokio::time::sleep(CLOCK).await;
        // While the database is away, the last answer holds.
        if let Err(error) = app.store.lead(&app.clock).await {
            let error = crate::base::error::chain(&error);
            tracing::debug!(error, "the clock of the database cannot be read right now");
        }
    }
}

/// Writes what was counted of rollouts, so that all nodes see the same figures, and ends those whose time is over.
async fn rollouts(app: &App) {
    let mut turns = 0_u32;
    let mut is_logged = false;
    loop {
        tokio::time::sleep(COUNTS).await;
        turns = turns.wrapping_add(1);
        let mut done = app.hooks.write_counts().await;
        if done.is_ok() && turns.is_multiple_of(COUNTS_PER_END) {
            done = app.hooks.end_overdue_rollouts().await;
        }
        match done {
            Ok(()) => is_logged = false,
            Err(error) if !is_logged => {
                is_logged = true;
                tracing::warn!(?error, "figures of rollouts cannot be written right now; they are kept");
            }
            Err(_) => {}
        }
    }
}

async fn listen(store: &Store, notified: &Notify) {
    let mut wait = RECONNECT;
    loop {
        let began = tokio::time::Instant::now();
        let ended = store.listen(notified).await;
        if began.elapsed() > LONGEST_RECONNECT {
            wait = RECONNECT;
        }
        let error = ended.err().map(|error| crate::base::error::chain(&error));
        tracing::warn!(
            ?error,
            ?wait,
            "notifications of other nodes are not received right now; polling only"
        );
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_RECONNECT);
    }
}
