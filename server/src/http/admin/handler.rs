//! The one handler of the admin API: bearer → what the path names → what was sent → flow → answer.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::SET_COOKIE,
    web::{Data, Payload},
};
use serde::Serialize;

use crate::{
    base::{
        error::{Error, Result},
        input::Fields,
    },
    domain::audit,
    flows::steps::{
        endpoint::{self, AdminWho, Caller, Flow, Identified, Requirements, Stranger},
        session_cookie::WithCookie,
    },
    http::wire::{answer::Flows, client, run, sent, session, trace},
};

/// Answers a request by its flow.
pub(crate) async fn answer<F>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Serialize,
{
    let result = run_with::<F>(&request, &flows, async || {
        sent::fields::<F>(&request, payload, &flows.app).await
    });
    run::answer::<F>(&request, result.await)
}

/// Runs the flow of a request, with these fields.
pub(crate) async fn run_with<F>(
    request: &HttpRequest,
    flows: &Flows,
    fields: impl AsyncFnOnce() -> Result<Fields>,
) -> Result<F::Output>
where
    F: Flow,
    F::Who: AdminWho,
{
    // Who asks is known before anything of the body is read.
    let caller = caller::<F::Who>(request, flows, Requirements::of::<F>()).await?;
    run::flow::<F>(flows, caller, fields().await?).await
}

/// Answers a request that needs no key or token.
pub(crate) async fn answer_stranger<F>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse
where
    F: Flow<Who = Stranger>,
    F::Output: Serialize,
{
    let result = run_for_stranger::<F>(&request, payload, &flows).await;
    run::answer::<F>(&request, result)
}

/// Answers a request that begins a session.
pub(crate) async fn begin_session<F, T>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse
where
    F: Flow<Who = Stranger, Output = WithCookie<T>>,
    T: Serialize,
{
    let run = async || {
        // Nobody else's page signs a browser in, as whoever it likes.
        session::refuse_other_sites(&request, &flows.app)?;
        run_for_stranger::<F>(&request, payload, &flows).await
    };
    with_cookie::<F, T>(&request, run().await)
}

/// Answers a request that ends a session.
pub(crate) async fn end_session<F, T>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse
where
    F: Flow<Output = WithCookie<T>>,
    F::Who: AdminWho,
    T: Serialize,
{
    let result = run_with::<F>(&request, &flows, async || {
        sent::fields::<F>(&request, payload, &flows.app).await
    });
    with_cookie::<F, T>(&request, result.await)
}

fn with_cookie<F, T>(request: &HttpRequest, result: Result<WithCookie<T>>) -> HttpResponse
where
    F: Flow<Output = WithCookie<T>>,
    T: Serialize,
{
    let line = match result.as_ref().map(|answered| session::set_cookie(&answered.cookie)) {
        Ok(Ok(line)) => line,
        Ok(Err(error)) => {
            let error = Error::unexpected("setting the cookie of a session", error);
            return run::answer::<F>(request, Err(error));
        }
        Err(_) => None,
    };
    let mut answer = run::answer::<F>(request, result);
    if let Some(line) = line {
        answer.headers_mut().insert(SET_COOKIE, line);
    }
    answer
}

async fn run_for_stranger<F>(request: &HttpRequest, payload: Payload, flows: &Flows) -> Result<F::Output>
where
    F: Flow<Who = Stranger>,
{
    let meta = client::meta(request, &flows.app);
    flows.app.limits.stranger(&meta.ip).await?;
    let fields = sent::fields::<F>(request, payload, &flows.app).await?;
    let caller = Caller {
        scope: (),
        request: meta,
        settings: Arc::new(()),
        who: Stranger,
        path: BTreeMap::new(),
    };
    run::flow::<F>(flows, caller, fields).await
}

async fn caller<W: AdminWho>(request: &HttpRequest, flows: &Flows, required: Requirements) -> Result<Caller<W>> {
    let app = &flows.app;
    let admin = client::admin(request, app).await?;
    let meta = client::meta(request, app);
    let path = run::path(request);
    let Identified { who, scope, settings } = endpoint::identify::<W>(app, admin, &path, required).await?;
    match W::audit_place(&scope) {
        audit::Place::Environment(environment) => trace::in_scope(request, &environment),
        audit::Place::Project(project) => trace::in_project(request, project),
        audit::Place::Server => {}
    }
    Ok(Caller {
        scope,
        request: meta,
        settings,
        who,
        path,
    })
}
