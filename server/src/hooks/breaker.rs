//! The circuit breaker of a deployed hook: one that keeps failing is not run for a while, and its failure policy decides at
//! once. A denial is no failure.
//!
//! Most of the last calls must have failed. Where what a client sends can be the reason, those failures must have come from
//! several clients: nobody who makes a hook fail with their own requests takes it away from everybody else. A hook that is
//! too slow or cannot be run does harm whoever calls it, so those failures count whoever it was.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Mutex, PoisonError},
};

use aerocall_api_types::BreakerState;

use crate::base::clock::Clock;

/// Calls that are looked back on.
const WINDOW: usize = 20;
/// So many of them failed.
const FAILURES: usize = 15;
/// The failures that a client can be the reason of came from so many of them.
const CLIENTS: usize = 5;
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
    /// It did not decide; perhaps because of what the client sent.
    Failed,
    /// It took too long or could not be run.
    Stalled,
    /// It did not run, and not by its own fault.
    NotRun,
}

#[derive(Debug)]
enum State {
    /// Runs.
    Closed(VecDeque<Call>),
    /// Rests. If probes of some clients have failed, it does so for these alone: the next client is a probe.
    Open {
        until_ms: i64,
        rest_ms: i64,
        failed: BTreeSet<String>,
    },
    /// One call is on its way to find out.
    Probing { rest_ms: i64, failed: BTreeSet<String> },
}

/// A call of the past.
#[derive(Debug)]
enum Call {
    Good,
    /// The client that called.
    Failed(String),
    Stalled,
}

/// A call that may run.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    clock: &'a Clock,
    /// What of an address counts as one client.
    client: String,
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

    /// A new one with the same switch.
    pub(super) fn beside(&self) -> Self {
        Self::new(self.switch)
    }

    /// Whether the hook may be run now, for a client.
    pub(super) fn pass<'a>(&'a self, clock: &'a Clock, client: String) -> Option<Pass<'a>> {
        let mut state = self.state();
        let probe = match &mut *state {
            _ if self.switch == Switch::Off => Probe::No,
            State::Closed(_) => Probe::No,
            State::Open {
                until_ms,
                rest_ms,
                failed,
            } if clock.now_ms() >= *until_ms || !failed.is_empty() && !failed.contains(&client) => {
                *state = State::Probing {
                    rest_ms: *rest_ms,
                    failed: std::mem::take(failed),
                };
                Probe::Yes
            }
            State::Open { .. } | State::Probing { .. } => return None,
        };
        Some(Pass {
            breaker: self,
            clock,
            client,
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

    fn settle(&self, pass: &Pass<'_>, verdict: Verdict) -> Opened {
        let (mut state, now_ms) = (self.state(), pass.clock.now_ms());
        match (&mut *state, pass.probe) {
            (State::Probing { rest_ms, failed }, Probe::Yes) => {
                let next = probed(verdict, &pass.client, *rest_ms, std::mem::take(failed), now_ms);
                *state = next;
            }
            (State::Closed(last), _) => {
                let Some(call) = Call::of(verdict, &pass.client) else {
                    return Opened::No;
                };
                if last.len() == WINDOW {
                    last.pop_front();
                }
                last.push_back(call);
                if keeps_failing(last) {
                    *state = State::resting(FIRST_REST_MS, now_ms);
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

impl State {
    fn resting(rest_ms: i64, now_ms: i64) -> Self {
        Self::Open {
            until_ms: now_ms + rest_ms,
            rest_ms,
            failed: BTreeSet::new(),
        }
    }
}

impl Call {
    fn of(verdict: Verdict, client: &str) -> Option<Self> {
        match verdict {
            Verdict::Good => Some(Self::Good),
            Verdict::Failed => Some(Self::Failed(client.to_owned())),
            Verdict::Stalled => Some(Self::Stalled),
            Verdict::NotRun => None,
        }
    }
}

/// Whether these calls are reason enough to let the hook rest.
fn keeps_failing(last: &VecDeque<Call>) -> bool {
    let stalled = last.iter().filter(|call| matches!(call, Call::Stalled)).count();
    let failed = last.iter().filter_map(|call| match call {
        Call::Failed(client) => Some(client),
        Call::Good | Call::Stalled => None,
    });
    let clients: BTreeSet<&String> = failed.clone().collect();
    let counted = if clients.len() < CLIENTS { 0 } else { failed.count() };
    stalled + counted >= FAILURES
}

/// What the probe of a client has found out; `failed`: the clients whose probes have failed before.
fn probed(verdict: Verdict, client: &str, rest_ms: i64, mut failed: BTreeSet<String>, now_ms: i64) -> State {
    let longer_ms = rest_ms.saturating_mul(2).min(LONGEST_REST_MS);
    match verdict {
        Verdict::Good => State::Closed(VecDeque::with_capacity(WINDOW)),
        Verdict::Stalled => State::resting(longer_ms, now_ms),
        Verdict::Failed => {
            failed.insert(client.to_owned());
            match failed.len() < CLIENTS {
                true => State::Open {
                    until_ms: now_ms + rest_ms,
                    rest_ms,
                    failed,
                },
                false => State::resting(longer_ms, now_ms),
            }
        }
        // Nothing was found out: the next call is the probe.
        Verdict::NotRun => State::Open {
            until_ms: now_ms,
            rest_ms,
            failed,
        },
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
            Switch::On => self.breaker.settle(&self, verdict),
            Switch::Off => Opened::No,
        }
    }
}

/// A call that was dropped before its end must not be the probe that everybody waits for.
impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.settled && self.breaker.switch == Switch::On {
            self.breaker.settle(self, Verdict::NotRun);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many calls of as many clients, one after the other and then again.
    fn after(breaker: &Breaker, clock: &Clock, calls: usize, clients: usize, verdict: Verdict) {
        for call in 0..calls {
            let pass = breaker.pass(clock, format!("192.0.2.{}", call % clients));
            pass.expect("closed").ended(verdict);
        }
    }

    fn pass<'a>(breaker: &'a Breaker, clock: &'a Clock, client: &str) -> Option<Pass<'a>> {
        breaker.pass(clock, client.to_owned())
    }

    #[test]
    fn most_of_the_last_calls_must_fail() {
        let (breaker, clock) = (Breaker::new(Switch::On), Clock::default());
        for _ in 0..50 {
            after(&breaker, &clock, 1, 1, Verdict::Good);
            after(&breaker, &clock, 2, 2, Verdict::Stalled);
        }
        assert_eq!(breaker.describe(), BreakerState::Closed, "two of three");
        after(&breaker, &clock, 100, 100, Verdict::NotRun);
        assert_eq!(breaker.describe(), BreakerState::Closed);
    }

    #[test]
    fn what_clients_can_be_the_reason_of_must_come_from_several() {
        use Verdict::{Failed, Stalled};
        // Failures and how many clients they came from, calls that stalled, and whether the hook rests.
        for (failed, clients, stalled, rests) in [
            (15, 5, 0, true),
            (15, 15, 0, true),
            (15, 4, 0, false),
            (1_000, 4, 0, false),
            (14, 14, 0, false),
            (5, 5, 10, true),
            (5, 4, 14, false),
            (5, 4, 15, true),
            (0, 1, 15, true),
            (0, 1, 14, false),
        ] {
            let (breaker, clock) = (Breaker::new(Switch::On), Clock::default());
            after(&breaker, &clock, failed, clients, Failed);
            after(&breaker, &clock, stalled, 1, Stalled);
            let state = match rests {
                true => BreakerState::Open,
                false => BreakerState::Closed,
            };
            assert_eq!(
                breaker.describe(),
                state,
                "{failed} of {clients} clients, {stalled} stalled"
            );
        }
    }

    #[test]
    fn one_call_finds_out_and_the_rest_wait() {
        let (breaker, clock) = (Breaker::new(Switch::On), Clock::default());
        clock.stop();
        after(&breaker, &clock, FAILURES, 1, Verdict::Stalled);
        assert!(pass(&breaker, &clock, "a").is_none());
        clock.advance_ms(FIRST_REST_MS);
        let probe = pass(&breaker, &clock, "a").expect("half open");
        assert_eq!(breaker.describe(), BreakerState::HalfOpen);
        assert!(pass(&breaker, &clock, "b").is_none(), "one at a time");
        probe.ended(Verdict::Stalled);
        clock.advance_ms(FIRST_REST_MS);
        assert!(pass(&breaker, &clock, "b").is_none(), "it rests twice as long");
        clock.advance_ms(FIRST_REST_MS);
        drop(pass(&breaker, &clock, "a").expect("half open"));
        let probe = pass(&breaker, &clock, "a").expect("one that went away is none");
        probe.ended(Verdict::Good);
        assert_eq!(breaker.describe(), BreakerState::Closed);
    }

    #[test]
    fn a_client_whose_probe_fails_waits_and_the_next_one_is_the_probe() {
        let (breaker, clock) = (Breaker::new(Switch::On), Clock::default());
        clock.stop();
        after(&breaker, &clock, FAILURES, 1, Verdict::Stalled);
        clock.advance_ms(FIRST_REST_MS);
        for client in ["a", "b", "c", "d"] {
            let probe = pass(&breaker, &clock, client).expect("nobody of before has to wait for this one");
            probe.ended(Verdict::Failed);
            assert!(pass(&breaker, &clock, client).is_none(), "{client} waits");
        }
        pass(&breaker, &clock, "e").expect("the fifth").ended(Verdict::Failed);
        clock.advance_ms(FIRST_REST_MS);
        assert!(
            pass(&breaker, &clock, "f").is_none(),
            "five clients: it rests twice as long"
        );
        clock.advance_ms(FIRST_REST_MS);
        pass(&breaker, &clock, "a").expect("half open").ended(Verdict::Failed);
        pass(&breaker, &clock, "f").expect("another").ended(Verdict::Good);
        assert_eq!(breaker.describe(), BreakerState::Closed);
    }

    #[test]
    fn one_that_is_switched_off_never_opens() {
        let (breaker, clock) = (Breaker::new(Switch::Off), Clock::default());
        after(&breaker, &clock, 100, 100, Verdict::Stalled);
        assert_eq!(breaker.describe(), BreakerState::Off);
    }
}
