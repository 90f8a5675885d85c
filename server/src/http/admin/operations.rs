//! The admin API of what hooks leave behind: jobs, queues, records of calls; in its frame.

use actix_web::{HttpResponse, web::Query};
use serde_json::{Value, json};

use crate::{
    base::{
        clock,
        error::{Error, Refusal, Result},
    },
    domain::audit::{self, Action, AuditEntry},
    flows::steps::endpoint::Admins,
    hooks::records,
    http::wire::{
        frame::{Asked, Environment, Member},
        query::QueryString,
    },
    storage::store::{InvocationFilter, JobFilter, JobRow, JobState, Page},
};

type Pairs = Query<Vec<(String, String)>>;

pub(crate) async fn jobs(asked: Asked<Environment>, query: Pairs) -> HttpResponse {
    let show = asked.show(async |app, scope, _| {
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = JobFilter {
            queue: query.text("queue"),
            state: query.one_of("state", &JobState::ALL.map(|state| (state.as_str(), state))),
            before: query.text("before"),
        };
        query.finish()?;
        let rows = app.store.read(move |tx| tx.jobs(&scope, &filter, most)).await?;
        Ok(json!({ "jobs": rows.iter().map(line).collect::<Vec<_>>() }))
    });
    show.await
}

pub(crate) async fn job(asked: Asked<Member>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, id)| {
        let id = id.clone();
        let row = app.store.read(move |tx| tx.job(&scope, &id)).await?;
        whole(&row.ok_or_else(Refusal::not_found)?)
    });
    show.await
}

/// Puts a dead job back.
pub(crate) async fn requeue(asked: Asked<Member>) -> HttpResponse {
    let requeue = asked.act(async |app, Admins { scope, by, .. }, (_, _, id)| {
        let now_ms = app.clock.now_ms();
        let row = app.store.write(move |tx| {
            let requeued = tx.requeue_job(&scope, &id, now_ms)?;
            if requeued {
                audit::record(tx, Some(&scope), &by, AuditEntry::new(Action::JobRequeued, &id), now_ms)?;
            }
            Ok(tx.job(&scope, &id)?.map(|row| (row, requeued)))
        });
        match row.await? {
            None => Err(Refusal::not_found().into()),
            Some((row, true)) => {
                app.hooks.platform.wake();
                whole(&row)
            }
            Some((row, false)) => {
                let message = format!("The job is {}; only a dead job can be requeued", row.state);
                Err(Refusal::new(409, "job_not_dead", message).into())
            }
        }
    });
    requeue.await.ok()
}

/// How many jobs of each queue are in which state.
pub(crate) async fn queues(asked: Asked<Environment>) -> HttpResponse {
    let show = asked.show(async |app, scope, _| {
        let counts = app.store.read(move |tx| tx.queue_counts(&scope)).await?;
        let mut queues: Vec<Value> = Vec::new();
        for count in counts {
            if queues.last().is_none_or(|last| last["name"] != count.queue.as_str()) {
                queues.push(json!({ "name": count.queue, "waiting": 0, "running": 0, "done": 0, "dead": 0 }));
            }
            if let Some(last) = queues.last_mut() {
                last[count.state.as_str()] = count.jobs.into();
            }
        }
        Ok(json!({ "queues": queues }))
    });
    show.await
}

pub(crate) async fn invocations(asked: Asked<Environment>, query: Pairs) -> HttpResponse {
    let show = asked.show(async |app, scope, _| {
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = InvocationFilter {
            hook: query.text("hook"),
            outcome: query.text("outcome"),
            request_id: query.text("requestId"),
            page: match (query.text("before"), query.text("after")) {
                (Some(_), Some(_)) => {
                    query.problem("after", "cannot be combined with before");
                    Page::Newest
                }
                (Some(id), None) => Page::Before(id),
                (None, Some(id)) => Page::After(id),
                (None, None) => Page::Newest,
            },
        };
        query.finish()?;
        let rows = app.store.read(move |tx| tx.invocations(&scope, &filter, most)).await?;
        let documents = rows.iter().map(records::list_document).collect::<Result<Vec<_>>>()?;
        Ok(json!({ "invocations": documents }))
    });
    show.await
}

pub(crate) async fn invocation(asked: Asked<Member>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, id)| {
        let id = id.clone();
        let row = app.store.read(move |tx| tx.invocation(&scope, &id)).await?;
        records::whole_document(&row.ok_or_else(Refusal::not_found)?)
    });
    show.await
}

/// A job in a list: without its message.
fn line(row: &JobRow) -> Value {
    json!({
        "id": row.id,
        "queue": row.queue,
        "state": row.state,
        "attempts": row.attempts,
        "hops": row.hops,
        "idempotencyKey": row.idempotency_key,
        "orderKey": row.order_key,
        "priority": row.priority(),
        "runAt": clock::iso(row.run_at_ms),
        "createdAt": clock::iso(row.created_ms),
        "finishedAt": row.finished_ms.map(clock::iso),
        "error": row.error,
    })
}

fn whole(row: &JobRow) -> Result<Value> {
    let mut document = line(row);
    document["message"] =
        serde_json::from_str(&row.message).map_err(|error| Error::unexpected("reading a stored message", error))?;
    Ok(document)
}
