//! Where an exception was thrown, in the author's files: its stack, the source map and the sources a bundle carries.

use std::{fmt::Write as _, sync::OnceLock};

use sourcemap::SourceMap;

use crate::{
    Exception, Position,
    artifact::{Section, section},
};

/// The name under which the engine evaluates the bundled module.
const BUNDLE_FILE: &str = "bundle.js";
/// Lines shown around the place.
const FRAME_LINES: u32 = 1;

/// The source map of one bundle, parsed when the first exception needs it.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    json: Option<Vec<u8>>,
    map: OnceLock<Option<SourceMap>>,
}

impl Sources {
    /// Takes the source map out of a component.
    pub(crate) fn of(component: &[u8]) -> Self {
        Self {
            json: section(component, Section::SourceMap).map(<[u8]>::to_vec),
            map: OnceLock::new(),
        }
    }

    fn of_map(json: &str) -> Self {
        Self {
            json: Some(json.as_bytes().to_vec()),
            map: OnceLock::new(),
        }
    }

    /// Adds the place where it was thrown and a code frame; what a stack says of the bundle becomes the author's positions.
    ///
    /// The engines write the author's positions into stacks themselves. Those of bundles from before they did, and of
    /// code that QuickJS cannot parse, name the bundle.
    pub(crate) fn locate(&self, mut exception: Exception) -> Exception {
        let Some(map) = self
            .map
            .get_or_init(|| self.json.as_deref().and_then(|json| SourceMap::from_slice(json).ok()))
        else {
            return exception;
        };
        // Without the header of name and message, which may have any number of lines.
        let starts_stack = |line: &&str| line.starts_with(FRAME) || line.starts_with('{');
        let lines = exception.stack.lines().skip_while(|line| !starts_stack(line));
        let lines: Vec<Line> = lines
            .filter(|line| !is_hidden(line))
            .map(|line| Line::read(map, line))
            .collect();
        exception.position = first_position(&lines);
        exception.frame = exception.position.as_ref().and_then(|position| frame(map, position));
        exception.stack = lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
        exception
    }
}

/// Maps an exception's stack to the author's files by a source map (version 3, JSON).
#[must_use]
pub fn locate(source_map: &str, exception: Exception) -> Exception {
    Sources::of_map(source_map).locate(exception)
}

/// How a frame of the exception itself begins; those of its causes are indented further.
const FRAME: &str = "    at ";

/// Frames of the engine's own JavaScript.
fn is_hidden(line: &str) -> bool {
    line.trim_start().starts_with("at ") && line.contains("(aerocall:")
}

/// The place of the innermost frame, or else, of an error that was made where no code of the hook ran (as `Promise.any`
/// makes its own), that of its first cause.
fn first_position(lines: &[Line]) -> Option<Position> {
    let own = lines
        .iter()
        .find(|line| line.text.starts_with(FRAME) && line.position.is_some());
    let any = || lines.iter().find(|line| line.position.is_some());
    own.or_else(any).and_then(|line| line.position.clone())
}

/// A line of a stack: a frame, or something of what the error carries.
struct Line {
    text: String,
    position: Option<Position>,
}

impl Line {
    fn read(map: &SourceMap, line: &str) -> Self {
        let text = line.to_owned();
        let Some(position) = position_of_frame(line) else {
            return Self { text, position: None };
        };
        if map.sources().any(|source| source == position.file) {
            return Self {
                text,
                position: Some(position),
            };
        }
        let original = (position.file == BUNDLE_FILE)
            .then(|| original(map, &position))
            .flatten();
        match original {
            Some(original) => Self {
                text: text.replacen(&shown(&position), &shown(&original), 1),
                position: Some(original),
            },
            None => Self { text, position: None },
        }
    }
}

fn shown(position: &Position) -> String {
    format!("{}:{}:{}", position.file, position.line, position.column)
}

/// `    at name (file:12:5)` or `    at file:12:5`. What the error carries can follow the last of them.
fn position_of_frame(line: &str) -> Option<Position> {
    let frame = line.trim_start().strip_prefix("at ")?;
    let place = frame.split_once(" (").map_or("", |(_, place)| place);
    // A name may have a bracket of its own.
    let named = place.match_indices(')').find_map(|(end, _)| position(&place[..end]));
    named.or_else(|| position(frame))
}

fn position(place: &str) -> Option<Position> {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Position {
        file: file.to_owned(),
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    })
}

fn original(map: &SourceMap, at: &Position) -> Option<Position> {
    let token = map.lookup_token(at.line.checked_sub(1)?, at.column.saturating_sub(1))?;
    Some(Position {
        file: token.get_source()?.to_owned(),
        line: token.get_src_line() + 1,
        column: token.get_src_col() + 1,
    })
}

/// The lines around a place, numbered, with a caret under the column.
fn frame(map: &SourceMap, position: &Position) -> Option<String> {
    let index = (0..map.get_source_count()).find(|&index| map.get_source(index) == Some(&position.file))?;
    let text = map.get_source_contents(index)?;
    let first = position.line.saturating_sub(FRAME_LINES).max(1);
    let mut frame = String::new();
    for (line, content) in text
        .lines()
        .enumerate()
        .skip(first as usize - 1)
        .take((position.line + FRAME_LINES - first + 1) as usize)
    {
        let number = line as u32 + 1;
        let mark = if number == position.line { '>' } else { ' ' };
        let _ = writeln!(frame, "{mark} {number:>4} | {content}");
        if number == position.line {
            let _ = writeln!(
                frame,
                "       | {}^",
                " ".repeat(position.column.saturating_sub(1) as usize)
            );
        }
    }
    frame.truncate(frame.trim_end().len());
    Some(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"{"version":3,"sources":["hooks/a b (1).ts","lib/b.ts"],"sourcesContent":["one\ntwo\nthree","x"],
        "names":[],"mappings":"AAAA;ACAA"}"#;

    fn located(stack: &str) -> (String, String) {
        let exception = locate(
            MAP,
            Exception {
                stack: stack.to_owned(),
                ..Exception::default()
            },
        );
        let place = exception.position.as_ref().map(shown).unwrap_or_default();
        (place, exception.stack)
    }

    #[test]
    fn the_place_is_that_of_the_innermost_frame_in_a_file_of_the_hook() {
        let cases = [
            ("    at f (hooks/a b (1).ts:2:3)", "hooks/a b (1).ts:2:3"),
            ("    at hooks/a b (1).ts:2:3", "hooks/a b (1).ts:2:3"),
            ("    at f (lib/b.ts:1:1) {\n  code: 1\n}", "lib/b.ts:1:1"),
            ("    at f (lib/b.ts:1:1) { code: '(x)' }", "lib/b.ts:1:1"),
            (
                "    at f (lib/b.ts:1:1) <ref *1> { cause: [Circular *1] }",
                "lib/b.ts:1:1",
            ),
            ("    at parse (native)\n    at f (lib/b.ts:1:1)", "lib/b.ts:1:1"),
            ("    at f (elsewhere.ts:1:1)\n    at f (lib/b.ts:1:2)", "lib/b.ts:1:2"),
            ("{\n  [cause]: Error: x\n      at f (lib/b.ts:1:1)\n}", "lib/b.ts:1:1"),
            (
                "    at f (lib/b.ts:1:2) {\n  [cause]: Error: x\n      at f (lib/b.ts:1:1)\n}",
                "lib/b.ts:1:2",
            ),
            ("    at f (native)", ""),
            ("    at f (lib/b.ts:x:1)", ""),
            ("    at f (lib/b.ts)", ""),
            ("", ""),
        ];
        for (stack, place) in cases {
            assert_eq!(located(stack), (place.to_owned(), stack.to_owned()));
        }
    }

    #[test]
    fn a_stack_of_the_bundle_is_mapped_and_its_header_left_out() {
        let (place, stack) = located(
            "TypeError: x\nof two lines\n    at invalid (aerocall:errors:1:1)\n    at f (bundle.js:2:5)\n    at bundle.js:1:1\n",
        );
        assert_eq!(place, "lib/b.ts:1:1");
        assert_eq!(stack, "    at f (lib/b.ts:1:1)\n    at hooks/a b (1).ts:1:1");
    }

    #[test]
    fn the_lines_around_the_place_are_shown() {
        let exception = Exception {
            stack: "    at f (hooks/a b (1).ts:2:3)".to_owned(),
            ..Exception::default()
        };
        let frame = locate(MAP, exception).frame.unwrap();
        assert_eq!(frame, "     1 | one\n>    2 | two\n       |   ^\n     3 | three");
    }
}
