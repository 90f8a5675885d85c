//! `DELETE /admin/api/v1/account/tokens/{token}`

use aerocall_api_types::{Deleted, Permission};
use serde_json::json;

use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AccountSession, Caller, Endpoint, Flow, Method},
    },
};

/// Revokes a personal token, now.
pub(crate) struct RevokePersonalToken;

impl Flow for RevokePersonalToken {
    type Who = AccountSession;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint =
        Endpoint::plain(Method::Delete, "/admin/api/v1/account/tokens/{token}", "Revoke a personal token")
            .about("The token, given by its id, stops working at once, on all nodes. A token revokes itself with `DELETE /admin/api/v1/session`.")
            .answers(200, "The id of the token.", r#"{"deleted": "ptk_…"}"#);

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<Deleted> {
        let (account_id, id) = (
            caller.who.person()?.account.id.clone(),
            caller.part("token")?.to_owned(),
        );
        let revoked = caller.change(app, move |tx, now_ms| {
            let tokens = tx.personal_tokens(&account_id, now_ms)?;
            let Some(token) = tokens.iter().find(|token| token.id == id) else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            tx.end_personal_token(token, now_ms)?;
            let entry = AuditEntry::new(Action::PersonalTokenRevoked, &id).with(json!({ "name": token.name }));
            Ok(Audited::Changed(Ok(id), entry))
        });
        Ok(Deleted {
            deleted: revoked.await??,
        })
    }
}
