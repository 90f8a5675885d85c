//! `GET …/migrations`

use aerocall_api_types::{MigrationList, Permission};

use super::{document, refused};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    storage::tenant::MigrationFault,
};

/// Lists the migrations that were applied.
pub(crate) struct ListMigrations;

impl Flow for ListMigrations {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = MigrationList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/migrations"), "List applied migrations").answers(
        200,
        "The migrations, in the order in which they were applied.",
        r#"{"migrations": [{"name": "0001_orders", "digest": "sha256:…", "appliedAt": "2026-01-31T12:00:00.000Z"}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<MigrationList> {
        let applied = app.hooks.platform.tenants.applied(&caller.scope).await;
        let applied = applied.map_err(|error| refused(MigrationFault::Database(error)))?;
        Ok(MigrationList {
            migrations: applied.into_iter().map(document).collect(),
        })
    }
}
