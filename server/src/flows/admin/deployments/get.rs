//! `GET …/deployments/{number}`

use aerocall_api_types::{DeploymentDetail, Permission};

use super::{ONE, detail, number};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow},
};

/// Shows a deployment with its hooks.
pub(crate) struct GetDeployment;

impl Flow for GetDeployment {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = DeploymentDetail;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(ONE, "Get a deployment").answers(
        200,
        "The deployment and its hooks, in the order in which they run.",
        r#"{"id": "dep_…", "number": 3, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "admin:…", "message": "Refuse disposable addresses", "forcedReason": null, "complete": true, "hooks": [{"name": "signup", "number": 2, "digest": "sha256:…", "state": "enabled", "failurePolicy": null}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<DeploymentDetail> {
        let (scope, number) = (caller.scope.clone(), number(caller)?);
        let read = app.store.read(move |tx| match tx.deployment(&scope, number)? {
            None => Ok(None),
            Some(row) => {
                let newest = tx.deployments(&scope, 1)?.pop().map_or(0, |newest| newest.number);
                let hooks = tx.deployed_hooks(&row.id)?;
                Ok(Some((row, hooks, newest)))
            }
        });
        let (row, hooks, newest) = read.await?.ok_or_else(Refusal::not_found)?;
        detail(row, &hooks, newest)
    }
}
