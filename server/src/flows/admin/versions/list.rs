//! `GET /admin/api/v1/projects/{project}/hooks/{hook}/versions`

use aerocall_api_types::{Permission, VersionList};

use super::{PATH, example, version};
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

/// Lists the versions of a hook.
pub(crate) struct ListVersions;

impl Flow for ListVersions {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = VersionList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(PATH, "List versions of a hook").answers(
        200,
        "The versions, newest first.",
        concat!(r#"{"versions": ["#, example!(), "]}"),
    );

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<VersionList> {
        let (project, name) = (caller.scope.clone(), hook_name(caller.part("hook")?)?);
        let rows = app.store.read(move |tx| tx.versions(&project, &name)).await?;
        let versions = readable(rows, |row| row.id.clone(), version);
        Ok(VersionList { versions })
    }
}
