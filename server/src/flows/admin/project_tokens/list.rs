//! `GET …/projects/{project}/tokens`

use aerocall_api_types::AdminTokenList;

use super::super::admin_tokens::{LISTED, list};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, Flow, ProjectOwner},
    storage::store::TokenPlace,
};

/// Lists the admin tokens of the project.
pub(crate) struct ListProjectTokens;

impl Flow for ListProjectTokens {
    type Who = ProjectOwner;
    type Input = ();
    type Output = AdminTokenList;

    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/projects/{project}/tokens", "List admin tokens of a project")
        .about("The tokens that are valid, without the tokens themselves. Requires an admin token of the server or of the project.")
        .answers(200, "The tokens, newest first.", LISTED);

    async fn run(app: &App, caller: &Caller<ProjectOwner>, (): ()) -> Result<AdminTokenList> {
        Ok(AdminTokenList {
            tokens: list(app, TokenPlace::Project(caller.scope.clone())).await?,
        })
    }
}
