//! `GET …/signing-keys`

use aerocall_api_types::{Permission, SigningKeyList};

use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the signing keys of an environment.
pub(crate) struct ListSigningKeys;

impl Flow for ListSigningKeys {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = SigningKeyList;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/signing-keys"), "List signing keys")
        .about("States: `next` is published and does not sign yet, `verifying` no longer signs but its tokens are still accepted, `retired` is no longer accepted.")
        .answers(
            200,
            "The signing keys, newest first.",
            r#"{"keys": [{"kid": "key_…", "state": "signing", "createdAt": "2026-01-31T12:00:00.000Z", "activeAt": "2026-01-31T12:00:00.000Z", "retiredAt": null}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<SigningKeyList> {
        Ok(SigningKeyList {
            keys: app.keyring.list(&caller.scope, app.clock.now_ms()).await?,
        })
    }
}
