//! `POST /admin/api/v1/tokens`

use aerocall_api_types::NewAdminToken;

use super::{MADE, NewToken, make};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, short_text},
    },
    flows::steps::{
        endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ServerAdmin},
        lifespan::Expiry,
    },
    storage::store::TokenPlace,
};

/// Creates an admin token.
pub(crate) struct CreateAdminToken;

impl Flow for CreateAdminToken {
    type Who = ServerAdmin;
    type Input = NewToken;
    type Output = NewAdminToken;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/tokens", "Create an admin token")
        .about("A token opens the admin API of the whole server. It is returned only here. Requires an admin token of the server.")
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

    async fn run(app: &App, caller: &Caller<ServerAdmin>, new: NewToken) -> Result<NewAdminToken> {
        make(app, caller, TokenPlace::Server, new).await
    }
}
