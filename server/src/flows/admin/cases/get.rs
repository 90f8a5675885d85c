//! `GET /admin/api/v1/projects/{project}/hooks/{hook}/cases/{case}`

use aerocall_api_types::{HookCase, Permission};

use super::{ONE, case, example, named};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::{
        admin::hooks::hook_name,
        steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
    },
};

/// Shows a case.
pub(crate) struct GetCase;

impl Flow for GetCase {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = HookCase;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(ONE, "Get a test case of a hook").answers(200, "The case.", example!());

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<HookCase> {
        let (project, hook) = (caller.scope.clone(), hook_name(caller.part("hook")?)?);
        let (name, owner) = (named(caller.part("case")?)?, hook.clone());
        let row = app.store.read(move |tx| tx.case(&project, &owner, &name)).await?;
        case(&hook, row.ok_or_else(Refusal::not_found)?)
    }
}
