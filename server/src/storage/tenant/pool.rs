//! Connections that wait for their next request, of all scopes together. Bounded per scope and over all; the one that
//! has waited longest goes when another scope needs its place. Knows no database.
//!
//! A connection can outlive its lease: a database goes on with a statement that nothing stops after we have hung up. What
//! knows of that keeps a [`Taken`], and the slot is free when that is dropped, too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aerocall_runtime::host::SdkError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fault;
use crate::base::ids::Scope;

/// The bounds of a pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Connections in use by one scope.
    pub(super) per_scope: usize,
    /// Connections of all scopes, idle ones counted.
    pub(super) all: usize,
    /// How long a request waits for one.
    pub(super) wait: Duration,
    /// How long an unused one is kept.
    pub(super) idle: Duration,
}

/// All connections.
pub(super) struct Pool<C> {
    bounds: Bounds,
    places: Arc<Semaphore>,
    state: Mutex<State<C>>,
}

struct State<C> {
    scopes: HashMap<Scope, Shelf<C>>,
    /// Requests that wait for a place: what comes back is closed for them instead of kept.
    waiting: usize,
}

struct Shelf<C> {
    turns: Arc<Semaphore>,
    idle: Vec<Idle<C>>,
}

struct Idle<C> {
    connection: C,
    since: Instant,
    place: Arc<OwnedSemaphorePermit>,
}

/// What a request gets: a used connection, or room for a new one.
pub(super) enum Found<C> {
    Used(Lease<C>),
    Free(Slot),
}

/// Slot for a connection.
pub(super) struct Slot {
    place: Arc<OwnedSemaphorePermit>,
    turn: Arc<OwnedSemaphorePermit>,
    scope: Scope,
}

/// Keeps a slot, or the place of a connection that waits, from being given to another.
#[derive(Debug)]
pub(super) struct Taken {
    _place: Arc<OwnedSemaphorePermit>,
    _turn: Option<Arc<OwnedSemaphorePermit>>,
}

/// A connection and the slot it takes. Dropped, it is closed; [`Pool::give_back`] keeps it.
pub(super) struct Lease<C> {
    pub(super) connection: C,
    slot: Slot,
}

impl Slot {
    pub(super) fn with<C>(self, connection: C) -> Lease<C> {
        Lease { connection, slot: self }
    }
}

impl<C> Lease<C> {
    /// What the connection takes while it is in use.
    pub(super) fn taken(&self) -> Taken {
        Taken {
            _turn: Some(Arc::clone(&self.slot.turn)),
            ..self.taken_idle()
        }
    }

    /// What it takes while it waits for its next request.
    pub(super) fn taken_idle(&self) -> Taken {
        Taken {
            _place: Arc::clone(&self.slot.place),
            _turn: None,
        }
    }
}

impl<C: Send + 'static> Pool<C> {
    pub(super) fn new(bounds: Bounds) -> Arc<Self> {
        let pool = Arc::new(Self {
            bounds,
            places: Arc::new(Semaphore::new(bounds.all)),
            state: Mutex::new(State {
                scopes: HashMap::new(),
                waiting: 0,
            }),
        });
        Self::sweep_from_now_on(&pool);
        pool
    }

    /// A connection of the scope or room for one.
    pub(super) async fn find(&self, scope: &Scope) -> Result<Found<C>, SdkError> {
        let until = tokio::time::Instant::now() + self.bounds.wait;
        let turns = self.turns(scope);
        let turn = tokio::time::timeout_at(until, turns.acquire_owned())
            .await
            .map_err(|_| fault::busy())?
            .map(Arc::new)
            .map_err(|_| fault::busy())?;
        if let Some(idle) = self.idle_of(scope) {
            let slot = Slot {
                place: idle.place,
                turn,
                scope: scope.clone(),
            };
            return Ok(Found::Used(slot.with(idle.connection)));
        }
        let place = tokio::time::timeout_at(until, self.place())
            .await
            .map_err(|_| fault::busy())??;
        Ok(Found::Free(Slot {
            place: Arc::new(place),
            turn,
            scope: scope.clone(),
        }))
    }

    /// Keeps a connection for the next request of its scope. It must be clean.
    pub(super) fn give_back(&self, lease: Lease<C>) {
        let mut state = self.lock();
        if state.waiting > 0 {
            return;
        }
        let Lease { connection, slot } = lease;
        let idle = Idle {
            connection,
            since: Instant::now(),
            place: slot.place,
        };
        if let Some(shelf) = state.scopes.get_mut(&slot.scope) {
            shelf.idle.push(idle);
        }
        drop(state);
        // Last, so that whoever gets the turn finds the connection.
        drop(slot.turn);
    }

    /// Closes the connections of the scope that nobody uses.
    pub(super) fn close(&self, scope: &Scope) {
        let idle = self
            .lock()
            .scopes
            .get_mut(scope)
            .map(|shelf| std::mem::take(&mut shelf.idle));
        // Not while the state is locked: closing may take a moment.
        drop(idle);
    }

    fn turns(&self, scope: &Scope) -> Arc<Semaphore> {
        let shelf = || Shelf {
            turns: Arc::new(Semaphore::new(self.bounds.per_scope)),
            idle: Vec::new(),
        };
        Arc::clone(&self.lock().scopes.entry(scope.clone()).or_insert_with(shelf).turns)
    }

    fn idle_of(&self, scope: &Scope) -> Option<Idle<C>> {
        self.lock().scopes.get_mut(scope)?.idle.pop()
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, SdkError> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let _waiting = Waiting::begin(self);
        // Dropped before the wait: it is what the wait may be for.
        drop(self.oldest());
        let places = Arc::clone(&self.places);
        places.acquire_owned().await.map_err(|_| fault::busy())
    }

    /// The connection that has waited longest, over all scopes.
    fn oldest(&self) -> Option<Idle<C>> {
        let mut state = self.lock();
        let shelf = state
            .scopes
            .values_mut()
            .filter(|shelf| !shelf.idle.is_empty())
            .min_by_key(|shelf| shelf.idle[0].since)?;
        Some(shelf.idle.remove(0))
    }

    fn sweep_from_now_on(pool: &Arc<Self>) {
        let (pool, every) = (Arc::downgrade(pool), pool.bounds.idle);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(every).await;
                match pool.upgrade() {
                    Some(pool) => drop(pool.sweep()),
                    None => return,
                }
            }
        });
    }

    /// What nobody has used for long, and scopes of which nothing is left.
    fn sweep(&self) -> Vec<Idle<C>> {
        let mut swept = Vec::new();
        let most = self.bounds.idle;
        let per_scope = self.bounds.per_scope;
        self.lock().scopes.retain(|_, shelf| {
            let old = shelf
                .idle
                .iter()
                .take_while(|idle| idle.since.elapsed() >= most)
                .count();
            swept.extend(shelf.idle.drain(..old));
            // A turn that is asked for keeps the semaphore alive; only one that nobody holds may go.
            let unused = Arc::strong_count(&shelf.turns) == 1 && shelf.turns.available_permits() == per_scope;
            !(shelf.idle.is_empty() && unused)
        });
        swept
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Waiting<'a, C: Send + 'static>(&'a Pool<C>);

impl<'a, C: Send + 'static> Waiting<'a, C> {
    fn begin(pool: &'a Pool<C>) -> Self {
        pool.lock().waiting += 1;
        Self(pool)
    }
}

impl<C: Send + 'static> Drop for Waiting<'_, C> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Slug;

    fn scope(name: &str) -> Scope {
        Scope {
            project: Slug::parse(name).unwrap(),
            environment: Slug::production(),
        }
    }

    fn pool(per_scope: usize, all: usize) -> Arc<Pool<u32>> {
        Pool::new(Bounds {
            per_scope,
            all,
            wait: Duration::from_millis(100),
            idle: Duration::from_millis(50),
        })
    }

    async fn lease(pool: &Pool<u32>, name: &str, fresh: u32) -> Result<Lease<u32>, SdkError> {
        Ok(match pool.find(&scope(name)).await? {
            Found::Used(lease) => lease,
            Found::Free(slot) => slot.with(fresh),
        })
    }

    #[tokio::test]
    async fn a_scope_gets_its_own_back_and_no_more_than_its_share() {
        let pool = pool(1, 10);
        let first = lease(&pool, "a", 1).await.unwrap();
        assert_eq!(lease(&pool, "a", 2).await.err(), Some(fault::busy()));
        assert_eq!(lease(&pool, "b", 3).await.unwrap().connection, 3);
        pool.give_back(first);
        assert_eq!(lease(&pool, "a", 4).await.unwrap().connection, 1);
        assert_eq!(
            lease(&pool, "a", 5).await.unwrap().connection,
            5,
            "dropped means closed"
        );
    }

    #[tokio::test]
    async fn the_longest_idle_makes_room_and_the_waiting_are_served() {
        let pool = pool(2, 2);
        let (a, b) = (lease(&pool, "a", 1).await.unwrap(), lease(&pool, "b", 2).await.unwrap());
        pool.give_back(a);
        let c = lease(&pool, "c", 3).await.unwrap();
        assert_eq!(c.connection, 3, "a's idle one was closed for it");
        let waiter = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { lease(&pool, "d", 4).await.unwrap().connection }
        });
        while pool.lock().waiting == 0 {
            tokio::task::yield_now().await;
        }
        pool.give_back(b);
        assert_eq!(waiter.await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_slot_is_free_when_all_that_keeps_it_is_gone() {
        let pool = pool(1, 1);
        let first = lease(&pool, "a", 1).await.unwrap();
        let kept = first.taken();
        drop(first);
        for name in ["a", "b"] {
            assert_eq!(lease(&pool, name, 2).await.err(), Some(fault::busy()), "{name}");
        }
        drop(kept);
        let second = lease(&pool, "a", 3).await.unwrap();
        let kept = second.taken_idle();
        pool.give_back(second);
        drop(lease(&pool, "a", 4).await.unwrap());
        assert_eq!(lease(&pool, "b", 5).await.err(), Some(fault::busy()));
        drop(kept);
        lease(&pool, "b", 6).await.unwrap();
    }

    #[tokio::test]
    async fn what_nobody_uses_is_closed() {
        let pool = pool(2, 2);
        let one = lease(&pool, "a", 1).await.unwrap();
        pool.give_back(one);
        let closed = async {
            while !pool.lock().scopes.is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), closed).await.unwrap();
        assert_eq!(pool.places.available_permits(), 2);
    }
}
