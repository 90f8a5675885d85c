//! `DELETE …/jobs/{job}`

use aerocall_api_types::{Deleted, Permission};
use aerocall_contract::errors;

use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
};

/// Deletes a job that nobody runs.
pub(crate) struct DeleteJob;

impl Flow for DeleteJob {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, environment!("/jobs/{job}"), "Delete a job")
        .about("A job that waits is never run then.")
        .answers(
            200,
            "The id of the deleted job.",
            r#"{"deleted": "job_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"}"#,
        )
        .errors(&[errors::JOB_RUNNING]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let (scope, id) = (caller.scope.clone(), caller.part("job")?.to_owned());
        let deleted = id.clone();
        let done = caller.change(app, move |tx, _| {
            let Some(job) = tx.job(&scope, &id)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            Ok(match tx.delete_job(&scope, &id)? {
                true => {
                    let data = serde_json::json!({ "queue": job.queue, "state": job.state });
                    Audited::Changed(Ok(()), AuditEntry::new(Action::JobDeleted, id).with(data))
                }
                false => Audited::Unchanged(Err(Refusal::new(
                    errors::JOB_RUNNING,
                    "A worker runs the job; try again when the attempt has ended",
                ))),
            })
        });
        done.await??;
        Ok(Deleted { deleted })
    }
}
