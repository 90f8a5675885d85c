//! `GET …/deployments`

use aerocall_api_types::{DeploymentList, Permission};

use super::deployment;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

const MAX_DEPLOYMENTS: i64 = 100;

/// Lists the last deployments of an environment.
pub(crate) struct ListDeployments;

impl Flow for ListDeployments {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = DeploymentList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/deployments"), "List deployments").answers(
        200,
        "The deployments, newest first, at most 100.",
        r#"{"deployments": [{"id": "dep_…", "number": 1, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "admin:…", "message": "Refuse disposable addresses", "forcedReason": null}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<DeploymentList> {
        let scope = caller.scope.clone();
        let rows = app
            .store
            .read(move |tx| tx.deployments(&scope, MAX_DEPLOYMENTS))
            .await?;
        Ok(DeploymentList {
            deployments: rows.into_iter().map(deployment).collect(),
        })
    }
}
