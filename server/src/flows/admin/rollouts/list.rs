//! `GET …/rollouts`

use aerocall_api_types::{Permission, RolloutList};

use super::{example, rollout};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the rollouts of an environment.
pub(crate) struct ListRollouts;

impl Flow for ListRollouts {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = RolloutList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/rollouts"), "List rollouts")
        .about("Those that go on and the last 50 that have ended, of all hooks.")
        .answers(
            200,
            "The rollouts, newest first.",
            concat!(r#"{"rollouts": ["#, example!(), "]}"),
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<RolloutList> {
        app.hooks.write_counts().await?;
        let scope = caller.scope.clone();
        let rows = app.store.read(move |tx| tx.rollouts(&scope)).await?;
        let rollouts = rows.into_iter().map(|row| rollout(app, row)).collect::<Result<_>>()?;
        Ok(RolloutList { rollouts })
    }
}
