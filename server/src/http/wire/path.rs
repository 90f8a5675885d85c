//! Paths that name nothing, whatever stands there.

use actix_web::{
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
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
