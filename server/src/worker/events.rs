//! Tells script hooks of events: an event of the outbox becomes a job for each hook of the live deployment that answers
//! it, in the transaction that notes the event as told. From there on it is a job like any other.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Phase, stopping};
use crate::{
    app::App,
    clock,
    error::{Error, Result},
    hooks::{Live, LiveHook},
    ids::{Kind, new_id},
    queue::{MOST_HOPS, event_queue, order_key},
    store::{EventRow, NewJob, StoreError, Tx},
};

/// How often the store is asked when nobody said anything.
const INTERVAL: Duration = Duration::from_secs(1);
/// Events of one round.
const ROUND: i64 = 200;

/// Until the worker stops.
pub(super) async fn run(app: &App, mut phase: watch::Receiver<Phase>) {
    loop {
        let told = app.hooks.platform.events.notified();
        match dispatch(app).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "events could not be passed on right now"),
        }
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = told => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// One round: how many events were passed on.
async fn dispatch(app: &App) -> Result<usize> {
    let events = app.store.read(|tx| tx.undispatched_events(ROUND)).await?;
    let mut told = Vec::with_capacity(events.len());
    for event in events {
        let live = app.hooks.registry.live(&event.scope()?);
        let jobs = live.map_or_else(|| Ok(Vec::new()), |live| jobs(&live, &event))?;
        told.push((event, jobs));
    }
    let (count, now_ms) = (told.len(), app.clock.now_ms());
    if count == 0 {
        return Ok(0);
    }
    let wakes = told.iter().any(|(_, jobs)| !jobs.is_empty());
    app.store
        .write(move |tx| told.iter().try_for_each(|(event, jobs)| tell(tx, event, jobs, now_ms)))
        .await?;
    if wakes {
        app.hooks.platform.wake();
    }
    Ok(count)
}

/// Another server may have told the event in the meantime: then its jobs are there, by their keys.
fn tell(tx: &mut Tx<'_>, event: &EventRow, jobs: &[NewJob], now_ms: i64) -> std::result::Result<(), StoreError> {
    let scope = event.scope()?;
    for job in jobs {
        tx.insert_job(&scope, job)?;
        if job.hops >= MOST_HOPS {
            tracing::warn!(%scope, job = job.id, queue = job.queue, "a hook that causes the event it answers is stopped");
            tx.bury_job(&job.id, &loops(), now_ms)?;
        }
    }
    tx.event_dispatched(&event.id, now_ms)
}

fn jobs(live: &Arc<Live>, event: &EventRow) -> Result<Vec<NewJob>> {
    let document = document(event)?;
    let job = |hook: &LiveHook| NewJob {
        id: new_id(Kind::Job),
        queue: event_queue(&event.kind, &hook.name),
        message: document.clone(),
        idempotency_key: Some(event.id.clone()),
        order_key: hook
            .manifest
            .order
            .get(&event.kind)
            .and_then(|path| order_key(path, &event.data)),
        hops: event.hops,
        run_at_ms: event.time_ms,
        created_ms: event.time_ms,
    };
    Ok(live.scripts(&event.kind).map(job).collect())
}

/// A hook that does it is mended before its job is put back.
fn loops() -> String {
    format!(
        "{MOST_HOPS} jobs in a row led to this event, and this would be one more; a hook must not cause what it answers for ever"
    )
}

/// The event as script hooks see it.
fn document(event: &EventRow) -> Result<String> {
    let data: Value =
        serde_json::from_str(&event.data).map_err(|error| Error::unexpected("reading a stored event", error))?;
    Ok(json!({
        "id": event.id,
        "type": event.kind,
        "version": event.version,
        "time": clock::iso(event.time_ms),
        "actor": event.actor,
        "data": data,
    })
    .to_string())
}
