//! `GET /admin/api/v1/projects/{project}`

use aerocall_api_types::{Permission, Project};

use super::{PROJECT, project};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
};

/// Returns a project.
pub(crate) struct GetProject;

impl Flow for GetProject {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = Project;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint =
        Endpoint::get("/admin/api/v1/projects/{project}", "Get a project").answers(200, "The project.", PROJECT);

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<Project> {
        let id = caller.scope.clone();
        let row = app.store.read(move |tx| tx.project(&id)).await?;
        Ok(row.map(project).ok_or_else(Refusal::not_found)?)
    }
}
