//! `DELETE …/secrets/{name}`

use aerocall_api_types::{Deleted, Permission};

use super::name;
use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    domain::audit::Action,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    storage::store::Tx,
};

/// Deletes a secret. Calls that have opened it keep its value until they end.
pub(crate) struct DeleteSecret;

impl Flow for DeleteSecret {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, environment!("/secrets/{name}"), "Delete a secret")
        .answers(200, "The name of what was deleted.", r#"{"deleted": "crm_token"}"#);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let name = name(caller.part("name")?)?.to_string();
        let delete = |tx: &mut Tx<'_>, scope: &Scope, name: &str| tx.delete_secret(scope, name);
        caller.delete(app, name, Action::SecretDeleted, delete).await
    }
}
