//! `DELETE …/secrets/{name}`

use aerocall_api_types::Deleted;

use super::name;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::Fields,
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
};

/// Deletes a secret. Calls that have opened it keep its value until they end.
pub(crate) struct DeleteSecret;

impl Flow for DeleteSecret {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, environment!("/secrets/{name}"), "Delete a secret")
        .answers(200, "The name of what was deleted.", r#"{"deleted": "crm_token"}"#);

    fn read(_: &mut Fields, _: &AuthSettings) -> Option<()> {
        Some(())
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let name = name(caller.part("name")?)?;
        let deleted = name.to_string();
        let scope = caller.scope.clone();
        let was_there = caller.change(app, move |tx, _| {
            Ok(match tx.delete_secret(&scope, name.as_str())? {
                true => Audited::Changed(true, AuditEntry::new(Action::SecretDeleted, name.as_str())),
                false => Audited::Unchanged(false),
            })
        });
        match was_there.await? {
            true => Ok(Deleted { deleted }),
            false => Err(Refusal::not_found().into()),
        }
    }
}
