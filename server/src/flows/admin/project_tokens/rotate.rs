//! `POST /admin/api/v1/projects/{project}/tokens/{token}/rotate`

use aerocall_api_types::NewAdminToken;

use super::super::admin_tokens::{MADE, rotate};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::steps::{
        endpoint::{Caller, Endpoint, Flow, Method, ProjectOwner},
        lifespan::Rotation,
    },
    storage::store::TokenPlace,
};

/// Replaces an admin token of a project.
pub(crate) struct RotateProjectToken;

impl Flow for RotateProjectToken {
    type Who = ProjectOwner;
    type Input = Rotation;
    type Output = NewAdminToken;

    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/tokens/{token}/rotate",
        "Rotate an admin token of a project",
    )
    .about("Creates a token with the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server or of the project.")
    .fields(Rotation::FIELDS)
    .example(r#"{"overlapSeconds":3600}"#)
    .answers(201, "The new token, returned only here.", MADE);

    fn read(fields: &mut Fields, (): &()) -> Option<Rotation> {
        Some(Rotation::read(fields))
    }

    async fn run(app: &App, caller: &Caller<ProjectOwner>, rotation: Rotation) -> Result<NewAdminToken> {
        rotate(app, caller, TokenPlace::Project(caller.scope.clone()), rotation).await
    }
}
