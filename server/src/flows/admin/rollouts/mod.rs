//! Rollouts: a version of a hook beside the live one, for a time: as a shadow, whose replies never count, or as a canary, whose
//! replies count for a share of the calls.

mod delete;
mod get;
mod input;
mod list;
mod promote;
mod put;
mod stop;

use aerocall_api_types::{Rollout, RolloutComparison, RolloutKind, RolloutState, RolloutStop};
use aerocall_contract::errors;
use serde_json::{Value, json};

pub(crate) use delete::DeleteRollout;
pub(crate) use get::GetRollout;
pub(crate) use list::ListRollouts;
pub(crate) use promote::PromoteRollout;
pub(crate) use put::PutRollout;
pub(crate) use stop::StopRollout;

use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        ids::{HookName, Scope},
        stored,
    },
    flows::steps::endpoint::environment,
    hooks::{
        Stored,
        rollouts::{Figures, percent_of, verdict},
    },
    storage::store::{EndedRollout, RolloutRow, StoreError, Tx},
};

/// The newest of a hook.
const ONE: &str = environment!("/hooks/{hook}/rollout");
const RUNNING: &str = "running";

/// For the reference.
macro_rules! example {
    () => {
        r#"{"id": "rol_…", "hook": "signup", "kind": "canary", "version": 4, "digest": "sha256:…", "liveVersion": 3, "share": 5.0, "stickyBy": "user", "until": "2026-02-01T12:00:00.000Z", "stopIf": {"failures": 1.0, "denials": 3.0, "minCalls": 200}, "state": "running", "reason": null, "verdict": "too_early", "comparison": {"live": {"version": 3, "calls": 4810, "failures": 5, "failuresPercent": 0.1, "denials": 87, "denialsPercent": 1.81, "timeUs": {"p50": 720, "p95": 912}, "fuel": {"p50": 108544, "p95": 118784}}, "candidate": {"version": 4, "calls": 14, "failures": 0, "failuresPercent": 0.0, "denials": 1, "denialsPercent": 7.14, "timeUs": {"p50": 784, "p95": 1104}, "fuel": {"p50": 120832, "p95": 141312}}, "shadow": null}, "createdBy": "admin:…", "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "endedBy": null, "endedAt": null}"#
    };
}

use example;

/// As it is shown.
fn rollout(app: &App, row: RolloutRow) -> Result<Rollout> {
    let kind: RolloutKind = stored::word(&row.kind)?;
    let stop: RolloutStop = stored::json(&row.stop_if)?;
    let figures: Figures = stored::json(&row.figures)?;
    let is_overdue = row.state == RUNNING && row.until_ms <= app.clock.now_ms();
    let state = match is_overdue {
        true => RolloutState::Ended,
        false => stored::word(&row.state)?,
    };
    Ok(Rollout {
        verdict: verdict(state, &stop, &figures),
        comparison: RolloutComparison {
            live: figures.live.document(row.live_number),
            candidate: figures.candidate.document(row.version_number),
            shadow: (kind == RolloutKind::Shadow).then_some(figures.shadow),
        },
        id: row.id,
        hook: row.hook,
        kind,
        version: row.version_number,
        digest: row.digest,
        live_version: row.live_number,
        share: percent_of(row.share),
        sticky_by: stored::word(&row.sticky_by)?,
        until: clock::iso(row.until_ms).into(),
        stop_if: stop,
        state,
        reason: row.reason.or_else(|| is_overdue.then(|| "its time is over".to_owned())),
        created_by: row.created_by,
        created_at: clock::iso(row.created_ms).into(),
        updated_at: clock::iso(row.updated_ms).into(),
        ended_by: row.ended_by.or_else(|| is_overdue.then(|| "server".to_owned())),
        ended_at: row
            .ended_ms
            .or(is_overdue.then_some(row.until_ms))
            .map(|ms| clock::iso(ms).into()),
    })
}

/// The newest of a hook, with what this node has counted so far.
async fn find(app: &App, scope: &Scope, hook: &HookName) -> Result<RolloutRow> {
    app.hooks.write_counts().await?;
    let (scope, hook) = (scope.clone(), hook.clone());
    let row = app.store.read(move |tx| tx.rollout(&scope, &hook)).await?;
    Ok(row.ok_or_else(Refusal::not_found)?)
}

/// What is stored takes effect on this node; the others have been notified.
async fn apply(app: &App, scope: &Scope, stored: Option<Stored>) -> Result<()> {
    if let Some(stored) = stored {
        let live = app.hooks.registry.assemble(scope, stored).await?;
        app.hooks.registry.install(scope, live);
    }
    Ok(())
}

fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new(errors::ROLLOUT_CONFLICT, message.into())
}

fn over(row: &RolloutRow) -> Refusal {
    let why = row.reason.as_deref().unwrap_or("its time is over");
    Refusal::new(
        errors::ROLLOUT_OVER,
        format!(
            "The rollout of version {} of `{}` does not go on: {why}",
            row.version_number, row.hook
        ),
    )
}

/// Whether a rollout that a deployment is to promote still goes on.
pub(super) fn still_running(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: &str,
    now_ms: i64,
) -> std::result::Result<std::result::Result<(), Refusal>, StoreError> {
    Ok(match tx.locked_rollout(scope, id)? {
        Some(row) if row.state == RUNNING && row.until_ms > now_ms => Ok(()),
        Some(row) => Err(over(&row)),
        None => Err(Refusal::not_found()),
    })
}

/// What the audit log says of a deployment, with the rollouts that it ended.
pub(super) fn with_ended(mut about: Value, ended: &[EndedRollout]) -> Value {
    if !ended.is_empty() {
        let one = |one: &EndedRollout| json!({ "id": one.id, "hook": one.hook, "state": one.state });
        about["rollouts"] = ended.iter().map(one).collect();
    }
    about
}
