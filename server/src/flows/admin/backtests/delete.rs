//! `DELETE …/backtests/{backtest}`

use aerocall_api_types::{Deleted, Permission};

use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    domain::audit::Action,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    storage::store::Tx,
};

/// Stops a backtest and deletes it.
pub(crate) struct DeleteBacktest;

impl Flow for DeleteBacktest {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/backtests/{backtest}"),
        "Delete a backtest",
    )
    .about("A backtest that runs is stopped.")
    .answers(200, "The id of what was deleted.", r#"{"deleted": "bkt_…"}"#);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let id = caller.part("backtest")?.to_owned();
        let delete = |tx: &mut Tx<'_>, scope: &Scope, id: &str| tx.delete_backtest(scope, id);
        let deleted = caller.delete(app, id.clone(), Action::BacktestDeleted, delete).await?;
        app.hooks.backtests.stop(&id);
        Ok(deleted)
    }
}
