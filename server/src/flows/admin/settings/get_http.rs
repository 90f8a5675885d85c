//! `GET …/settings/http`

use aerocall_api_types::{HttpSettings, Permission};

use super::HTTP;
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        input::HostList,
    },
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    storage::store::{Setting, SettingName},
};

/// Shows the hosts that hooks may reach.
pub(crate) struct GetHttpSettings;

impl Flow for GetHttpSettings {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = HttpSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/settings/http"), "Get the HTTP allow-list").answers(
        200,
        "Hosts that hooks may send requests to. If empty, only what each hook declares counts.",
        HTTP,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<HttpSettings> {
        let scope = caller.scope.clone();
        let kept = app
            .store
            .read(move |tx| tx.setting(&scope, SettingName::HttpHosts))
            .await?;
        let damaged = |problem: String| Error::unexpected("reading a project's hosts", problem);
        let hosts = match kept {
            None => HostList::default(),
            Some(Setting::Open(text)) => HostList::stored(&text).map_err(damaged)?,
            Some(Setting::Sealed(_)) => return Err(damaged("they are sealed".to_owned())),
        };
        Ok(HttpSettings { hosts: hosts.names() })
    }
}
