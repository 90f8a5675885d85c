//! `GET …/keys`

use aerocall_api_types::{ApiKeyList, Permission};

use super::shown;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the API keys of an environment.
pub(crate) struct ListApiKeys;

impl Flow for ListApiKeys {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = ApiKeyList;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/keys"), "List API keys")
        .about("The keys that are valid. Secret keys are never returned.")
        .answers(
            200,
            "The keys, newest first.",
            r#"{"keys": [{"id": "key_…", "kind": "publishable", "name": "", "key": "pk_…", "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": "2026-01-31T12:10:00.000Z", "expiresAt": null}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<ApiKeyList> {
        let (scope, now_ms) = (caller.scope.clone(), app.clock.now_ms());
        let rows = app.store.read(move |tx| tx.api_keys(&scope, now_ms)).await?;
        Ok(ApiKeyList {
            keys: rows.into_iter().map(shown).collect(),
        })
    }
}
