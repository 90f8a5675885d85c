//! Schedules: cron patterns of five fields in UTC, and the manifests that have them. The only file that names croner and
//! chrono. Knows neither jobs nor the store.

pub(crate) use aerocall_contract::names::schedule_event as event;
use aerocall_contract::names::schedule_of;
use aerocall_runtime::Manifest;
use chrono::{DateTime, Utc};
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};

use crate::base::ids::HookName;

/// Schedules of one hook.
const MAX: usize = 20;
/// A list of every minute of an hour is shorter.
const MAX_PATTERN_BYTES: usize = 256;
/// Names of months and days of the week. `L`, `W` and `#`, which some crons know, are not among them.
const NAMES: [&str; 19] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", "SUN", "MON", "TUE", "WED",
    "THU", "FRI", "SAT",
];

/// When something is due.
#[derive(Debug)]
pub(crate) struct Schedule(Cron);

impl Schedule {
    /// Reads minute, hour, day of the month, month and day of the week.
    pub(crate) fn parse(pattern: &str) -> Result<Self, String> {
        let fields = pattern.split_whitespace().count();
        if fields != 5 || pattern.len() > MAX_PATTERN_BYTES {
            return Err(format!(
                "has {fields} fields; it must have five: minute, hour, day of the month, month, day of the week"
            ));
        }
        check_characters(pattern)?;
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed);
        let schedule = parser
            .build()
            .parse(pattern)
            .map(Self)
            .map_err(|error| error.to_string())?;
        // The rarest day there is, a 29th of February, is at most eight years away.
        match schedule.after(0) {
            Some(_) => Ok(schedule),
            None => Err("never runs: no day matches it".to_owned()),
        }
    }

    /// The first time after this one.
    pub(crate) fn after(&self, ms: i64) -> Option<i64> {
        let next = self.0.find_next_occurrence(&at(ms)?, false).ok()?;
        Some(next.timestamp_millis())
    }

    /// The last time until this one, itself included.
    pub(crate) fn last(&self, until_ms: i64) -> Option<i64> {
        // Whole seconds: what is within a due second is after its begin.
        let last = self
            .0
            .find_previous_occurrence(&at(until_ms - until_ms.rem_euclid(1_000))?, true)
            .ok()?;
        Some(last.timestamp_millis())
    }
}

fn at(ms: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(ms)
}

fn check_characters(pattern: &str) -> Result<(), String> {
    let upper = pattern.to_ascii_uppercase();
    let words = upper.split(|character: char| !character.is_alphabetic());
    if let Some(word) = words.filter(|word| !word.is_empty()).find(|word| !NAMES.contains(word)) {
        return Err(format!("has `{word}`, which is neither a month nor a day of the week"));
    }
    let legal = |character: char| character.is_ascii_alphanumeric() || " \t*,-/".contains(character);
    match pattern.chars().find(|character| !legal(*character)) {
        Some(other) => Err(format!(
            "has {other:?}; a field is made of numbers, names, `*`, `,`, `-` and `/`"
        )),
        None => Ok(()),
    }
}

/// Whether a bundle's schedules can be kept: each with its handler, and none without.
pub(crate) fn check(manifest: &Manifest) -> Result<(), String> {
    if manifest.schedules.len() > MAX {
        return Err(format!(
            "a hook can have at most {MAX} schedules, this one has {}",
            manifest.schedules.len()
        ));
    }
    for (name, pattern) in &manifest.schedules {
        HookName::parse(name).map_err(|problem| format!("a schedule name {problem}"))?;
        Schedule::parse(pattern).map_err(|problem| format!("the schedule `{name}`, {pattern:?}, {problem}"))?;
        if !manifest.events.contains(&event(name)) {
            return Err(format!("the schedule `{name}` has no handler `{}`", event(name)));
        }
    }
    let names = manifest.events.iter().filter_map(|event| schedule_of(event));
    match names.into_iter().find(|name| !manifest.schedules.contains_key(*name)) {
        Some(name) => Err(format!("`{}` has no schedule", event(name))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{iso, parse_iso};

    fn after(pattern: &str, time: &str) -> String {
        iso(Schedule::parse(pattern)
            .unwrap()
            .after(parse_iso(time).unwrap())
            .unwrap())
    }

    #[test]
    fn a_pattern_says_when() {
        for (pattern, time, next) in [
            ("* * * * *", "2026-01-31T12:00:00.001Z", "2026-01-31T12:01:00.000Z"),
            ("* * * * *", "2026-01-31T12:00:00Z", "2026-01-31T12:01:00.000Z"),
            ("*/15 * * * *", "2026-01-31T23:59:59Z", "2026-02-01T00:00:00.000Z"),
            ("0 3 * * *", "2026-01-31T12:00:00Z", "2026-02-01T03:00:00.000Z"),
            (
                "30 9-17/4 * * MON-FRI",
                "2026-01-31T12:00:00Z",
                "2026-02-02T09:30:00.000Z",
            ),
            ("0 0 1,15 * *", "2026-01-31T12:00:00Z", "2026-02-01T00:00:00.000Z"),
            ("0 0 * jan 7", "2026-01-31T12:00:00Z", "2027-01-03T00:00:00.000Z"),
            ("0 0 29 2 *", "2026-01-31T12:00:00Z", "2028-02-29T00:00:00.000Z"),
            // Both days are restricted: one of them is enough, as cron has always done.
            ("0 0 13 * FRI", "2026-01-31T12:00:00Z", "2026-02-06T00:00:00.000Z"),
        ] {
            assert_eq!(after(pattern, time), next, "{pattern} after {time}");
        }
        let hourly = Schedule::parse("0 * * * *").unwrap();
        let last = |time: &str| iso(hourly.last(parse_iso(time).unwrap()).unwrap());
        assert_eq!(last("2026-01-31T12:59:59.999Z"), "2026-01-31T12:00:00.000Z");
        assert_eq!(last("2026-01-31T12:00:00.500Z"), "2026-01-31T12:00:00.000Z");
        assert_eq!(last("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00.000Z");
    }

    #[test]
    fn a_bad_pattern_is_refused_with_the_reason() {
        for (pattern, problem) in [
            ("", "0 fields"),
            ("0 3 * *", "4 fields"),
            ("0 0 3 * * *", "6 fields"),
            ("@daily", "1 fields"),
            ("60 * * * *", ""),
            ("* 24 * * *", ""),
            ("* * 0 * *", ""),
            ("* * * 13 *", ""),
            ("* * * * 8", ""),
            ("5-1 * * * *", ""),
            ("*/0 * * * *", ""),
            ("a * * * *", "`A`"),
            ("0 0 L * *", "`L`"),
            ("0 0 * * 5#2", "'#'"),
            ("0 0 * * ?", "'?'"),
            ("0 0 30 2 *", "never"),
            ("\u{663} * * * *", ""),
        ] {
            let said = Schedule::parse(pattern).unwrap_err();
            assert!(said.contains(problem), "{pattern:?}: {said}");
        }
    }
}
