//! Schedules of a hook: the names in `config.schedules` and `aerocall.toml` against the handlers in `on`. What a pattern
//! means is known to the server alone; here it is only held to have five fields.

use std::collections::BTreeMap;

use aerocall_contract::names::{self, schedule_event, schedule_of};

use crate::config::Problem;

/// How a language writes what is missing, for hints.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The handler of an event.
    pub handler: fn(event: &str) -> String,
    /// The pattern of a schedule.
    pub pattern: fn(schedule: &str) -> String,
}

/// As TypeScript writes it.
pub(crate) const SCRIPT: Wording = Wording {
    handler: |event| format!("export const on = {{ {event:?}: async (context, event, Aerocall) => {{ … }} }}"),
    pattern: |schedule| format!("export const config = {{ schedules: {{ \"{schedule}\": \"0 3 * * *\" }} }}"),
};

/// Schedules of one hook.
const MAX: usize = 20;

/// The hook's own schedules with the project's laid over them, each with its handler.
///
/// # Errors
/// A schedule without handler, or the other way round; a name or a pattern that is none; too many.
pub fn settled(
    own: BTreeMap<String, String>,
    project: &BTreeMap<String, String>,
    events: &[String],
    wording: Wording,
) -> Result<BTreeMap<String, String>, Problem> {
    let mut schedules = own;
    schedules.extend(project.clone());
    let handled: Vec<&str> = events.iter().filter_map(|event| schedule_of(event)).collect();
    for (name, pattern) in &schedules {
        check(name, pattern)?;
        if !handled.contains(&name.as_str()) {
            let message = format!("the schedule `{name}` has no handler");
            let hint = (wording.handler)(&schedule_event(name));
            return Err(Problem {
                message,
                hint: Some(hint),
            });
        }
    }
    if let Some(name) = handled.iter().find(|name| !schedules.contains_key(**name)) {
        let message = format!("`{}` has no schedule", schedule_event(name));
        let hint = (wording.pattern)(name);
        return Err(Problem {
            message,
            hint: Some(hint),
        });
    }
    match schedules.len() <= MAX {
        true => Ok(schedules),
        false => Err(plain(format!(
            "a hook can have at most {MAX} schedules, this one has {}",
            schedules.len()
        ))),
    }
}

/// A schedule by itself.
///
/// # Errors
/// The name or the pattern is none.
pub fn check(name: &str, pattern: &str) -> Result<(), Problem> {
    if !names::is_schedule_name(name) {
        let message = format!(
            "`{name}` is not a schedule name: 1 to {} characters of A-Z, a-z, 0-9, _ and -, starting with a letter or digit",
            names::MAX_NAME_BYTES
        );
        return Err(plain(message));
    }
    let fields = pattern.split_whitespace().count();
    if fields != 5 {
        return Err(Problem {
            message: format!("the schedule `{name}` has {fields} fields: {pattern:?}"),
            hint: Some("five: minute, hour, day of the month, month, day of the week; in UTC".to_owned()),
        });
    }
    Ok(())
}

fn plain(message: String) -> Problem {
    Problem { message, hint: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schedules: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, pattern): &(&str, &str)| ((*name).to_owned(), (*pattern).to_owned());
        schedules.iter().map(owned).collect()
    }

    fn said(own: &[(&str, &str)], events: &[&str]) -> String {
        let events: Vec<String> = events.iter().map(|event| (*event).to_owned()).collect();
        settled(of(own), &BTreeMap::new(), &events, SCRIPT).unwrap_err().message
    }

    #[test]
    fn every_schedule_has_a_handler_and_every_handler_a_schedule() {
        let daily = ("daily", "0 3 * * *");
        assert!(said(&[daily], &["auth.signup"]).contains("`daily` has no handler"));
        assert!(said(&[daily], &["cron.daily", "cron.x"]).contains("`cron.x` has no schedule"));
        for (name, pattern, problem) in [
            ("a/b", "0 3 * * *", "not a schedule name"),
            ("", "0 3 * * *", "not a schedule name"),
            ("daily", "@daily", "has 1 fields"),
            ("daily", "0 0 3 * * *", "has 6 fields"),
        ] {
            assert!(
                said(&[(name, pattern)], &["cron.daily"]).contains(problem),
                "{name} {pattern}"
            );
        }
        let many: Vec<String> = (0..21).map(|n| format!("s{n}")).collect();
        let own: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "* * * * *")).collect();
        let events: Vec<String> = many.iter().map(|name| format!("cron.{name}")).collect();
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        assert!(said(&own, &events).contains("at most 20"));
    }

    #[test]
    fn the_project_is_laid_over_the_hook() {
        let (own, project) = (of(&[("a", "0 1 * * *"), ("b", "0 2 * * *")]), of(&[("b", "0 5 * * *")]));
        let events = ["cron.a", "cron.b"].map(str::to_owned);
        let settled = settled(own, &project, &events, SCRIPT).unwrap();
        assert_eq!(settled, of(&[("a", "0 1 * * *"), ("b", "0 5 * * *")]));
    }
}
