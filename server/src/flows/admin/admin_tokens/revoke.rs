//! `DELETE /admin/api/v1/tokens/{token}`

use aerocall_api_types::Deleted;

use super::revoke;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, Flow, Method, ServerAdmin},
    storage::store::TokenPlace,
};

/// Revokes an admin token.
pub(crate) struct RevokeAdminToken;

impl Flow for RevokeAdminToken {
    type Who = ServerAdmin;
    type Input = ();
    type Output = Deleted;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/tokens/{token}", "Revoke an admin token")
        .about("The token, given by its id, stops working at once, on all nodes. The last one cannot be revoked: `last_admin_token`. Requires an admin token of the server.")
        .answers(200, "The id of what was revoked.", r#"{"deleted": "adm_…"}"#).errors(&["last_admin_token"]);

    async fn run(app: &App, caller: &Caller<ServerAdmin>, (): ()) -> Result<Deleted> {
        Ok(Deleted {
            deleted: revoke(app, caller, TokenPlace::Server).await?,
        })
    }
}
