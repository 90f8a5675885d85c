//! `GET …/jobs/{job}`

use aerocall_api_types::{Job, Permission};

use super::{example, job};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows a job.
pub(crate) struct GetJob;

impl Flow for GetJob {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Job;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/jobs/{job}"), "Get a job").answers(
        200,
        "The job, with its message.",
        concat!("{", example!(), r#", "message": {"userId": "usr_…"}}"#),
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Job> {
        let (scope, id) = (caller.scope.clone(), caller.part("job")?.to_owned());
        let row = app.store.read(move |tx| tx.job(&scope, &id)).await?;
        job(&row.ok_or_else(Refusal::not_found)?)
    }
}
