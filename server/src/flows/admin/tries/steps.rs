//! The steps of a request, in the order in which they began, with what was recorded of its hooks.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use aerocall_api_types::{InvocationDetail, TryStep, TryStepKind};

use crate::{
    app::App,
    base::{
        clock,
        error::Result,
        ids::Scope,
        request::{NotedKind, NotedStep, StepLog},
    },
    hooks::{Live, records},
    storage::store::{InvocationFilter, Page},
};

/// Calls of hooks in one request.
const MAX_CALLS: i64 = 500;

/// A request that has ended.
pub(super) struct Ended {
    pub(super) endpoint: String,
    pub(super) status: u16,
    pub(super) began: Instant,
    pub(super) began_ms: i64,
    pub(super) took: Duration,
    pub(super) log: StepLog,
}

/// What was recorded of its hooks, oldest first. They may be recorded a moment after the answer.
pub(super) async fn recorded(app: &App, scope: &Scope, request_id: &str) -> Result<Vec<InvocationDetail>> {
    app.records.flush().await;
    let (scope, filter) = (
        scope.clone(),
        InvocationFilter {
            request_id: Some(request_id.to_owned()),
            ..InvocationFilter::default()
        },
    );
    let rows = app
        .store
        .read(move |tx| tx.invocations(&scope, &filter, &Page::After(String::new()), MAX_CALLS))
        .await?;
    rows.iter().map(records::whole).collect()
}

/// All of them.
pub(super) fn shown(ended: &Ended, calls: &[InvocationDetail], live: Option<&Live>) -> Vec<TryStep> {
    let mut noted = ended.log.noted();
    noted.sort_by_key(|step| step.began);
    let mut used: HashMap<(&str, &str), usize> = HashMap::new();
    let mut steps = vec![TryStep {
        outcome: ended.status.to_string(),
        duration_us: micros(ended.took),
        ..plain(ended, TryStepKind::Request, ended.endpoint.clone(), ended.began)
    }];
    for step in &noted {
        let step_of = |kind, name: &str| TryStep {
            outcome: step.outcome.to_owned(),
            duration_us: micros(step.took),
            ..plain(ended, kind, name.to_owned(), step.began)
        };
        steps.push(match &step.kind {
            NotedKind::Point(point) => step_of(TryStepKind::Point, point),
            NotedKind::Commit => step_of(TryStepKind::Commit, "commit"),
            NotedKind::Hook { point, name } => {
                let nth = used.entry((point, name)).or_default();
                let call = calls
                    .iter()
                    .filter(|call| call.run.point == *point && call.run.hook == *name)
                    .nth(*nth);
                *nth += usize::from(call.is_some());
                let version = live.and_then(|live| live.hooks.iter().find(|hook| hook.name == *name));
                let step = TryStep {
                    hook: Some(name.clone()),
                    version: Some(version.map_or(0, |hook| hook.version_number)),
                    ..step_of(TryStepKind::Hook, point)
                };
                call.map_or_else(|| step.clone(), |call| called(step.clone(), call))
            }
        });
    }
    steps
}

/// Whether a transaction of the flow has taken place after the step.
pub(super) fn is_committed_after(log: &StepLog, began: Instant) -> bool {
    let is_later = |step: &NotedStep| step.kind == NotedKind::Commit && step.outcome == "done" && step.began >= began;
    log.noted().iter().any(is_later)
}

fn called(step: TryStep, call: &InvocationDetail) -> TryStep {
    TryStep {
        version: u32::try_from(call.run.version).ok(),
        fuel: u64::try_from(call.run.fuel).ok(),
        reply: Some(call.reply.clone()),
        logs: call.run.logs.clone(),
        host_calls: call.host_calls.clone(),
        ..step
    }
}

fn plain(ended: &Ended, kind: TryStepKind, name: String, began: Instant) -> TryStep {
    let offset = began.saturating_duration_since(ended.began);
    let at_ms = ended.began_ms.saturating_add(clock::millis(offset));
    TryStep {
        kind,
        name,
        hook: None,
        version: None,
        outcome: String::new(),
        at: clock::iso(at_ms).into(),
        offset_us: micros(offset),
        duration_us: 0,
        fuel: None,
        reply: None,
        logs: Vec::new(),
        host_calls: Vec::new(),
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
