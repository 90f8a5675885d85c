//! Which hooks and events a bundle exports, and whether their names mean anything.
//!
//! Reads syntax only: what a hook does is seen by running it. Names come from [`crate::points`].

pub(crate) mod exports;

use oxc::span::SourceType;

use self::exports::{Entry, Events};
use crate::bundle::{Bundle, Origins, source_type};
use crate::diagnostics::{Diagnostic, Place, Position, codes};
use crate::points;

/// A hook or event handler and where the author wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// `beforeSignup`, or `auth.signup` for a key of `on`.
    pub name: String,
    /// Where its name stands.
    pub position: Position,
}

/// Everything a bundle reacts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hooks {
    /// Lifecycle hooks, sorted by name.
    pub lifecycle: Vec<Handler>,
    /// Keys of `on`, sorted by name.
    pub events: Vec<Handler>,
    /// `on` has keys that only running the code can tell: read them from the snapshot.
    pub more_events: bool,
    /// Where `config` is exported, if it is; its value is read from the snapshot.
    pub config: Option<Position>,
}

/// Finds the hooks of a bundle.
///
/// # Errors
/// [`codes::UNKNOWN_HOOK`] and [`codes::UNKNOWN_EVENT`] for names that are meant as such but are none,
/// [`codes::NO_HOOKS`] if there is nothing to call.
pub fn find(bundle: &Bundle) -> Result<Hooks, Vec<Diagnostic>> {
    let file = bundle.entry.as_str();
    let text = bundle.source(file).unwrap_or_default();
    let entry = exports::read(text, source_type(file));
    let mut finder = Finder {
        bundle,
        file,
        text,
        entry,
        problems: Vec::new(),
    };
    let hooks = finder.find();
    if finder.problems.is_empty() {
        return Ok(hooks);
    }
    crate::diagnostics::sort(&mut finder.problems);
    Err(finder.problems)
}

struct Finder<'b> {
    bundle: &'b Bundle,
    file: &'b str,
    text: &'b str,
    entry: Entry,
    problems: Vec<Diagnostic>,
}

impl Finder<'_> {
    fn find(&mut self) -> Hooks {
        let mut hooks = Hooks {
            lifecycle: Vec::new(),
            events: Vec::new(),
            more_events: false,
            config: None,
        };
        for name in &self.bundle.exports {
            if points::hook_point(name).is_some() {
                hooks.lifecycle.push(Handler {
                    name: name.clone(),
                    position: self.place(name).position(),
                });
            } else if name == points::EVENTS_EXPORT {
                self.find_events(&mut hooks);
            } else if name == points::CONFIG_EXPORT {
                hooks.config = Some(self.place(name).position());
            } else if points::looks_like_hook(name) {
                self.problems.push(self.unknown_hook(name));
            }
        }
        hooks.lifecycle.sort_by(|a, b| a.name.cmp(&b.name));
        hooks.events.sort_by(|a, b| a.name.cmp(&b.name));
        if hooks.lifecycle.is_empty() && hooks.events.is_empty() && !hooks.more_events && self.problems.is_empty() {
            self.problems.push(self.no_hooks());
        }
        hooks
    }

    fn place(&self, name: &str) -> Place<'_> {
        let span = self.entry.span_of(name);
        Place::new(self.file, self.text, span.start, span.end)
    }

    /// The keys of `on`: from the entry if they stand there, else from the bundle, traced back to their file.
    fn find_events(&mut self, hooks: &mut Hooks) {
        if let Some(events) = self.entry.events.take() {
            let places = events
                .keys
                .iter()
                .map(|(key, span)| (key, Place::new(self.file, self.text, span.start, span.end)));
            let problems = add_events(hooks, events.open, places);
            self.problems.extend(problems);
            return;
        }
        let Some(Events { keys, open }) = exports::read(&self.bundle.code, SourceType::mjs()).events else {
            hooks.more_events = true;
            return;
        };
        let origins = Origins::of(self.bundle);
        let places = keys.iter().filter_map(|(key, span)| Some((key, origins.place(*span)?)));
        let problems = add_events(hooks, open || keys.is_empty(), places);
        hooks.more_events |= hooks.events.len() < keys.len() && problems.is_empty();
        self.problems.extend(problems);
    }

    fn unknown_hook(&self, name: &str) -> Diagnostic {
        let problem = Diagnostic::error(
            codes::UNKNOWN_HOOK,
            format!("`{name}` is no hook point"),
            &self.place(name),
        );
        match points::nearest_hook_point(name) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem
                .hint("a helper of this name need not be exported; the hook points are listed in the documentation"),
        }
    }

    fn no_hooks(&self) -> Diagnostic {
        let message = format!("{} exports no hook", self.file);
        let hint = "export one by name, such as `export const beforeSignup = async (context, payload, Aerocall) => {}`, \
                    or handlers of events as `export const on = { \"auth.signup\": … }`";
        Diagnostic::error(codes::NO_HOOKS, message, &Place::start_of(self.file, self.text)).hint(hint)
    }
}

fn add_events<'k>(
    hooks: &mut Hooks,
    open: bool,
    keys: impl Iterator<Item = (&'k String, Place<'k>)>,
) -> Vec<Diagnostic> {
    hooks.more_events |= open;
    let mut problems = Vec::new();
    for (key, place) in keys {
        if points::is_event(key) {
            hooks.events.push(Handler {
                name: key.clone(),
                position: place.position(),
            });
        } else {
            problems.push(unknown_event(key, &place));
        }
    }
    problems
}

fn unknown_event(key: &str, place: &Place<'_>) -> Diagnostic {
    let problem = Diagnostic::error(codes::UNKNOWN_EVENT, format!("there is no event {key:?}"), place);
    match points::nearest_event(key) {
        Some(near) => problem.hint(format!("did you mean {near:?}?")),
        None => problem.hint("events are named like \"auth.signup\"; jobs of a queue arrive as \"queue.<name>\", schedules as \"cron.<name>\""),
    }
}
