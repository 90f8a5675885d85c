//! Events as they are dispatched, for whoever follows them. All who follow one environment in this process share one look at the
//! store, which begins with the first of them and ends with the last. Nothing is missed: what is followed is the order in
//! which events were dispatched, and that is the order of commits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{Notify, broadcast},
    task::AbortHandle,
};

use crate::{
    base::{error::Result, ids::Scope},
    storage::store::{EventRow, Store},
};

/// How often the store is asked when nobody said anything: other processes dispatch events, too.
const INTERVAL: Duration = Duration::from_millis(500);
/// Events of one look.
const PAGE: i64 = 500;
/// Looks that a follower may be behind before it has to read the store itself.
const KEPT_LOOKS: usize = 16;

/// Events with their numbers, in order.
type Look = Arc<[(i64, EventRow)]>;

/// The environments that somebody follows.
pub(crate) struct Feeds {
    store: Store,
    open: Mutex<HashMap<Scope, Weak<Feed>>>,
}

/// The look at one environment.
struct Feed {
    store: Store,
    scope: Scope,
    /// The number of the last event that was passed on. Held while a look is passed on: who joins has all of it or none.
    seen: Arc<Mutex<i64>>,
    looks: broadcast::Sender<Look>,
    notified: Arc<Notify>,
    task: AbortHandle,
}

/// One who follows.
pub(crate) struct Follower {
    feed: Arc<Feed>,
    looks: broadcast::Receiver<Look>,
    /// The number of the last event that it has.
    seen: i64,
    behind: Behind,
}

/// Whether there is something in the store that no look will bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    Yes,
    No,
}

impl Feeds {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            open: Mutex::default(),
        }
    }

    /// Events of these environments were dispatched: whoever follows them looks now.
    pub(crate) fn dispatched<'s>(&self, scopes: impl IntoIterator<Item = &'s Scope>) {
        let open = lock(&self.open);
        for scope in scopes {
            if let Some(feed) = open.get(scope).and_then(Weak::upgrade) {
                feed.notified.notify_one();
            }
        }
    }

    /// From now on, or after the event that was seen last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn follow(&self, scope: Scope, last: Option<String>) -> Result<Follower> {
        let asked = scope.clone();
        let begin = self.store.read(move |tx| {
            let newest = tx.last_seq()?;
            match last {
                Some(id) => Ok((tx.seq_of(&asked, &id)?, newest)),
                None => Ok((newest, newest)),
            }
        });
        let (seen, newest) = begin.await?;
        let feed = self.feed(scope, newest);
        let (looks, passed_on) = {
            let passed_on = lock(&feed.seen);
            (feed.looks.subscribe(), *passed_on)
        };
        Ok(Follower {
            feed,
            looks,
            seen,
            behind: if seen < passed_on { Behind::Yes } else { Behind::No },
        })
    }

    /// The one that there is, or one that begins after this number.
    fn feed(&self, scope: Scope, after: i64) -> Arc<Feed> {
        let mut open = lock(&self.open);
        if let Some(feed) = open.get(&scope).and_then(Weak::upgrade) {
            return feed;
        }
        open.retain(|_, feed| feed.strong_count() > 0);
        let feed = Arc::new(Feed::begin(self.store.clone(), scope.clone(), after));
        open.insert(scope, Arc::downgrade(&feed));
        feed
    }
}

impl Feed {
    fn begin(store: Store, scope: Scope, after: i64) -> Self {
        let (seen, notified) = (Arc::new(Mutex::new(after)), Arc::<Notify>::default());
        let looks = broadcast::Sender::new(KEPT_LOOKS);
        let look = look(
            store.clone(),
            scope.clone(),
            Arc::clone(&seen),
            looks.clone(),
            Arc::clone(&notified),
        );
        Self {
            store,
            scope,
            seen,
            looks,
            notified,
            task: tokio::spawn(look).abort_handle(),
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look(
    store: Store,
    scope: Scope,
    seen: Arc<Mutex<i64>>,
    looks: broadcast::Sender<Look>,
    notified: Arc<Notify>,
) {
    loop {
        let (asked, after) = (scope.clone(), *lock(&seen));
        match store.read(move |tx| tx.events_told_after(&asked, after, PAGE)).await {
            Ok(page) => {
                if let Some((last, _)) = page.last() {
                    let mut seen = lock(&seen);
                    *seen = *last;
                    // An error means that nobody follows any more, and this ends as well.
                    looks.send(page.into()).ok();
                    continue;
                }
            }
            Err(error) => {
                tracing::warn!(%scope, error = crate::base::error::chain(&error), "events cannot be looked for right now")
            }
        }
        // A notification that came meanwhile is kept.
        tokio::time::timeout(INTERVAL, notified.notified()).await.ok();
    }
}

impl Follower {
    /// What is new; waits until there is something. Nothing is lost if it is not waited for to the end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn next(&mut self) -> Result<Vec<EventRow>> {
        loop {
            if self.behind == Behind::Yes {
                let (scope, after) = (self.feed.scope.clone(), self.seen);
                let page = self
                    .feed
                    .store
                    .read(move |tx| tx.events_told_after(&scope, after, PAGE))
                    .await?;
                if !page.is_empty() {
                    return Ok(self.unseen(&page));
                }
                // What was dispatched since then is in a look that waits here.
                self.behind = Behind::No;
            }
            match self.looks.recv().await {
                Ok(look) => {
                    let new = self.unseen(&look);
                    if !new.is_empty() {
                        return Ok(new);
                    }
                }
                // Looks were dropped, or cannot come any more.
                Err(_) => self.behind = Behind::Yes,
            }
        }
    }

    fn unseen(&mut self, events: &[(i64, EventRow)]) -> Vec<EventRow> {
        let after = self.seen;
        let new = events.iter().filter(|(seq, _)| *seq > after);
        let new = new.map(|(_, event)| event.clone()).collect();
        self.seen = events.last().map_or(after, |(seq, _)| after.max(*seq));
        new
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
