//! For whatever watches the server: is it alive, can it work.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use serde_json::json;

use super::answer::{self, Flows};

/// The process answers.
pub(super) async fn alive(request: HttpRequest) -> HttpResponse {
    answer::of(&request, StatusCode::OK, Ok(json!({ "status": "ok" })))
}

/// What it works with answers. The hook engine is there since before the first request: without it, nothing listens.
pub(super) async fn ready(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let report = flows.run(async |app| Ok(app.readiness.report().await)).await;
    let status = match &report {
        Ok(report) if !report.is_ready() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    answer::of(&request, status, report)
}
