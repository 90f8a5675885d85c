//! `DELETE /admin/api/v1/projects/{project}/tokens/{token}`

use aerocall_api_types::Deleted;

use super::super::admin_tokens::revoke;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, Flow, Method, ProjectOwner},
    storage::store::TokenPlace,
};

/// Revokes an admin token of a project.
pub(crate) struct RevokeProjectToken;

impl Flow for RevokeProjectToken {
    type Who = ProjectOwner;
    type Input = ();
    type Output = Deleted;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/projects/{project}/tokens/{token}", "Revoke an admin token of a project")
        .about("The token, given by its id, stops working at once, on all nodes. Requires an admin token of the server or of the project.")
        .answers(200, "The id of what was revoked.", r#"{"deleted": "adm_…"}"#);

    async fn run(app: &App, caller: &Caller<ProjectOwner>, (): ()) -> Result<Deleted> {
        Ok(Deleted {
            deleted: revoke(app, caller, TokenPlace::Project(caller.scope.clone())).await?,
        })
    }
}
