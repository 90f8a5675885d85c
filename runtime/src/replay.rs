//! Conditions that a call is run under, other than those of the world: answers, clock and randomness of an earlier call, and
//! faults in the place of answers. A call that is run again reaches nothing outside: what its earlier run did not get, it does
//! not get either, and the first question that differs ends it.

use std::{collections::BTreeMap, str::FromStr, sync::Arc};

use serde::{Deserialize, de::DeserializeOwned};

use crate::{ErrorCode, Invocation, SdkError};

/// What a reading of the clock adds to the one before, once those that were recorded are used up.
const TICK_MS: f64 = 0.001;

/// What a call is run under. The default is the world as it is.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// The host answers as it did then; nothing is asked of it.
    pub recording: Option<Arc<Recording>>,
    /// Host calls that fail, whatever the host would answer.
    pub faults: Vec<Fault>,
}

/// What an earlier call got from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// What was asked and answered, in order: [`crate::HostCall`].
    pub calls: Vec<RecordedCall>,
    /// [`crate::Records::clock_ms`]
    pub clock_ms: Vec<f64>,
    /// [`crate::Records::seed`]
    pub seed: [u8; 32],
}

/// A host call with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCall {
    /// `cache.get`, `db.query`, …
    pub name: String,
    /// As it was recorded, to the byte.
    pub arguments: String,
    /// The answer, or the error.
    pub answer: String,
}

/// A host call that fails: `db.query#2=timeout` is the second query, `http.send=backend_unavailable` every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    name: String,
    /// From 1; `None`: each of them.
    nth: Option<u32>,
    code: ErrorCode,
}

/// Where a call asked something else than its earlier run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Which host call, from 1.
    pub at: usize,
    /// What was asked there; `None`: the earlier run had asked all that it asked.
    pub expected: Option<Question>,
    /// What was asked now.
    pub found: Question,
}

/// A host call without its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `cache.get`, `db.query`, …
    pub name: String,
    /// JSON.
    pub arguments: String,
}

/// A call that was run under conditions.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// What came of it. Its outcome means nothing if it diverged, or if an answer could not be read.
    pub invocation: Invocation,
    /// The first question that differs.
    pub divergence: Option<Divergence>,
    /// The recorded answer that is none to its question, from 1: the record is of another version.
    pub unreadable: Option<usize>,
    /// Recorded host calls that were not made.
    pub not_made: usize,
}

/// Ends the call: there is no answer to what it asks.
#[derive(Debug, thiserror::Error)]
#[error("the recorded call was not asked this")]
struct NoAnswer;

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted =
            || format!("{text:?} is no fault: write it like db.query#2=timeout, or http.send=backend_unavailable");
        let (call, code) = text.split_once('=').ok_or_else(wanted)?;
        let (name, nth) = match call.split_once('#') {
            Some((name, nth)) => (name, Some(nth.parse().ok().filter(|nth| *nth > 0).ok_or_else(wanted)?)),
            None => (call, None),
        };
        if !name.contains('.') || name.len() > 64 {
            return Err(wanted());
        }
        let code = ErrorCode::deserialize(serde_json::Value::from(code)).map_err(|_| {
            format!("{code:?} is no error of the SDK: see docs/errors.md, for example timeout or conflict")
        })?;
        Ok(Self {
            name: name.to_owned(),
            nth,
            code,
        })
    }
}

impl Fault {
    fn error(&self) -> SdkError {
        SdkError {
            retryable: matches!(
                self.code,
                ErrorCode::Timeout | ErrorCode::BackendUnavailable | ErrorCode::Conflict
            ),
            ..SdkError::new(self.code, format!("{} fails in this run", self.name))
        }
    }
}

/// Plays the conditions while a call runs.
pub(crate) struct Player {
    recording: Option<Arc<Recording>>,
    faults: Vec<Fault>,
    /// Calls so far, by name.
    counts: BTreeMap<&'static str, u32>,
    /// The recorded call that comes next.
    next: usize,
    /// The call before failed by a fault: it may be made again, or given up.
    is_retry: bool,
    readings: usize,
    slept_ms: f64,
    divergence: Option<Divergence>,
    unreadable: Option<usize>,
}

impl Player {
    pub(crate) fn new(conditions: Conditions) -> Self {
        Self {
            recording: conditions.recording,
            faults: conditions.faults,
            counts: BTreeMap::new(),
            next: 0,
            is_retry: false,
            readings: 0,
            slept_ms: 0.0,
            divergence: None,
            unreadable: None,
        }
    }

    pub(crate) fn is_replay(&self) -> bool {
        self.recording.is_some()
    }

    /// The answer to a call; `None`: the host is to be asked.
    ///
    /// # Errors
    /// The call ends here: see [`Replayed`].
    pub(crate) fn answer<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        arguments: &str,
    ) -> wasmtime::Result<Option<Result<T, SdkError>>> {
        if self.faults.is_empty() && self.recording.is_none() {
            return Ok(None);
        }
        let count = self.counts.entry(name).or_default();
        *count += 1;
        let count = *count;
        let fails = |fault: &&Fault| fault.name == name && fault.nth.is_none_or(|nth| nth == count);
        let fault = self.faults.iter().find(fails).map(Fault::error);
        let Some(recording) = self.recording.clone() else {
            return Ok(fault.map(Err));
        };
        let Some(at) = self.position(&recording, name, arguments) else {
            let question = |call: &RecordedCall| Question {
                name: call.name.clone(),
                arguments: call.arguments.clone(),
            };
            self.divergence = Some(Divergence {
                at: self.next + 1,
                expected: recording.calls.get(self.next).map(question),
                found: Question {
                    name: name.to_owned(),
                    arguments: arguments.to_owned(),
                },
            });
            return Err(NoAnswer.into());
        };
        if let Some(error) = fault {
            (self.next, self.is_retry) = (at, true);
            return Ok(Some(Err(error)));
        }
        (self.next, self.is_retry) = (at + 1, false);
        match read(&recording.calls[at].answer) {
            Some(answer) => Ok(Some(answer)),
            None => {
                self.unreadable = Some(at + 1);
                Err(NoAnswer.into())
            }
        }
    }

    /// A call that was refused before anybody was asked. If the earlier run was refused, too, that was its answer.
    pub(crate) fn refused(&mut self, name: &'static str, arguments: &str) {
        let Some(recording) = self.recording.clone() else {
            return;
        };
        *self.counts.entry(name).or_default() += 1;
        if let Some(at) = self.position(&recording, name, arguments) {
            (self.next, self.is_retry) = (at + 1, false);
        }
    }

    /// Where in the recording the question stands, if it comes next.
    fn position(&self, recording: &Recording, name: &str, arguments: &str) -> Option<usize> {
        let is_asked = |at: usize| {
            let call = recording.calls.get(at);
            call.is_some_and(|call| call.name == name && call.arguments == arguments)
        };
        if is_asked(self.next) {
            return Some(self.next);
        }
        (self.is_retry && is_asked(self.next + 1)).then_some(self.next + 1)
    }

    /// What the clock shows; `None`: the host's is to be read. Past the recorded readings it goes on by what the call has
    /// waited.
    pub(crate) fn reading(&mut self) -> Option<f64> {
        let recording = self.recording.as_ref()?;
        let reading = recording.clock_ms.get(self.readings).copied();
        self.readings += 1;
        Some(reading.unwrap_or_else(|| {
            self.slept_ms += TICK_MS;
            recording.clock_ms.last().copied().unwrap_or_default() + self.slept_ms
        }))
    }

    /// Whether a wait is over at once: nobody waits for what was.
    pub(crate) fn slept(&mut self, ms: f64) -> bool {
        self.slept_ms += ms;
        self.is_replay()
    }

    /// After the call.
    pub(crate) fn ended(self, invocation: Invocation) -> Replayed {
        let calls = self.recording.map_or(0, |recording| recording.calls.len());
        Replayed {
            invocation,
            divergence: self.divergence,
            unreadable: self.unreadable,
            not_made: calls.saturating_sub(self.next),
        }
    }
}

/// An answer as it was written down; `None`: it is none of this type.
fn read<T: DeserializeOwned>(text: &str) -> Option<Result<T, SdkError>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Refused {
        error: SdkError,
    }
    if text.starts_with('{')
        && let Ok(Refused { error }) = serde_json::from_str(text)
    {
        return Some(Err(error));
    }
    serde_json::from_str(text).ok().map(Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Rows, Value};

    fn recording(calls: &[(&str, &str, &str)]) -> Conditions {
        let call = |(name, arguments, answer): &(&str, &str, &str)| RecordedCall {
            name: (*name).to_owned(),
            arguments: (*arguments).to_owned(),
            answer: (*answer).to_owned(),
        };
        Conditions {
            recording: Some(Arc::new(Recording {
                calls: calls.iter().map(call).collect(),
                clock_ms: vec![1.5, 2.25],
                seed: [7; 32],
            })),
            faults: Vec::new(),
        }
    }

    #[test]
    fn answers_come_in_their_order_and_another_question_is_a_divergence() {
        let recorded = [
            ("cache.get", r#"["a"]"#, r#""1""#),
            (
                "cache.get",
                r#"["b"]"#,
                r#"{"error":{"code":"timeout","message":"m","retryable":true}}"#,
            ),
            ("cache.get", r#"["c"]"#, "null"),
        ];
        let mut player = Player::new(recording(&recorded));
        let mut ask = |arguments: &str| player.answer::<Option<String>>("cache.get", arguments);
        assert_eq!(ask(r#"["a"]"#).unwrap(), Some(Ok(Some("1".to_owned()))));
        let refused = ask(r#"["b"]"#).unwrap().unwrap().unwrap_err();
        assert_eq!((refused.code, refused.retryable), (ErrorCode::Timeout, true));
        assert!(ask(r#"["x"]"#).is_err());
        let divergence = player.divergence.unwrap();
        assert_eq!(
            (divergence.at, divergence.expected.unwrap().arguments.as_str()),
            (3, r#"["c"]"#)
        );
        assert_eq!(divergence.found.arguments, r#"["x"]"#);
    }

    #[test]
    fn a_fault_takes_the_place_of_an_answer_and_the_call_may_be_made_again_or_given_up() {
        let recorded = [
            ("db.query", "[1]", "2"),
            ("db.query", "[2]", "3"),
            ("db.query", "[3]", "4"),
        ];
        let faulty = || Conditions {
            faults: vec!["db.query#2=timeout".parse().unwrap()],
            ..recording(&recorded)
        };
        let mut player = Player::new(faulty());
        let asked: Vec<_> = ["[1]", "[2]", "[2]", "[3]"]
            .iter()
            .map(|arguments| {
                player
                    .answer::<u32>("db.query", arguments)
                    .unwrap()
                    .unwrap()
                    .map_err(|error| error.code)
            })
            .collect();
        assert_eq!(asked, [Ok(2), Err(ErrorCode::Timeout), Ok(3), Ok(4)], "made again");
        let mut player = Player::new(faulty());
        let given_up: Vec<_> = ["[1]", "[2]", "[3]"]
            .iter()
            .map(|arguments| player.answer::<u32>("db.query", arguments).unwrap().unwrap().ok())
            .collect();
        assert_eq!(given_up, [Some(2), None, Some(4)]);
        assert!(player.answer::<u32>("db.query", "[4]").is_err());
    }

    #[test]
    fn an_answer_of_another_type_is_told_apart_from_a_divergence() {
        let mut player = Player::new(recording(&[("db.query", "[]", r#""no rows""#)]));
        assert!(player.answer::<Rows>("db.query", "[]").is_err());
        assert_eq!((player.unreadable, player.divergence), (Some(1), None));
    }

    #[test]
    fn the_clock_shows_what_it_showed_and_goes_on_from_there() {
        let mut player = Player::new(recording(&[]));
        assert!(player.slept(100.0));
        assert_eq!((player.reading(), player.reading()), (Some(1.5), Some(2.25)));
        let after = player.reading().unwrap();
        assert!(
            (102.25..102.26).contains(&after) && player.reading().unwrap() > after,
            "{after}"
        );
        assert_eq!(Player::new(Conditions::default()).reading(), None);
    }

    #[test]
    fn faults_are_read_and_what_is_none_says_how_they_are_written() {
        for good in [
            "db.query#2=timeout",
            "cache.get=backend_unavailable",
            "db.transaction.query#10=conflict",
        ] {
            assert!(good.parse::<Fault>().is_ok(), "{good}");
        }
        for (bad, says) in [
            ("db.query", "db.query#2=timeout"),
            ("db.query#0=timeout", "db.query#2=timeout"),
            ("query=timeout", "db.query#2=timeout"),
            ("db.query=slow", "\"slow\" is no error of the SDK"),
        ] {
            let problem = bad.parse::<Fault>().unwrap_err();
            assert!(problem.contains(says), "{bad}: {problem}");
        }
    }

    #[test]
    fn values_are_read_as_they_were_written() {
        let rows = Rows {
            columns: vec!["a".to_owned()],
            rows: vec![vec![
                Value::Null,
                Value::Boolean(true),
                Value::Integer(i64::MIN),
                Value::Real(0.1 + 0.2),
                Value::Text("é".to_owned()),
                Value::Blob(vec![0, 255]),
                Value::Timestamp("2026-01-31T12:00:00Z".to_owned()),
                Value::Json("{}".to_owned()),
            ]],
        };
        let text = serde_json::to_string(&rows).unwrap();
        assert_eq!(read::<Rows>(&text), Some(Ok(rows)));
        let reading = 1_795_464_000_123.457_f64;
        let text = serde_json::to_string(&reading).unwrap();
        assert_eq!(serde_json::from_str::<f64>(&text).unwrap().to_bits(), reading.to_bits());
    }
}
