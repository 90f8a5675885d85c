//! `GET …/schedules`

use aerocall_api_types::{Permission, Schedule as Document, ScheduleList, ScheduleRun, Timestamp};

use super::super::jobs::state;
use crate::{
    app::App,
    base::{clock, error::Result, ids::Scope},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    hooks::{
        LiveHook, State,
        schedule::{self, Schedule},
    },
    storage::{
        queue::event_queue,
        store::{InvocationFilter, JobFilter, JobRow, Page},
    },
};

/// Times that are shown.
const NEXT: usize = 3;

/// Lists the schedules of the live hooks.
pub(crate) struct ListSchedules;

impl Flow for ListSchedules {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = ScheduleList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/schedules"), "List schedules")
        .about("The schedules of the live hooks, each with its next three times and its last run.")
        .answers(
            200,
            "The schedules.",
            r#"{"schedules": [{"hook": "reports", "name": "nightly", "pattern": "0 3 * * *", "state": "enabled", "nextAt": ["2026-02-01T03:00:00.000Z", "2026-02-02T03:00:00.000Z", "2026-02-03T03:00:00.000Z"], "queue": "cron.nightly/reports", "lastRun": {"job": "job_…", "at": "2026-01-31T03:00:00.000Z", "state": "done", "error": null, "invocation": "inv_…"}}]}"#,
        );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<ScheduleList> {
        let Some(live) = app.hooks.registry.live(&caller.scope) else {
            return Ok(ScheduleList { schedules: Vec::new() });
        };
        let mut schedules = Vec::new();
        for hook in &live.hooks {
            for (name, pattern) in &hook.manifest.schedules {
                schedules.push(document(app, &caller.scope, hook, name, pattern).await?);
            }
        }
        Ok(ScheduleList { schedules })
    }
}

async fn document(app: &App, scope: &Scope, hook: &LiveHook, name: &str, pattern: &str) -> Result<Document> {
    let event = schedule::event(name);
    let queue = event_queue(&event, &hook.name);
    let next_at = match hook.state {
        State::Enabled => next(pattern, app.clock.now_ms()),
        State::Disabled => Vec::new(),
    };
    Ok(Document {
        last_run: last_run(app, scope, &queue, &hook.name).await?,
        hook: hook.name.clone(),
        name: name.to_owned(),
        pattern: pattern.to_owned(),
        state: hook.state.into(),
        next_at,
        queue,
    })
}

fn next(pattern: &str, now_ms: i64) -> Vec<Timestamp> {
    let Ok(schedule) = Schedule::parse(pattern) else {
        return Vec::new();
    };
    let times = std::iter::successors(schedule.after(now_ms), |at_ms| schedule.after(*at_ms));
    times.take(NEXT).map(|at_ms| clock::iso(at_ms).into()).collect()
}

async fn last_run(app: &App, scope: &Scope, queue: &str, hook: &str) -> Result<Option<ScheduleRun>> {
    let of_queue = JobFilter {
        queue: Some(queue.to_owned()),
        ..JobFilter::default()
    };
    let (scope, hook) = (scope.clone(), hook.to_owned());
    let found = app.store.read(move |tx| {
        let Some(job) = tx.jobs(&scope, &of_queue, 1)?.into_iter().next() else {
            return Ok(None);
        };
        let of_job = InvocationFilter {
            hook: Some(hook),
            request_id: Some(job.id.clone()),
            ..InvocationFilter::default()
        };
        let invocation = tx.invocations(&scope, &of_job, &Page::Newest, 1)?.into_iter().next();
        Ok(Some((job, invocation.map(|invocation| invocation.id))))
    });
    let found: Option<(JobRow, Option<String>)> = found.await?;
    let run = |(job, invocation): (JobRow, Option<String>)| {
        Ok(ScheduleRun {
            at: clock::iso(job.created_ms).into(),
            state: state(&job.state)?,
            job: job.id,
            error: job.error,
            invocation,
        })
    };
    found.map(run).transpose()
}
