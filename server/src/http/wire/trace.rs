//! The span of a request: what every line of the log in its flow has beside it.

use actix_web::{HttpRequest, dev::ServiceRequest, web::Data};
use tracing::{Span, field};

use super::{
    answer::Flows,
    client::{self, Peer},
};
use crate::base::{ids::Scope, trace};

/// A span for a request that begins. Errors carry it, too: a span is shown where its level is, so it is of the highest.
pub(crate) fn span(request: &ServiceRequest, id: &str) -> Span {
    let span = tracing::error_span!(
        target: "aerocall::request",
        "request",
        request_id = id,
        method = %request.method(),
        endpoint = field::Empty,
        scope = field::Empty,
        status = field::Empty,
        trace_id = field::Empty,
    );
    adopt(request.request(), &span);
    span
}

/// A trusted proxy says which trace the request is a part of; what anybody else says is not believed.
fn adopt(request: &HttpRequest, span: &Span) {
    let Some(flows) = request.app_data::<Data<Flows>>() else {
        return;
    };
    let sent = client::text_header(request, "traceparent");
    let Some((sent, trace)) = sent.and_then(|sent| Some((sent, trace::trace_id(sent)?))) else {
        return;
    };
    if !matches!(
        client::peer(request, &flows.app.config.http.trusted_proxies),
        Peer::Vouched(_)
    ) {
        return;
    }
    span.record("trace_id", trace);
    if let Some(traces) = trace::traces() {
        traces.adopt(span, sent);
    }
}

/// The scope of the request is known from here on.
pub(crate) fn in_scope(request: &HttpRequest, scope: &Scope) {
    use actix_web::HttpMessage as _;
    Span::current().record("scope", field::display(scope));
    request.extensions_mut().insert(scope.clone());
}
