//! A bounded pool for the slow work: so many hashes at a time, so many waiting, and then an honest "come back". Without
//! the bound, a burst of logins would take the memory of all hashes at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;

use super::hasher::{Hasher, Match};
use crate::base::{
    config::PasswordConfig,
    crypto::secret,
    error::{Error, Refusal, Result},
    input::Plaintext,
};

/// Hashes and checks passwords, off the async threads.
#[derive(Debug)]
pub(crate) struct Passwords {
    hasher: Arc<Hasher>,
    /// Places in the pool and its queue together.
    places: Arc<Semaphore>,
    /// Places in the pool.
    threads: Arc<Semaphore>,
    /// The longest wait in the queue.
    wait: Duration,
    /// Checked when there is no user, so that the answer takes as long as for a wrong password.
    dummy: Arc<str>,
    done: AtomicU64,
    /// As the pool was made.
    most: (usize, usize),
}

/// How busy the pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) running: usize,
    pub(crate) waiting: usize,
    /// For both.
    pub(crate) places: usize,
}

impl Passwords {
    pub(crate) fn new(config: &PasswordConfig) -> Result<Self> {
        let hasher = Hasher::new(config)?;
        let dummy = hasher.hash(secret::random::<32>()?.as_slice())?.into();
        Ok(Self {
            hasher: Arc::new(hasher),
            places: Arc::new(Semaphore::new(config.threads + config.queue)),
            threads: Arc::new(Semaphore::new(config.threads)),
            wait: config.wait,
            dummy,
            done: AtomicU64::new(0),
            most: (config.threads, config.threads + config.queue),
        })
    }

    pub(crate) async fn hash(&self, password: Arc<Plaintext>) -> Result<String> {
        let hasher = Arc::clone(&self.hasher);
        self.run(move || hasher.hash(password.bytes())).await
    }

    /// Checks the password against the stored hash. Without one (no such user) the work is the same and the answer no.
    pub(crate) async fn verify(&self, password: Arc<Plaintext>, stored: Option<&str>) -> Result<Match> {
        let hasher = Arc::clone(&self.hasher);
        let known = stored.is_some();
        let hash: Arc<str> = stored.map_or_else(|| Arc::clone(&self.dummy), Arc::from);
        let matched = self.run(move || hasher.verify(&password, &hash)).await?;
        Ok(if known { matched } else { Match::No })
    }

    /// Hashes and checks so far: the work that an observer could time.
    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    pub(crate) fn load(&self) -> Load {
        let (threads, places) = self.most;
        let running = threads.saturating_sub(self.threads.available_permits());
        let taken = places.saturating_sub(self.places.available_permits());
        Load {
            running,
            waiting: taken.saturating_sub(running),
            places,
        }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _place = self.places.try_acquire().map_err(|_| full())?;
        let closed = |error| Error::unexpected("waiting for a place to hash a password", error);
        let turn = tokio::time::timeout(self.wait, Arc::clone(&self.threads).acquire_owned());
        // Whoever has waited for so long has given up, or will have when the answer is there.
        let turn = turn.await.map_err(|_| full())?.map_err(closed)?;
        self.done.fetch_add(1, Ordering::Relaxed);
        let worked = tokio::task::spawn_blocking(move || {
            // Held by the work, not by the request: a request that goes away does not free the memory of its hash.
            let _turn = turn;
            work()
        });
        worked
            .await
            .map_err(|error| Error::unexpected("hashing a password", error))?
    }
}

fn full() -> Refusal {
    Refusal::busy("Too many people are logging in right now; please try again in a moment")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(threads: usize, queue: usize) -> Passwords {
        let config = PasswordConfig {
            memory_kib: 128,
            passes: 1,
            lanes: 1,
            threads,
            queue,
            breach_url: String::new(),
            wait: Duration::from_millis(50),
        };
        Passwords::new(&config).unwrap()
    }

    fn given(text: &str) -> Arc<Plaintext> {
        Arc::new(Plaintext::given(text.into()).unwrap())
    }

    #[tokio::test]
    async fn an_unknown_user_costs_the_same_work_as_a_wrong_password() {
        let pool = pool(1, 8);
        let stored = pool.hash(given("correct horse")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{stored}");
        assert_eq!(
            pool.verify(given("correct horse"), Some(&stored)).await.unwrap(),
            Match::Yes
        );
        let before = pool.done();
        assert_eq!(
            pool.verify(given("wrong horse"), Some(&stored)).await.unwrap(),
            Match::No
        );
        assert_eq!(pool.verify(given("wrong horse"), None).await.unwrap(), Match::No);
        assert_eq!(pool.done() - before, 2);
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(parameters(&pool.dummy), parameters(&stored));
    }

    #[tokio::test]
    async fn a_full_queue_says_come_back() {
        let pool = pool(1, 0);
        let _place = pool.places.try_acquire().unwrap();
        match pool.hash(given("correct horse")).await {
            Err(Error::Refused(refusal)) => assert_eq!((refusal.status, refusal.retry_after), (503, Some(1))),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_their_client_would() {
        let pool = pool(1, 8);
        let _busy = Arc::clone(&pool.threads).acquire_owned().await.unwrap();
        match pool.hash(given("correct horse")).await {
            Err(Error::Refused(refusal)) => assert_eq!((refusal.status, refusal.retry_after), (503, Some(1))),
            other => panic!("{other:?}"),
        }
        assert_eq!(
            (pool.done(), pool.places.available_permits()),
            (0, 9),
            "no work was done, and the place is free"
        );
    }
}
