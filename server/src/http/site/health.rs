//! For whatever watches the server: is it alive, can it work.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};
use aerocall_api_types::{Health, HealthStatus};

use crate::{
    base::{
        error::Result,
        input::{Fields, query},
    },
    http::wire::answer::{self, Flows},
    observability::readiness::{Report, Service},
};

/// The process answers.
pub(crate) async fn alive(request: HttpRequest) -> HttpResponse {
    let health = Health {
        status: HealthStatus::Ok,
    };
    answer::of(&request, StatusCode::OK, Ok(health))
}

/// What it works with answers. The hook engine is there since before the first request: without it, nothing listens.
pub(crate) async fn ready(
    request: HttpRequest,
    flows: Data<Flows>,
    query: Query<Vec<(String, String)>>,
) -> HttpResponse {
    let stopping = flows.is_closing();
    let report = flows
        .run(async move |app| {
            let excluded = excluded(&query)?;
            match stopping {
                true => Ok(Report::stopping()),
                false => Ok(app.readiness.report().await.without(&excluded)),
            }
        })
        .await;
    let status = match &report {
        Ok(report) if !report.is_ready() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    answer::of(&request, status, report.map(Report::shown))
}

/// `exclude`: services that whoever asks can do without, with commas between them.
fn excluded(pairs: &[(String, String)]) -> Result<Vec<Service>> {
    let mut fields = Fields::of_query(pairs.iter().cloned());
    let excluded = fields.optional("exclude", query::some_of(&Service::NAMES));
    Ok(fields.finish(Some(excluded.unwrap_or_default()))?)
}
