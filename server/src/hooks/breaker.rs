//! The circuit breaker of a deployed hook: one that keeps failing is not run for a while, and its failure policy decides at
//! once. Knows the number of failures, not their kinds; a denial is none.
//!
//! Most of the last calls must have failed: whoever can make a hook fail with what they send must send most of what the
//! project gets before others notice.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use aerocall_api_types::BreakerState;

/// Calls that are looked back on.
const WINDOW: usize = 20;
/// So many of them failed.
const FAILURES: usize = 15;
const FIRST_REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_secs(60);

/// Of one hook of one deployment; a new deployment begins anew.
#[derive(Debug)]
pub(crate) struct Breaker {
    switch: Switch,
    state: Mutex<State>,
}

/// Whether a deployment wants its hook to have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    On,
    Off,
}

/// How a call ended, as far as a breaker cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It decided, whatever it decided.
    Good,
    Failed,
    /// It did not run, and not by its own fault.
    NotRun,
}

#[derive(Debug)]
enum State {
    /// Runs. `true`: failed.
    Closed(VecDeque<bool>),
    /// Rests.
    Open { until: Instant, rest: Duration },
    /// One call is on its way to find out.
    Probing { rest: Duration },
}

/// A call that may run.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    probe: Probe,
    settled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Probe {
    Yes,
    No,
}

impl Switch {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

impl Breaker {
    pub(crate) fn new(switch: Switch) -> Self {
        Self {
            switch,
            state: Mutex::new(State::Closed(VecDeque::with_capacity(WINDOW))),
        }
    }

    /// Whether the hook may be run now.
    pub(super) fn pass(&self, now: Instant) -> Option<Pass<'_>> {
        let mut state = self.state();
        let probe = match *state {
            _ if self.switch == Switch::Off => Probe::No,
            State::Closed(_) => Probe::No,
            State::Open { until, rest } if now >= until => {
                *state = State::Probing { rest };
                Probe::Yes
            }
            State::Open { .. } | State::Probing { .. } => return None,
        };
        Some(Pass {
            breaker: self,
            probe,
            settled: false,
        })
    }

    /// For the admin API.
    pub(crate) fn describe(&self) -> BreakerState {
        match *self.state() {
            _ if self.switch == Switch::Off => BreakerState::Off,
            State::Closed(_) => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::Probing { .. } => BreakerState::HalfOpen,
        }
    }

    fn settle(&self, probe: Probe, verdict: Verdict, now: Instant) -> Opened {
        let mut state = self.state();
        match (&mut *state, probe, verdict) {
            (State::Probing { rest }, Probe::Yes, Verdict::Failed) => {
                let rest = rest.saturating_mul(2).min(LONGEST_REST);
                *state = State::Open {
                    until: now + rest,
                    rest,
                };
            }
            (State::Probing { .. }, Probe::Yes, Verdict::Good) => {
                *state = State::Closed(VecDeque::with_capacity(WINDOW));
            }
            // Nothing was found out: the next call is the probe.
            (State::Probing { rest }, Probe::Yes, Verdict::NotRun) => {
                let rest = *rest;
                *state = State::Open { until: now, rest };
            }
            (State::Closed(last), _, Verdict::Good | Verdict::Failed) => {
                if last.len() == WINDOW {
                    last.pop_front();
                }
                last.push_back(verdict == Verdict::Failed);
                if last.iter().filter(|failed| **failed).count() >= FAILURES {
                    *state = State::Open {
                        until: now + FIRST_REST,
                        rest: FIRST_REST,
                    };
                    return Opened::Now;
                }
            }
            // Calls that began before it opened.
            _ => {}
        }
        Opened::No
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a call was the one that opened the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    Now,
    No,
}

impl Pass<'_> {
    pub(super) fn ended(mut self, verdict: Verdict, now: Instant) -> Opened {
        self.settled = true;
        match self.breaker.switch {
            Switch::On => self.breaker.settle(self.probe, verdict, now),
            Switch::Off => Opened::No,
        }
    }
}

/// A call that was dropped before its end must not be the probe that everybody waits for.
impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.settled && self.breaker.switch == Switch::On {
            self.breaker.settle(self.probe, Verdict::NotRun, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(breaker: &Breaker, calls: usize, verdict: Verdict, now: Instant) {
        for _ in 0..calls {
            let pass = breaker.pass(now).expect("closed");
            pass.ended(verdict, now);
        }
    }

    #[test]
    fn most_of_the_last_calls_must_fail() {
        let (breaker, now) = (Breaker::new(Switch::On), Instant::now());
        for _ in 0..50 {
            after(&breaker, 1, Verdict::Good, now);
            after(&breaker, 2, Verdict::Failed, now);
        }
        assert_eq!(breaker.describe(), BreakerState::Closed, "two of three");
        after(&breaker, 100, Verdict::NotRun, now);
        assert_eq!(breaker.describe(), BreakerState::Closed);
        let breaker = Breaker::new(Switch::On);
        after(&breaker, FAILURES, Verdict::Failed, now);
        assert_eq!(breaker.describe(), BreakerState::Open);
        assert!(breaker.pass(now).is_none());
    }

    #[test]
    fn one_call_finds_out_and_the_rest_wait() {
        let (breaker, now) = (Breaker::new(Switch::On), Instant::now());
        after(&breaker, FAILURES, Verdict::Failed, now);
        let later = now + FIRST_REST;
        let probe = breaker.pass(later).expect("half open");
        assert_eq!(breaker.describe(), BreakerState::HalfOpen);
        assert!(breaker.pass(later).is_none(), "one at a time");
        probe.ended(Verdict::Failed, later);
        assert!(breaker.pass(later + FIRST_REST).is_none(), "it rests twice as long");
        let later = later + 2 * FIRST_REST;
        drop(breaker.pass(later).expect("half open"));
        let probe = breaker
            .pass(Instant::now().max(later))
            .expect("one that went away is none");
        probe.ended(Verdict::Good, later);
        assert_eq!(breaker.describe(), BreakerState::Closed);
    }

    #[test]
    fn one_that_is_switched_off_never_opens() {
        let (breaker, now) = (Breaker::new(Switch::Off), Instant::now());
        after(&breaker, 100, Verdict::Failed, now);
        assert_eq!(breaker.describe(), BreakerState::Off);
    }
}
