//! `POST /admin/api/v1/projects/{project}/tokens`

use aerocall_api_types::NewAdminToken;

use super::super::admin_tokens::{MADE, NewToken, make};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, short_text},
    },
    flows::steps::{
        endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectOwner},
        lifespan::Expiry,
    },
    storage::store::TokenPlace,
};

/// Creates an admin token of a project.
pub(crate) struct CreateProjectToken;

impl Flow for CreateProjectToken {
    type Who = ProjectOwner;
    type Input = NewToken;
    type Output = NewAdminToken;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects/{project}/tokens", "Create an admin token of a project")
        .about("A token (`pt_…`) opens the admin API of the project with all its environments, except creating and deleting environments and projects. It is returned only here. Requires an admin token of the server or of the project.")
        .fields(&[
            Field::required("name", FieldKind::Text(100), "What or whom the token is for."),
            Expiry::FIELD,
        ])
        .example(r#"{"name":"ci"}"#)
        .answers(201, "The token.", MADE)
        .errors(&["limit_reached"]);

    fn read(fields: &mut Fields, (): &()) -> Option<NewToken> {
        let name = fields.required("name", short_text(100));
        let expiry = Expiry::read(fields);
        name.map(|name| NewToken { name, expiry })
    }

    async fn run(app: &App, caller: &Caller<ProjectOwner>, new: NewToken) -> Result<NewAdminToken> {
        make(app, caller, TokenPlace::Project(caller.scope.clone()), new).await
    }
}
