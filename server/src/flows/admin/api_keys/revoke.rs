//! `DELETE …/keys/{key}`

use aerocall_api_types::{Deleted, Permission};
use serde_json::json;

use super::shown_kind;
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentOwner, Flow, Method, environment},
    },
};

/// Revokes an API key.
pub(crate) struct RevokeApiKey;

impl Flow for RevokeApiKey {
    type Who = EnvironmentOwner;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, environment!("/keys/{key}"), "Revoke an API key")
        .about("The key, given by its id, stops working at once, on all nodes. An environment without keys serves no client until one is created. Requires an admin token of the server or of the project.")
        .answers(200, "The id of what was revoked.", r#"{"deleted": "key_…"}"#);

    async fn run(app: &App, caller: &Caller<EnvironmentOwner>, (): ()) -> Result<Deleted> {
        let (id, scope) = (caller.part("key")?.to_owned(), caller.scope.clone());
        let revoked = caller.change(app, move |tx, now_ms| {
            let Some(key) = tx.api_key(&scope, &id, now_ms)? else {
                return Ok(Audited::Unchanged(None));
            };
            tx.end_api_key(&key, now_ms, now_ms)?;
            let entry = AuditEntry::new(Action::ApiKeyRevoked, &id);
            let entry = entry.with(json!({ "kind": shown_kind(key.kind()), "name": key.name }));
            Ok(Audited::Changed(Some(id), entry))
        });
        let deleted = revoked.await?.ok_or_else(Refusal::not_found)?;
        Ok(Deleted { deleted })
    }
}
