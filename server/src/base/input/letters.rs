//! Which characters a name or the local part of an email address may have: letters of every script with their marks, and
//! nothing that is invisible, turns the direction of the text around, or buries its neighbours.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Marks that one letter can carry. Burmese and Tibetan need six; text that hides the lines around it has dozens.
const MAX_MARKS: usize = 8;

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Letters, digits, and the marks that belong to them, in any script.
pub(super) fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() || is_combining_mark(c)) && !is_hidden(c) && !is_selector(c)
}

/// Control characters, line separators, and what shows nothing of itself: characters that are ignored in display
/// (`Default_Ignorable_Code_Point`, Unicode 17.0, except the two joiners and the variation selectors of emoji, which
/// [`problem`] judges by their place), those that turn the direction of the text around among them, and the blank of
/// Braille.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0d}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// What is wrong with a text of one line, whatever its script.
pub(super) fn problem(text: &str) -> Option<&'static str> {
    let mut before = None;
    let mut marks = 0;
    for c in text.chars().chain(std::iter::once(' ')) {
        let begins = before.is_none_or(char::is_whitespace);
        if is_hidden(c) {
            return Some("must not contain control characters or invisible characters");
        }
        // Persian, the scripts of India and emoji need joiners between two characters; elsewhere they show nothing.
        let joins_nothing = match before {
            Some(before) if is_joiner(before) => c.is_whitespace() || is_joiner(c),
            Some(before) if is_joiner(c) => begins || before.is_ascii(),
            _ => begins && (is_joiner(c) || is_selector(c)),
        };
        if joins_nothing {
            return Some("must not contain invisible characters where they join nothing");
        }
        marks = match is_combining_mark(c) {
            true if begins => return Some("must not contain a mark without its letter"),
            true => marks + 1,
            false => 0,
        };
        if marks > MAX_MARKS {
            return Some("must not contain more than eight marks on one letter");
        }
        before = Some(c);
    }
    None
}

fn is_joiner(c: char) -> bool {
    matches!(c, ZERO_WIDTH_NON_JOINER | ZERO_WIDTH_JOINER)
}

/// How an emoji is shown.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe0e}' | '\u{fe0f}')
}

/// Whether the character is a presentation of another one, such as `ａ`, `²` or `ﬁ`: two texts that differ in it alone look
/// like one. Letters of a script that happen to be composed of others, such as the Thai `ำ`, are none.
pub(super) fn is_presentation(c: char) -> bool {
    !c.is_ascii()
        && (matches!(c, '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{ff00}'..='\u{ffef}')
            || std::iter::once(c).nfkc().any(|c| c.is_ascii()) && std::iter::once(c).nfc().all(|c| !c.is_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_is_written_and_nothing_is_hidden() {
        for fine in [
            "Ada Lovelace",
            "ई-मेल-परीक्षण",
            "สำราญ",
            "Nguyễn Thị Minh Khai",
            "محمد بن سلمان",
            "علی\u{200c}رضا",
            "שָׁלוֹם",
            "བསྒྲུབས",
            "ကျွန်ုပ်",
            "Дмитрий",
            "山田太郎",
            "👩\u{200d}💻 Ada",
            "I \u{2764}\u{fe0f} it",
            "q\u{303}",
        ] {
            assert_eq!(problem(fine), None, "{fine}");
        }
        let buried = format!("Z{}", "\u{335}\u{336}".repeat(5));
        for bad in [
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{200f}b",
            "a\u{61c}b",
            "a\u{200b}b",
            "a\u{ad}b",
            "\u{3164}",
            "\u{2800}",
            "a\u{e0041}b",
            "a\u{7}b",
            "a\u{2028}b",
            "a\u{200d}",
            "\u{200c}a",
            "क\u{200d}\u{200d}ष",
            "क\u{200d} ष",
            "ad\u{200c}a",
            "\u{301}a",
            "a \u{301}",
            buried.as_str(),
        ] {
            assert!(problem(bad).is_some(), "{bad:?}");
        }
        for c in ['ａ', '²', 'ﬁ', 'ℌ', 'ｶ', 'ﷺ'] {
            assert!(is_presentation(c), "{c}");
        }
        for c in ['é', 'ำ', 'և', 'ß', 'ñ', '한', 'が'] {
            assert!(!is_presentation(c), "{c}");
        }
    }
}
