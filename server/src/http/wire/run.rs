//! The last steps of every request, whoever sent it: its fields are read, its flow runs to its end, its result is answered.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{ETAG, HeaderValue},
    },
};
use serde::Serialize;

use super::answer::{self, Flows};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::steps::endpoint::{Caller, Flow},
};

/// Runs the flow of a request to its end, whether or not the client waits for it.
pub(crate) async fn flow<F: Flow>(flows: &Flows, caller: Caller<F::Who>, mut fields: Fields) -> Result<F::Output> {
    let read = F::read(&mut fields, &caller.settings);
    let input = fields.finish(read)?;
    let id = caller.request.id.clone();
    let run = async move |app: Arc<App>| F::run(&app, &caller, input).await;
    flows.run_for(Some(id), run).await
}

/// The result with the status of the flow, or the error.
pub(crate) fn answer<F>(request: &HttpRequest, result: Result<F::Output>) -> HttpResponse
where
    F: Flow,
    F::Output: Serialize,
{
    let status = result.as_ref().map_or(F::ENDPOINT.answer.status, F::status);
    let etag = result.as_ref().ok().and_then(F::etag);
    let mut response = answer::of(request, StatusCode::from_u16(status).unwrap_or(StatusCode::OK), result);
    if let Some(tag) = etag.and_then(|tag| HeaderValue::try_from(tag).ok()) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// The variable parts of the path, by name.
pub(crate) fn path(request: &HttpRequest) -> BTreeMap<String, String> {
    let parts = request.match_info().iter();
    parts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
