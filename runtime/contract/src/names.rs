//! Whether a name that an author wrote means anything, and what it may have meant. The compiler asks it of source code, the
//! server of bundles that are uploaded, the CLI of what it is asked to run: one rule for all of them.
//!
//! Script hooks name each event exactly. Open are the two families whose last part an author chooses: `queue.<name>` and
//! `cron.<name>`. Groups such as `auth.mfa.*` are for webhooks alone.

use std::fmt;

use crate::{Capability, EventKind, HookPoint};

/// The export that holds a script hook's handlers by event.
pub const EVENTS_EXPORT: &str = "on";
/// The export that holds a hook's own capabilities and limits.
pub const CONFIG_EXPORT: &str = "config";
/// Before the name of a queue: `queue.mails` handles the messages of `mails`.
const QUEUE: &str = "queue.";
/// Before the name of a schedule: `cron.cleanup` is called when `cleanup` is due.
const SCHEDULE: &str = "cron.";
/// Longest name of a queue or a schedule.
pub const MAX_NAME_BYTES: usize = 64;

/// An event that a script hook can handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptEvent<'a> {
    /// An event with a fixed name.
    Known(EventKind),
    /// Messages of a queue, by its name.
    Queue(&'a str),
    /// A schedule that is due, by its name.
    Schedule(&'a str),
}

/// Why a name cannot be used, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameProblem {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.hint)
    }
}

impl std::error::Error for NameProblem {}

impl<'a> ScriptEvent<'a> {
    /// Reads the name of an event, as a key of `on` or as `events` of a manifest has it.
    ///
    /// # Errors
    /// Nothing of this name ever reaches a script hook.
    pub fn parse(name: &'a str) -> Result<Self, NameProblem> {
        if let Some(queue) = name.strip_prefix(QUEUE) {
            return check_queue(queue).map(|()| Self::Queue(queue));
        }
        if let Some(schedule) = name.strip_prefix(SCHEDULE) {
            return check_schedule(schedule).map(|()| Self::Schedule(schedule));
        }
        match EventKind::named(name) {
            Some(kind) if kind.reaches_hooks() => Ok(Self::Known(kind)),
            Some(_) => Err(NameProblem {
                message: format!("{name:?} goes to webhook endpoints alone"),
                hint: "script hooks do not get it: remove it, or add a webhook endpoint for it".to_owned(),
            }),
            None => Err(unknown_event(name)),
        }
    }
}

/// The name under which a script hook handles the messages of a queue.
#[must_use]
pub fn queue_event(queue: &str) -> String {
    format!("{QUEUE}{queue}")
}

/// The queue whose messages are handled under this name.
#[must_use]
pub fn queue_of(event: &str) -> Option<&str> {
    event.strip_prefix(QUEUE)
}

/// The name under which a script hook handles a schedule.
#[must_use]
pub fn schedule_event(schedule: &str) -> String {
    format!("{SCHEDULE}{schedule}")
}

/// The schedule that is handled under this name.
#[must_use]
pub fn schedule_of(event: &str) -> Option<&str> {
    event.strip_prefix(SCHEDULE)
}

/// The family of a name whose last part an author chooses: `queue` or `cron`.
#[must_use]
pub fn open_family(event: &str) -> Option<&'static str> {
    let is_of = |family: &&str| event.starts_with(*family);
    [QUEUE, SCHEDULE]
        .into_iter()
        .find(is_of)
        .map(|family| family.trim_end_matches('.'))
}

/// Whether a queue may be called so.
#[must_use]
pub fn is_queue_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    starts_well(name) && name.len() <= MAX_NAME_BYTES && name.bytes().all(legal)
}

/// Whether a schedule may be called so.
#[must_use]
pub fn is_schedule_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    starts_well(name) && name.len() <= MAX_NAME_BYTES && name.bytes().all(legal)
}

fn starts_well(name: &str) -> bool {
    name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
}

fn check_queue(queue: &str) -> Result<(), NameProblem> {
    if is_queue_name(queue) {
        return Ok(());
    }
    let lower = queue.to_lowercase();
    let hint = match is_queue_name(&lower) {
        true => format!("did you mean {:?}?", queue_event(&lower)),
        false => "handlers name each queue, such as \"queue.mails\"".to_owned(),
    };
    Err(NameProblem {
        message: format!(
            "{:?} names no queue: a queue's name has 1 to {MAX_NAME_BYTES} of a-z, 0-9, `.`, `_` and `-`, starting with a letter or digit",
            queue_event(queue)
        ),
        hint,
    })
}

fn check_schedule(schedule: &str) -> Result<(), NameProblem> {
    if is_schedule_name(schedule) {
        return Ok(());
    }
    Err(NameProblem {
        message: format!(
            "{:?} names no schedule: a schedule's name has 1 to {MAX_NAME_BYTES} of A-Z, a-z, 0-9, `_` and `-`, starting with a letter or digit",
            schedule_event(schedule)
        ),
        hint: "handlers name each schedule, such as \"cron.cleanup\"".to_owned(),
    })
}

/// The event with this name.
///
/// # Errors
/// There is none.
pub fn event(name: &str) -> Result<EventKind, NameProblem> {
    EventKind::named(name).ok_or_else(|| NameProblem {
        message: format!("there is no event {name:?}"),
        hint: match nearest_event(name) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "see the list of event types".to_owned(),
        },
    })
}

fn unknown_event(name: &str) -> NameProblem {
    let hinted = |message: String, hint: String| NameProblem { message, hint };
    if let Some(group) = name.strip_suffix('*') {
        let members = of_group(group);
        if !members.is_empty() {
            return hinted(
                format!("{name:?} is a group of events, and script hooks take single events"),
                format!("name each event: {}", members.join(", ")),
            );
        }
    }
    let message = format!("there is no event {name:?}");
    if let Some(near) = nearest_event(name) {
        return hinted(message, format!("did you mean {near:?}?"));
    }
    let group = name.rfind('.').map_or("", |end| &name[..=end]);
    let siblings = of_group(group);
    let hint = match group.split('.').count() > 2 && !siblings.is_empty() {
        true => format!("there are: {}", siblings.join(", ")),
        false => "events are named like \"auth.signup\"; messages of a queue arrive as \"queue.<name>\", schedules as \"cron.<name>\""
            .to_owned(),
    };
    hinted(message, hint)
}

/// The events whose names begin so and that script hooks can handle. A group ends in a dot, or is empty: all.
fn of_group(group: &str) -> Vec<&'static str> {
    let names = script_events().filter(|name| name.starts_with(group));
    match group.is_empty() || group.ends_with('.') {
        true => names.collect(),
        false => Vec::new(),
    }
}

fn script_events() -> impl Iterator<Item = &'static str> {
    let known = EventKind::ALL.iter().filter(|kind| kind.reaches_hooks());
    known.map(|kind| kind.as_str())
}

/// The event that a mistyped name most likely means, if one is near.
fn nearest_event(name: &str) -> Option<String> {
    let whole = [format!("auth.{name}"), name.to_owned()];
    let exact = whole
        .iter()
        .find_map(|name| script_events().find(|event| event.eq_ignore_ascii_case(name)));
    let near = exact.or_else(|| nearest(name, script_events(), |name| (name.len() / 5).max(2)));
    near.map(str::to_owned).or_else(|| near_family(name))
}

/// `queu.mails`, `crom.cleanup`: the family is mistyped, the rest may be what it was meant to be.
fn near_family(name: &str) -> Option<String> {
    let (family, rest) = name.split_once('.')?;
    let family = nearest(family, ["queue", "cron"].into_iter(), |family| family.len().min(6) / 3)?;
    let meant = format!("{family}.{rest}");
    ScriptEvent::parse(&meant).is_ok().then_some(meant)
}

/// Whether a hook is exported under a name that is a hook point.
///
/// # Errors
/// There is no such hook point.
pub fn hook_point(name: &str) -> Result<HookPoint, NameProblem> {
    HookPoint::named(name).ok_or_else(|| NameProblem {
        message: format!("`{name}` is not a hook point"),
        hint: match nearest_hook_point(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "a helper of this name need not be exported; the hook points are listed in the documentation".to_owned()
            }
        },
    })
}

/// The hook point that a mistyped name most likely means, if one is near.
fn nearest_hook_point(name: &str) -> Option<&'static str> {
    let names = HookPoint::all().map(HookPoint::name);
    // In other places hooks are called `onSignup`; what reacts to something done is `after` here.
    let name = &name
        .strip_prefix("on")
        .map_or_else(|| name.to_owned(), |rest| format!("after{rest}"));
    meant(name, names)
}

/// The name that a mistyped one most likely means: a third of its letters may differ.
pub fn meant<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    nearest(name, known, |name| name.len().div_ceil(3))
}

/// Whether an export can only be meant as a hook: it is spelled like one, or nearly.
#[must_use]
pub fn looks_like_hook(name: &str) -> bool {
    let spelled = ["before", "after", "on"].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|first| first.is_ascii_uppercase())
    });
    spelled || nearest(name, HookPoint::all().map(HookPoint::name), |_| 2).is_some()
}

/// Whether a bundle says of itself nothing but names that exist: hook points, events, and capabilities with or without parts.
///
/// # Errors
/// The first name that means nothing.
pub fn check_bundle<'a>(
    mut hooks: impl Iterator<Item = &'a str>,
    mut events: impl Iterator<Item = &'a str>,
    mut capabilities: impl Iterator<Item = &'a str>,
) -> Result<(), NameProblem> {
    hooks.try_for_each(|name| hook_point(name).map(drop))?;
    events.try_for_each(|name| ScriptEvent::parse(name).map(drop))?;
    capabilities.try_for_each(|declared| {
        let name = declared.split_once(':').map_or(declared, |(name, _)| name);
        Capability::named(name).map(drop).map_err(|unknown| NameProblem {
            message: unknown.to_string(),
            hint: "build the bundle again with this version".to_owned(),
        })
    })
}

/// The candidate with the smallest edit distance, letters' case aside, if it is within reach of `name`.
#[must_use]
pub fn nearest<'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c str>,
    reach: impl Fn(&str) -> usize,
) -> Option<&'c str> {
    let wanted = name.to_lowercase();
    candidates
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= reach(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
