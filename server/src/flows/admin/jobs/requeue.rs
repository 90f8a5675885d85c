//! `POST …/jobs/{job}/requeue`

use aerocall_api_types::{Job, Permission};
use aerocall_contract::errors;

use super::job;
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
    storage::store::JobRow,
};

/// Puts a dead job back into its queue, with all its attempts.
pub(crate) struct RequeueJob;

/// What the transaction found and did.
enum Requeued {
    NoSuchJob,
    NotDead(JobRow),
    Waiting(JobRow),
}

impl Flow for RequeueJob {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Job;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/jobs/{job}/requeue"), "Requeue a dead job")
        .answers(
            200,
            "The job, waiting to run again.",
            r#"{"id": "job_…", "queue": "welcome", "state": "waiting", "attempts": 0, "hops": 0, "idempotencyKey": null, "orderKey": null, "priority": "normal", "runAt": "2026-01-31T12:00:00.000Z", "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null, "error": "no answer", "message": {"userId": "usr_…"}}"#,
        )
        .errors(&[errors::JOB_NOT_DEAD]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Job> {
        let (scope, id) = (caller.scope.clone(), caller.part("job")?.to_owned());
        let requeued = caller.change(app, move |tx, now_ms| {
            let is_requeued = tx.requeue_job(&scope, &id, now_ms)?;
            Ok(match tx.job(&scope, &id)? {
                None => Audited::Unchanged(Requeued::NoSuchJob),
                Some(row) if is_requeued => {
                    Audited::Changed(Requeued::Waiting(row), AuditEntry::new(Action::JobRequeued, &id))
                }
                Some(row) => Audited::Unchanged(Requeued::NotDead(row)),
            })
        });
        match requeued.await? {
            Requeued::NoSuchJob => Err(Refusal::not_found().into()),
            Requeued::NotDead(row) => {
                let message = format!("The job is {}; only a dead job can be requeued", row.state);
                Err(Refusal::new(errors::JOB_NOT_DEAD, message).into())
            }
            Requeued::Waiting(row) => {
                app.hooks.platform.wake();
                job(&row)
            }
        }
    }
}
