//! `GET /admin/api/v1/projects/{project}/hooks/{hook}/cases`

use aerocall_api_types::{HookCaseList, Permission};

use super::{PATH, case, example};
use crate::{
    app::App,
    base::error::Result,
    flows::{
        admin::hooks::hook_name,
        steps::{
            endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
            page::readable,
        },
    },
};

/// Lists the cases of a hook.
pub(crate) struct ListCases;

impl Flow for ListCases {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = HookCaseList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(PATH, "List the test cases of a hook").answers(
        200,
        "The cases, at most 100, by name.",
        concat!(r#"{"cases": ["#, example!(), "]}"),
    );

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<HookCaseList> {
        let (project, hook) = (caller.scope.clone(), hook_name(caller.part("hook")?)?);
        let name = hook.clone();
        let rows = app.store.read(move |tx| tx.cases(&project, &name)).await?;
        Ok(HookCaseList {
            cases: readable(rows, |row| row.name.clone(), |row| case(&hook, row)),
        })
    }
}
