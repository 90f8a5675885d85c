//! Whose bundle is compiled next. Turns go round between requesters, so that many bundles of one keep nobody else waiting;
//! whoever has just used up the limits of the compiler comes after all others. Knows no bundle.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

/// Compilers at the same time: each may take all of its memory and a core.
const COMPILERS: usize = 2;
/// Of one requester: one compiler is left for the others, however long a bundle takes.
const PER_REQUESTER: usize = COMPILERS - 1;
/// Of all requesters together that have used up the limits.
const OF_SLOW_ONES: usize = COMPILERS - 1;
/// Turns of one requester that may wait. Each holds a bundle in memory.
const WAITING_PER_REQUESTER: usize = 8;
/// How long whoever has used up the limits comes after all others.
const SLOW_FOR: Duration = Duration::from_secs(60);
/// After so many turns of others nobody is remembered.
const REMEMBERED_TURNS: u64 = 64;

/// On whose behalf a bundle is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Requester<'a> {
    /// Those with the same name share a turn.
    pub name: &'a str,
    /// How long to wait for a turn; `None`: as long as it takes.
    pub patience: Option<Duration>,
}

/// No turn within the time allowed, or too many wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

/// The compilers of a runtime, and who waits for them.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<State>);

/// The right to run a compiler, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Arc<Turns>,
    requester: String,
}

/// How busy the compilers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compiling {
    /// Bundles that are compiled now.
    pub running: usize,
    /// Bundles that wait for their turn.
    pub waiting: usize,
    /// Bundles whose turn did not come in time, since the start.
    pub refused: u64,
}

#[derive(Debug, Default)]
struct State {
    running: usize,
    /// Since the start.
    refused: u64,
    /// Turns given so far.
    given: u64,
    requesters: HashMap<String, Record>,
}

#[derive(Debug, Default)]
struct Record {
    running: usize,
    waiting: VecDeque<oneshot::Sender<Turn>>,
    /// The number of its last turn.
    last: u64,
    slow_until: Option<Instant>,
}

impl Turns {
    /// Waits for a turn.
    pub(crate) async fn take(self: &Arc<Self>, requester: Requester<'_>) -> Result<Turn, Busy> {
        let taken = self.wait(requester).await;
        if taken.is_err() {
            self.state().refused += 1;
        }
        taken
    }

    /// How busy they are.
    pub(crate) fn figures(&self) -> Compiling {
        let state = self.state();
        let waiting = |record: &Record| record.waiting.iter().filter(|turn| !turn.is_closed()).count();
        Compiling {
            running: state.running,
            waiting: state.requesters.values().map(waiting).sum(),
            refused: state.refused,
        }
    }

    async fn wait(self: &Arc<Self>, requester: Requester<'_>) -> Result<Turn, Busy> {
        let turn = self.queue(requester)?;
        self.give();
        let turn = async { turn.await.map_err(|_| Busy) };
        match requester.patience {
            None => turn.await,
            Some(patience) => tokio::time::timeout(patience, turn).await.unwrap_or(Err(Busy)),
        }
    }

    fn queue(&self, requester: Requester<'_>) -> Result<oneshot::Receiver<Turn>, Busy> {
        let mut state = self.state();
        let record = state.requesters.entry(requester.name.to_owned()).or_default();
        record.waiting.retain(|turn| !turn.is_closed());
        if requester.patience.is_some() && record.waiting.len() >= WAITING_PER_REQUESTER {
            return Err(Busy);
        }
        let (sender, receiver) = oneshot::channel();
        record.waiting.push_back(sender);
        Ok(receiver)
    }

    /// Gives what is free to who is next.
    fn give(self: &Arc<Self>) {
        loop {
            let next = self.state().next(Instant::now());
            let Some((requester, waiting)) = next else { return };
            let turns = Arc::clone(self);
            // Whoever waits no more gives the turn back, which drops it here.
            drop(waiting.send(Turn { turns, requester }));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self, now: Instant) -> Option<(String, oneshot::Sender<Turn>)> {
        if self.running >= COMPILERS {
            return None;
        }
        let slow_ones = self.requesters.values().filter(|record| record.is_slow(now));
        let slow_running: usize = slow_ones.map(|record| record.running).sum();
        let may_run = |record: &Record| {
            !record.waiting.is_empty()
                && record.running < PER_REQUESTER
                && (!record.is_slow(now) || slow_running < OF_SLOW_ONES)
        };
        let candidates = self.requesters.iter().filter(|(_, record)| may_run(record));
        let (name, _) = candidates.min_by_key(|(_, record)| (record.is_slow(now), record.last))?;
        let name = name.clone();
        self.given += 1;
        let record = self.requesters.get_mut(&name)?;
        let waiting = record.waiting.pop_front()?;
        record.last = self.given;
        record.running += 1;
        self.running += 1;
        Some((name, waiting))
    }

    fn end(&mut self, requester: &str) {
        self.running -= 1;
        if let Some(record) = self.requesters.get_mut(requester) {
            record.running -= 1;
        }
        let (now, given) = (Instant::now(), self.given);
        self.requesters.retain(|_, record| {
            !record.waiting.is_empty()
                || record.running > 0
                || record.is_slow(now)
                || record.last + REMEMBERED_TURNS > given
        });
    }
}

impl Record {
    fn is_slow(&self, now: Instant) -> bool {
        self.slow_until.is_some_and(|until| now < until)
    }
}

impl Turn {
    /// The bundle took all that a compiler may take: for a while its requester comes after all others.
    pub(crate) fn used_up(&self) {
        if let Some(record) = self.turns.state().requesters.get_mut(&self.requester) {
            record.slow_until = Some(Instant::now() + SLOW_FOR);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.state().end(&self.requester);
        self.turns.give();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Requester<'_> {
        Requester {
            name,
            patience: Some(Duration::from_millis(50)),
        }
    }

    fn patient(name: &str) -> Requester<'_> {
        Requester { name, patience: None }
    }

    #[tokio::test]
    async fn one_requester_leaves_a_compiler_to_the_others() {
        let turns = Arc::new(Turns::default());
        let first = turns.take(of("a")).await.unwrap();
        assert_eq!(turns.take(of("a")).await.unwrap_err(), Busy);
        let other = turns.take(of("b")).await.unwrap();
        assert_eq!(turns.take(of("c")).await.unwrap_err(), Busy, "all compilers run");
        let busy = Compiling {
            running: 2,
            waiting: 0,
            refused: 2,
        };
        assert_eq!(turns.figures(), busy);
        drop(other);
        drop(turns.take(of("c")).await.unwrap());
        drop(first);
        drop(turns.take(of("a")).await.unwrap());
    }

    /// The order in which those who wait get their turn, each of which ends at once.
    async fn order(turns: &Arc<Turns>, waiting: &'static [&'static str]) -> Vec<&'static str> {
        let (took, mut order) = tokio::sync::mpsc::unbounded_channel();
        let held = [
            turns.take(of("held 1")).await.unwrap(),
            turns.take(of("held 2")).await.unwrap(),
        ];
        let mut tasks = Vec::new();
        for name in waiting {
            let (turns, took) = (Arc::clone(turns), took.clone());
            tasks.push(tokio::spawn(async move {
                let _turn = turns.take(patient(name)).await.unwrap();
                took.send(*name).unwrap();
            }));
            tokio::task::yield_now().await;
        }
        // With one compiler the order is one.
        let [one, _other] = held;
        drop(one);
        for task in tasks {
            task.await.unwrap();
        }
        drop(took);
        std::iter::from_fn(|| order.try_recv().ok()).collect()
    }

    #[tokio::test]
    async fn turns_go_round_however_many_bundles_one_has() {
        let turns = Arc::new(Turns::default());
        let order = order(&turns, &["a", "a", "a", "a", "b"]).await;
        let of_b = order.iter().position(|name| *name == "b").unwrap();
        assert!(of_b <= 1, "{order:?}");
    }

    #[tokio::test]
    async fn who_used_up_the_limits_comes_last() {
        let turns = Arc::new(Turns::default());
        turns.take(of("slow")).await.unwrap().used_up();
        for _ in 0..3 {
            drop(turns.take(of("b")).await.unwrap());
        }
        assert_eq!(order(&turns, &["slow", "b", "c"]).await.last(), Some(&"slow"));
    }

    #[tokio::test]
    async fn who_waits_no_more_takes_no_turn_and_a_queue_has_an_end() {
        let turns = Arc::new(Turns::default());
        let held = turns.take(of("a")).await.unwrap();
        for _ in 0..3 {
            assert_eq!(turns.take(of("a")).await.unwrap_err(), Busy);
        }
        let waiting: Vec<_> = (0..WAITING_PER_REQUESTER)
            .map(|_| turns.queue(of("a")).unwrap())
            .collect();
        assert_eq!(turns.queue(of("a")).unwrap_err(), Busy);
        drop(waiting);
        drop(held);
        assert_eq!(turns.state().running, 0);
        drop(turns.take(of("a")).await.unwrap());
    }
}
