//! `GET …/settings/limits`

use aerocall_api_types::{LimitSettings, Permission};

use super::LIMITS;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
        invocation_limits,
    },
};

/// Shows the most that an invocation may use.
pub(crate) struct GetInvocationLimits;

impl Flow for GetInvocationLimits {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = LimitSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/settings/limits"), "Get invocation limits").answers(
        200,
        "The limits that are set; the others have the server's defaults.",
        LIMITS,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<LimitSettings> {
        let limits = app.hooks.registry.project_limits(&caller.scope).await?;
        Ok(invocation_limits::settings(&limits))
    }
}
