//! `PATCH /admin/api/v1/projects/{project}/members/{member}`

use aerocall_api_types::{Member, Permission, Role};
use aerocall_contract::errors;
use serde_json::json;

use super::{MEMBER, ROLE, document, is_last_owner, member, role};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::Fields,
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::accounts::LOCK,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Flow, Method, ProjectOwner, Proof},
        },
    },
    storage::store::MemberRow,
};

/// Changes the role of a member.
pub(crate) struct ChangeMember;

impl Flow for ChangeMember {
    type Who = ProjectOwner;
    type Input = Role;
    type Output = Member;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Patch, "/admin/api/v1/projects/{project}/members/{member}", "Change the role of a member")
        .about("Holds from the next request of the member on, on all nodes, also for their personal tokens. The last owner stays one.")
        .fields(&[ROLE])
        .example(r#"{"role":"developer"}"#)
        .answers(200, "The member.", MEMBER)
        .errors(&[errors::LAST_OWNER]);

    fn read(fields: &mut Fields, (): &()) -> Option<Role> {
        fields.required("role", role)
    }

    async fn run(app: &App, caller: &Caller<ProjectOwner>, role: Role) -> Result<Member> {
        let (project, id) = (caller.scope.clone(), caller.part("member")?.to_owned());
        let changed = caller.change(app, move |tx, _| {
            tx.advisory_lock(LOCK)?;
            let Some(before) = member(tx, &project, &id)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            if before.role == role {
                return Ok(Audited::Unchanged(Ok(before)));
            }
            if let Some(refusal) = is_last_owner(tx, &project, &id)? {
                return Ok(Audited::Unchanged(Err(refusal)));
            }
            tx.set_member_role(&project, &id, role)?;
            let entry = AuditEntry::new(Action::MemberChanged, id);
            let entry = entry.with(json!({
                "email": before.email, "before": { "role": before.role }, "after": { "role": role },
            }));
            Ok(Audited::Changed(Ok(MemberRow { role, ..before }), entry))
        });
        Ok(document(changed.await??))
    }
}
