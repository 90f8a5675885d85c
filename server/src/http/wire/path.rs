//! What holds for requests of every path: those that name nothing, and HEAD.

use actix_web::{
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
};

use super::answer;
use crate::base::error::Refusal;

/// Answers paths with NUL in them: no name or id has one, and PostgreSQL takes none in a text.
pub(crate) async fn refuse_nul(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.uri().path().contains("%00") {
        let answer = answer::refused(request.request(), &Refusal::not_found());
        return Ok(request.into_response(answer));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Asks for what GET answers where HEAD was sent (RFC 9110, 9.3.2); the body stays here. Monitors ask `/healthz` in this way.
/// The two APIs are left out: what they answer costs more than is then sent, and their streams never end.
pub(crate) async fn answer_head(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let is_of_api = request.path().starts_with("/auth") || request.path().starts_with("/admin/api");
    if request.method() == Method::HEAD && !is_of_api {
        request.head_mut().method = Method::GET;
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}
