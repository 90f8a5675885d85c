//! The code frame under a message: the line in question, one before, one after, a caret. Plain text.

use std::fmt::Write;

use super::position::{LineIndex, Place};

/// Longer lines are cut around the place, so that a minified package does not fill the terminal.
const MAX_WIDTH: usize = 100;
/// What stays visible to the left of the place in a line that is cut.
const LEAD: usize = 40;

/// The frame, without a line end after its last line.
pub(super) fn render(place: &Place<'_>) -> String {
    let index = LineIndex::new(place.text);
    let (line, _) = index.line_column(place.text, place.bytes.start);
    let last = if index.line(place.text, line + 1).is_some() {
        line + 1
    } else {
        line
    };
    let gutter = (last + 1).to_string().len() + 2;
    let mut frame = String::new();
    for number in line.saturating_sub(1)..=last {
        let text = index.line(place.text, number).unwrap_or_default();
        let begins = place
            .bytes
            .start
            .saturating_sub(index.offset(place.text, line, 0).unwrap_or(0));
        let window = Window::around(text, if number == line { begins } else { 0 });
        let _ = writeln!(
            frame,
            "{}",
            format!("{:>gutter$} | {}", number + 1, window.text).trim_end()
        );
        if number == line {
            let carets = "^".repeat(window.width(text, begins, place.bytes.len()));
            let _ = writeln!(frame, "{:>gutter$} | {}{carets}", "", " ".repeat(window.column));
        }
    }
    frame.trim_end_matches('\n').to_owned()
}

/// The part of a line that is shown.
struct Window {
    text: String,
    /// Characters left of the place, as shown.
    column: usize,
}

impl Window {
    fn around(line: &str, byte: usize) -> Self {
        let byte = (0..=byte.min(line.len()))
            .rev()
            .find(|at| line.is_char_boundary(*at))
            .unwrap_or(0);
        let column = line[..byte].chars().count();
        let length = line.chars().count();
        let skipped = if length > MAX_WIDTH {
            column.saturating_sub(LEAD)
        } else {
            0
        };
        let shown: String = line.chars().skip(skipped).take(MAX_WIDTH).map(visible).collect();
        Self {
            text: shown,
            column: column - skipped,
        }
    }

    /// How many carets: as long as the place is, but within the line and the window.
    fn width(&self, line: &str, begins: usize, bytes: usize) -> usize {
        let covered = line.get(begins..).unwrap_or_default();
        let covered = covered
            .get(..bytes.min(covered.len()))
            .unwrap_or_default()
            .chars()
            .count();
        covered.min(MAX_WIDTH.saturating_sub(self.column)).max(1)
    }
}

/// One column for each character, whatever the terminal does with tabs and controls.
fn visible(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str, needle: &str) -> String {
        let start = text.find(needle).unwrap();
        render(&Place {
            file: "a.ts",
            text,
            bytes: start..start + needle.len(),
        })
    }

    #[test]
    fn shows_the_lines_around_it() {
        assert_eq!(
            frame("a\nb needle c\nd\ne", "needle"),
            "  1 | a\n  2 | b needle c\n    |   ^^^^^^\n  3 | d"
        );
        assert_eq!(frame("\tneedle", "needle"), "  1 |  needle\n    |  ^^^^^^");
    }

    #[test]
    fn cuts_long_lines() {
        let text = format!("{}needle{}", "x".repeat(5_000), "y".repeat(5_000));
        let frame = frame(&text, "needle");
        assert!(frame.lines().all(|line| line.len() < 120), "{frame}");
        assert!(frame.contains("needle"));
    }
}
