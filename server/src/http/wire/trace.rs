//! What the log says of a request: its line, and the span that every other line of its flow is in. Nothing in either is the
//! client's own text: a path is the pattern it matched, and queries, headers and bodies are left out.

use std::{collections::BTreeSet, sync::LazyLock, time::Duration};

use actix_web::{
    HttpMessage as _, HttpRequest,
    dev::{ServiceRequest, ServiceResponse},
    web::Data,
};
use tracing::{Span, field};

use super::{
    answer::{Flows, RefusalCode},
    client::{self, Peer},
};
use crate::{
    base::{
        ids::{Scope, Slug},
        request::HookOutcomes,
        trace,
    },
    http::table,
    observability::metrics::known_method,
};

/// Of a path that is none of ours, so many parts are looked at.
const MAX_PATH_PARTS: usize = 12;

/// What balancers and monitoring ask every few seconds. That all is well is no news.
const POLLED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The trace that a trusted proxy sent with the request.
struct TraceId(String);

/// A span for a request that begins. Errors carry it, too: a span is shown where its level is, so it is of the highest.
pub(crate) fn span(request: &ServiceRequest, id: &str) -> Span {
    let span = tracing::error_span!(
        target: "aerocall::request",
        "request",
        request_id = id,
        method = known_method(request.method().as_str()),
        endpoint = field::Empty,
        scope = field::Empty,
        status = field::Empty,
        trace_id = field::Empty,
    );
    request.extensions_mut().insert(HookOutcomes::default());
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
    request.extensions_mut().insert(TraceId(trace.to_owned()));
    if let Some(traces) = trace::traces() {
        traces.adopt(span, sent);
    }
}

/// The project of a request that is about none of its environments.
struct OfProject(Slug);

/// The project of the request is known from here on.
pub(crate) fn in_project(request: &HttpRequest, project: Slug) {
    Span::current().record("scope", field::display(&project));
    request.extensions_mut().insert(OfProject(project));
}

/// The scope of the request is known from here on.
pub(crate) fn in_scope(request: &HttpRequest, scope: &Scope) {
    Span::current().record("scope", field::display(scope));
    request.extensions_mut().insert(scope.clone());
}

/// Where the flow of the request notes what its hooks did.
pub(crate) fn hooks(request: &HttpRequest) -> HookOutcomes {
    request.extensions().get::<HookOutcomes>().cloned().unwrap_or_default()
}

/// The line of a request that was answered. It is written outside of the span: all that it says is in its own fields.
pub(crate) fn answered<B>(response: &ServiceResponse<B>, id: &str, took: Duration) {
    let request = response.request();
    let path = request.match_pattern().unwrap_or_else(|| known_part(request.path()));
    let extensions = request.extensions();
    let (scope, code) = (extensions.get::<Scope>(), extensions.get::<RefusalCode>());
    let project = scope.map(|scope| &scope.project);
    let project = project.or_else(|| extensions.get::<OfProject>().map(|of| &of.0));
    let hooks = extensions.get::<HookOutcomes>().and_then(HookOutcomes::text);
    let status = response.status().as_u16();
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "aerocall::request",
                request_id = id,
                method = known_method(request.method().as_str()),
                path,
                status,
                ms = (took.as_secs_f64() * 10_000.0).round() / 10.0,
                project = project.map(Slug::as_str),
                environment = scope.map(|scope| scope.environment.as_str()),
                code = code.map(|code| &*code.0),
                hooks,
                trace_id = extensions.get::<TraceId>().map(|trace| trace.0.as_str()),
                "answered"
            )
        };
    }
    match status {
        500.. => line!(warn),
        _ if POLLED.contains(&path.as_str()) => line!(debug),
        _ => line!(info),
    }
}

/// A path that is none of ours, as far as it is made of words of our own paths. What else stands there may be anything, also a
/// token or a code that somebody put into an address.
fn known_part(path: &str) -> String {
    static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let paths = table::all().into_iter().map(|served| served.endpoint.path);
        paths
            .flat_map(|path| path.split('/'))
            .filter(|part| !part.contains('{'))
            .collect()
    });
    let shown = |part| if WORDS.contains(part) { part } else { "…" };
    let parts: Vec<&str> = path.split('/').take(MAX_PATH_PARTS).map(shown).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::known_part;

    #[test]
    fn of_an_unknown_path_only_our_own_words_are_shown() {
        for (path, shown) in [
            ("/", "/"),
            ("/auth/login", "/auth/login"),
            ("/auth/regsiter", "/auth/…"),
            ("/auth/login/hunter2", "/auth/login/…"),
            ("/admin/api/v1/projects/at_0123", "/admin/api/v1/projects/…"),
            ("/{project}", "/…"),
            ("//sk_1//", "//…//"),
            ("/login%2Fhunter2", "/…"),
        ] {
            assert_eq!(known_part(path), shown, "{path}");
        }
        assert!(known_part(&"/auth".repeat(10_000)).len() < 100);
    }
}
