//! The admin API of what hooks leave behind: jobs, queues, records of calls. Bearer → environment → query → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Query},
};
use serde_json::{Value, json};

use super::{
    answer::{self, Flows},
    client,
    query::QueryString,
};
use crate::{
    audit::{self, Action, Deed},
    clock,
    error::{Error, Refusal, Result},
    records,
    store::{InvocationFilter, JobFilter, JobRow, JobState, Page},
};

type Pairs = Query<Vec<(String, String)>>;
type Environment = Path<(String, String)>;
type Member = Path<(String, String, String)>;

pub(super) async fn jobs(request: HttpRequest, path: Environment, query: Pairs, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = JobFilter {
            queue: query.text("queue"),
            state: query.one_of("state", &JobState::ALL.map(|state| (state.as_str(), state))),
            before: query.text("before"),
        };
        query.finish()?;
        let rows = flows.app.store.read(move |tx| tx.jobs(&scope, &filter, most)).await?;
        Ok(json!({ "jobs": rows.iter().map(line).collect::<Vec<_>>() }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn job(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        let row = flows.app.store.read(move |tx| tx.job(&scope, &id)).await?;
        whole(&row.ok_or_else(Refusal::not_found)?)
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// Puts a dead job back.
pub(super) async fn requeue(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let (id, now_ms) = (path.2.clone(), flows.app.clock.now_ms());
        let row = flows.app.store.write(move |tx| {
            let requeued = tx.requeue_job(&scope, &id, now_ms)?;
            if requeued {
                audit::note(tx, Some(&scope), &by, Deed::new(Action::JobRequeued, &id), now_ms)?;
            }
            Ok(tx.job(&scope, &id)?.map(|row| (row, requeued)))
        });
        match row.await? {
            None => Err(Refusal::not_found().into()),
            Some((row, true)) => {
                flows.app.hooks.platform.wake();
                whole(&row)
            }
            Some((row, false)) => {
                let message = format!("The job is {}; only a dead one can be put back", row.state);
                Err(Refusal::new(409, "job_not_dead", message).into())
            }
        }
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// How many jobs of each queue are in which state.
pub(super) async fn queues(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let counts = flows.app.store.read(move |tx| tx.queue_counts(&scope)).await?;
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
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn invocations(
    request: HttpRequest,
    path: Environment,
    query: Pairs,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = InvocationFilter {
            hook: query.text("hook"),
            outcome: query.text("outcome"),
            request_id: query.text("requestId"),
            page: match (query.text("before"), query.text("after")) {
                (Some(_), Some(_)) => {
                    query.problem("after", "cannot stand beside before");
                    Page::Newest
                }
                (Some(id), None) => Page::Before(id),
                (None, Some(id)) => Page::After(id),
                (None, None) => Page::Newest,
            },
        };
        query.finish()?;
        let rows = flows
            .app
            .store
            .read(move |tx| tx.invocations(&scope, &filter, most))
            .await?;
        let documents = rows.iter().map(records::list_document).collect::<Result<Vec<_>>>()?;
        Ok(json!({ "invocations": documents }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn invocation(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        let row = flows.app.store.read(move |tx| tx.invocation(&scope, &id)).await?;
        records::whole_document(&row.ok_or_else(Refusal::not_found)?)
    };
    answer::of(&request, StatusCode::OK, run().await)
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
