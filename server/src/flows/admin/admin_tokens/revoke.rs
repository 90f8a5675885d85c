//! `DELETE /admin/api/v1/tokens/{token}` and `DELETE /admin/api/v1/projects/{project}/tokens/{token}`

use std::marker::PhantomData;

use aerocall_api_types::{Deleted, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{Holder, LOCK, server_admins};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, Flow},
    },
    storage::store::TokenPlace,
};

/// Revokes an admin token, now. The last one of the server stays.
pub(crate) struct RevokeAdminToken<H>(PhantomData<H>);

impl<H: Holder> Flow for RevokeAdminToken<H> {
    type Who = H::Who;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(H::NEEDS);
    const ENDPOINT: Endpoint = H::REVOKE.answers(200, "The id of what was revoked.", r#"{"deleted": "adm_…"}"#);

    async fn run(app: &App, caller: &Caller<H::Who>, (): ()) -> Result<Deleted> {
        let (id, place) = (caller.part("token")?.to_owned(), H::place(&caller.scope));
        let revoked = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(LOCK)?;
            let Some(token) = tx.admin_token(&place, &id, now_ms)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            let admins = server_admins(tx, now_ms)?;
            let is_last = matches!(&admins[..], [last] if last.id == id);
            if place == TokenPlace::Server && is_last && tx.administrators()? == 0 {
                return Ok(Audited::Unchanged(Err(last())));
            }
            tx.end_admin_token(&token, now_ms, now_ms)?;
            let entry = AuditEntry::new(Action::AdminTokenRevoked, &id).with(json!({ "name": token.name }));
            Ok(Audited::Changed(Ok(id), entry))
        });
        Ok(Deleted {
            deleted: revoked.await??,
        })
    }
}

fn last() -> Refusal {
    Refusal::new(
        errors::LAST_ADMIN_TOKEN,
        "This is the last admin token of the server, and without one nobody could make another: create one first, or rotate this one",
    )
}
