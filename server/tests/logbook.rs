//! What the server writes to its log, kept for tests to look at.

use std::{
    fmt::Write as _,
    sync::{Mutex, Once},
};

use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt as _},
    registry::Registry,
};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Starts to keep the log of this process; the first caller does it for all tests.
pub(crate) fn open() {
    static OPENED: Once = Once::new();
    OPENED.call_once(|| tracing::subscriber::set_global_default(Registry::default().with(Book)).unwrap());
}

/// Every line so far that contains the text.
pub(crate) fn lines_with(text: &str) -> Vec<String> {
    let lines = LINES.lock().unwrap();
    lines.iter().filter(|line| line.contains(text)).cloned().collect()
}

struct Book;

impl<S: tracing::Subscriber> Layer<S> for Book {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().starts_with("aerocall")
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut line = format!("{} {}", event.metadata().level(), event.metadata().target());
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            write!(line, " {field}={value:?}").unwrap();
        });
        LINES.lock().unwrap().push(line);
    }
}
