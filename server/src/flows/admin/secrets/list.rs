//! `GET …/secrets`

use aerocall_api_types::{Permission, SecretList};

use super::secret;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
        page::readable,
    },
};

/// Lists the secrets of an environment.
pub(crate) struct ListSecrets;

impl Flow for ListSecrets {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = SecretList;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/secrets"), "List secrets")
        .about("Names and hosts of the secrets, and which live hooks use them. Values are never returned.")
        .answers(
            200,
            "The secrets.",
            r#"{"secrets": [{"name": "crm_token", "hosts": ["api.example.com"], "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "updatedBy": "account:acc_…", "usedBy": [{"hook": "crm", "version": 3}]}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<SecretList> {
        let scope = caller.scope.clone();
        let rows = app.store.read(move |tx| tx.secrets(&scope)).await?;
        let live = app.hooks.registry.live(&caller.scope);
        let secrets = readable(rows, |row| row.name.clone(), |row| secret(row, live.as_deref()));
        Ok(SecretList { secrets })
    }
}
