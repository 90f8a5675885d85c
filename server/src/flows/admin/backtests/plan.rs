//! `POST …/backtests/plan`

use aerocall_api_types::{BacktestPlan, Permission, ReplayReasonCode};

use super::input::{FILTER, HOOK, Input, LIMIT};
use crate::{
    app::App,
    base::{clock, error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    hooks::records,
};

/// Records that one transaction reads.
const PAGE: usize = 200;

/// Counts what a backtest would run on.
pub(crate) struct PlanBacktest;

impl Flow for PlanBacktest {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = BacktestPlan;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/backtests/plan"), "Plan a backtest")
        .about("Counts the recorded invocations that a backtest would run on, and how many of them cannot be run again.")
        .fields(&[HOOK, FILTER, LIMIT])
        .example(r#"{"hook":"signup","limit":1000}"#)
        .answers(
            200,
            "The numbers of invocations.",
            r#"{"hook": "signup", "calls": 984, "replayable": 980, "redacted": 1, "cut": 2, "unrepeatable": 1, "keptSince": "2026-01-24T12:00:00.000Z", "dropped": 0}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Input::read(fields)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<BacktestPlan> {
        let (scope, limit) = (caller.scope.clone(), input.limit);
        let (ids, oldest_ms) = app
            .store
            .read(move |tx| {
                Ok((
                    tx.recorded_ids(&scope, &input.filter, limit)?,
                    tx.oldest_invocation_ms(&scope)?,
                ))
            })
            .await?;
        let mut plan = BacktestPlan {
            hook: input.hook.to_string(),
            calls: 0,
            replayable: 0,
            redacted: 0,
            cut: 0,
            unrepeatable: 0,
            kept_since: oldest_ms.map(|ms| clock::iso(ms).into()),
            dropped: app.records.dropped(),
        };
        for page in ids.chunks(PAGE) {
            let (scope, page) = (caller.scope.clone(), page.to_vec());
            let rows = app.store.read(move |tx| tx.invocations_of(&scope, &page)).await?;
            let (scope, master) = (caller.scope.clone(), std::sync::Arc::clone(&app.master));
            // Records can be large: not on a thread that answers requests.
            let reasons = tokio::task::spawn_blocking(move || {
                let reason = |row| records::recording(&scope, row, &master).err();
                rows.iter().map(reason).collect::<Vec<_>>()
            });
            let reasons = reasons
                .await
                .map_err(|error| crate::base::error::Error::unexpected("reading records", error))?;
            reasons.into_iter().for_each(|reason| count(&mut plan, reason));
        }
        Ok(plan)
    }
}

fn count(plan: &mut BacktestPlan, reason: Option<ReplayReasonCode>) {
    plan.calls += 1;
    *match reason {
        None => &mut plan.replayable,
        Some(ReplayReasonCode::Redacted) => &mut plan.redacted,
        Some(ReplayReasonCode::Cut) => &mut plan.cut,
        Some(_) => &mut plan.unrepeatable,
    } += 1;
}
