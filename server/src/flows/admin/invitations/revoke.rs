//! `DELETE /admin/api/v1/invitations/{invitation}` and `DELETE /admin/api/v1/projects/{project}/invitations/{invitation}`

use std::marker::PhantomData;

use aerocall_api_types::{Deleted, Permission};
use serde_json::json;

use super::InvitationHolder;
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::accounts::LOCK,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Flow},
        },
    },
};

/// Revokes an invitation, now.
pub(crate) struct RevokeInvitation<H>(PhantomData<H>);

impl<H: InvitationHolder> Flow for RevokeInvitation<H> {
    type Who = H::Who;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(H::NEEDS);
    const ENDPOINT: Endpoint = H::REVOKE.answers(200, "The id of the invitation.", r#"{"deleted": "ivt_…"}"#);

    async fn run(app: &App, caller: &Caller<H::Who>, (): ()) -> Result<Deleted> {
        let (id, project) = (
            caller.part("invitation")?.to_owned(),
            H::project(&caller.scope).cloned(),
        );
        let revoked = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(LOCK)?;
            let waiting = tx.invitations(project.as_ref(), now_ms)?;
            let Some(invitation) = waiting.into_iter().find(|invitation| invitation.id == id) else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            tx.take_invitation(&id)?;
            let data = json!({ "email": invitation.email, "role": invitation.role() });
            let entry = AuditEntry::new(Action::InvitationRevoked, &id).with(data);
            Ok(Audited::Changed(Ok(id), entry))
        });
        Ok(Deleted {
            deleted: revoked.await??,
        })
    }
}
