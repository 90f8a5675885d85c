//! What a hook would have changed, read from what it asked of the host.

use aerocall_api_types::{TestEffect, TestEffectKind};
use aerocall_runtime::{HostCall, Outcome};
use serde_json::Value;

/// What is left of a run besides its report.
pub(super) struct Left {
    /// Mails that were staged and kept, oldest first.
    pub(super) mails: Vec<Value>,
    /// The same of jobs.
    pub(super) jobs: Vec<Value>,
}

/// The effects of the calls, in order.
pub(super) fn of(calls: &[HostCall], outcome: &Outcome, left: Left) -> Vec<TestEffect> {
    let is_kept = matches!(outcome, Outcome::Allow | Outcome::Patch(_));
    let (mut mails, mut jobs) = (left.mails.into_iter(), left.jobs.into_iter());
    let mut effects = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        let Some(kind) = kind(call) else { continue };
        let remains = is_kept || matches!(kind, TestEffectKind::Cache | TestEffectKind::Request);
        let whole = match kind {
            TestEffectKind::Mail if remains => mails.next(),
            TestEffectKind::Job if remains => jobs.next(),
            _ => None,
        };
        effects.push(TestEffect {
            kind,
            call: u32::try_from(index + 1).unwrap_or(u32::MAX),
            remains,
            detail: whole.unwrap_or_else(|| call.arguments.value()),
        });
    }
    effects
}

/// What a call that succeeded changes, if anything.
fn kind(call: &HostCall) -> Option<TestEffectKind> {
    let answer = call.answer.value();
    if answer.get("error").is_some() {
        return None;
    }
    Some(match call.name.as_str() {
        "cache.set" | "cache.increment" => TestEffectKind::Cache,
        // Only if there was something to delete, or nothing in the way.
        "cache.delete" | "cache.setIfAbsent" if answer == true => TestEffectKind::Cache,
        "db.execute" | "db.transaction.execute" => TestEffectKind::Database,
        "queue.enqueue" => TestEffectKind::Job,
        "auth.sendEmail" => TestEffectKind::Mail,
        "auth.updateUser" => TestEffectKind::User,
        "auth.revokeSessions" => TestEffectKind::Sessions,
        "http.send" if sends(&call.arguments.value(), &answer) => TestEffectKind::Request,
        _ => return None,
    })
}

/// Whether one of the requests is of a method that changes something, and was responded to.
fn sends(requests: &Value, answers: &Value) -> bool {
    let requests = requests.as_array().into_iter().flatten();
    let answers = answers.as_array().into_iter().flatten();
    requests.zip(answers).any(|(request, answer)| {
        !matches!(request["method"].as_str(), Some("GET" | "HEAD")) && answer["status"].is_u64()
    })
}
