//! Where an exception was thrown, in the author's files: its stack, the source map and the sources a bundle carries.

use std::{fmt::Write as _, sync::OnceLock};

use sourcemap::SourceMap;

use crate::{
    Exception, Position, ProjectFile,
    artifact::{Section, section},
};

/// The name under which the engine evaluates the bundled module.
const BUNDLE_FILE: &str = "bundle.js";
/// Lines shown around the place.
const FRAME_LINES: u32 = 1;

/// The author's files of one bundle, parsed when the first exception needs them.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    unread: Option<Unread>,
    files: OnceLock<Option<Files>>,
}

#[derive(Debug)]
enum Unread {
    /// A source map, version 3.
    Map(Vec<u8>),
    /// The section of the author's files: compilers of other languages write their positions themselves.
    Files(Vec<u8>),
}

#[derive(Debug)]
enum Files {
    Mapped(SourceMap),
    Plain(Vec<ProjectFile>),
}

impl Sources {
    /// Takes the files out of a component: with a source map, if it has one.
    pub(crate) fn of(component: &[u8]) -> Self {
        let map = section(component, Section::SourceMap).map(|json| Unread::Map(json.to_vec()));
        let files = || section(component, Section::Source).map(|json| Unread::Files(json.to_vec()));
        Self {
            unread: map.or_else(files),
            files: OnceLock::new(),
        }
    }

    fn of_map(json: &str) -> Self {
        Self {
            unread: Some(Unread::Map(json.as_bytes().to_vec())),
            files: OnceLock::new(),
        }
    }

    fn files(&self) -> Option<&Files> {
        let read = || match self.unread.as_ref()? {
            Unread::Map(json) => SourceMap::from_slice(json).ok().map(Files::Mapped),
            Unread::Files(json) => serde_json::from_slice(json).ok().map(Files::Plain),
        };
        self.files.get_or_init(read).as_ref()
    }

    /// Adds the place where it was thrown and a code frame; what a stack says of the bundle becomes the author's positions.
    ///
    /// The engines write the author's positions into stacks themselves. Those of bundles from before they did, and of
    /// code that QuickJS cannot parse, name the bundle.
    pub(crate) fn locate(&self, mut exception: Exception) -> Exception {
        let Some(files) = self.files() else {
            return exception;
        };
        // Without the header of name and message, which may have any number of lines.
        let starts_stack = |line: &&str| line.starts_with(FRAME) || line.starts_with('{');
        let lines = exception.stack.lines().skip_while(|line| !starts_stack(line));
        let lines: Vec<Line> = lines
            .filter(|line| !is_hidden(line))
            .map(|line| Line::read(files, line))
            .collect();
        exception.position = first_position(&lines);
        exception.frame = exception.position.as_ref().and_then(|position| frame(files, position));
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
    fn read(files: &Files, line: &str) -> Self {
        let text = line.to_owned();
        let Some(position) = position_of_frame(line) else {
            return Self { text, position: None };
        };
        if files.text(&position.file).is_some() {
            return Self {
                text,
                position: Some(position),
            };
        }
        let original = (position.file == BUNDLE_FILE)
            .then(|| files.original(&position))
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

impl Files {
    /// What stands in a file of the author; empty if it is known only by name.
    fn text(&self, file: &str) -> Option<&str> {
        match self {
            Self::Mapped(map) => {
                let index = (0..map.get_source_count()).find(|&index| map.get_source(index) == Some(file))?;
                Some(map.get_source_contents(index).unwrap_or_default())
            }
            Self::Plain(files) => {
                let found = files.iter().find(|ProjectFile(path, _)| path == file);
                found.map(|ProjectFile(_, text)| text.as_str())
            }
        }
    }

    fn original(&self, at: &Position) -> Option<Position> {
        let Self::Mapped(map) = self else { return None };
        let token = map.lookup_token(at.line.checked_sub(1)?, at.column.saturating_sub(1))?;
        Some(Position {
            file: token.get_source()?.to_owned(),
            line: token.get_src_line() + 1,
            column: token.get_src_col() + 1,
        })
    }
}

/// The lines around a place, numbered, with a caret under the column.
fn frame(files: &Files, position: &Position) -> Option<String> {
    let text = files.text(&position.file).filter(|text| !text.is_empty())?;
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
    fn a_stack_of_another_language_names_the_files_that_the_bundle_carries() {
        let files = r#"[["src/lib.rs","fn a() {\n    panic!()\n}\n"]]"#;
        let sources = Sources {
            unread: Some(Unread::Files(files.as_bytes().to_vec())),
            files: OnceLock::new(),
        };
        let panicked = |stack: &str| {
            let stack = stack.to_owned();
            sources.locate(Exception {
                stack,
                ..Exception::default()
            })
        };
        let known = panicked("    at src/lib.rs:2:5");
        assert_eq!(known.position.as_ref().map(shown).as_deref(), Some("src/lib.rs:2:5"));
        assert!(known.frame.unwrap().contains(">    2 |     panic!()\n       |     ^"));
        let elsewhere = panicked("    at /cargo/serde/src/lib.rs:2:5");
        assert_eq!((elsewhere.position, elsewhere.frame), (None, None));
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
