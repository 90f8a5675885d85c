//! The one handler of the admin API: bearer → what the path names → what was sent → flow → answer.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::Serialize;

use crate::{
    base::{error::Result, input::Fields},
    domain::audit,
    flows::steps::endpoint::{AdminWho, Caller, Flow, Identified},
    http::wire::{
        answer::{self, Flows},
        client, sent, trace,
    },
};

/// Answers a request by its flow.
pub(crate) async fn answer<F>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Serialize,
{
    let result = run::<F>(&request, payload, &flows).await;
    let status = result.as_ref().map_or(F::ENDPOINT.answer.status, F::status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    answer::of(&request, status, result)
}

/// Runs the flow of a request to its end, whether or not the client waits for it.
pub(crate) async fn run<F>(request: &HttpRequest, payload: Payload, flows: &Flows) -> Result<F::Output>
where
    F: Flow,
    F::Who: AdminWho,
{
    run_with::<F>(request, flows, async || {
        sent::fields::<F>(request, payload, &flows.app).await
    })
    .await
}

/// The same, with fields that are read in another way.
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
    let caller = caller::<F::Who>(request, flows).await?;
    let mut fields = fields().await?;
    let read = F::read(&mut fields, &caller.settings);
    let input = fields.finish(read)?;
    flows
        .run(async move |app| Box::pin(F::run(&app, &caller, input)).await)
        .await
}

async fn caller<W: AdminWho>(request: &HttpRequest, flows: &Flows) -> Result<Caller<W>> {
    let app = &flows.app;
    let admin = client::admin(request, app).await?;
    let meta = client::meta(request, app);
    let path: BTreeMap<String, String> = request
        .match_info()
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let Identified { who, scope, settings } = W::identify(app, admin, &path).await?;
    if let audit::Place::Environment(environment) = W::audit_place(&scope) {
        trace::in_scope(request, &environment);
    }
    Ok(Caller {
        scope,
        request: meta,
        settings,
        who,
        path,
    })
}
