//! `DELETE /admin/api/v1/projects/{project}/members/{member}`

use aerocall_api_types::{Deleted, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{is_last_owner, member};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::accounts::LOCK,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Flow, Method, ProjectOwner, Proof},
        },
    },
};

/// Takes a member out of a project.
pub(crate) struct RemoveMember;

impl Flow for RemoveMember {
    type Who = ProjectOwner;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/projects/{project}/members/{member}", "Remove a member")
        .about("The project is gone for them from their next request on, on all nodes, also for their personal tokens. Their account stays, and so do keys and tokens of the project that they created: rotate those that they know. The last owner cannot be removed.")
        .answers(200, "The id of the member.", r#"{"deleted": "acc_…"}"#)
        .errors(&[errors::LAST_OWNER]);

    async fn run(app: &App, caller: &Caller<ProjectOwner>, (): ()) -> Result<Deleted> {
        let (project, id) = (caller.scope.clone(), caller.part("member")?.to_owned());
        let removed = caller.change(app, move |tx, _| {
            tx.advisory_lock(LOCK)?;
            let Some(before) = member(tx, &project, &id)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            if let Some(refusal) = is_last_owner(tx, &project, &id)? {
                return Ok(Audited::Unchanged(Err(refusal)));
            }
            tx.delete_member(&project, &id)?;
            let entry = AuditEntry::new(Action::MemberRemoved, &id);
            let entry = entry.with(json!({ "email": before.email, "before": { "role": before.role } }));
            Ok(Audited::Changed(Ok(id), entry))
        });
        Ok(Deleted {
            deleted: removed.await??,
        })
    }
}
