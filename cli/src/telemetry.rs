//! The log on standard error, and traces to a collector if the settings name one: the only place that names OpenTelemetry.
//! What leaves are spans with ids, endpoints, scopes and statuses; lines of the log stay here.

use std::{io, sync::Arc};

use aerocall_server::{
    Config, Traces,
    config::{LogConfig, LogFormat, LogLevel},
};
use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, TracerProvider as _},
};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets, filter_fn},
    fmt,
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::{
    Failed,
    terminal::{self, Stream},
};

/// What was started, to be ended with the server.
pub(crate) struct Telemetry(Option<SdkTracerProvider>);

/// Starts the log, and the export if there is somebody to export to.
pub(crate) fn start(config: &Config) -> Result<Telemetry, Failed> {
    let provider = config.telemetry.otlp_endpoint.as_deref().map(provider).transpose()?;
    let export = provider.as_ref().map(|provider| {
        // Spans of the server alone: the exporter's own requests would lead to more of them without end.
        let ours = filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with("aerocall"));
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("aerocall"))
            .with_location(false)
            .with_threads(false)
            .with_filter(ours)
    });
    if provider.is_some() {
        aerocall_server::keep_traces(Arc::new(Passed));
    }
    tracing_subscriber::registry()
        .with(export)
        .with(log(&config.log))
        .init();
    for name in &config.ignored {
        tracing::warn!(
            name,
            "ignored: Kubernetes sets it for a Service, it is no setting; set enableServiceLinks: false"
        );
    }
    Ok(Telemetry(provider))
}

/// The lines of the log.
fn log<S>(config: &LogConfig) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    let level = match config.level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // In detail, libraries log what they send and receive: statements with their values, headers, mails.
    let filter = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        // What a client sends that is no HTTP is answered with 400 and no error of the server.
        .with_target("actix_http::h1::dispatcher", LevelFilter::OFF)
        .with_target("aerocall", level);
    let lines = fmt::layer()
        .with_writer(io::stderr)
        // A line that cannot be written is lost; to say so on standard error would be the same again.
        .log_internal_errors(false);
    match config.format {
        LogFormat::Text => lines
            .with_ansi(terminal::in_colour(Stream::Notice))
            .with_filter(filter)
            .boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_filter(filter)
            .boxed(),
    }
}

fn provider(endpoint: &str) -> Result<SdkTracerProvider, Failed> {
    aerocall_server::choose_tls();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .build()
        .map_err(|error| Failed::Environment(format!("traces cannot be exported: {error}")))?;
    let resource = Resource::builder().with_service_name("aerocall").build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build())
}

impl Telemetry {
    /// Sends what is left. Waits for the collector, so not on a thread that serves.
    pub(crate) async fn end(self) {
        let Some(provider) = self.0 else {
            return;
        };
        let ended = tokio::task::spawn_blocking(move || provider.shutdown()).await;
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "the last spans were not exported");
        }
    }
}

/// Puts the server's spans into the traces of others, and those of others into its own.
struct Passed;

impl Traces for Passed {
    fn adopt(&self, span: &tracing::Span, sent: &str) {
        if let Some(parent) = parent(sent) {
            // A span that nobody records has no parent to be given.
            span.set_parent(parent).ok();
        }
    }

    fn current(&self) -> Option<String> {
        let context = tracing::Span::current().context();
        let span = context.span();
        let span = span.span_context();
        let parent = || {
            format!(
                "00-{}-{}-{:02x}",
                span.trace_id(),
                span.span_id(),
                span.trace_flags().to_u8()
            )
        };
        span.is_valid().then(parent)
    }
}

/// Of a `traceparent` that the server found well-formed.
fn parent(sent: &str) -> Option<Context> {
    let mut parts = sent.split('-').skip(1);
    let trace = TraceId::from_hex(parts.next()?).ok()?;
    let span = SpanId::from_hex(parts.next()?).ok()?;
    let flags = TraceFlags::new(u8::from_str_radix(parts.next()?, 16).ok()?) & TraceFlags::SAMPLED;
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    Some(Context::new().with_remote_span_context(context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_is_the_one_that_was_sent() {
        let context = parent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        let span = context.span().span_context().clone();
        assert_eq!(span.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(span.span_id().to_string(), "00f067aa0ba902b7");
        assert!(span.is_sampled() && span.is_remote());
        assert!(parent("nothing").is_none());
    }
}
