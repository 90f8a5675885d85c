//! A recorded invocation that is run again, and how both runs compare. The same on a server and on the machine of an author. What a
//! record does not say is never guessed: it makes the verdict `unknown`, or `diverged` where the hook asks for it.

use std::sync::Arc;

use aerocall_api_types::{
    InvocationOutcome, Recording as RecordingDocument, RecordingCall, ReplayDivergence, ReplayQuestion, ReplayReason,
    ReplayReasonCode, ReplayResult, ReplaySide, ReplayTarget, ReplayVerdict,
};
use aerocall_runtime::{
    Call, Conditions, Context, Fault, Hook, Host, Limits, Outcome, Question, RecordedCall, Recording, Replayed,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{ContextDocument, decision::decided};
use crate::{
    base::crypto::secret,
    hooks::{HookPoint, records},
};

/// An invocation with everything that it got from outside.
#[derive(Clone, Debug)]
pub struct RecordedInvocation {
    /// Its id.
    pub id: String,
    /// The hook.
    pub hook: String,
    /// The hook point or event.
    pub point: String,
    /// Number of the version that ran.
    pub version: u32,
    /// Its digest.
    pub digest: String,
    /// `allow`, `deny`, `patch`, or the error code of a failure.
    pub outcome: String,
    /// Fuel used.
    pub fuel: u64,
    /// The reply, JSON.
    pub reply: String,
    /// What the hook got.
    pub context: Context,
    /// JSON.
    pub payload: String,
    pub(crate) recording: Arc<Recording>,
}

/// How both runs compare.
#[derive(Clone, Debug)]
pub struct Judged {
    /// In a word.
    pub verdict: ReplayVerdict,
    /// Unless something can be said.
    pub reason: Option<ReplayReasonCode>,
    /// The outcome of the new run: `allow`, `deny`, `patch`, or the error code of a failure.
    pub outcome: &'static str,
    /// Fuel of the new run.
    pub fuel: u64,
    /// The reply of the new run.
    pub reply: Outcome,
    /// The rest of it.
    pub run: Replayed,
}

impl RecordedInvocation {
    /// Runs it again on a version of the hook. `number`: of the version.
    pub async fn replay(&self, hook: &Hook, number: u32, limits: &Limits, faults: Vec<Fault>) -> Judged {
        let manifest = hook.manifest();
        let mut context = self.context.clone();
        context.version_number = number;
        let call = Call {
            context,
            payload: self.payload.clone(),
        };
        // Nobody waits for a host, and how fast this machine is says nothing about the hook.
        let limits = Limits {
            deadline_ms: Limits::CEILING.deadline_ms,
            ..limits.clone()
        };
        let conditions = Conditions {
            recording: Some(Arc::clone(&self.recording)),
            faults,
        };
        let has_point = manifest
            .hooks
            .iter()
            .chain(&manifest.events)
            .any(|name| *name == self.point);
        let run = Box::pin(hook.call_under(conditions, call, &limits, Host::default())).await;
        match has_point {
            true => self.judge(run),
            false => Judged::unknown(run, ReplayReasonCode::NoSuchPoint),
        }
    }

    fn judge(&self, mut run: Replayed) -> Judged {
        if run.unreadable.is_some() {
            return Judged::unknown(run, ReplayReasonCode::Unreadable);
        }
        if run.divergence.is_some() {
            return Judged::of(run, ReplayVerdict::Diverged, Outcome::Allow);
        }
        let outcome = std::mem::replace(&mut run.invocation.outcome, Outcome::Allow);
        let outcome = match HookPoint::named(&self.point) {
            Some(point) => decided(point, &serde_json::from_str(&self.payload).unwrap_or_default(), outcome),
            None => outcome,
        };
        if let Some(reason) = records::unrepeatable(&outcome) {
            return Judged::unknown(run, reason);
        }
        let verdict = self.verdict(&run, &outcome);
        Judged::of(run, verdict, outcome)
    }

    fn verdict(&self, run: &Replayed, outcome: &Outcome) -> ReplayVerdict {
        let same_reply = outcome.json() == self.reply
            || serde_json::from_str::<Value>(&self.reply).is_ok_and(|reply| reply == outcome.document());
        if same_reply && run.invocation.fuel == self.fuel && run.not_made == 0 {
            return ReplayVerdict::Identical;
        }
        match kind(records::outcome(outcome)) == kind(&self.outcome) {
            true => ReplayVerdict::SameDecision,
            false => ReplayVerdict::Changed,
        }
    }

    /// As it is sent to another machine.
    ///
    /// # Errors
    /// The outcome is none of this version.
    pub fn document(&self, context: String) -> Result<RecordingDocument, serde_json::Error> {
        let call = |call: &RecordedCall| RecordingCall {
            name: call.name.clone(),
            arguments: call.arguments.clone(),
            answer: call.answer.clone(),
        };
        Ok(RecordingDocument {
            invocation: self.id.clone(),
            hook: self.hook.clone(),
            point: self.point.clone(),
            version: self.version,
            digest: self.digest.clone(),
            context,
            payload: self.payload.clone(),
            reply: self.reply.clone(),
            outcome: InvocationOutcome::deserialize(Value::from(self.outcome.as_str()))?,
            fuel: self.fuel,
            calls: self.recording.calls.iter().map(call).collect(),
            clock_ms: self.recording.clock_ms.clone(),
            seed: secret::hex(&self.recording.seed),
        })
    }

    /// What another machine sent, as text.
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn read(document: &str) -> Result<Self, String> {
        let document = serde_json::from_str(document).map_err(|error| error.to_string())?;
        Self::of(document)
    }

    /// What another machine sent.
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn of(document: RecordingDocument) -> Result<Self, String> {
        let context: ContextDocument =
            serde_json::from_str(&document.context).map_err(|error| format!("the context: {error}"))?;
        let outcome = serde_json::to_value(document.outcome).map_err(|error| error.to_string())?;
        let call = |call: RecordingCall| RecordedCall {
            name: call.name,
            arguments: call.arguments,
            answer: call.answer,
        };
        Ok(Self {
            context: context.context(&document.point, 0),
            id: document.invocation,
            hook: document.hook,
            point: document.point,
            version: document.version,
            digest: document.digest,
            outcome: outcome.as_str().unwrap_or_default().to_owned(),
            fuel: document.fuel,
            reply: document.reply,
            payload: document.payload,
            recording: Arc::new(Recording {
                calls: document.calls.into_iter().map(call).collect(),
                clock_ms: document.clock_ms,
                seed: seed(&document.seed)?,
            }),
        })
    }

    /// What is shown of a replay.
    ///
    /// # Errors
    /// A reply or a host call is none of this version.
    pub fn result(&self, judged: Judged, target: ReplayTarget) -> Result<ReplayResult, serde_json::Error> {
        let is_known = !matches!(judged.verdict, ReplayVerdict::Diverged | ReplayVerdict::Unknown);
        let replayed = ReplaySide {
            outcome: read(&judged.outcome)?,
            reply: read(&judged.reply.document())?,
            fuel: judged.fuel,
        };
        let invocation = judged.run.invocation;
        Ok(ReplayResult {
            invocation: self.id.clone(),
            verdict: judged.verdict,
            reason: judged.reason.map(reason),
            diverges_at: judged.run.divergence.map(|divergence| ReplayDivergence {
                call: u32::try_from(divergence.at).unwrap_or(u32::MAX),
                expected: divergence.expected.map(question),
                found: question(divergence.found),
            }),
            target: Some(target),
            recorded: Some(self.recorded()?),
            replayed: is_known.then_some(replayed),
            logs: read(&invocation.logs)?,
            host_calls: read(&invocation.records.calls)?,
        })
    }

    /// The recorded run.
    ///
    /// # Errors
    /// It is of another version.
    pub(crate) fn recorded(&self) -> Result<ReplaySide, serde_json::Error> {
        Ok(ReplaySide {
            outcome: read(&self.outcome)?,
            reply: serde_json::from_str(&self.reply)?,
            fuel: self.fuel,
        })
    }
}

impl Judged {
    fn of(run: Replayed, verdict: ReplayVerdict, reply: Outcome) -> Self {
        Self {
            verdict,
            reason: None,
            outcome: records::outcome(&reply),
            fuel: run.invocation.fuel,
            reply,
            run,
        }
    }

    fn unknown(run: Replayed, reason: ReplayReasonCode) -> Self {
        Self {
            reason: Some(reason),
            ..Self::of(run, ReplayVerdict::Unknown, Outcome::Allow)
        }
    }
}

/// `allow`, `deny`, `patch` or `failure`: what a decision is, whatever is in it.
#[must_use]
pub fn kind(outcome: &str) -> &'static str {
    match outcome {
        "allow" => "allow",
        "deny" => "deny",
        "patch" => "patch",
        _ => "failure",
    }
}

/// A reason in words.
#[must_use]
pub fn reason(code: ReplayReasonCode) -> ReplayReason {
    let message = match code {
        ReplayReasonCode::Expired => "the record was deleted: it was too old, or the project had too many",
        ReplayReasonCode::Redacted => "a one-time code was taken out of the record, so the hook cannot get what it got",
        ReplayReasonCode::Cut => "the record exceeded its size limit (`recordBytes`), so answers are missing",
        ReplayReasonCode::TimedOut => "a run that ends at its deadline says more about the machine than about the hook",
        ReplayReasonCode::NotRun => "the hook could not be started",
        ReplayReasonCode::NotKept => "the hook decided, but its effects could not be stored",
        ReplayReasonCode::VersionDeleted => "the recorded version was deleted: name another one as the target",
        ReplayReasonCode::NoSuchPoint => "the version does not have this hook point or event",
        ReplayReasonCode::Unreadable => "the record was written by another version of the server",
    };
    ReplayReason {
        code,
        message: message.to_owned(),
    }
}

fn question(question: Question) -> ReplayQuestion {
    ReplayQuestion {
        arguments: serde_json::from_str(&question.arguments).unwrap_or_default(),
        name: question.name,
    }
}

/// A seed as it is written down.
pub(super) fn seed(text: &str) -> Result<[u8; 32], String> {
    let wrong = || "the seed must have 64 hexadecimal digits".to_owned();
    let mut seed = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    for (index, byte) in seed.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).map_err(|_| wrong())?;
    }
    Ok(seed)
}

/// The runtime's document as the API's type: the same members.
fn read<T: DeserializeOwned>(value: &impl Serialize) -> Result<T, serde_json::Error> {
    T::deserialize(serde_json::to_value(value)?)
}
