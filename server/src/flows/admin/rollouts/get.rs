//! `GET …/hooks/{hook}/rollout`

use aerocall_api_types::{Permission, Rollout};

use super::{ONE, example, find, rollout};
use crate::{
    app::App,
    base::error::Result,
    flows::{
        admin::hooks::hook_name,
        steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow},
    },
};

/// Shows the newest rollout of a hook.
pub(crate) struct GetRollout;

impl Flow for GetRollout {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Rollout;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(ONE, "Get the rollout of a hook")
        .about("The rollout that goes on, or else the last one. What other nodes have counted in the last half second may be missing.")
        .answers(200, "The rollout, with the figures of both versions.", example!());

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Rollout> {
        let hook = hook_name(caller.part("hook")?)?;
        rollout(app, find(app, &caller.scope, &hook).await?)
    }
}
