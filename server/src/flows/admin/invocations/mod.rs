//! Invocations of hooks: their records, and what comes of them when they are run again.

pub(in crate::flows::admin) mod filter;
mod get;
mod histogram;
mod list;
mod recording;
mod replay;
mod stream;

use aerocall_api_types::ReplayReasonCode;
use aerocall_contract::errors;

pub(crate) use get::GetInvocation;
pub(crate) use histogram::GetInvocationHistogram;
pub(crate) use list::ListInvocations;
pub(crate) use recording::GetRecording;
pub(crate) use replay::ReplayInvocation;
pub(crate) use stream::StreamInvocations;

use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::{HookName, Kind, Scope, is_id},
    },
    flows::steps::hook_target::{self, Loaded},
    hooks::{
        local::{RecordedInvocation, reason},
        records,
    },
};

/// What the store has of an invocation.
pub(super) enum Found {
    Recorded(Box<Recorded>),
    /// Why it cannot be run again.
    Unknown(ReplayReasonCode),
}

/// An invocation that can be run again.
pub(super) struct Recorded {
    pub(super) invocation: RecordedInvocation,
    /// As it was stored.
    pub(super) context: String,
}

/// The record, as far as it can be run again.
///
/// # Errors
/// `not_found` if there is none, and its id is none of one that was deleted.
pub(super) async fn find(app: &App, scope: &Scope, id: &str) -> Result<Found> {
    let (owner, wanted) = (scope.clone(), id.to_owned());
    let (row, oldest) = app
        .store
        .read(move |tx| Ok((tx.invocation(&owner, &wanted)?, tx.oldest_invocation(&owner)?)))
        .await?;
    let Some(row) = row else {
        // Records are deleted oldest first.
        let was_before = oldest.is_none_or(|oldest| *id < *oldest);
        return match is_id(Kind::Invocation, id) && was_before {
            true => Ok(Found::Unknown(ReplayReasonCode::Expired)),
            false => Err(Refusal::not_found().into()),
        };
    };
    Ok(match records::recording(scope, &row, &app.master) {
        Ok((invocation, context)) => Found::Recorded(Box::new(Recorded { invocation, context })),
        Err(reason) => Found::Unknown(reason),
    })
}

/// The version that ran; `None`: it was deleted.
pub(super) async fn recorded_version(
    app: &App,
    scope: &Scope,
    recorded: &RecordedInvocation,
) -> Result<Option<Loaded>> {
    let name =
        HookName::parse(&recorded.hook).map_err(|problem| Error::unexpected("reading a stored record", problem))?;
    let (project, digest) = (scope.project.clone(), recorded.digest.clone());
    let row = app
        .store
        .read(move |tx| tx.version_by_digest(&project, &name, &digest))
        .await?;
    match row {
        Some(row) => hook_target::version(app, scope, row).await.map(Some),
        None => Ok(None),
    }
}

/// The record of an invocation is not enough to run it again.
pub(super) fn not_replayable(code: ReplayReasonCode) -> Error {
    let message = format!("The invocation cannot be run again: {}", reason(code).message);
    Refusal::new(errors::NOT_REPLAYABLE, message).into()
}

/// For the reference: the members of every invocation.
macro_rules! example {
    () => {
        r#""id": "inv_…", "requestId": "req_…", "hook": "signup", "point": "beforeSignup", "version": 1, "digest": "sha256:…", "mode": "live", "user": "usr_…", "outcome": "hook_failed", "durationUs": 850, "fuel": 120000, "memoryPeakBytes": 1310720, "createdAt": "2026-01-31T12:00:00.000Z", "logs": [{"level": "info", "message": "checking"}], "logsDropped": 0"#
    };
}

/// An error in them.
macro_rules! error_example {
    () => {
        r#"{"name": "TypeError", "message": "not a function", "stack": "at check (hooks/signup.ts:3:7)", "file": "hooks/signup.ts", "line": 3, "column": 7}"#
    };
}

use {error_example, example};
