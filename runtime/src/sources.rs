//! From positions in the running JavaScript to the author's files: the source map and sources a bundle carries.

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

    /// Rewrites the stack to the author's positions, and adds the place and a code frame.
    pub(crate) fn locate(&self, mut exception: Exception) -> Exception {
        let Some(map) = self
            .map
            .get_or_init(|| self.json.as_deref().and_then(|json| SourceMap::from_slice(json).ok()))
        else {
            return exception;
        };
        let mut stack = String::with_capacity(exception.stack.len());
        for line in exception
            .stack
            .lines()
            .filter(|line| line.starts_with("    at ") && !line.contains("(aerocall:"))
        {
            let mapped = generated_position(line).and_then(|(text, line, column)| {
                let position = original(map, line, column)?;
                Some((line_of_stack(text, &position), position))
            });
            match mapped {
                Some((text, position)) => {
                    let _ = writeln!(stack, "{text}");
                    exception.position.get_or_insert(position);
                }
                None => drop(writeln!(stack, "{line}")),
            }
        }
        stack.truncate(stack.trim_end().len());
        exception.stack = stack;
        exception.frame = exception.position.as_ref().and_then(|position| frame(map, position));
        exception
    }
}

/// Maps an exception's stack to the author's files by a source map (version 3, JSON).
#[must_use]
pub fn locate(source_map: &str, exception: Exception) -> Exception {
    Sources::of_map(source_map).locate(exception)
}

/// `    at name (bundle.js:12:5)` → the line, 12 and 5.
fn generated_position(line: &str) -> Option<(&str, u32, u32)> {
    let at = line.find(BUNDLE_FILE)? + BUNDLE_FILE.len();
    let mut numbers = line.get(at..)?.trim_start_matches(':').trim_end_matches(')').split(':');
    let row: u32 = numbers.next()?.parse().ok()?;
    let column: u32 = numbers.next().and_then(|column| column.parse().ok()).unwrap_or(1);
    Some((line, row, column))
}

fn original(map: &SourceMap, line: u32, column: u32) -> Option<Position> {
    let token = map.lookup_token(line.checked_sub(1)?, column.saturating_sub(1))?;
    Some(Position {
        file: token.get_source()?.to_owned(),
        line: token.get_src_line() + 1,
        column: token.get_src_col() + 1,
    })
}

fn line_of_stack(generated: &str, position: &Position) -> String {
    let name = generated
        .trim()
        .strip_prefix("at ")
        .and_then(|rest| rest.split(" (").next());
    let name = name.filter(|name| !name.contains(BUNDLE_FILE)).unwrap_or("<anonymous>");
    format!(
        "    at {name} ({}:{}:{})",
        position.file, position.line, position.column
    )
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
