//! What a hook does, in sentences: one for each hook point or event, those that do the same together. Names of the code stand
//! between backticks, messages between quotation marks; neither can break out of them.

use std::collections::{BTreeMap, BTreeSet};

use aerocall_contract::{HookPoint, Phase, ScriptEvent, Step};
use aerocall_runtime::{Denies, Manifest};

use super::{ANY, Behaviour, tables};

/// Characters of a text; further handlers are counted.
const MAX_TEXT: usize = 700;
/// Names of one list in a sentence; further ones are counted.
const MAX_NAMES: usize = 6;
/// Characters of a message in a sentence.
const MAX_MESSAGE: usize = 80;

/// The sentences about a hook, from what each of its handlers does.
pub(super) fn text(
    manifest: &Manifest,
    handlers: &BTreeMap<String, Behaviour>,
    escape: Option<&(String, u32)>,
) -> String {
    let mut groups: Vec<(Vec<&str>, String)> = Vec::new();
    for name in in_order(manifest) {
        let does = match handlers.get(name).or_else(|| handlers.get("")) {
            Some(found) => clauses(name, found),
            None => "what it does cannot be read from its code".to_owned(),
        };
        match groups.iter_mut().find(|(_, same)| *same == does) {
            Some((group, _)) => group.push(name),
            None => groups.push((vec![name], does)),
        }
    }
    let mut text = String::new();
    for (index, (group, does)) in groups.iter().enumerate() {
        let sentence = capital(&format!("{}: {does}.", when(group, manifest)));
        if index > 0 && text.chars().count() + sentence.chars().count() > MAX_TEXT {
            let left: usize = groups[index..].iter().map(|(group, _)| group.len()).sum();
            text.push_str(&format!(" And {left} more."));
            break;
        }
        if index > 0 {
            text.push(' ');
        }
        text.push_str(&sentence);
    }
    if let Some((file, line)) = escape {
        text.push_str(&format!(
            " From {} on, its use of the SDK cannot be followed, so it may do more.",
            code(&format!("{file}:{line}"))
        ));
    }
    text
}

/// Hook points as they come in a request, then the rest by name.
fn in_order(manifest: &Manifest) -> Vec<&str> {
    let mut points: Vec<&str> = manifest.hooks.iter().map(String::as_str).collect();
    let place = |name: &str| {
        let point = HookPoint::named(name)?;
        let step = Step::ALL.iter().position(|step| *step == point.step)?;
        Some((step, point.phase == Phase::After))
    };
    points.sort_by_key(|name| place(name));
    points.extend(manifest.events.iter().map(String::as_str));
    points
}

/// When handlers run.
fn when(names: &[&str], manifest: &Manifest) -> String {
    let mut all = Vec::new();
    let mut events = Vec::new();
    let mut rest = Vec::new();
    for name in names {
        match (HookPoint::named(name), ScriptEvent::parse(name)) {
            (Some(point), _) => all.push(at(point)),
            (None, Ok(ScriptEvent::Queue(queue))) => rest.push(format!("for jobs of the queue {}", code(queue))),
            (None, Ok(ScriptEvent::Schedule(schedule))) => {
                let pattern = manifest.schedules.get(schedule);
                let pattern = pattern.map_or_else(String::new, |pattern| format!(" ({})", code(pattern)));
                rest.push(format!("on the schedule {}{pattern}", code(schedule)));
            }
            (None, _) => events.push(*name),
        }
    }
    if !events.is_empty() {
        all.push(format!("on {}", codes(events.into_iter())));
    }
    all.extend(rest);
    list(&all)
}

fn at(point: HookPoint) -> String {
    let (before, after) = match point.step {
        Step::Signup => ("sign-up", "sign-up"),
        Step::Login => ("login", "login"),
        Step::TokenIssue => ("an access token is issued", "an access token was issued"),
        Step::TokenRefresh => ("a session is refreshed", "a session was refreshed"),
        Step::Logout => ("logout", "logout"),
        Step::PasswordResetRequest => ("a password reset is requested", "a password reset was requested"),
        Step::PasswordReset => ("a password is reset", "a password was reset"),
        Step::PasswordChange => ("a password is changed", "a password was changed"),
        Step::OtpSend => ("a one-time code is sent", "a one-time code was sent"),
        Step::OtpVerify => ("a one-time code is verified", "a one-time code was verified"),
        Step::EmailVerify => ("an email address is verified", "an email address was verified"),
        Step::UserUpdate => ("a user is changed", "a user was changed"),
        Step::UserDelete => ("a user is deleted", "a user was deleted"),
        Step::MfaVerify => ("a second factor is verified", "a second factor was verified"),
    };
    match point.phase {
        Phase::Before => format!("before {before}"),
        Phase::After => format!("after {after}"),
    }
}

fn clauses(name: &str, found: &Behaviour) -> String {
    let mut clauses = Vec::new();
    let point = HookPoint::named(name);
    let is_request = point.is_some();
    clauses.extend(denies(&found.denies, is_request));
    clauses.extend(patches(&found.patches));
    clauses.extend(calls(found));
    match clauses.as_slice() {
        [] if point.is_some_and(|point| point.phase == Phase::Before) => {
            "denies nothing and changes nothing".to_owned()
        }
        [] => "changes nothing".to_owned(),
        _ => clauses.join("; "),
    }
}

fn denies(denies: &[Denies], is_request: bool) -> Option<String> {
    if denies.is_empty() {
        return None;
    }
    let mut kinds: Vec<String> = Vec::new();
    for one in denies {
        let kind = denial(one, is_request);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let which = alternatives(&kinds);
    Some(match is_request {
        true => format!("can deny with {which}"),
        false => format!("can give up without another attempt ({which})"),
    })
}

/// `` `code` (403, “message”) ``
fn denial(denial: &Denies, is_request: bool) -> String {
    let name = denial
        .code
        .as_deref()
        .map_or_else(|| "a code that is made in the call".to_owned(), code);
    let status = denial.status.filter(|_| is_request).map(|status| status.to_string());
    let message = denial.message.as_deref().map(quoted);
    let about: Vec<String> = status.into_iter().chain(message).collect();
    match about.is_empty() {
        true => name,
        false if is_request => format!("{name} ({})", about.join(", ")),
        false => format!("{name}: {}", about.join(", ")),
    }
}

fn patches(patches: &[String]) -> Option<String> {
    let known: Vec<&str> = patches.iter().map(String::as_str).filter(|path| *path != ANY).collect();
    match (known.is_empty(), known.len() < patches.len()) {
        (true, false) => None,
        (true, true) => Some("can change the payload".to_owned()),
        (false, false) => Some(format!("sets {}", codes(known.into_iter()))),
        (false, true) => Some(format!(
            "sets {} and what only the call knows",
            codes(known.into_iter())
        )),
    }
}

fn calls(found: &Behaviour) -> Vec<String> {
    let has = |name: &str| found.calls.contains_key(name);
    let mut clauses: Vec<String> = Vec::new();
    clauses.extend(tables::clauses(&found.calls));
    let simple = [
        ("auth.getUser", "reads users"),
        ("auth.updateUser", "changes users"),
        ("auth.listSessions", "lists sessions"),
        ("auth.revokeSessions", "ends sessions"),
        ("auth.sendEmail", "sends mail"),
        ("cache.increment", "counts in the cache"),
    ];
    clauses.extend(
        simple
            .iter()
            .filter(|(name, _)| has(name))
            .map(|(_, does)| (*does).to_owned()),
    );
    if has("cache.get") {
        clauses.push("reads the cache".to_owned());
    }
    if has("cache.set") || has("cache.setIfAbsent") || has("cache.delete") {
        clauses.push("writes to the cache".to_owned());
    }
    clauses.extend(parts(
        &found.queues,
        (
            "adds jobs to the queue",
            "adds jobs to the queues",
            "adds jobs to queues that only the call knows",
        ),
    ));
    clauses.extend(parts(
        &found.hosts,
        (
            "sends requests to",
            "sends requests to",
            "sends requests to hosts that only the call knows",
        ),
    ));
    clauses.extend(parts(
        &found.secrets,
        (
            "uses the secret",
            "uses the secrets",
            "uses secrets that only the call knows",
        ),
    ));
    clauses
}

/// `one`, `several` with their names, or `any`.
fn parts(names: &BTreeSet<String>, (one, several, any): (&str, &str, &str)) -> Option<String> {
    let mut known = names.iter().map(String::as_str).filter(|name| *name != ANY).peekable();
    match (names.contains(ANY), names.len()) {
        (_, 0) => None,
        (true, _) => Some(any.to_owned()),
        (false, 1) => known.next().map(|name| format!("{one} {}", code(name))),
        (false, _) => Some(format!("{several} {}", codes(known))),
    }
}

/// Several names of the code.
pub(super) fn codes<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let all: Vec<String> = names.map(code).collect();
    list(&all)
}

/// `a`, `a and b`, `a, b and c`, `a, b, c, d, e, f and 3 more`.
fn list(items: &[String]) -> String {
    joined(items, "and")
}

fn alternatives(items: &[String]) -> String {
    joined(items, "or")
}

fn joined(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] if items.len() <= MAX_NAMES => format!("{} {word} {last}", all.join(", ")),
        _ => format!("{} and {} more", items[..MAX_NAMES].join(", "), items.len() - MAX_NAMES),
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name of the code.
pub(super) fn code(name: &str) -> String {
    format!("`{}`", shown(name, 100).replace('`', "'"))
}

fn quoted(message: &str) -> String {
    format!("“{}”", shown(message, MAX_MESSAGE).replace(['“', '”'], "\""))
}

/// A text of the author without what nobody sees, at most this many characters long.
pub(super) fn shown(text: &str, most: usize) -> String {
    let visible = |c: char| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if c.is_control() || is_hidden(c) => None,
        c => Some(c),
    };
    let all: Vec<char> = text.chars().filter_map(visible).take(most + 1).collect();
    match all.len() > most {
        true => all[..most.saturating_sub(1)].iter().chain(&['…']).collect(),
        false => all.into_iter().collect(),
    }
}

/// Characters that have no shape of their own, or turn around how others are shown.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_authors_stay_within_their_marks() {
        assert_eq!(code("a`b"), "`a'b`");
        assert_eq!(quoted("a” and\n\u{202e}b\u{200b}"), "“a\" and b”");
        assert_eq!(shown(&"x".repeat(20), 5), "xxxx…");
        assert_eq!(shown("12345", 5), "12345");
    }

    #[test]
    fn lists_are_read_as_people_write_them() {
        let items = |count: usize| (1..=count).map(|number| number.to_string()).collect::<Vec<_>>();
        assert_eq!(list(&items(1)), "1");
        assert_eq!(list(&items(3)), "1, 2 and 3");
        assert_eq!(alternatives(&items(2)), "1 or 2");
        assert_eq!(list(&items(9)), "1, 2, 3, 4, 5, 6 and 3 more");
    }
}
