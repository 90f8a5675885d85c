//! What every answer has: a request id, headers that keep browsers from guessing, a line in the log.

use std::time::Instant;

use actix_web::{
    HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType,
        header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use tracing::{Instrument as _, field};

use super::{answer::Flows, trace};
use crate::{
    base::ids::{Kind, Scope, new_id},
    observability::metrics::Answered,
};

/// The id of the request, for answers and the log. Made here; what a client sends is not believed.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// The header that has it.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
];

pub(crate) async fn wrap(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let id = new_id(Kind::Request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let began = Instant::now();
    let span = trace::span(&request, &id);
    let mut response = next.call(request).instrument(span.clone()).await?;
    let status = response.status().as_u16();
    let endpoint = response.request().match_pattern();
    span.record("status", status);
    if let Some(endpoint) = &endpoint {
        span.record("endpoint", field::display(endpoint));
    }
    trace::answered(&response, &id, began.elapsed());
    if let Some(flows) = response.request().app_data::<Data<Flows>>().cloned() {
        flows.app.metrics.answered(&Answered {
            method: method.as_str(),
            endpoint: endpoint.as_deref(),
            status,
            took: began.elapsed(),
            scope: response.request().extensions().get::<Scope>(),
        });
        if flows.is_closing() {
            // Nobody keeps a connection to a server that is about to end.
            response
                .response_mut()
                .head_mut()
                .set_connection_type(ConnectionType::Close);
        }
    }
    add_headers(response.headers_mut(), &id);
    Ok(response)
}

fn add_headers(headers: &mut HeaderMap, id: &str) {
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        // A page says itself what it may load.
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}
