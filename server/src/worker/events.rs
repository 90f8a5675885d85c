//! Dispatches events: an event of the outbox becomes a job for each script hook of the live deployment that answers it, and
//! a delivery for each webhook endpoint that wants it, in the transaction that marks the event as dispatched.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use tokio::sync::watch;

use super::{Part, Phase, WorkerContext, stopping};
use crate::{
    app::App,
    base::{
        error::Result,
        fail_point::FailPoint,
        ids::{Kind, Scope, new_id},
        request,
    },
    domain::events,
    hooks::{Live, LiveHook},
    outbound::webhooks::{Filter, delivery},
    storage::{
        queue::{Handling, MAX_HOPS, event_queue},
        store::{EndpointRow, EventRow, NewJob, StoreError, Tx},
    },
    worker::nodes,
};

/// How often the store is asked when nobody said anything.
const INTERVAL: Duration = Duration::from_millis(500);
/// Events of one round.
const ROUND: i64 = 200;

/// An event with what is made of it.
struct Dispatch {
    event: EventRow,
    document: Value,
    jobs: Vec<NewJob>,
}

/// What a round left for others to do.
#[derive(Clone, Copy, Debug, Default)]
struct Made {
    jobs: usize,
    deliveries: usize,
}

/// Until the worker stops.
pub(super) async fn run(context: &WorkerContext, mut phase: watch::Receiver<Phase>) {
    let app = &context.app;
    loop {
        let woken = app.hooks.platform.events.notified();
        let dispatched = dispatch(app).await;
        context
            .idle
            .looked(Part::Events, dispatched.as_ref().map_or(1, |count| *count));
        match dispatched {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "events could not be dispatched right now"),
        }
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = woken => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// One round: how many events were dispatched. Those of an environment whose deployment is not loaded here wait, and hold up
/// nobody else's.
async fn dispatch(app: &Arc<App>) -> Result<usize> {
    let mut after = String::new();
    loop {
        let page = after.clone();
        let events = app.store.read(move |tx| tx.undispatched_events(&page, ROUND)).await?;
        let Some(last) = events.last() else {
            return Ok(0);
        };
        after.clone_from(&last.id);
        // After the events: a deployment that was live when they happened is known by now, or is being loaded.
        nodes::catch_up(app).await?;
        let due = dispatches(app, events)?;
        if !due.is_empty() {
            return dispatch_all(app, due).await;
        }
    }
}

/// What is made of each, but for those that wait.
fn dispatches(app: &App, events: Vec<EventRow>) -> Result<Vec<Dispatch>> {
    let mut due = Vec::with_capacity(events.len());
    for event in events {
        let scope = event.scope()?;
        if app.changes.is_behind(&scope) {
            continue;
        }
        let document = events::document(&event)?;
        let live = app.hooks.registry.live(&scope);
        let jobs = live.map_or_else(Vec::new, |live| jobs(&live, &event, &document));
        due.push(Dispatch { event, document, jobs });
    }
    Ok(due)
}

async fn dispatch_all(app: &App, due: Vec<Dispatch>) -> Result<usize> {
    let (count, now_ms) = (due.len(), app.clock.now_ms());
    let scopes: HashSet<Scope> = due
        .iter()
        .map(|due| due.event.scope())
        .collect::<std::result::Result<_, _>>()?;
    let made = app.store.write_again(move |tx| mark(tx, &due, now_ms)).await?;
    FailPoint::EventsDispatched.reached();
    app.feeds.dispatched(&scopes);
    let platform = &app.hooks.platform;
    if made.jobs > 0 {
        platform.wake();
    }
    if made.deliveries > 0 {
        platform.deliveries.notify_one();
    }
    Ok(count)
}

/// Another server may have dispatched an event in the meantime: then its jobs and deliveries are there, by their keys.
fn mark(tx: &mut Tx<'_>, due: &[Dispatch], now_ms: i64) -> std::result::Result<Made, StoreError> {
    let (mut made, mut endpoints) = (Made::default(), HashMap::new());
    let first = tx.take_seqs(due.len())?;
    for (seq, Dispatch { event, document, jobs }) in (first..).zip(due) {
        let scope = event.scope()?;
        // They are of the request that the event is of.
        request::go_on(event.request_id.clone(), || {
            jobs.iter().try_for_each(|job| keep(tx, &scope, job, now_ms))
        })?;
        made.jobs += jobs.len();
        for endpoint in wanting(tx, &mut endpoints, &scope, event, document)? {
            made.deliveries += usize::from(tx.insert_delivery(&delivery(endpoint, event, now_ms))?);
        }
        tx.event_dispatched(&event.id, seq, now_ms)?;
    }
    Ok(made)
}

/// The enabled endpoints of the scope that want the event. Each scope is read once a round.
fn wanting<'k>(
    tx: &mut Tx<'_>,
    known: &'k mut HashMap<Scope, Vec<(EndpointRow, Filter)>>,
    scope: &Scope,
    event: &EventRow,
    document: &Value,
) -> std::result::Result<Vec<&'k EndpointRow>, StoreError> {
    if !known.contains_key(scope) {
        let rows = tx.endpoints(scope)?.into_iter().filter(EndpointRow::is_enabled);
        let with_filter = |row: EndpointRow| match Filter::of(&row) {
            Ok(filter) => Some((row, filter)),
            Err(error) => {
                tracing::error!(endpoint = row.id, ?error, "a webhook endpoint cannot be read");
                None
            }
        };
        known.insert(scope.clone(), rows.filter_map(with_filter).collect());
    }
    let of_scope = known.get(scope).map(Vec::as_slice).unwrap_or_default();
    let wants = |(_, filter): &&(EndpointRow, Filter)| filter.wants(&event.kind, document);
    Ok(of_scope.iter().filter(wants).map(|(row, _)| row).collect())
}

fn jobs(live: &Arc<Live>, event: &EventRow, document: &Value) -> Vec<NewJob> {
    let job = |hook: &LiveHook| {
        let handling = Handling::of(&hook.manifest, &event.kind);
        NewJob {
            id: new_id(Kind::Job),
            queue: event_queue(&event.kind, &hook.name),
            message: document.to_string(),
            idempotency_key: Some(event.id.clone()),
            order_key: handling.order_key(&event.data),
            priority: handling.priority,
            hops: event.hops,
            run_at_ms: event.time_ms,
            created_ms: event.time_ms,
        }
    };
    live.scripts(&event.kind).map(job).collect()
}

/// Keeps the job; one that too many have led to is dead from the start.
fn keep(tx: &mut Tx<'_>, scope: &Scope, job: &NewJob, now_ms: i64) -> std::result::Result<(), StoreError> {
    tx.insert_job(scope, job)?;
    if job.hops >= MAX_HOPS {
        tracing::warn!(%scope, job = job.id, queue = job.queue, "a hook that causes the event it handles was stopped");
        tx.bury_job(&job.id, &loops(), now_ms)?;
    }
    Ok(())
}

/// A hook that does it is mended before its job is put back.
fn loops() -> String {
    format!(
        "{MAX_HOPS} jobs in a row led to this event, and this would be one more; a hook must not cause what it answers for ever"
    )
}
