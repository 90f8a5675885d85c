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
/// Names that a field can have instead of numbers. `L`, `W` and `#`, which some crons know, are not among them.
const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A field of a pattern.
struct Field {
    name: &'static str,
    least: u64,
    most: u64,
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field::new("minute", 0, 59, &[]),
    Field::new("hour", 0, 23, &[]),
    Field::new("day of the month", 1, 31, &[]),
    Field::new("month", 1, 12, &MONTHS),
    Field::new("day of the week", 0, 7, &DAYS),
];

impl Field {
    const fn new(name: &'static str, least: u64, most: u64, words: &'static [&'static str]) -> Self {
        Self {
            name,
            least,
            most,
            words,
        }
    }
}

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
        let schedule = Self(read(pattern).ok_or_else(|| refusal(pattern))?);
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

fn read(pattern: &str) -> Option<Cron> {
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed);
    parser.build().parse(pattern).ok()
}

/// Which field of the pattern cannot be read, and why.
fn refusal(pattern: &str) -> String {
    let is_to_blame = |(field, text): &(&Field, &str)| {
        let others = |other: &Field| if other.name == field.name { *text } else { "*" };
        read(&FIELDS.each_ref().map(others).join(" ")).is_none()
    };
    match FIELDS.iter().zip(pattern.split_whitespace()).find(is_to_blame) {
        Some((field, text)) => field.refusal(text),
        None => "cannot be read".to_owned(),
    }
}

impl Field {
    fn refusal(&self, text: &str) -> String {
        let Self { name, least, most, .. } = self;
        for item in text.split(',') {
            let (range, step) = item.split_once('/').unwrap_or((item, "1"));
            if step.parse() == Ok(0) {
                return format!("has the step 0 in the field {name}, `{text}`; a step is at least 1");
            }
            let numbers: Vec<u64> = range.split('-').filter_map(|number| number.parse().ok()).collect();
            if let Some(other) = numbers.iter().find(|number| !(least..=most).contains(number)) {
                return format!("has {other} in the field {name}, `{text}`; it takes {least} to {most}");
            }
            if let [from, to] = numbers.as_slice()
                && from > to
            {
                return format!("has a range that ends before it begins in the field {name}, `{text}`");
            }
        }
        format!(
            "has the field {name}, `{text}`; it takes `*`, numbers from {least} to {most}, ranges (`a-b`), steps (`*/n`) and \
             lists of these (`a,b`)"
        )
    }
}

fn check_characters(pattern: &str) -> Result<(), String> {
    let upper = pattern.to_ascii_uppercase();
    for (field, text) in FIELDS.iter().zip(upper.split_whitespace()) {
        if text.split(',').any(str::is_empty) {
            return Err(format!("has an empty entry in the field {}, `{text}`", field.name));
        }
        let words = text.split(|character: char| !character.is_alphabetic());
        for word in words.filter(|word| !word.is_empty()) {
            if !MONTHS.contains(&word) && !DAYS.contains(&word) {
                return Err(format!("has `{word}`, which is neither a month nor a day of the week"));
            }
            // Whoever reads the pattern takes a word for its number, in any field.
            if !field.words.contains(&word) {
                return Err(format!(
                    "has `{word}` in the field {}, where it means nothing",
                    field.name
                ));
            }
        }
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
            ("60 * * * *", "has 60 in the field minute, `60`; it takes 0 to 59"),
            ("* 1,24 * * *", "has 24 in the field hour, `1,24`; it takes 0 to 23"),
            (
                "* * 0 * *",
                "has 0 in the field day of the month, `0`; it takes 1 to 31",
            ),
            ("* * * 13 *", "has 13 in the field month"),
            ("* * * * 8", "has 8 in the field day of the week"),
            (
                "5-1 * * * *",
                "has a range that ends before it begins in the field minute, `5-1`",
            ),
            (
                "*/0 * * * *",
                "has the step 0 in the field minute, `*/0`; a step is at least 1",
            ),
            ("* 1- * * *", "has the field hour, `1-`; it takes `*`"),
            ("99999999999999999999999 * * * *", "has the field minute"),
            ("* * * * MON-", "has the field day of the week"),
            ("* * * MON *", "has `MON` in the field month, where it means nothing"),
            ("* * * * JAN", "has `JAN` in the field day of the week, where"),
            ("JAN * * * *", "has `JAN` in the field minute, where"),
            (",, * * * *", "has an empty entry in the field minute, `,,`"),
            ("5, * * * *", "has an empty entry in the field minute"),
            ("a * * * *", "`A`"),
            ("0 0 L * *", "`L`"),
            ("0 0 * * 5#2", "'#'"),
            ("0 0 * * ?", "'?'"),
            ("0 0 30 2 *", "never"),
            ("\u{663} * * * *", ""),
        ] {
            let said = Schedule::parse(pattern).unwrap_err();
            assert!(said.contains(problem), "{pattern:?}: {said}");
            let of_library = ["Cron", "omponent", "Pattern", "osition"];
            assert!(
                !of_library.iter().any(|word| said.contains(word)),
                "{pattern:?}: {said}"
            );
        }
    }
}
