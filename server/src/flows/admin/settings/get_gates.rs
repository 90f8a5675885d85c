//! `GET …/settings/gates`

use aerocall_api_types::{GateSettings, Permission};

use super::GATES;
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::Scope,
        stored,
    },
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    storage::store::{Setting, SettingName},
};

/// Shows what a deployment needs.
pub(crate) struct GetGateSettings;

impl Flow for GetGateSettings {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = GateSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/settings/gates"), "Get what a deployment needs").answers(
        200,
        "What a deployment needs besides what every deployment needs.",
        GATES,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<GateSettings> {
        gates(app, &caller.scope).await
    }
}

/// As they are kept.
pub(in crate::flows::admin) async fn gates(app: &App, scope: &Scope) -> Result<GateSettings> {
    let wanted = scope.clone();
    match app
        .store
        .read(move |tx| tx.setting(&wanted, SettingName::Gates))
        .await?
    {
        None => Ok(GateSettings::default()),
        Some(Setting::Open(text)) => stored::json(&text),
        Some(Setting::Sealed(_)) => Err(Error::unexpected("reading an environment's gates", "they are sealed")),
    }
}
