//! Answers that a test case gives to a hook's calls, one after the other, as a record has them. A case with answers needs no
//! database, no cache and no other host: it is run as an invocation is replayed.

use std::sync::Arc;

use aerocall_runtime::{Call, Conditions, Hook, Host, Limits, RecordedCall, Recording, Replayed};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{decision::decided, replay};
use crate::hooks::HookPoint;

/// What a hook gets, in order.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Answers {
    /// Each for one call.
    pub(super) calls: Vec<Answered>,
    /// Readings of the clock, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) clock_ms: Vec<f64>,
    /// What the hook draws at random follows from it: 64 hexadecimal digits. Zeroes, unless something is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<String>,
}

/// A call and its answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    pub(super) name: String,
    pub(super) arguments: Value,
    pub(super) answer: Value,
}

impl Answers {
    /// As the runtime takes them.
    fn recording(&self) -> Result<Recording, String> {
        let call = |call: &Answered| RecordedCall {
            name: call.name.clone(),
            arguments: call.arguments.to_string(),
            answer: call.answer.to_string(),
        };
        let seed = self.seed.as_deref().map(replay::seed).transpose();
        Ok(Recording {
            calls: self.calls.iter().map(call).collect(),
            clock_ms: self.clock_ms.clone(),
            seed: seed
                .map_err(|problem| format!("answers.seed: {problem}"))?
                .unwrap_or_default(),
        })
    }

    /// Calls the hook. Its outcome is the one that a server would answer with.
    pub(super) async fn call(&self, hook: &Hook, call: Call, limits: &Limits) -> Result<Replayed, String> {
        let conditions = Conditions {
            recording: Some(Arc::new(self.recording()?)),
            faults: Vec::new(),
        };
        let point = HookPoint::named(&call.context.hook);
        let shown = point.map(|point| (point, serde_json::from_str(&call.payload).unwrap_or_default()));
        let mut called = Box::pin(hook.call_under(conditions, call, limits, Host::default())).await;
        if let Some((point, shown)) = &shown
            && called.divergence.is_none()
        {
            called.invocation.outcome = decided(*point, shown, called.invocation.outcome);
        }
        Ok(called)
    }

    /// Calls that have no answer, and answers that nobody asked for.
    pub(super) fn problems(&self, called: &Replayed) -> Vec<String> {
        if let Some(at) = called.unreadable {
            return vec![format!("answers.calls[{}].answer: it is none to this call", at - 1)];
        }
        if let Some(divergence) = &called.divergence {
            let found = &divergence.found;
            let instead = divergence.expected.as_ref().map_or_else(
                || "there are no more answers".to_owned(),
                |expected| format!("the next answer is to {} {}", expected.name, expected.arguments),
            );
            return vec![format!(
                "answers.calls[{}]: the hook calls {} {}; {instead}",
                divergence.at - 1,
                found.name,
                found.arguments
            )];
        }
        let left = self.calls.iter().enumerate().skip(self.calls.len() - called.not_made);
        left.map(|(index, call)| {
            format!(
                "answers.calls[{index}]: the hook did not call {} {}",
                call.name, call.arguments
            )
        })
        .collect()
    }
}
