//! Characters that nobody sees: what a person approves must be what a program reads. Sources, payloads and answers of models lose
//! them here, and what was lost is counted.

use std::collections::BTreeMap;

use super::letters;

/// A text without what nobody sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visible {
    pub(crate) text: String,
    /// How often each character stood there.
    pub(crate) removed: BTreeMap<char, u64>,
}

impl Visible {
    /// Takes tags, zero-width and bidirectional characters, selectors and control characters out, all but line breaks and tabs.
    pub(crate) fn of(text: &str) -> Self {
        let mut visible = Self::default();
        visible.text.reserve(text.len());
        for c in text.chars() {
            match is_unseen(c) {
                true => *visible.removed.entry(c).or_default() += 1,
                false => visible.text.push(c),
            }
        }
        visible
    }
}

/// Whether the character shows nothing of itself where sources are read. Joiners and selectors, which scripts and emoji need, can
/// carry any number of bits from one visible character to the next.
fn is_unseen(c: char) -> bool {
    !matches!(c, '\n' | '\r' | '\t')
        && (letters::is_hidden(c) || matches!(c, '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}'))
}

/// As lists show it: `U+200B`.
pub(crate) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_taken_out_and_counted() {
        let hidden = "a\u{200b}b\u{e0041}\u{e0042}c\u{202e}d\u{2066}e\u{feff}f\u{200d}g\u{fe0f}h\u{e0101}i\u{7}j\u{ad}\u{2028}\u{3164}";
        let visible = Visible::of(hidden);
        assert_eq!(visible.text, "abcdefghij");
        assert_eq!(visible.removed.values().sum::<u64>(), 13);
        assert_eq!(visible.removed[&'\u{200b}'], 1);
        let plain = "const größe = \"ё 漢\";\r\n\tx();\n";
        assert_eq!(Visible::of(plain).text, plain);
        assert!(Visible::of(plain).removed.is_empty());
        assert_eq!(code_point('\u{200b}'), "U+200B");
        assert_eq!(code_point('\u{e0041}'), "U+E0041");
    }
}
