//! Which hooks and events a bundle exports, and whether their names mean anything.
//!
//! Reads syntax only: what a hook does is seen by running it. Which names mean something is
//! said by [`aerocall_contract::names`].

pub(crate) mod exports;
mod syntax;

use aerocall_contract::{HookPoint, NameProblem, ScriptEvent, names};
use oxc::span::SourceType;

use self::exports::{Entry, Events};
use crate::bundle::{Bundle, Origins, source_type};
use crate::diagnostics::{Diagnostic, Place, Position, codes};

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
    finder.find_generators();
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
            if HookPoint::named(name).is_some() {
                hooks.lifecycle.push(Handler {
                    name: name.clone(),
                    position: self.place(name).position(),
                });
            } else if name == names::EVENTS_EXPORT {
                self.find_events(&mut hooks);
            } else if name == names::CONFIG_EXPORT {
                hooks.config = Some(self.place(name).position());
            } else if names::looks_like_hook(name)
                && let Err(problem) = names::hook_point(name)
            {
                self.problems
                    .push(diagnostic(codes::UNKNOWN_HOOK, problem, &self.place(name)));
            }
        }
        hooks.lifecycle.sort_by(|a, b| a.name.cmp(&b.name));
        hooks.events.sort_by(|a, b| a.name.cmp(&b.name));
        if hooks.lifecycle.is_empty() && hooks.events.is_empty() && !hooks.more_events && self.problems.is_empty() {
            self.problems.push(no_hooks(self.file, self.text));
        }
        hooks
    }

    /// A call of a generator function gives an object and runs nothing: the hook would never decide.
    fn find_generators(&mut self) {
        for (name, span) in &self.entry.generators {
            if HookPoint::named(name).is_none() && ScriptEvent::parse(name).is_err() {
                continue;
            }
            let message = format!("`{name}` is a generator function: calling it would run nothing of it");
            let place = Place::new(self.file, self.text, span.start, span.end);
            let problem = Diagnostic::error(codes::NOT_CALLABLE, message, &place);
            self.problems
                .push(problem.hint("leave out the `*`; inside of an `async` function `for await` reads a generator"));
        }
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
}

fn add_events<'k>(
    hooks: &mut Hooks,
    open: bool,
    keys: impl Iterator<Item = (&'k String, Place<'k>)>,
) -> Vec<Diagnostic> {
    hooks.more_events |= open;
    let mut problems = Vec::new();
    for (key, place) in keys {
        match ScriptEvent::parse(key) {
            Ok(_) => hooks.events.push(Handler {
                name: key.clone(),
                position: place.position(),
            }),
            Err(problem) => problems.push(diagnostic(codes::UNKNOWN_EVENT, problem, &place)),
        }
    }
    problems
}

/// Names of events that only running the module could tell, such as computed keys of `on`, by the same rule.
///
/// # Errors
/// [`codes::UNKNOWN_EVENT`] for each that is none, at the export of `on`.
pub(crate) fn check_events(bundle: &Bundle, events: &[String]) -> Result<(), Vec<Diagnostic>> {
    let file = bundle.entry.as_str();
    let text = bundle.source(file).unwrap_or_default();
    let problems = events.iter().filter_map(|event| ScriptEvent::parse(event).err());
    let mut problems = problems.peekable();
    if problems.peek().is_none() {
        return Ok(());
    }
    let span = exports::read(text, source_type(file)).span_of(names::EVENTS_EXPORT);
    let place = Place::new(file, text, span.start, span.end);
    Err(problems
        .map(|problem| diagnostic(codes::UNKNOWN_EVENT, problem, &place))
        .collect())
}

/// What is exported by the name of a hook, or is in `on` by that of an event, and is no function: the engine has not
/// found it among those that it can call.
///
/// # Errors
/// [`codes::NOT_CALLABLE`] for each, [`codes::NO_HOOKS`] if nothing else is exported.
pub(crate) fn check_callable(
    bundle: &Bundle,
    found: &Hooks,
    lifecycle: &[String],
    events: &[String],
) -> Result<(), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    for handler in found
        .lifecycle
        .iter()
        .filter(|handler| !lifecycle.contains(&handler.name))
    {
        let name = &handler.name;
        let what = format!("`{name}` is exported, but is not a function that runs when it is called");
        let hint = format!("export const {name} = async (context, payload, Aerocall) => {{}}");
        problems.push(not_callable(bundle, &handler.position, what).hint(hint));
    }
    for handler in found.events.iter().filter(|handler| !events.contains(&handler.name)) {
        let name = &handler.name;
        let what = format!("`{name}` of `on` is not a function that runs when it is called");
        let hint = format!("\"{name}\": async (context, event, Aerocall) => {{}}");
        problems.push(not_callable(bundle, &handler.position, what).hint(hint));
    }
    if problems.is_empty() && lifecycle.is_empty() && events.is_empty() {
        let text = bundle.source(&bundle.entry).unwrap_or_default();
        problems.push(no_hooks(&bundle.entry, text));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn not_callable(bundle: &Bundle, position: &Position, message: String) -> Diagnostic {
    let text = bundle.source(&position.file).unwrap_or_default();
    Diagnostic::error(codes::NOT_CALLABLE, message, &Place::of_word(position, text))
}

fn no_hooks(file: &str, text: &str) -> Diagnostic {
    let message = format!("{file} exports no hook");
    let hint = "export one by name, such as `export const beforeSignup = async (context, payload, Aerocall) => {}`, \
                or handlers of events as `export const on = { \"auth.signup\": … }`";
    Diagnostic::error(codes::NO_HOOKS, message, &Place::start_of(file, text)).hint(hint)
}

fn diagnostic(code: &'static str, problem: NameProblem, place: &Place<'_>) -> Diagnostic {
    Diagnostic::error(code, problem.message, place).hint(problem.hint)
}
