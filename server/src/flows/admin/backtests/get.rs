//! `GET …/backtests/{backtest}`

use aerocall_api_types::{Backtest, Permission};

use super::{backtest, example};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows a backtest.
pub(crate) struct GetBacktest;

impl Flow for GetBacktest {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Backtest;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/backtests/{backtest}"), "Get a backtest").answers(
        200,
        "The backtest, as far as it is.",
        example!(),
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Backtest> {
        let (scope, id) = (caller.scope.clone(), caller.part("backtest")?.to_owned());
        let row = app.store.read(move |tx| tx.backtest(&scope, &id)).await?;
        backtest(app, row.ok_or_else(Refusal::not_found)?)
    }
}
