//! `GET …/hooks`

use aerocall_api_types::{LiveHooks, Permission};

use super::{document::live_hooks, live_example};
use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    hooks::Live,
};

/// Shows what is live.
pub(crate) struct GetLiveHooks;

impl Flow for GetLiveHooks {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = LiveHooks;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/hooks"), "Get the live hooks").answers(
        200,
        "The live deployment: `points` by hook point, in the order in which hooks run, and `hooks` one by one.",
        concat!("{", live_example!(), "}"),
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<LiveHooks> {
        Ok(live(app, &caller.scope))
    }
}

/// What is live now.
pub(super) fn live(app: &App, scope: &Scope) -> LiveHooks {
    match app.hooks.registry.live(scope) {
        Some(live) => live_hooks(&live),
        None => live_hooks(&Live::nothing()),
    }
}
