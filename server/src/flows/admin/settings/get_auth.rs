//! `GET …/settings/auth`

use aerocall_api_types as api;
use aerocall_api_types::Permission;

use super::AUTH;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows what accounts and sessions are like.
pub(crate) struct GetAuthSettings;

impl Flow for GetAuthSettings {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = api::AuthSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/settings/auth"), "Get auth settings")
        .about("Login methods, password rules, session lifetimes, rate limits and redirect URLs of the environment.")
        .answers(200, "All settings, with the default for those that are not set.", AUTH);

    async fn run(_: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<api::AuthSettings> {
        Ok(caller.settings.document())
    }
}
