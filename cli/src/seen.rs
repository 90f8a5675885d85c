//! Which records of calls somebody who follows them has seen. A record is written when its call has ended, and its id says
//! when the call began: one with an older id can appear after a newer one. So one looks back as far as a call can last,
//! and leaves out what was there before. Knows no server.

use std::collections::BTreeSet;

/// The longest call (30 s), and the time until its record is written.
const LATE_MS: u64 = 35_000;
const PREFIX: &str = "inv_";
/// Of an id after its prefix: milliseconds since 1970, the start of a UUID version 7.
const TIME_DIGITS: usize = 12;
/// A server takes whole ids only.
const DIGITS: usize = 32;

/// What was seen, as far back as something can still appear.
pub(crate) struct Seen {
    /// Nothing that began before this is wanted.
    floor: String,
    ids: BTreeSet<String>,
}

impl Seen {
    /// `oldest`: what began before it is the past, and stays there.
    pub(crate) fn since(oldest: Option<&str>) -> Self {
        Self {
            floor: oldest.map_or_else(|| first_id(0), str::to_owned),
            ids: BTreeSet::new(),
        }
    }

    /// Takes note of an id, and answers whether it is new.
    pub(crate) fn is_new(&mut self, id: &str) -> bool {
        self.ids.insert(id.to_owned())
    }

    /// After which id to look for what is new. What is before it is forgotten.
    pub(crate) fn forget_old(&mut self) -> String {
        let late = self.ids.last().and_then(|newest| begins_late(newest));
        let after = late.map_or_else(|| self.floor.clone(), |late| late.max(self.floor.clone()));
        self.ids = self.ids.split_off(&after);
        after
    }
}

/// A lower bound of the ids of calls that were still running, or not yet written, when this one began.
fn begins_late(newest: &str) -> Option<String> {
    let digits = newest.strip_prefix(PREFIX)?.get(..TIME_DIGITS)?;
    let began_ms = u64::from_str_radix(digits, 16).ok()?;
    Some(first_id(began_ms.saturating_sub(LATE_MS)))
}

/// Not after any id of a call that began then or later.
fn first_id(began_ms: u64) -> String {
    format!(
        "{PREFIX}{began_ms:0TIME_DIGITS$x}{:0<rest$}",
        "",
        rest = DIGITS - TIME_DIGITS
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(began_ms: u64) -> String {
        format!("inv_{began_ms:012x}70008000000000000000")
    }

    #[test]
    fn looks_back_as_far_as_a_call_can_last_and_shows_nothing_twice() {
        let mut seen = Seen::since(Some(&id(5)));
        assert!(seen.is_new(&id(5)) && seen.is_new(&id(100_000)));
        assert_eq!(seen.forget_old(), format!("inv_{:012x}{}", 65_000, "0".repeat(20)));
        assert!(seen.is_new(&id(65_001)), "one that was written late");
        assert!(!seen.is_new(&id(65_001)) && !seen.is_new(&id(100_000)));
        assert!(
            seen.forget_old() < id(65_000),
            "the bound comes before every id of its millisecond"
        );
    }

    #[test]
    fn what_began_before_the_first_that_was_shown_is_the_past() {
        let mut seen = Seen::since(Some(&id(90_000)));
        assert!(seen.is_new(&id(90_000)) && seen.is_new(&id(100_000)));
        assert_eq!(seen.forget_old(), id(90_000));
    }

    #[test]
    fn without_a_past_everything_is_new() {
        let mut seen = Seen::since(None);
        assert_eq!(seen.forget_old(), "inv_00000000000000000000000000000000");
        assert!(seen.is_new(&id(1)));
        assert_eq!(seen.forget_old(), "inv_00000000000000000000000000000000");
        assert!(!seen.is_new(&id(1)));
    }
}
