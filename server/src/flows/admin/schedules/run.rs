//! `POST …/schedules/{hook}/{name}/run`

use aerocall_api_types::{Job, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::super::jobs::job;
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::Scope,
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
    hooks::{Due, LiveHook, State, schedule},
    storage::{queue::Handling, store::NewJob},
};

/// Runs a schedule now, besides its times.
pub(crate) struct RunSchedule;

impl Flow for RunSchedule {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Job;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/schedules/{hook}/{name}/run"),
        "Run a schedule now",
    )
    .about("Adds a job as if the schedule were due now. Its other times stay.")
    .answers(
        202,
        "The job, waiting to run.",
        r#"{"id": "job_…", "queue": "cron.nightly/reports", "state": "waiting", "attempts": 0, "hops": 0, "idempotencyKey": null, "orderKey": null, "priority": "normal", "runAt": "2026-01-31T12:00:00.000Z", "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null, "error": null, "message": {"type": "cron.nightly", "data": {"scheduledAt": "2026-01-31T12:00:00.000Z"}}}"#,
    )
    .errors(&[errors::HOOK_DISABLED]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Job> {
        let (hook, name) = (caller.part("hook")?, caller.part("name")?);
        let new = due_now(app, &caller.scope, hook, name, &caller.actor().actor)?;
        let (scope, target) = (caller.scope.clone(), format!("{hook}/{name}"));
        let kept = caller.change(app, move |tx, _| {
            tx.insert_job(&scope, &new)?;
            let entry = AuditEntry::new(Action::ScheduleRun, target).with(json!({ "job": new.id }));
            Ok(Audited::Changed(tx.job(&scope, &new.id)?, entry))
        });
        let row = kept.await?;
        app.hooks.platform.wake();
        job(&row.ok_or_else(|| Error::unexpected("keeping a job", "it is not there afterwards"))?)
    }
}

fn due_now(app: &App, scope: &Scope, hook: &str, name: &str, actor: &str) -> Result<NewJob> {
    let live = app.hooks.registry.live(scope).ok_or_else(Refusal::not_found)?;
    let has_it = |live: &&LiveHook| live.name == hook && live.manifest.schedules.contains_key(name);
    let live = live.hooks.iter().find(has_it).ok_or_else(Refusal::not_found)?;
    if live.state == State::Disabled {
        let message = format!("The hook {hook} is disabled; enable it first");
        return Err(Refusal::new(errors::HOOK_DISABLED, message).into());
    }
    let now_ms = app.clock.now_ms();
    let due = Due {
        scope,
        hook,
        name,
        actor,
        priority: Handling::of(&live.manifest, &schedule::event(name)).priority,
        due_ms: now_ms,
    };
    Ok(NewJob {
        // Two of them are two runs.
        idempotency_key: None,
        ..due.job(now_ms)
    })
}
