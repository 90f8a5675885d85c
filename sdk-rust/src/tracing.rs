//! Events of `tracing` as lines of the log, with the fields of the event and of the spans around it.

use std::{cell::RefCell, fmt::Write as _};

use tracing_core::{
    Dispatch, Event, Level, Metadata, Subscriber, dispatcher,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::{log, platform};

thread_local! {
    /// The spans of this call, by their id less one, each as `name{fields}`, and those that are entered.
    static SPANS: RefCell<(Vec<String>, Vec<u64>)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

/// Most spans of one invocation; those beyond it have no name.
const MAX_SPANS: usize = 10_000;

struct Lines;

/// The message of an event, then its fields as `name=value`.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let written = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
        // Writing to a string does not fail; a value whose `Debug` does is cut there.
        let _ = written;
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = Text::default();
        span.record(&mut text);
        let name = format!("{}{{{}}}", span.metadata().name(), text.fields.trim_start());
        SPANS.with_borrow_mut(|(spans, _)| {
            if spans.len() < MAX_SPANS {
                spans.push(name);
            }
            Id::from_u64(spans.len() as u64)
        })
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let spans = SPANS.with_borrow(|(spans, entered)| {
            let names = entered.iter().filter_map(|id| spans.get(*id as usize - 1));
            names.map(|name| format!("{name}: ")).collect::<String>()
        });
        let level = match *event.metadata().level() {
            Level::ERROR => log::Level::Error,
            Level::WARN => log::Level::Warn,
            Level::INFO => log::Level::Info,
            _ => log::Level::Debug,
        };
        platform::log(level, format!("{spans}{}{}", text.message, text.fields).trim());
    }

    fn enter(&self, span: &Id) {
        SPANS.with_borrow_mut(|(_, entered)| entered.push(span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        SPANS.with_borrow_mut(|(_, entered)| {
            if let Some(last) = entered.iter().rposition(|id| *id == span.into_u64()) {
                entered.remove(last);
            }
        });
    }
}

/// Takes what `tracing` says; in a test, only if nobody else does.
pub(crate) fn install() {
    // Whoever was first keeps it.
    let _ = dispatcher::set_global_default(Dispatch::new(Lines));
}
