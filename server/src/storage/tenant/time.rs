//! Timestamps as text: RFC 3339 in UTC for hooks, and the form in which text sorts by time for SQLite.

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// RFC 3339, or what SQLite's `datetime` and `date` write, which is UTC.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let full = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => format!("{text}T00:00:00Z"),
        [.., last] if text.as_bytes().get(10) == Some(&b' ') && last.is_ascii_digit() => {
            format!("{}Z", text.replacen(' ', "T", 1))
        }
        _ => text.to_owned(),
    };
    let at = OffsetDateTime::parse(&full, &Rfc3339).ok()?;
    at.checked_to_offset(UtcOffset::UTC)
}

/// `2026-01-31T12:30:00.25Z`
pub(super) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// `2026-01-31 12:30:00.25`: as SQLite writes it, to the microsecond, without zeros at the end.
pub(super) fn sortable(at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    let whole = format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    match time.microsecond() {
        0 => whole,
        micros => format!("{whole}.{micros:06}").trim_end_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_the_same_moment() {
        let moment = "2026-01-31T12:30:00.25Z";
        for text in [
            moment,
            "2026-01-31T14:30:00.250+02:00",
            "2026-01-31 12:30:00.25",
            "2026-01-31 12:30:00.250000",
        ] {
            assert_eq!(rfc3339(parse(text).unwrap()), moment, "{text}");
        }
        assert_eq!(sortable(parse(moment).unwrap()), "2026-01-31 12:30:00.25");
        assert_eq!(rfc3339(parse("2026-01-31").unwrap()), "2026-01-31T00:00:00Z");
        assert_eq!(parse("yesterday"), None);
    }
}
