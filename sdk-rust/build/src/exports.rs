//! The hook points and events that a component has: what its own section lists, or what `aerocall.toml` says of one without it.

use std::collections::{BTreeMap, BTreeSet};

use aerocall_compiler::{
    Wording,
    diagnostics::{Diagnostic, codes},
    is_path, settled_schedules,
};
use aerocall_contract::names::{ScriptEvent, hook_point, schedule_of};
use aerocall_runtime::Priority;
use serde::Deserialize;

use crate::{Hook, NotBuilt, Result, problem_codes};

/// Handlers of one bundle.
const MAX: usize = 500;

/// As Rust writes what is missing.
const WORDING: Wording = Wording {
    handler: |event| format!("#[aerocall_hooks::on({event:?})] before a function"),
    pattern: |schedule| format!("in aerocall.toml, [hooks.<name>.schedules]: {schedule} = \"0 3 * * *\""),
};

/// What a component exports, as its manifest has it.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    pub(crate) hooks: BTreeSet<String>,
    pub(crate) events: BTreeSet<String>,
    pub(crate) schedules: BTreeMap<String, String>,
    pub(crate) order: BTreeMap<String, String>,
    pub(crate) priority: BTreeMap<String, Priority>,
}

/// A line of the section. Members and kinds that this does not know are of later versions of the crate.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Handler {
    kind: String,
    name: String,
    file: Option<String>,
    line: Option<u32>,
    schedule: Option<String>,
    order: Option<String>,
    priority: Option<Priority>,
}

impl Exports {
    /// Of a component with these lines in its section.
    pub(crate) fn of(hook: &Hook<'_>, section: &str) -> Result<Self> {
        let handlers = match (listed(hook, section)?, hook.exports) {
            (listed, None) => listed,
            (listed, Some(declared)) if listed.is_empty() => declared.iter().map(|name| Handler::named(name)).collect(),
            (_, Some(_)) => {
                let message = "the component lists its hook points itself".to_owned();
                let hint = format!("remove `exports` of [hooks.{}] in aerocall.toml", hook.name);
                return Err(Diagnostic::about_file(codes::BAD_CONFIG, message, hook.path)
                    .hint(hint)
                    .into());
            }
        };
        if handlers.is_empty() {
            return Err(no_hooks(hook).into());
        }
        let (mut exports, mut problems) = (Self::default(), Vec::new());
        let mut first: BTreeMap<&str, &Handler> = BTreeMap::new();
        for handler in &handlers {
            if let Some(other) = first.insert(&handler.name, handler) {
                problems.push(handler.twice(hook, other));
            } else if let Err(problem) = exports.add(hook, handler) {
                problems.push(*problem);
            }
        }
        if !problems.is_empty() {
            return Err(NotBuilt::Problems(problems));
        }
        exports.settle(hook)
    }

    fn add(&mut self, hook: &Hook<'_>, handler: &Handler) -> std::result::Result<(), Box<Diagnostic>> {
        let name = &handler.name;
        if handler.kind == POINT {
            hook_point(name)
                .map_err(|problem| handler.problem(hook, codes::UNKNOWN_HOOK, problem.message, problem.hint))?;
            self.hooks.insert(name.clone());
            return Ok(());
        }
        ScriptEvent::parse(name)
            .map_err(|problem| handler.problem(hook, codes::UNKNOWN_EVENT, problem.message, problem.hint))?;
        self.events.insert(name.clone());
        if let (Some(schedule), Some(pattern)) = (schedule_of(name), &handler.schedule) {
            self.schedules.insert(schedule.to_owned(), pattern.clone());
        }
        if let Some(path) = &handler.order {
            if !is_path(path) {
                let hint = "a path of names in the data of the event, such as `user.id`".to_owned();
                return Err(handler.problem(
                    hook,
                    codes::BAD_CONFIG,
                    format!("{path:?} is no order of {name:?}"),
                    hint,
                ));
            }
            self.order.insert(name.clone(), path.clone());
        }
        if let Some(priority) = handler.priority {
            self.priority.insert(name.clone(), priority);
        }
        Ok(())
    }

    /// With the schedules of `aerocall.toml` laid over those of the handlers.
    fn settle(mut self, hook: &Hook<'_>) -> Result<Self> {
        let events: Vec<String> = self.events.iter().cloned().collect();
        let own = std::mem::take(&mut self.schedules);
        let settled = settled_schedules(own, &hook.declared.schedules, &events, WORDING);
        self.schedules = settled.map_err(|problem| {
            let diagnostic = Diagnostic::about_file(codes::BAD_CONFIG, problem.message, hook.path);
            match problem.hint {
                Some(hint) => diagnostic.hint(hint.replace("<name>", hook.name)),
                None => diagnostic,
            }
        })?;
        Ok(self)
    }
}

const POINT: &str = "point";
const EVENT: &str = "event";

impl Handler {
    /// One that `aerocall.toml` names. Events have a dot, hook points have none.
    fn named(name: &str) -> Self {
        let kind = if name.contains('.') { EVENT } else { POINT };
        Self {
            kind: kind.to_owned(),
            name: name.to_owned(),
            ..Self::default()
        }
    }

    fn problem(&self, hook: &Hook<'_>, code: &'static str, message: String, hint: String) -> Box<Diagnostic> {
        let source = self.file.as_ref().and_then(|file| {
            let text = std::fs::read_to_string(hook.root.join(file)).ok()?;
            let start = line_start(&text, self.line?)?;
            let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
            Some((file, text, start..end))
        });
        let diagnostic = match source {
            Some((file, text, line)) => Diagnostic::reported(
                code,
                aerocall_compiler::diagnostics::Severity::Error,
                message,
                (file, &text),
                line,
            ),
            None => Diagnostic::about_file(code, message, hook.path),
        };
        Box::new(diagnostic.hint(hint))
    }

    fn twice(&self, hook: &Hook<'_>, other: &Self) -> Diagnostic {
        let place = match (&other.file, other.line) {
            (Some(file), Some(line)) => format!("; the other is at {file}:{line}"),
            _ => String::new(),
        };
        let message = format!("two handlers of `{}` in one hook{place}", self.name);
        let hint = "make one of them, or two hooks, whose order aerocall.toml says".to_owned();
        *self.problem(hook, problem_codes::DUPLICATE_HANDLER, message, hint)
    }
}

/// Where a line begins, counted from 1.
fn line_start(text: &str, line: u32) -> Option<usize> {
    let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
    let line = usize::try_from(line.checked_sub(1)?).ok()?;
    std::iter::once(0).chain(newlines).nth(line)
}

/// The handlers of the section.
fn listed(hook: &Hook<'_>, section: &str) -> Result<Vec<Handler>> {
    let damaged = |problem: String| Diagnostic::about_file(problem_codes::NOT_A_HOOK, problem, hook.path);
    let mut handlers = Vec::new();
    for line in section.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let handler: Handler = serde_json::from_str(line)
            .map_err(|error| damaged(format!("its section with handlers cannot be read: {error}")))?;
        let is_known = handler.kind == POINT || handler.kind == EVENT;
        handlers.extend(is_known.then_some(handler));
        if handlers.len() > MAX {
            return Err(damaged(format!("it has more than {MAX} handlers")).into());
        }
    }
    Ok(handlers)
}

fn no_hooks(hook: &Hook<'_>) -> Diagnostic {
    let hint = match hook.path.ends_with(".wasm") {
        true => format!(
            "say which hook points and events it handles, in [hooks.{}] of aerocall.toml: exports = [\"beforeSignup\"]",
            hook.name
        ),
        false => "put an attribute before a function: #[aerocall_hooks::before_signup]".to_owned(),
    };
    Diagnostic::about_file(
        codes::NO_HOOKS,
        "the hook handles no hook point and no event",
        hook.path,
    )
    .hint(hint)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use aerocall_compiler::Declared;

    use super::*;
    use crate::Target;

    fn read(section: &str, exports: Option<&[String]>, schedules: &[(&str, &str)]) -> Result<Exports> {
        let owned = |(name, pattern): &(&str, &str)| ((*name).to_owned(), (*pattern).to_owned());
        let declared = Declared {
            schedules: schedules.iter().map(owned).collect(),
            ..Declared::default()
        };
        let hook = Hook {
            root: Path::new("/nonexistent"),
            name: "signup",
            path: "hooks/signup.wasm",
            declared: &declared,
            target: Target::default(),
            exports,
        };
        Exports::of(&hook, section)
    }

    fn refused(section: &str, exports: Option<&[String]>) -> String {
        match read(section, exports, &[]) {
            Err(NotBuilt::Problems(problems)) => {
                problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn handlers_are_read_and_what_is_of_later_versions_is_left_out() {
        let section = r#"
            {"kind":"point","name":"beforeSignup","file":"src/lib.rs","line":3,"later":1}
            {"kind":"later","name":"x"}
            {"kind":"event","name":"queue.sync","order":"customer.id","priority":"low"}
            {"kind":"event","name":"cron.nightly","schedule":"0 3 * * *"}"#;
        let exports = read(section, None, &[("nightly", "0 4 * * *")]).unwrap();
        assert_eq!(exports.hooks, ["beforeSignup".to_owned()].into());
        assert_eq!(exports.events.len(), 2);
        assert_eq!(exports.schedules["nightly"], "0 4 * * *");
        assert_eq!(exports.order["queue.sync"], "customer.id");
        assert_eq!(exports.priority["queue.sync"], Priority::Low);
    }

    #[test]
    fn what_is_wrong_names_what_to_write() {
        let twice = r#"{"kind":"point","name":"beforeLogin"}
                       {"kind":"point","name":"beforeLogin","file":"src/lib.rs","line":9}"#;
        let declared = ["beforeSingup".to_owned(), "auth.signup".to_owned()];
        for (section, exports, says) in [
            ("", None, "exports = [\"beforeSignup\"]"),
            ("{", None, "cannot be read"),
            (twice, None, "two handlers of `beforeLogin`"),
            (
                r#"{"kind":"event","name":"auth.sinup"}"#,
                None,
                "did you mean \"auth.signup\"?",
            ),
            (r#"{"kind":"event","name":"cron.x"}"#, None, "x = \"0 3 * * *\""),
            (
                r#"{"kind":"event","name":"queue.x","order":"a..b"}"#,
                None,
                "is no order of",
            ),
            ("", Some(&declared[..]), "did you mean `beforeSignup`?"),
            (twice, Some(&declared[..]), "remove `exports`"),
        ] {
            let said = refused(section, exports);
            assert!(said.contains(says), "{section} {says}: {said}");
        }
        let exports = read("", Some(&["beforeSignup".to_owned(), "auth.signup".to_owned()]), &[]).unwrap();
        assert_eq!((exports.hooks.len(), exports.events.len()), (1, 1));
        let many = r#"{"kind":"event","name":"queue.x"}"#.to_owned() + "\n";
        assert!(refused(&many.repeat(MAX + 1), None).contains("more than"));
    }
}
