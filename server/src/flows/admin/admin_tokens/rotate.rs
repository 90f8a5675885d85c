//! `POST /admin/api/v1/tokens/{token}/rotate`

use aerocall_api_types::NewAdminToken;

use super::{MADE, rotate};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::steps::{
        endpoint::{Caller, Endpoint, Flow, Method, ServerAdmin},
        lifespan::Rotation,
    },
    storage::store::TokenPlace,
};

/// Replaces an admin token.
pub(crate) struct RotateAdminToken;

impl Flow for RotateAdminToken {
    type Who = ServerAdmin;
    type Input = Rotation;
    type Output = NewAdminToken;

    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/tokens/{token}/rotate",
        "Rotate an admin token",
    )
    .about("Creates a token with the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server.")
    .fields(Rotation::FIELDS)
    .example(r#"{"overlapSeconds":3600}"#)
    .answers(201, "The new token, returned only here.", MADE);

    fn read(fields: &mut Fields, (): &()) -> Option<Rotation> {
        Some(Rotation::read(fields))
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, rotation: Rotation) -> Result<NewAdminToken> {
        rotate(app, caller, TokenPlace::Server, rotation).await
    }
}
