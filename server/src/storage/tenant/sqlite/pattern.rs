//! `LIKE` and `GLOB` as SQLite decides them, in a bounded number of steps that can be stopped. SQLite's own tries every place for
//! every `%`, within one call that nothing interrupts: a pattern of 190 bytes on a megabyte took sixteen seconds.
//!
//! Knows no connection and no value: bytes in, an answer out.

/// Steps between two questions whether to go on.
const STEPS_BETWEEN_LOOKS: u32 = 4_096;

/// A pattern, read.
#[derive(Debug)]
pub(super) struct Pattern {
    parts: Vec<Part>,
    /// Whether A to Z match a to z.
    folds: bool,
}

/// Somebody said not to go on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stopped;

#[derive(Debug)]
enum Part {
    /// This character; in lower case where case does not matter.
    Char(u32),
    /// Any one character.
    One,
    /// One of these ranges of characters.
    Set(Vec<(u32, u32)>),
    /// One that is in none of them.
    NotSet(Vec<(u32, u32)>),
    /// Any number of characters.
    Many,
}

impl Pattern {
    /// Of `LIKE`. `None`: nothing matches it, because it ends with its escape character.
    pub(super) fn like(pattern: &[u8], escape: Option<u32>) -> Option<Self> {
        let (many, one) = (u32::from(b'%'), u32::from(b'_'));
        let (mut parts, mut at) = (Vec::new(), 0);
        while let Some(char) = read(pattern, &mut at) {
            // An escape character means nothing else, even if it is `%` or `_`.
            parts.push(match char {
                char if Some(char) == escape => Part::Char(folded(read(pattern, &mut at)?)),
                char if char == many => Part::Many,
                char if char == one => Part::One,
                char => Part::Char(folded(char)),
            });
        }
        Some(Self { parts, folds: true })
    }

    /// Of `GLOB`. `None`: nothing matches it, because a `[` is not closed.
    pub(super) fn glob(pattern: &[u8]) -> Option<Self> {
        let (mut parts, mut at) = (Vec::new(), 0);
        while let Some(char) = read(pattern, &mut at) {
            parts.push(match u8::try_from(char) {
                Ok(b'*') => Part::Many,
                Ok(b'?') => Part::One,
                Ok(b'[') => set(pattern, &mut at)?,
                _ => Part::Char(char),
            });
        }
        Some(Self { parts, folds: false })
    }

    /// Whether all of the text matches. Every part but `Many` takes exactly one character, so when a part does not fit, only
    /// the last `Many` has to take one more: the steps are at most the product of both lengths.
    pub(super) fn matches(&self, text: &[u8], mut go_on: impl FnMut() -> bool) -> Result<bool, Stopped> {
        let (mut at, mut part, mut steps) = (0, 0, 0_u32);
        // The part after the last `Many`, and where its text was tried last.
        let mut last_many: Option<(usize, usize)> = None;
        loop {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(STEPS_BETWEEN_LOOKS) && !go_on() {
                return Err(Stopped);
            }
            let mut next = at;
            match (self.parts.get(part), read(text, &mut next)) {
                (Some(Part::Many), _) => {
                    part += 1;
                    if part == self.parts.len() {
                        return Ok(true);
                    }
                    last_many = Some((part, at));
                    continue;
                }
                (Some(one), Some(char)) if self.fits(one, char) => {
                    (at, part) = (next, part + 1);
                    continue;
                }
                (None, None) => return Ok(true),
                // Whatever is left of the pattern needs a character, from wherever it is tried.
                (Some(_), None) => return Ok(false),
                _ => {}
            }
            let Some((after, mut from)) = last_many else {
                return Ok(false);
            };
            if read(text, &mut from).is_none() {
                return Ok(false);
            }
            (at, part, last_many) = (from, after, Some((after, from)));
        }
    }

    fn fits(&self, part: &Part, char: u32) -> bool {
        let within = |ranges: &[(u32, u32)]| ranges.iter().any(|(first, last)| (*first..=*last).contains(&char));
        match part {
            Part::Char(wanted) if self.folds => folded(char) == *wanted,
            Part::Char(wanted) => char == *wanted,
            Part::One | Part::Many => true,
            Part::Set(ranges) => within(ranges),
            Part::NotSet(ranges) => !within(ranges),
        }
    }
}

/// The rest of a `[…]`: a `]` at its beginning is one of its characters, and a `-` between two makes a range of them.
fn set(pattern: &[u8], at: &mut usize) -> Option<Part> {
    let char_of = |byte: u8| u32::from(byte);
    let mut ranges = Vec::new();
    let mut char = read(pattern, at)?;
    let is_inverted = char == char_of(b'^');
    if is_inverted {
        char = read(pattern, at)?;
    }
    if char == char_of(b']') {
        ranges.push((char, char));
        char = read(pattern, at)?;
    }
    let mut before = None;
    while char != char_of(b']') {
        let goes_on = !matches!(pattern.get(*at), None | Some(b']'));
        match before {
            Some(first) if char == char_of(b'-') && goes_on => {
                ranges.push((first, read(pattern, at)?));
                before = None;
            }
            _ => {
                ranges.push((char, char));
                before = Some(char);
            }
        }
        char = read(pattern, at)?;
    }
    Some(match is_inverted {
        true => Part::NotSet(ranges),
        false => Part::Set(ranges),
    })
}

fn folded(char: u32) -> u32 {
    match u8::try_from(char) {
        Ok(byte) => u32::from(byte.to_ascii_lowercase()),
        Err(_) => char,
    }
}

/// The only character of a text.
pub(super) fn only_char(text: &[u8]) -> Option<u32> {
    let mut at = 0;
    read(text, &mut at).filter(|_| at == text.len())
}

/// The next character, as SQLite reads UTF-8: leniently, so that blobs have characters too.
fn read(text: &[u8], at: &mut usize) -> Option<u32> {
    let first = *text.get(*at)?;
    *at += 1;
    if first < 0xc0 {
        return Some(first.into());
    }
    let mut char = match first {
        0xc0..=0xdf => u32::from(first & 0x1f),
        0xe0..=0xef => u32::from(first & 0x0f),
        0xf0..=0xf7 => u32::from(first & 0x07),
        0xf8..=0xfb => u32::from(first & 0x03),
        0xfc..=0xfd => u32::from(first & 0x01),
        _ => 0,
    };
    while let Some(more) = text.get(*at).filter(|byte| **byte & 0xc0 == 0x80) {
        char = (char << 6) | u32::from(more & 0x3f);
        *at += 1;
    }
    let is_none = char < 0x80 || char & 0xffff_f800 == 0xd800 || char & 0xffff_fffe == 0xfffe;
    Some(if is_none { 0xfffd } else { char })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_would_be_tried_everywhere_takes_the_product_of_the_lengths_at_most() {
        let text = vec![b'a'; 20_000];
        for pattern in [
            Pattern::like(&[b"%".to_vec(), b"a%".repeat(90), b"b".to_vec()].concat(), None),
            Pattern::like(&[b"%".to_vec(), b"a".repeat(190), b"b".to_vec()].concat(), None),
            Pattern::glob(&[b"*[a]".repeat(40), b"b".to_vec()].concat()),
        ] {
            let mut looks = 0;
            let matched = pattern.unwrap().matches(&text, || {
                looks += 1;
                true
            });
            assert_eq!(matched, Ok(false));
            assert!(looks <= 20_000 * 190 / 4_096, "{looks}");
        }
    }

    #[test]
    fn it_can_be_stopped() {
        let pattern = Pattern::like(b"%aaaaaaaab", None).unwrap();
        assert_eq!(pattern.matches(&vec![b'a'; 100_000], || false), Err(Stopped));
    }
}
