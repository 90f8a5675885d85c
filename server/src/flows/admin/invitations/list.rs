//! `GET /admin/api/v1/invitations` and `GET /admin/api/v1/projects/{project}/invitations`

use std::marker::PhantomData;

use aerocall_api_types::{Invitation, InvitationList, Permission};

use super::InvitationHolder;
use crate::{
    app::App,
    base::{clock, error::Result},
    flows::steps::endpoint::{Caller, Endpoint, Flow},
    storage::store::InvitationRow,
};

/// Lists the invitations that wait to be accepted.
pub(crate) struct ListInvitations<H>(PhantomData<H>);

impl<H: InvitationHolder> Flow for ListInvitations<H> {
    type Who = H::Who;
    type Input = ();
    type Output = InvitationList;

    const NEEDS: Option<Permission> = Some(H::NEEDS);
    const ENDPOINT: Endpoint = H::LIST.answers(
        200,
        "The invitations, at most 100.",
        r#"{"invitations": [{"id": "ivt_…", "email": "ada@example.com", "role": "developer", "createdBy": "account:acc_…", "createdAt": "2026-01-31T12:00:00.000Z", "expiresAt": "2026-02-07T12:00:00.000Z"}]}"#,
    );

    async fn run(app: &App, caller: &Caller<H::Who>, (): ()) -> Result<InvitationList> {
        let (project, now_ms) = (H::project(&caller.scope).cloned(), app.clock.now_ms());
        let rows = app
            .store
            .read(move |tx| tx.invitations(project.as_ref(), now_ms))
            .await?;
        let shown = |row: InvitationRow| Invitation {
            role: row.role(),
            id: row.id,
            email: row.email,
            created_by: row.created_by,
            created_at: clock::iso(row.created_ms).into(),
            expires_at: clock::iso(row.expires_ms).into(),
        };
        Ok(InvitationList {
            invitations: rows.into_iter().map(shown).collect(),
        })
    }
}
