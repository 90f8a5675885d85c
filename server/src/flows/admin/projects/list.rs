//! `GET /admin/api/v1/projects`

use aerocall_api_types::{Permission, ProjectList};

use super::project;
use crate::{
    app::App,
    base::{error::Result, ids::Slug},
    flows::steps::endpoint::{AnyAdmin, Caller, Endpoint, Flow},
    security::access::Admin,
    storage::store::ProjectRow,
};

/// Lists the projects that an admin can see.
pub(crate) struct ListProjects;

impl Flow for ListProjects {
    type Who = AnyAdmin;
    type Input = ();
    type Output = ProjectList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/projects", "List projects")
        .about("An admin token of the server and an administrator see all projects, an account those it has a role in, a secret key only its own.")
        .answers(
            200,
            "The projects.",
            r#"{"projects": [{"id": "shop", "name": "Shop", "environments": ["production"], "createdAt": "2026-01-31T12:00:00.000Z"}]}"#,
        );

    async fn run(app: &App, caller: &Caller<AnyAdmin>, (): ()) -> Result<ProjectList> {
        let rows = app.store.read(|tx| tx.projects()).await?;
        let can_see = |row: &ProjectRow| match &caller.who.admin {
            Admin::Server { .. } => true,
            Admin::Project { project, .. } => project.as_str() == row.id,
            Admin::Key(own) => own.project.as_str() == row.id,
            Admin::Person(person) => Slug::parse(&row.id).is_ok_and(|project| person.sees(&project)),
        };
        Ok(ProjectList {
            projects: rows.into_iter().filter(can_see).map(project).collect(),
        })
    }
}
