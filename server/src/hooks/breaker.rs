//! The circuit breaker of a deployed hook: one that keeps failing is not run for a while, and its failure policy decides at
//! once. Knows the number of failures, not their kinds; a denial is none.
//!
//! Most of the last calls must have failed: whoever can make a hook fail with what they send must send most of what the
//! project gets before others notice.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use aerocall_api_types::BreakerState;

use crate::base::clock::Clock;

/// Calls that are looked back on.
const WINDOW: usize = 20;
/// So many of them failed.
const FAILURES: usize = 15;
const FIRST_REST_MS: i64 = 5_000;
const LONGEST_REST_MS: i64 = 60_000;

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
    Open { until_ms: i64, rest_ms: i64 },
    /// One call is on its way to find out.
    Probing { rest_ms: i64 },
}

/// A call that may run.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    clock: &'a Clock,
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
    pub(super) fn pass<'a>(&'a self, clock: &'a Clock) -> Option<Pass<'a>> {
        let mut state = self.state();
        let probe = match *state {
            _ if self.switch == Switch::Off => Probe::No,
            State::Closed(_) => Probe::No,
            State::Open { until_ms, rest_ms } if clock.now_ms() >= until_ms => {
                *state = State::Probing { rest_ms };
                Probe::Yes
            }
            State::Open { .. } | State::Probing { .. } => return None,
        };
        Some(Pass {
            breaker: self,
            clock,
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

    fn settle(&self, probe: Probe, verdict: Verdict, now_ms: i64) -> Opened {
        let mut state = self.state();
        match (&mut *state, probe, verdict) {
            (State::Probing { rest_ms }, Probe::Yes, Verdict::Failed) => {
                let rest_ms = rest_ms.saturating_mul(2).min(LONGEST_REST_MS);
                *state = State::Open {
                    until_ms: now_ms + rest_ms,
                    rest_ms,
                };
            }
            (State::Probing { .. }, Probe::Yes, Verdict::Good) => {
                *state = State::Closed(VecDeque::with_capacity(WINDOW));
            }
            // Nothing was found out: the next call is the probe.
            (State::Probing { rest_ms }, Probe::Yes, Verdict::NotRun) => {
                let rest_ms = *rest_ms;
                *state = State::Open {
                    until_ms: now_ms,
                    rest_ms,
                };
            }
            (State::Closed(last), _, Verdict::Good | Verdict::Failed) => {
                if last.len() == WINDOW {
                    last.pop_front();
                }
                last.push_back(verdict == Verdict::Failed);
                if last.iter().filter(|failed| **failed).count() >= FAILURES {
                    *state = State::Open {
                        until_ms: now_ms + FIRST_REST_MS,
                        rest_ms: FIRST_REST_MS,
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
    pub(super) fn ended(mut self, verdict: Verdict) -> Opened {
        self.settled = true;
        match self.breaker.switch {
            Switch::On => self.breaker.settle(self.probe, verdict, self.clock.now_ms()),
            Switch::Off => Opened::No,
        }
    }
}

/// A call that was dropped before its end must not be the probe that everybody waits for.
impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.settled && self.breaker.switch == Switch::On {
            self.breaker.settle(self.probe, Verdict::NotRun, self.clock.now_ms());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(breaker: &Breaker, clock: &Clock, calls: usize, verdict: Verdict) {
        for _ in 0..calls {
            breaker.pass(clock).expect("closed").ended(verdict);
        }
    }

    #[test]
    fn most_of_the_last_calls_must_fail() {
        let (breaker, clock) = (Breaker::new(Switch::On), Clock::default());
        for _ in 0..50 {
            after(&breaker, &clock, 1, Verdict::Good);
            after(&breaker, &clock, 2, Verdict::Failed);
        }
        assert_eq!(breaker.describe(), BreakerState::Closed, "two of three");
        after(&breaker, &clock, 100, Verdict::NotRun);
        assert_eq!(breaker.describe(), BreakerState::Closed);
        let breaker = Breaker::new(Switch::On);
        after(&breaker, &clock, FAILURES, Verdict::Failed);
        assert_eq!(breaker.describe(), BreakerState::Open);
        assert!(breaker.pass(&clock).is_none());
    }

    #[test]
    fn one_call_finds_out_and_the_rest_wait() {
        let (breaker, clock) = (Breaker::new(Switch::On), Clock::default());
        after(&breaker, &clock, FAILURES, Verdict::Failed);
        clock.advance_ms(FIRST_REST_MS);
        let probe = breaker.pass(&clock).expect("half open");
        assert_eq!(breaker.describe(), BreakerState::HalfOpen);
        assert!(breaker.pass(&clock).is_none(), "one at a time");
        probe.ended(Verdict::Failed);
        clock.advance_ms(FIRST_REST_MS);
        assert!(breaker.pass(&clock).is_none(), "it rests twice as long");
        clock.advance_ms(FIRST_REST_MS);
        drop(breaker.pass(&clock).expect("half open"));
        let probe = breaker.pass(&clock).expect("one that went away is none");
        probe.ended(Verdict::Good);
        assert_eq!(breaker.describe(), BreakerState::Closed);
    }

    #[test]
    fn one_that_is_switched_off_never_opens() {
        let (breaker, clock) = (Breaker::new(Switch::Off), Clock::default());
        after(&breaker, &clock, 100, Verdict::Failed);
        assert_eq!(breaker.describe(), BreakerState::Off);
    }
}
