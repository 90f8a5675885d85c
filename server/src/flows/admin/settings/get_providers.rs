//! `GET …/settings/providers`

use aerocall_api_types::{IdentityProviders, Permission};

use super::PROVIDERS;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    outbound::oidc::Providers,
};

/// Shows who may vouch for people.
pub(crate) struct GetIdentityProviders;

impl Flow for GetIdentityProviders {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = IdentityProviders;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/settings/providers"), "Get identity providers").answers(
        200,
        "The identity providers, without their secrets.",
        PROVIDERS,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<IdentityProviders> {
        Ok(Providers::load(&app.store, &app.master, &caller.scope)
            .await?
            .document())
    }
}
