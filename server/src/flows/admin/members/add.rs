//! `POST /admin/api/v1/projects/{project}/members`

use aerocall_api_types::{Member, Permission, Role};
use aerocall_contract::errors;
use serde_json::json;

use super::{MAX_MEMBERS, MEMBER, ROLE, document, member, role};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Email, Fields},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::accounts::LOCK,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectOwner, Proof},
        },
    },
};

/// Makes somebody with an account a member of a project.
pub(crate) struct AddMember;

/// What the client sends.
pub(crate) struct Input {
    email: Email,
    role: Role,
}

impl Flow for AddMember {
    type Who = ProjectOwner;
    type Input = Input;
    type Output = Member;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects/{project}/members", "Add a member")
        .about("Gives an account that is there a role in the project, from its next request on. Somebody without an account needs an invitation.")
        .fields(&[
            Field::required("email", FieldKind::Email, "The address of the account."),
            ROLE,
        ])
        .example(r#"{"email":"ada@example.com","role":"developer"}"#)
        .answers(201, "The member.", MEMBER)
        .errors(&[errors::MEMBER_EXISTS, errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let role = fields.required("role", role);
        let (email, role) = email.zip(role)?;
        Some(Input { email, role })
    }

    async fn run(app: &App, caller: &Caller<ProjectOwner>, input: Input) -> Result<Member> {
        let (project, Input { email, role }) = (caller.scope.clone(), input);
        let added = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(LOCK)?;
            let Some(account) = tx.admin_account_by_email(&email)? else {
                let problem = "is not the address of an account: invite them with POST …/invitations";
                return Ok(Audited::Unchanged(Err(Refusal::invalid_field("email", problem))));
            };
            if tx.members(&project)?.len() >= MAX_MEMBERS {
                let message = format!("A project has at most {MAX_MEMBERS} members");
                return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
            }
            if member(tx, &project, &account.id)?.is_some() {
                let message = "The account is a member already: change its role with PATCH";
                let refusal = Refusal::new(errors::MEMBER_EXISTS, message);
                return Ok(Audited::Unchanged(Err(refusal)));
            }
            tx.insert_member(&project, &account.id, role, now_ms)?;
            let entry = AuditEntry::new(Action::MemberAdded, &account.id);
            let entry = entry.with(json!({ "email": account.email, "after": { "role": role } }));
            let added = member(tx, &project, &account.id)?.ok_or_else(Refusal::not_found);
            Ok(Audited::Changed(added, entry))
        });
        Ok(document(added.await??))
    }
}
