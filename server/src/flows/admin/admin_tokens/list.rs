//! `GET /admin/api/v1/tokens`

use aerocall_api_types::AdminTokenList;

use super::{LISTED, list};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, Flow, ServerAdmin},
    storage::store::TokenPlace,
};

/// Lists the admin tokens of the server.
pub(crate) struct ListAdminTokens;

impl Flow for ListAdminTokens {
    type Who = ServerAdmin;
    type Input = ();
    type Output = AdminTokenList;

    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/tokens", "List admin tokens")
        .about("The tokens that are valid, without the tokens themselves. Requires an admin token of the server.")
        .answers(200, "The tokens, newest first.", LISTED);

    async fn run(app: &App, _: &Caller<ServerAdmin>, (): ()) -> Result<AdminTokenList> {
        Ok(AdminTokenList {
            tokens: list(app, TokenPlace::Server).await?,
        })
    }
}
