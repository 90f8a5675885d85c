//! `DELETE /admin/api/v1/projects/{project}/hooks/{hook}/cases/{case}`

use aerocall_api_types::{Deleted, Permission};

use super::{ONE, named};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Flow, Method, ProjectAdmin},
        },
    },
};

/// Deletes a case.
pub(crate) struct DeleteCase;

impl Flow for DeleteCase {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, ONE, "Delete a test case of a hook").answers(
        200,
        "The name of what was deleted.",
        r#"{"deleted": "free-mail"}"#,
    );

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<Deleted> {
        let (project, hook) = (caller.scope.clone(), hook_name(caller.part("hook")?)?);
        let name = named(caller.part("case")?)?;
        let deleted = name.clone();
        let was_there = caller.change(app, move |tx, _| {
            let entry = AuditEntry::new(Action::CaseDeleted, format!("{hook}/{name}"));
            Ok(match tx.delete_case(&project, &hook, &name)? {
                true => Audited::Changed(true, entry),
                false => Audited::Unchanged(false),
            })
        });
        match was_there.await? {
            true => Ok(Deleted { deleted }),
            false => Err(Refusal::not_found().into()),
        }
    }
}
