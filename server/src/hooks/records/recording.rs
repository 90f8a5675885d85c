//! A kept record as something that can be run again, or why it cannot.

use std::sync::Arc;

use aerocall_api_types::ReplayReasonCode;
use aerocall_runtime::{Failure, Outcome, RecordedCall, Recording};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::entry::seal_name;
use crate::{
    base::{crypto::MasterKey, ids::Scope},
    hooks::local::{ContextDocument, RecordedInvocation},
    storage::store::InvocationRow,
};

/// What a run takes from a record, as the texts that they were.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored<'r> {
    #[serde(borrow)]
    context: &'r RawValue,
    #[serde(borrow)]
    payload: &'r RawValue,
    #[serde(borrow)]
    reply: &'r RawValue,
    #[serde(borrow)]
    host_calls: Vec<StoredCall<'r>>,
    clock_ms: Vec<f64>,
    completeness: &'r str,
    /// Absent in records of those who did not know of it.
    #[serde(default)]
    lacks: Option<ReplayReasonCode>,
}

#[derive(Deserialize)]
struct StoredCall<'r> {
    name: String,
    #[serde(borrow)]
    arguments: &'r RawValue,
    #[serde(borrow)]
    answer: &'r RawValue,
}

/// Why an invocation with this outcome cannot be run again, if that is so: it depends on more than what the hook got.
pub(crate) fn unrepeatable(outcome: &Outcome) -> Option<ReplayReasonCode> {
    match outcome {
        Outcome::Failed(Failure::TimedOut { .. }) => Some(ReplayReasonCode::TimedOut),
        Outcome::Failed(Failure::Unavailable(_)) => Some(ReplayReasonCode::NotRun),
        Outcome::Failed(Failure::NotKept(_)) => Some(ReplayReasonCode::NotKept),
        _ => None,
    }
}

/// The invocation, if its record has everything that a run needs; with its context as it was stored.
pub(crate) fn recording(
    scope: &Scope,
    row: &InvocationRow,
    master: &MasterKey,
) -> Result<(RecordedInvocation, String), ReplayReasonCode> {
    let stored: Stored<'_> = serde_json::from_str(&row.record).map_err(|_| ReplayReasonCode::Unreadable)?;
    if let Some(reason) = stored.lacks {
        return Err(reason);
    }
    if stored.completeness != "whole" {
        return Err(ReplayReasonCode::Cut);
    }
    if let "hook_timeout" | "hook_unavailable" = row.outcome.as_str() {
        return Err(match row.outcome.as_str() {
            "hook_timeout" => ReplayReasonCode::TimedOut,
            _ => ReplayReasonCode::NotRun,
        });
    }
    let context: ContextDocument =
        serde_json::from_str(stored.context.get()).map_err(|_| ReplayReasonCode::Unreadable)?;
    let opened = master.open(&row.seed, &seal_name(scope, &row.id));
    let seed = opened.ok().and_then(|seed| <[u8; 32]>::try_from(seed.as_slice()).ok());
    let call = |call: StoredCall<'_>| RecordedCall {
        name: call.name,
        arguments: call.arguments.get().to_owned(),
        answer: call.answer.get().to_owned(),
    };
    let recorded = RecordedInvocation {
        id: row.id.clone(),
        hook: row.hook.clone(),
        point: row.point.clone(),
        version: u32::try_from(row.version_number).unwrap_or(0),
        digest: row.digest.clone(),
        outcome: row.outcome.clone(),
        fuel: u64::try_from(row.fuel).unwrap_or(0),
        reply: stored.reply.get().to_owned(),
        context: context.context(&row.point, 0),
        payload: stored.payload.get().to_owned(),
        recording: Arc::new(Recording {
            calls: stored.host_calls.into_iter().map(call).collect(),
            clock_ms: stored.clock_ms,
            seed: seed.ok_or(ReplayReasonCode::Unreadable)?,
        }),
    };
    Ok((recorded, stored.context.get().to_owned()))
}
