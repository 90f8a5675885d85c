//! `GET …/backtests`

use aerocall_api_types::{BacktestList, Permission};

use super::{backtest, example};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
        page::readable,
    },
};

/// Lists the backtests of an environment.
pub(crate) struct ListBacktests;

impl Flow for ListBacktests {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = BacktestList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/backtests"), "List backtests").answers(
        200,
        "The last backtests, newest first.",
        concat!(r#"{"backtests": ["#, example!(), "]}"),
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<BacktestList> {
        let scope = caller.scope.clone();
        let rows = app.store.read(move |tx| tx.backtests(&scope)).await?;
        Ok(BacktestList {
            backtests: readable(rows, |row| row.id.clone(), |row| backtest(app, row)),
        })
    }
}
