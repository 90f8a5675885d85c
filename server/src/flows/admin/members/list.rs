//! `GET /admin/api/v1/projects/{project}/members`

use aerocall_api_types::{MemberList, Permission};

use super::document;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, Flow, ProjectOwner},
};

/// Lists the members of a project.
pub(crate) struct ListMembers;

impl Flow for ListMembers {
    type Who = ProjectOwner;
    type Input = ();
    type Output = MemberList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/projects/{project}/members", "List members")
        .about("Everybody with a role in the project, at most 200.")
        .answers(
            200,
            "The members.",
            r#"{"members": [{"id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "role": "owner", "since": "2026-01-31T12:00:00.000Z"}]}"#,
        );

    async fn run(app: &App, caller: &Caller<ProjectOwner>, (): ()) -> Result<MemberList> {
        let project = caller.scope.clone();
        let rows = app.store.read(move |tx| tx.members(&project)).await?;
        Ok(MemberList {
            members: rows.into_iter().map(document).collect(),
        })
    }
}
