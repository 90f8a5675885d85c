//! `POST …/backtests/{backtest}/stop`

use aerocall_api_types::{Backtest, Permission};

use super::{backtest, example};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
};

/// Stops a backtest.
pub(crate) struct StopBacktest;

impl Flow for StopBacktest {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Backtest;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/backtests/{backtest}/stop"),
        "Stop a backtest",
    )
    .about("What was run so far stays. A backtest that has ended stays as it is.")
    .answers(200, "The backtest.", example!());

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Backtest> {
        let (scope, id) = (caller.scope.clone(), caller.part("backtest")?.to_owned());
        app.hooks.backtests.stop(&id);
        let by = caller.actor().actor;
        let stopped = caller.change(app, move |tx, now_ms| {
            let reason = format!("stopped by {by}");
            let was_running = tx.end_backtest(&scope, &id, "stopped", Some(&reason), now_ms)?;
            let row = tx.backtest(&scope, &id)?;
            Ok(match was_running {
                true => Audited::Changed(row, AuditEntry::new(Action::BacktestStopped, id)),
                false => Audited::Unchanged(row),
            })
        });
        backtest(app, stopped.await?.ok_or_else(Refusal::not_found)?)
    }
}
