//! Backtests: a version of a hook, run on recorded invocations with the answers that those got. Nothing outside is asked or changed.

mod create;
mod delete;
mod get;
mod input;
mod list;
mod plan;
mod rows;
mod stop;
mod work;

use aerocall_api_types::{Backtest, BacktestState, ReplayTarget};

pub(crate) use create::CreateBacktest;
pub(crate) use delete::DeleteBacktest;
pub(crate) use get::GetBacktest;
pub(crate) use list::ListBacktests;
pub(crate) use plan::PlanBacktest;
pub(crate) use rows::ListBacktestRows;
pub(crate) use stop::StopBacktest;

use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Result},
    },
    storage::store::BacktestRow,
};

/// Of one environment; the oldest that have ended make room.
const MAX_BACKTESTS: usize = 20;
/// A node that has said nothing of a backtest for so long does not run it any more.
const SILENT_MS: i64 = 30_000;
const GONE: &str = "the server that ran it has ended";

/// For the reference.
macro_rules! example {
    () => {
        r#"{"id": "bkt_…", "hook": "signup", "target": {"version": 4, "digest": "sha256:…"}, "state": "done", "reason": null, "total": 984, "done": 984, "figures": {"same": 932, "identical": 890, "nowDenied": 41, "nowAllowed": 2, "newFailures": 3, "other": 0, "unknown": 6, "matrix": {"allow": {"allow": 912, "deny": 41, "failure": 3, "unknown": 6}, "deny": {"allow": 2, "deny": 14}, "patch": {"patch": 22}}, "unknownReasons": {"diverged": 6}, "fuel": {"p50Before": 110000, "p50After": 121000, "p95Before": 118000, "p95After": 141000, "p95Percent": 19.5}, "timeUs": {"p50Before": 700, "p50After": 800, "p95Before": 900, "p95After": 1100, "p95Percent": 22.2}}, "dropped": 0, "createdBy": "admin:…", "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": "2026-01-31T12:00:01.000Z"}"#
    };
}

use example;

/// As it is shown.
fn backtest(app: &App, row: BacktestRow) -> Result<Backtest> {
    let damaged = |error| Error::unexpected("reading a stored backtest", error);
    let is_gone = row.state == "running" && app.clock.now_ms() - row.seen_ms > SILENT_MS;
    let state = match row.state.as_str() {
        "running" if is_gone => BacktestState::Stopped,
        "running" => BacktestState::Running,
        "done" => BacktestState::Done,
        "stopped" => BacktestState::Stopped,
        _ => BacktestState::Failed,
    };
    Ok(Backtest {
        figures: serde_json::from_str(&row.figures).map_err(damaged)?,
        id: row.id,
        hook: row.hook,
        target: ReplayTarget {
            version: u32::try_from(row.version_number).unwrap_or(0),
            digest: row.digest,
        },
        state,
        reason: row.reason.or_else(|| is_gone.then(|| GONE.to_owned())),
        total: u32::try_from(row.total).unwrap_or(0),
        done: u32::try_from(row.done).unwrap_or(0),
        dropped: app.records.dropped(),
        created_by: row.created_by,
        created_at: clock::iso(row.created_ms).into(),
        finished_at: row.finished_ms.map(|ms| clock::iso(ms).into()),
    })
}
