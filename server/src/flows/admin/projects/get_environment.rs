//! `GET /admin/api/v1/projects/{project}/environments/{environment}`

use aerocall_api_types::{Environment, Permission};

use super::{ENVIRONMENT, environment as shown};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Returns an environment.
pub(crate) struct GetEnvironment;

impl Flow for GetEnvironment {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Environment;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint =
        Endpoint::get(environment!(""), "Get an environment").answers(200, "The environment.", ENVIRONMENT);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Environment> {
        let scope = caller.scope.clone();
        let row = app.store.read(move |tx| tx.environment(&scope)).await?;
        Ok(row.map(shown).ok_or_else(Refusal::not_found)?)
    }
}
