//! What the server writes to its log, kept for tests to look at.

use std::{
    fmt::Write as _,
    sync::{Mutex, Once},
};

use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt as _},
    registry::{LookupSpan, Registry},
};

static LINES: Mutex<Vec<Line>> = Mutex::new(Vec::new());

/// A line, and the fields of the spans it was written in.
struct Line {
    text: String,
    spans: String,
}

/// Starts to keep the log of this process; the first caller does it for all tests.
pub(crate) fn open() {
    static OPENED: Once = Once::new();
    OPENED.call_once(|| tracing::subscriber::set_global_default(Registry::default().with(Book)).unwrap());
}

/// Every line so far that contains the text.
pub(crate) fn lines_with(text: &str) -> Vec<String> {
    let lines = LINES.lock().unwrap();
    let found = lines.iter().filter(|line| line.text.contains(text));
    found.map(|line| line.text.clone()).collect()
}

/// Every line so far that contains the text, itself or in its spans; with the spans.
pub(crate) fn spanned_lines_with(text: &str) -> Vec<String> {
    let lines = LINES.lock().unwrap();
    let whole = lines.iter().map(|line| format!("{} {}", line.spans, line.text));
    whole.filter(|line| line.contains(text)).collect()
}

struct Book;

/// The fields of a span, as text.
struct Fields(String);

fn visitor(text: &mut String) -> impl FnMut(&tracing::field::Field, &dyn std::fmt::Debug) {
    move |field, value| write!(text, " {field}={value:?}").unwrap()
}

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Book {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().starts_with("aerocall")
    }

    fn on_new_span(&self, attributes: &tracing::span::Attributes<'_>, id: &tracing::Id, context: Context<'_, S>) {
        let mut text = attributes.metadata().name().to_owned();
        attributes.record(&mut visitor(&mut text));
        context.span(id).unwrap().extensions_mut().insert(Fields(text));
    }

    fn on_record(&self, id: &tracing::Id, values: &tracing::span::Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        if let Some(Fields(text)) = span.extensions_mut().get_mut() {
            values.record(&mut visitor(text));
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, context: Context<'_, S>) {
        let mut text = format!("{} {}", event.metadata().level(), event.metadata().target());
        event.record(&mut visitor(&mut text));
        let mut spans = String::new();
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Fields(fields)) = span.extensions().get() {
                spans.push_str(fields);
            }
        }
        LINES.lock().unwrap().push(Line { text, spans });
    }
}
