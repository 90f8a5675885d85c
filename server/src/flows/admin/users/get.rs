//! `GET …/users/{user}`

use aerocall_api_types::{Permission, UserEnvelope};

use super::{EXAMPLE, envelope, found};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows one user.
pub(crate) struct GetUser;

impl Flow for GetUser {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserEnvelope;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint =
        Endpoint::get(environment!("/users/{user}"), "Get a user").answers(200, "The user.", EXAMPLE);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserEnvelope> {
        let user = found(app, &caller.scope, caller.part("user")?).await?;
        envelope(&user, app.clock.now_ms())
    }
}
